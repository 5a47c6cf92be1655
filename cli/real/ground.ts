import type { Broker } from '../../local/real/broker.ts';
import type { MariaDb } from '../../local/real/mariadb.ts';
import type { OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import type { PostgresDb } from '../../local/real/postgres.ts';
import type { Proxy } from '../../local/real/proxy.ts';
import type { RowWriter } from '../../local/real/rows/rowWriter.ts';
import type { TopicRows } from '../../local/real/rows/topicRows.ts';
import type { Software } from '../../local/real/software.ts';

/** What real connectors stand on: for breaking it and for counting rows. Nothing of the product can reach it. */
export interface Ground {
  readonly processes: OwnedProcesses;
  readonly software: Software;
  readonly broker: Broker;
  /** Between workers and broker. */
  readonly brokerProxy?: Proxy;
  readonly mariadb?: MariaDb;
  readonly postgres?: PostgresDb;
  /** Between each connector, by its name, and its database. */
  readonly proxies: ReadonlyMap<string, Proxy>;
  /** Writes the rows of each database; past the proxies. */
  readonly writers: { readonly mariadb?: RowWriter; readonly postgres?: RowWriter };
  /** The rows that arrived, by the connector's name. */
  readonly topics: ReadonlyMap<string, TopicRows>;
}
