import { DataPlaneError, type StartedConnector } from '../dataPlane.ts';
import { kinds } from './kinds.ts';
import type { SimulatedSource } from './source.ts';

/** What a task takes from the connector's and the worker's configuration. */
export interface TaskSettings {
  readonly connector: string;
  readonly index: number;
  /** How many tasks share the rows. */
  readonly of: number;
  /** Connect 2.x, with Debezium 1.9. */
  readonly old: boolean;
  /** Host and port of what it reads. */
  readonly server: string;
  /** Debezium's own name for the server: `topic.prefix`, once `database.server.name`. */
  readonly serverName: string;
  /** Under which its position is committed: offsets topic and connector name, or the sink's consumer group. */
  readonly offsetHolder: string;
  /** Set for a sink. */
  readonly sinkTopic?: string;
  /** Where to begin when no offset is found: `snapshot.mode`. */
  readonly withoutOffsets: 'snapshot' | 'from-now' | 'from-first';
  /** `heartbeat.interval.ms`; 0: none. */
  readonly heartbeatMs: number;
  /** How often the database beats on an idle connection. */
  readonly serverBeatMs?: number;
  /** `connect.keep.alive.interval.ms`; absent: switched off. */
  readonly keepAliveMs?: number;
}

const snapshotModes: Readonly<Record<string, TaskSettings['withoutOffsets']>> = {
  initial: 'snapshot',
  when_needed: 'snapshot',
  always: 'snapshot',
  schema_only: 'from-now',
  no_data: 'from-now',
  never: 'from-first',
};

/** Which source a connector reads, of those there are. */
export interface Found {
  readonly source: SimulatedSource;
  readonly server: string;
  readonly sinkTopic?: string;
}

/**
 * Finds what the configuration points at: the database by `database.hostname`, the topic of a sink by the first of its `topics`.
 * @throws DataPlaneError when there is no such thing.
 */
export function findSource(
  configuration: Readonly<Record<string, string>>,
  databases: Readonly<Record<string, SimulatedSource>>,
  topics: Readonly<Record<string, SimulatedSource>>,
): Found {
  if (configuration['connector.class'] === undefined) throw invalid('Missing required configuration "connector.class"');
  const sinkTopic = configuration['topics']?.split(',')[0]?.trim();
  if (sinkTopic !== undefined) {
    const source = topics[sinkTopic];
    if (source === undefined) throw invalid(`Topic ${sinkTopic} does not exist`);
    return { source, server: sinkTopic, sinkTopic };
  }
  const host = configuration['database.hostname'] ?? configuration['connection.url'] ?? '';
  const source = databases[host];
  if (source === undefined) throw invalid(`Unable to connect: Unknown host ${host}`);
  const port = configuration['database.port'] ?? (source.kind === 'postgresql' ? '5432' : '3306');
  return { source, server: `${host}:${port}` };
}

/** @throws DataPlaneError when the configuration is refused. */
export function readTaskSettings(connector: StartedConnector, found: Found): readonly TaskSettings[] {
  const { configuration, workerProperties, name } = connector;
  const kind = kinds[found.source.kind];
  const mode = configuration['snapshot.mode'] ?? 'initial';
  const withoutOffsets = kind.debezium ? snapshotModes[mode] : 'from-first';
  if (withoutOffsets === undefined) throw invalid(`The 'snapshot.mode' value is invalid: ${mode}`);
  const wanted = wholeNumber(configuration, 'tasks.max', 1);
  if (wanted < 1) throw invalid('Invalid value for configuration tasks.max: Value must be at least 1');
  const of = kind.debezium ? 1 : wanted;
  const interval = wholeNumber(configuration, 'connect.keep.alive.interval.ms', 60_000);
  const keepAlive = kind.keepAlive && configuration['connect.keep.alive'] !== 'false';
  const offsetsTopic = workerProperties['offset.storage.topic'] ?? '';
  return Array.from({ length: of }, (_, index) => ({
    connector: name,
    index,
    of,
    old: connector.connectVersion.startsWith('2.'),
    server: found.server,
    serverName: configuration['topic.prefix'] ?? configuration['database.server.name'] ?? '',
    offsetHolder: found.sinkTopic === undefined ? `${offsetsTopic}/${name}` : `connect-${name}`,
    ...(found.sinkTopic !== undefined && { sinkTopic: found.sinkTopic }),
    withoutOffsets,
    heartbeatMs: wholeNumber(configuration, 'heartbeat.interval.ms', 0),
    ...(kind.serverBeatShare !== undefined && { serverBeatMs: interval * kind.serverBeatShare }),
    ...(keepAlive && { keepAliveMs: interval }),
  }));
}

/**
 * A number out of a configuration.
 * @throws DataPlaneError when something else stands there.
 */
export function wholeNumber(properties: Readonly<Record<string, string>>, name: string, otherwise: number): number {
  const text = properties[name];
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw invalid(`Invalid value ${text} for configuration ${name}: Not a number`);
  return Number(text);
}

function invalid(reason: string): DataPlaneError {
  return new DataPlaneError(
    'InvalidInput.InvalidConnectorConfiguration',
    `The connector configuration is invalid. Message: Connector configuration is invalid and contains the following 1 error(s): ${reason}`,
  );
}
