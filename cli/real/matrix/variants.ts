import type { ConnectVersion, PluginName } from '../../../local/real/software.ts';

/** Which connector, on which Kafka Connect, before which database. */
export type VariantId = 'mysql-2.7.1' | 'mariadb-3.7' | 'mariadb-unsupported-3.7' | 'postgres-3.7' | 'jdbc-sink-3.7';

export interface Variant {
  readonly id: VariantId;
  /** One line for a reader of the table. */
  readonly about: string;
  readonly connect: ConnectVersion;
  /** As CreateConnector takes it. */
  readonly connectVersion: '2.7.1' | '3.7.x';
  readonly plugin: PluginName;
  /** What it reads or writes, and what is broken. */
  readonly database: 'mariadb' | 'postgres';
  /** Where the rows are written that it is to carry. */
  readonly rowsFrom: 'mariadb' | 'postgres';
  readonly direction: 'source' | 'sink';
  /** Whether its client asks the database for a beat that resets the event clock (`recovery/kinds.ts`). */
  readonly hasEventClock: boolean;
  /** Debezium's binlog clients know `connect.keep.alive`; the others have TCP's only. */
  readonly hasKeepAlive: boolean;
  /** Debezium's `use.nongraceful.disconnect`: of these in the jars of 2.7.4 only. */
  readonly knowsNongracefulDisconnect: boolean;
}

export const variants: Readonly<Record<VariantId, Variant>> = {
  'mysql-2.7.1': {
    id: 'mysql-2.7.1',
    about: 'Connect 2.7.1, Debezium MySQL 1.9.7, MariaDB',
    connect: '2.7.1',
    connectVersion: '2.7.1',
    plugin: 'debezium-mysql-1.9.7',
    database: 'mariadb',
    rowsFrom: 'mariadb',
    direction: 'source',
    hasEventClock: true,
    hasKeepAlive: true,
    knowsNongracefulDisconnect: false,
  },
  'mariadb-3.7': {
    id: 'mariadb-3.7',
    about: 'Connect 3.7.1, Debezium MySQL 2.6.2 with connector.adapter=mariadb, MariaDB',
    connect: '3.7.1',
    connectVersion: '3.7.x',
    plugin: 'debezium-mysql-2.6.2',
    database: 'mariadb',
    rowsFrom: 'mariadb',
    direction: 'source',
    hasEventClock: true,
    hasKeepAlive: true,
    knowsNongracefulDisconnect: false,
  },
  'mariadb-unsupported-3.7': {
    id: 'mariadb-unsupported-3.7',
    about: 'Connect 3.7.1, Debezium MySQL 2.7.4, MariaDB, which that connector no longer supports',
    connect: '3.7.1',
    connectVersion: '3.7.x',
    plugin: 'debezium-mysql-2.7.4',
    database: 'mariadb',
    rowsFrom: 'mariadb',
    direction: 'source',
    hasEventClock: true,
    hasKeepAlive: true,
    knowsNongracefulDisconnect: true,
  },
  'postgres-3.7': {
    id: 'postgres-3.7',
    about: 'Connect 3.7.1, Debezium PostgreSQL 2.7.4',
    connect: '3.7.1',
    connectVersion: '3.7.x',
    plugin: 'debezium-postgres-2.7.4',
    database: 'postgres',
    rowsFrom: 'postgres',
    direction: 'source',
    hasEventClock: false,
    hasKeepAlive: false,
    knowsNongracefulDisconnect: false,
  },
  'jdbc-sink-3.7': {
    id: 'jdbc-sink-3.7',
    about: 'Connect 3.7.1, Debezium JDBC sink 2.7.0 into PostgreSQL',
    connect: '3.7.1',
    connectVersion: '3.7.x',
    plugin: 'debezium-jdbc-2.7.0',
    database: 'postgres',
    rowsFrom: 'mariadb',
    direction: 'sink',
    hasEventClock: false,
    hasKeepAlive: false,
    knowsNongracefulDisconnect: false,
  },
};
