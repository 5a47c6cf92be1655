import type { Broker } from './broker.ts';
import type { FarSide } from './droppedPackets.ts';
import type { MariaDb } from './mariadb.ts';
import type { OwnedProcess, OwnedProcesses } from './ownedProcesses.ts';
import type { PostgresDb } from './postgres.ts';
import type { Proxy } from './proxy.ts';
import type { RowWriter } from './rows/rowWriter.ts';
import type { Software } from './software.ts';

/** What one real connector stands on, where it is broken. */
export interface Underfoot {
  readonly processes: OwnedProcesses;
  readonly software: Software;
  /** Between the connector and its database. */
  readonly proxy: Proxy;
  readonly database:
    { readonly kind: 'mariadb'; readonly server: MariaDb } | { readonly kind: 'postgres'; readonly server: PostgresDb };
  /** Writes past the proxy. */
  readonly writer: RowWriter;
  readonly broker: Broker;
  /** Between the workers and the broker, where there is one. */
  readonly brokerProxy?: Proxy;
  /** The wire to the database, where there is one in place of the proxy. */
  readonly wire?: Pick<FarSide, 'drop' | 'heal'>;
  /** The connector's own process; another one after it was started again. */
  readonly worker: () => OwnedProcess | undefined;
  /** Where the rows arrive. */
  readonly topic: string;
}
