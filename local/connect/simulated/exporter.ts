import type { Telemetry } from '../../aws/service.ts';

/** AWS's JMX exporter plugin, as a connector was packaged with it. */
export interface ExporterOptions {
  /** @default MSK_Connect */
  readonly namespace?: string;
  /** Which of Debezium's metrics it sends. @default MilliSecondsBehindSource and NumberOfCommittedTransactions, as the plugin does untold */
  readonly publish?: readonly string[];
  /** @default 15 */
  readonly everySeconds?: number;
}

/** The plugin's own choice. @see https://github.com/aws-samples/msk-connect-custom-plugin-jmx */
const publishedByDefault = ['MilliSecondsBehindSource', 'NumberOfCommittedTransactions'];

/** Sends what the exporter was told to send, under the server's name, whatever the connector is called. */
export function publishDebezium(
  telemetry: Telemetry,
  options: ExporterOptions,
  configuration: Readonly<Record<string, string>>,
  metrics: Readonly<Record<string, number>>,
): void {
  const server = configuration['topic.prefix'] ?? configuration['database.server.name'] ?? '';
  for (const name of options.publish ?? publishedByDefault) {
    const value = metrics[name];
    if (value === undefined) continue;
    telemetry.metric(options.namespace ?? 'MSK_Connect', name, { DBServerName: server, type: 'streaming' }, value);
  }
}
