import { failures as ways, type FailureName } from '../../../local/real/failures.ts';
import type { Underfoot } from '../../../local/real/underfoot.ts';
import type { RealWorld } from '../realWorld.ts';
import type { Cell } from './cell.ts';
import { connectorName, topicOf } from './connectorOf.ts';
import { failures, type FailureId } from './failures.ts';
import { variants } from './variants.ts';
import type { Wire } from './wire.ts';

/** How what was broken is mended. */
export type Mend = () => Promise<void>;

/** By which way a cell's failure is brought about. */
const wayOf: Readonly<Record<FailureId, FailureName>> = {
  'half-open': 'half-open',
  'dropped-packets': 'dropped-packets',
  'hole-30s': 'hole',
  'hole-60s': 'hole',
  'hole-5min': 'hole',
  reset: 'reset',
  'database-stopped': 'database-stopped',
  'database-killed': 'database-killed',
  'database-hangs': 'database-hangs',
  failover: 'failover',
  'binlog-purged': 'binlog-purged',
  'broker-hangs': 'broker-hangs',
  'broker-stopped': 'broker-stopped',
  'worker-killed': 'worker-killed',
  'task-exception': 'records-refused',
  'password-changed': 'password-changed',
  idle: 'idle',
};

/** Breaks what the cell says, for real. Gives how it is mended, where it is to be. @param wire before the database, where packets are to be lost */
export async function breakIt(cell: Cell, world: RealWorld, wire: Wire | undefined): Promise<Mend | undefined> {
  const mend = await ways[wayOf[cell.failure]].begin(underfoot(cell, world, wire));
  return mendAfterSeconds(cell) === undefined ? undefined : mend;
}

/** Seconds after the break at which it is mended; absent: never. */
export function mendAfterSeconds(cell: Cell): number | undefined {
  return failures[cell.failure].lastsSeconds;
}

function underfoot(cell: Cell, { ground, dataPlane }: RealWorld, wire: Wire | undefined): Underfoot {
  const proxy = ground.proxies.get(connectorName);
  if (proxy === undefined) throw new Error('The connector has no proxy.');
  const writer = ground.writers.mariadb ?? ground.writers.postgres;
  if (writer === undefined) throw new Error('Nobody writes rows.');
  const { processes, software, broker, brokerProxy } = ground;
  return {
    processes,
    software,
    proxy,
    writer,
    broker,
    database: databaseOf(cell, ground),
    ...(brokerProxy && { brokerProxy }),
    ...(wire && { wire }),
    worker: () => dataPlane.worker(connectorName),
    topic: topicOf(cell),
  };
}

function databaseOf(cell: Cell, { mariadb, postgres }: RealWorld['ground']): Underfoot['database'] {
  const kind = variants[cell.variant].database;
  if (kind === 'mariadb' && mariadb !== undefined) return { kind, server: mariadb };
  if (kind === 'postgres' && postgres !== undefined) return { kind, server: postgres };
  throw new Error('The connector has no database.');
}
