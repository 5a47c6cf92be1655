import { startMariadb } from '../../../local/real/mariadb.ts';
import type { RealWorld } from '../realWorld.ts';
import type { Cell } from './cell.ts';
import { connectorName, topicOf } from './connectorOf.ts';
import { failures } from './failures.ts';
import { topicLimit } from './topicLimit.ts';
import { variants } from './variants.ts';
import type { Wire } from './wire.ts';

/** How what was broken is mended. */
export type Mend = () => Promise<void>;

/** Breaks what the cell says, for real. Gives how it is mended, where it is to be. @param wire before the database, where packets are to be lost */
export async function breakIt(cell: Cell, world: RealWorld, wire: Wire | undefined): Promise<Mend | undefined> {
  const { ground } = world;
  const proxy = ground.proxies.get(connectorName);
  const database = databaseOf(cell, world);
  if (proxy === undefined) throw new Error('The connector has no proxy.');
  switch (cell.failure) {
    case 'half-open':
      proxy.freeze();
      return undefined;
    case 'dropped-packets':
      if (wire === undefined) throw new Error('There is no wire to lose packets on.');
      await wire.drop();
      return () => wire.heal();
    case 'hole-30s':
    case 'hole-60s':
    case 'hole-5min':
      proxy.hole();
      return () => proxy.heal();
    case 'reset':
      proxy.reset();
      return undefined;
    case 'database-stopped':
      await database.stop();
      return () => database.startAgain();
    case 'database-killed': {
      const killed = database.process;
      killed.signal('SIGKILL');
      await killed.ended;
      return () => database.startAgain();
    }
    case 'database-hangs': {
      const stopped = database.process;
      stopped.signal('SIGSTOP');
      return () => Promise.resolve(stopped.signal('SIGCONT'));
    }
    case 'failover': {
      if (ground.mariadb === undefined) throw new Error('There is no MariaDB to fail over from.');
      const other = await startMariadb(ground.processes, ground.software, { serverId: 2, copyOf: ground.mariadb });
      await other.sql('STOP SLAVE');
      ground.writers.mariadb?.retarget(other.port);
      proxy.retarget(other.port);
      proxy.reset();
      return undefined;
    }
    case 'binlog-purged':
      await proxy.refuse();
      proxy.reset();
      return async () => {
        await database.sql('FLUSH BINARY LOGS');
        await database.sql('FLUSH BINARY LOGS');
        await database.sql('PURGE BINARY LOGS BEFORE NOW()');
        await proxy.heal();
      };
    case 'broker-hangs': {
      const stopped = ground.broker.process;
      stopped.signal('SIGSTOP');
      return () => Promise.resolve(stopped.signal('SIGCONT'));
    }
    case 'worker-killed':
      world.dataPlane.worker(connectorName)?.signal('SIGKILL');
      return undefined;
    case 'task-exception': {
      const limit = topicLimit(ground, topicOf(cell));
      await limit.set();
      return () => limit.lift();
    }
    case 'password-changed': {
      const { password } = database;
      await setPassword(cell, database, `${password}2`);
      proxy.reset();
      return () => setPassword(cell, database, password);
    }
    case 'idle':
      for (const writer of Object.values(ground.writers)) writer?.setRate(0);
      return undefined;
  }
}

/** Seconds after the break at which it is mended; absent: never. */
export function mendAfterSeconds(cell: Cell): number | undefined {
  return failures[cell.failure].lastsSeconds;
}

function databaseOf(cell: Cell, { ground }: RealWorld) {
  const database = variants[cell.variant].database === 'mariadb' ? ground.mariadb : ground.postgres;
  if (database === undefined) throw new Error('The connector has no database.');
  return database;
}

async function setPassword(
  cell: Cell,
  database: { sql(statement: string): Promise<unknown> },
  password: string,
): Promise<void> {
  const user = variants[cell.variant].database === 'mariadb' ? "'cdc'@'%' IDENTIFIED BY" : 'cdc PASSWORD';
  await database.sql(`ALTER USER ${user} '${password}'`);
}
