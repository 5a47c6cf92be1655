import type { Family } from './family.ts';
import { atLeast, type Version } from './version.ts';

interface Span {
  readonly from?: Version;
  /** The first release that no longer has it. */
  readonly until?: Version;
}

const always: Span = {};
const since26: Span = { from: [2, 6] };
const until33: Span = { until: [3, 3] };

/**
 * The values of `snapshot.mode` that each connector takes, and in which releases; read in the `SnapshotMode` of each release from 1.0 to 3.6.
 * Any other is answered with 400.
 * @see https://github.com/debezium/debezium/blob/v3.6.0.Final/debezium-connector-binlog/src/main/java/io/debezium/connector/binlog/BinlogConnectorConfig.java
 * @see https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-connector-postgres/src/main/java/io/debezium/connector/postgresql/PostgresConnectorConfig.java
 */
const binlog: Readonly<Record<string, Span>> = {
  initial: always,
  initial_only: always,
  when_needed: always,
  never: { until: [3, 6] },
  schema_only: until33,
  schema_only_recovery: until33,
  always: since26,
  no_data: since26,
  recovery: since26,
  configuration_based: since26,
  custom: since26,
};

const modes: Readonly<Partial<Record<Family, Readonly<Record<string, Span>>>>> = {
  mysql: binlog,
  mariadb: binlog,
  postgresql: {
    initial: always,
    initial_only: always,
    always,
    custom: always,
    never: until33,
    exported: { until: [2, 0] },
    no_data: since26,
    when_needed: since26,
    configuration_based: since26,
  },
  sqlserver: {
    initial: always,
    initial_only: { from: [1, 3] },
    schema_only: until33,
    always: since26,
    no_data: since26,
    recovery: since26,
    when_needed: since26,
    configuration_based: since26,
    custom: since26,
    when_needed_no_data: { from: [3, 6] },
  },
  oracle: {
    initial: always,
    initial_only: { from: [1, 9] },
    schema_only: until33,
    schema_only_recovery: { from: [1, 9], until: [3, 3] },
    always: { from: [2, 1] },
    no_data: since26,
    recovery: since26,
    when_needed: since26,
    configuration_based: since26,
    custom: since26,
  },
  mongodb: {
    initial: always,
    never: until33,
    always: since26,
    initial_only: since26,
    no_data: since26,
    when_needed: since26,
    configuration_based: since26,
    custom: since26,
  },
};

/** Whether that release takes the mode; `undefined` where the release is unknown and it matters, or where nobody wrote the connector's modes down. */
export function takesMode(family: Family, mode: string, version: Version | undefined): boolean | undefined {
  const table = modes[family];
  if (table === undefined) return undefined;
  const span = Object.hasOwn(table, mode) ? table[mode] : undefined;
  if (span === undefined) return false;
  if (version === undefined) return span.from === undefined && span.until === undefined ? true : undefined;
  return (
    (span.from === undefined || atLeast(version, span.from)) &&
    (span.until === undefined || !atLeast(version, span.until))
  );
}

/** Whether the connector's modes are known here. */
export function hasModes(family: Family): boolean {
  return modes[family] !== undefined;
}

/** What a mode does when the connector starts, with its offsets and without them. */
export type ModeEffect =
  /** Without offsets a whole snapshot; with them nothing. */
  | 'snapshot-without-offsets'
  /** A whole snapshot at each start. */
  | 'snapshot-at-each-start'
  /** Without offsets it begins at the present: what happened in between is not read. */
  | 'gap-without-offsets'
  /** Without offsets it begins at the oldest log there is, or where the slot stands. */
  | 'oldest-log-without-offsets'
  /** It takes a snapshot and then stands still. */
  | 'never-streams'
  /** It rebuilds the schema history from the tables as they are. */
  | 'rebuilds-history'
  /** Something else decides. */
  | 'decided-elsewhere';

/** @see https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-snapshot-mode */
export const effects: Readonly<Record<string, ModeEffect>> = {
  initial: 'snapshot-without-offsets',
  when_needed: 'snapshot-without-offsets',
  exported: 'snapshot-without-offsets',
  always: 'snapshot-at-each-start',
  initial_only: 'never-streams',
  no_data: 'gap-without-offsets',
  when_needed_no_data: 'gap-without-offsets',
  schema_only: 'gap-without-offsets',
  never: 'oldest-log-without-offsets',
  recovery: 'rebuilds-history',
  schema_only_recovery: 'rebuilds-history',
  configuration_based: 'decided-elsewhere',
  custom: 'decided-elsewhere',
};
