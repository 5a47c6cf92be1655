import type { FunctionSettings, Settings, Signal } from './connectorSettings.ts';

/** What every alarm of a stack's connectors begins with. The slash occurs in no stack's and no connector's name, so no stack catches another's. */
export function alarmPrefix(stackName: string): string {
  return `${stackName}/`;
}

/**
 * The name of the alarm of one signal of one connector; no two pairs share one. CloudWatch takes 255 characters, and the schema's
 * limits (100 for the stack, 128 for the connector) stay within.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function alarmName(stackName: string, connector: string, signal: Signal): string {
  return `${alarmPrefix(stackName)}${connector}/${signal}`;
}

/** Namespace of the metrics that the stack makes out of log lines. */
export function ownNamespace(stackName: string): string {
  return `ConnectorRecovery/${stackName}`;
}

/** Name of the metric of a connector's offset commits, in `ownNamespace`: a metric filter with dimensions could have no default value. */
export function commitsMetricName(connector: string): string {
  return `OffsetCommits/${connector}`;
}

/** What the function is told of its settings: the connectors, and whose each alarm is. */
export function functionSettings(settings: Settings): FunctionSettings {
  return {
    schema: 1,
    stackName: settings.stackName,
    connectors: settings.connectors,
    alarms: Object.fromEntries(
      settings.connectors.flatMap((connector) =>
        connector.signals.map(({ signal, does }) => [
          alarmName(settings.stackName, connector.name, signal),
          { connector: connector.name, signal, does },
        ]),
      ),
    ),
  };
}
