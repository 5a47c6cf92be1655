import type { StartedConnector } from '../../local/connect/dataPlane.ts';
import type { RowCount } from '../../local/connect/rowCount.ts';
import type { PluginName } from '../../local/real/software.ts';
import type { TlsMaterial } from '../../local/real/tls.ts';
import type { Ground } from './ground.ts';

export type DatabaseKind = 'mariadb' | 'postgres';

/** Where a connector's configuration finds what the connector stands on, as its worker reaches it. */
export interface Endpoints {
  /** Of the connector's own proxy before its database; everything listens on 127.0.0.1. */
  readonly databasePort: number;
  /** Through the broker's proxy when the world has one. */
  readonly bootstrapServers: string;
  /** The password of the user `cdc`, as a reference for Kafka Connect's FileConfigProvider. */
  readonly password: string;
  /** When the database speaks TLS. */
  readonly tls?: TlsMaterial;
}

/** What a connector needs of the ground: a proxy before its database, and somebody who counts its rows. */
export interface Grounded {
  readonly name: string;
  /** What it reads, or writes to. */
  readonly database: DatabaseKind;
  /** The topic that the rows of the database's writer arrive in, by key. Absent: they are counted elsewhere, or by nobody. */
  readonly topic?: string;
}

/** A connector of a real world, as its owner would create it. Its rows are counted in its topic, by `countRows`, or by nobody. */
export interface RealConnector extends Grounded {
  /** As CreateConnector takes it. */
  readonly connectVersion: '2.7.1' | '3.7.x';
  readonly plugin: PluginName;
  /** All of `connectorConfiguration`. */
  readonly configuration: (endpoints: Endpoints) => Readonly<Record<string, string>>;
  /** Whether its worker configuration names its offsets topic, so that its position outlives a recreation. */
  readonly offsetsPinned: boolean;
  /** More worker configuration: a flush interval, for example. @default none */
  readonly workerProperties?: Readonly<Record<string, string>>;
  /** JVM options of its worker. @default none */
  readonly javaOptions?: (connector: StartedConnector) => readonly string[];
  /** Counts rows where no topic shows them: a sink's. */
  readonly countRows?: (ground: Ground) => Promise<RowCount>;
}
