import type { LiveConnector } from '../recovery/connector.ts';
import { kinds } from '../recovery/kinds.ts';
import type { ConnectorKind } from '../recovery/policy.ts';
import { kindOf } from '../settings/connectorKind.ts';
import { debeziumDefaults } from '../settings/defaults.ts';
import type { ConnectorEntry } from '../settings/schema.ts';

/** What a connector was seen to publish in CloudWatch beyond MSK Connect's own metrics. */
export interface Published {
  /** Debezium's metrics, by the exporter plugin, under the connector's server name. */
  readonly debezium: readonly string[];
  /** Where a sink's lag lies in AWS/Kafka. */
  readonly lag?: { readonly clusterName: string; readonly topics: readonly string[] };
}

/** An entry of `connectors.json` as far as the live connector tells, and what it does not tell. */
export interface CapturedEntry {
  readonly entry: ConnectorEntry;
  readonly missing: readonly string[];
}

const publishable = ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] as const;
const versions = ['2.7.1', '3.7.x'] as const;

/** Fills what an entry of `connectors.json` needs from the connector that runs. Pure; takes no secret over. */
export function captureEntry(live: LiveConnector, published: Published): CapturedEntry {
  const { connectorConfiguration: configuration, kafkaConnectVersion } = live.request;
  const missing: string[] = [];
  const kind = kindOf(configuration);
  const connectVersion = versions.find((version) => version === kafkaConnectVersion);
  if (connectVersion === undefined) {
    missing.push(`connectVersion: it runs ${kafkaConnectVersion}; known are ${versions.join(' and ')}`);
  }
  const executionRoleArn = live.request['serviceExecutionRoleArn'];
  const logGroup = logGroupOf(live);
  if (logGroup === undefined)
    missing.push('logGroup: it delivers no worker log to CloudWatch Logs, so no commits can be seen');
  const serverName = serverNameOf(configuration);
  const publishes = publishable.filter((name) => published.debezium.includes(name));
  if (hasDebezium(kind)) {
    if (serverName !== undefined && publishes.length === 0) {
      missing.push("metrics.debezium: nothing is published; AWS's JMX exporter plugin would show the event clock");
    } else if (!publishes.includes('MilliSecondsSinceLastEvent') && kind !== 'postgresql') {
      missing.push('metrics.debezium: let the exporter publish MilliSecondsSinceLastEvent, which tells idle from dead');
    }
  }
  if (kind === 'sink' && published.lag === undefined) {
    missing.push(
      'metrics.lag: AWS/Kafka shows no lag of its consumer group, so nobody can tell an idle sink from a dead one',
    );
  }
  const metrics = {
    ...(serverName !== undefined &&
      publishes.length > 0 && { debezium: { serverName, publishes, ...unusualBeat(kind, configuration) } }),
    ...(kind === 'sink' &&
      published.lag !== undefined && {
        lag: { clusterName: published.lag.clusterName, topics: [...published.lag.topics] },
      }),
  };
  return {
    entry: {
      name: live.name,
      kind,
      ...(connectVersion === undefined ? {} : { connectVersion }),
      ...(typeof executionRoleArn === 'string' ? { executionRoleArn } : {}),
      ...(logGroup === undefined ? {} : { logGroup }),
      ...heartbeat(configuration),
      ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
    },
    missing,
  };
}

/** Debezium 2 and later: `topic.prefix`; 1.x: `database.server.name`. The exporter's dimension DBServerName. */
export function serverNameOf(configuration: Readonly<Record<string, string>>): string | undefined {
  return configuration['topic.prefix'] ?? configuration['database.server.name'];
}

function hasDebezium(kind: ConnectorKind): boolean {
  return kind === 'mysql' || kind === 'mariadb' || kind === 'postgresql';
}

/** How often the database itself is heard, where its connector asks for another pace than usual. */
function unusualBeat(kind: ConnectorKind, configuration: Readonly<Record<string, string>>): { beatSeconds?: number } {
  const beat = kinds[kind].eventClockBeatSeconds?.(configuration);
  return beat === undefined || beat === debeziumDefaults.beatSeconds ? {} : { beatSeconds: Math.ceil(beat) };
}

function heartbeat(configuration: Readonly<Record<string, string>>): { heartbeatSeconds?: number } {
  const intervalMs = Number(configuration['heartbeat.interval.ms'] ?? 0);
  return intervalMs > 0 ? { heartbeatSeconds: Math.ceil(intervalMs / 1000) } : {};
}

/** Where its worker log is delivered in CloudWatch Logs. */
export function logGroupOf({ request }: Pick<LiveConnector, 'request'>): string | undefined {
  const group = ['workerLogDelivery', 'cloudWatchLogs', 'logGroup'].reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    request['logDelivery'],
  );
  return typeof group === 'string' && group !== '' ? group : undefined;
}
