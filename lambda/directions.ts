import type { Directions } from '../recovery/ports.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';

/**
 * The port Directions: links into the AWS console, and commands to paste into a shell.
 *
 * `functionArn` tells partition, Region and name. The console's addresses are not documented [inferred].
 */
export function consoleDirections(functionArn: string, connectors: readonly ConnectorSettings[]): Directions {
  const [, partition = 'aws', , region = '', , , functionName = ''] = functionArn.split(':');
  const console = `https://${region}.${consoleHosts[partition] ?? 'console.aws.amazon.com'}`;
  return {
    links(connector, arn) {
      const settings = connectors.find(({ name }) => name === connector);
      const connectorPath = arn === undefined ? 'connectors' : `connector/${encodeURIComponent(arn)}/view`;
      const logGroup = settings?.logGroup;
      return [
        `Connector: ${console}/msk/home?region=${region}#/${connectorPath}`,
        ...(logGroup === undefined
          ? []
          : [
              `Worker log: ${console}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${fragment(logGroup)}`,
            ]),
        `Alarms: ${console}/cloudwatch/home?region=${region}#alarmsV2:?search=${encodeURIComponent(connector)}`,
      ];
    },
    command: (input) =>
      `aws lambda invoke --region ${region} --function-name ${functionName} --cli-binary-format raw-in-base64-out` +
      ` --cli-read-timeout 0 --payload ${quoted(JSON.stringify(input))} /dev/stdout`,
    captureCommand: (connector) => `npm run capture -- ${connector}`,
  };
}

const consoleHosts: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** CloudWatch's console encodes twice and writes `$` for `%`. */
function fragment(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
