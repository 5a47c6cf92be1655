import type { Telemetry } from '../aws/service.ts';

/** AWS's JMX exporter plugin, as a connector was packaged with it. */
export interface ExporterOptions {
  /** @default MSK_Connect */
  readonly namespace?: string;
  /** Which of Debezium's metrics it sends. @default MilliSecondsBehindSource and NumberOfCommittedTransactions, as the plugin does untold */
  readonly publish?: readonly string[];
  /** @default 15 */
  readonly everySeconds?: number;
  /** From the worker's start until it sends for the first time. @default `everySeconds` */
  readonly firstSeconds?: number;
}

/** The plugin's dimension `type`: which of Debezium's sets of metrics. */
export type ExportedType = 'streaming' | 'snapshot' | 'schema_history';

/** The plugin's own choice. @see https://github.com/aws-samples/msk-connect-custom-plugin-jmx */
const publishedByDefault = ['MilliSecondsBehindSource', 'NumberOfCommittedTransactions'];

/** Sends what the exporter was told to send and what is there, under the server's name, whatever the connector is called. */
export function publishDebezium(
  telemetry: Telemetry,
  options: ExporterOptions,
  configuration: Readonly<Record<string, string>>,
  metrics: Readonly<Partial<Record<ExportedType, Readonly<Record<string, number>>>>>,
): void {
  const server = debeziumServer(configuration);
  for (const [type, values] of Object.entries(metrics)) {
    for (const name of options.publish ?? publishedByDefault) {
      const value = values[name];
      if (value === undefined) continue;
      telemetry.metric(options.namespace ?? 'MSK_Connect', name, { DBServerName: server, type }, value);
    }
  }
}

/** Debezium's own name for what a connector reads: `topic.prefix`, before 2.0 `database.server.name`. */
export function debeziumServer(configuration: Readonly<Record<string, string>>): string {
  return configuration['topic.prefix'] ?? configuration['database.server.name'] ?? '';
}
