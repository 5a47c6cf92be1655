import { setTimeout as sleep } from 'node:timers/promises';
import type { DescribeLogGroupsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeConnectorCommand, KafkaConnectClient, ListConnectorsCommand } from '@aws-sdk/client-kafkaconnect';
import { createClients } from '../../lambda/clients.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import { captureConnectors } from '../captureConnectors.ts';
import { logGroup } from './connectors.ts';

/** From here on, AWS SDK clients of this process talk to the local services, whatever the person's own profile says. */
export function pointAt(endpoint: string, connectEndpoint = endpoint): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  process.env['AWS_ENDPOINT_URL_KAFKACONNECT'] = connectEndpoint;
  process.env['AWS_REGION'] = exampleAccount.region;
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
}

/**
 * Resolves when so many connectors are RUNNING.
 * @throws Error when one is FAILED, with what MSK Connect says of it
 */
export async function untilRunning(count: number, signal?: AbortSignal): Promise<void> {
  const client = new KafkaConnectClient();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { connectors = [] } = await client.send(new ListConnectorsCommand({}));
      const failed = connectors.find(({ connectorState }) => connectorState === 'FAILED');
      if (failed !== undefined) {
        const { connectorArn, connectorName } = failed;
        const { stateDescription } = await client.send(new DescribeConnectorCommand({ connectorArn }));
        throw new Error(`${connectorName} is FAILED: ${stateDescription?.message ?? 'MSK Connect does not say why'}`);
      }
      if (connectors.filter(({ connectorState }) => connectorState === 'RUNNING').length === count) return;
      await sleep(50);
    }
  } finally {
    client.destroy();
  }
}

/**
 * What `npm run capture` makes of a `connectors.json` that has no connectors yet. Only metrics that were published already are seen.
 * @param begun what stands in it besides
 */
export async function capture(
  names: readonly string[],
  begun: object = {},
): Promise<{ text: string; captured: readonly string[] }> {
  const clients = createClients();
  const { text, lines, complete } = await captureConnectors(
    {
      names,
      all: false,
      overwrite: false,
      text: JSON.stringify({
        notify: { emails: ['oncall@example.com'] },
        operators: ['arn:aws:iam::111122223333:role/oncall'],
        ...begun,
        connectors: [],
      }),
    },
    clients,
  );
  if (text === undefined || !complete) throw new Error(`capture did not finish: ${lines.join(' ')}`);
  return { text, captured: lines };
}

/** Deploys what was synthesized into that folder: the stack's bucket, and where its function writes its log. */
export async function deploy(
  aws: LocalAws,
  cdkOut: string,
): Promise<{ readonly bucket: string; readonly functionLogGroup: string }> {
  const stacks = await aws.deploy(cdkOut);
  const outputs = new Map(stacks.flatMap((stack) => Object.entries(stack.outputs)));
  const bucket = outputs.get('BucketName');
  if (typeof bucket !== 'string') throw new Error('The stack has no output BucketName.');
  const { logGroups } = (await aws.logs.call('DescribeLogGroups', {})) as Partial<DescribeLogGroupsCommandOutput>;
  // The one log group that is not the connectors'.
  const functionLogGroup = logGroups?.find(({ logGroupName }) => logGroupName !== logGroup)?.logGroupName;
  if (functionLogGroup === undefined) throw new Error('The stack made no log group for its function.');
  return { bucket, functionLogGroup };
}
