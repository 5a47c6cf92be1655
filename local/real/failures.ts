import { failOver, purgeBinlog } from './binlogFailures.ts';
import type { OwnedProcess } from './ownedProcesses.ts';
import { limitRecords } from './topicLimit.ts';
import type { Underfoot } from './underfoot.ts';

export interface Failure {
  /** What is done, in one line. */
  readonly about: string;
  /**
   * Whether the connector is expected to go on without anybody's act. `at once`: as soon as it has noticed; `once ended`: when the cause
   * is taken away; `never`: its task stays dead even then. Where Kafka Connect 2.7.1 with Debezium 1.9 differs from 3.7.1 with 2.x, both.
   */
  readonly heals: Healing | { readonly '2.7.1': Healing; readonly '3.7.1': Healing };
  /** Brings it about. Gives how its cause is taken away, where it can be. */
  begin(ground: Underfoot): Promise<(() => Promise<void>) | undefined>;
}

export type Healing = 'at once' | 'once ended' | 'never';

/** Debezium 1.9's task dies of a connection that ends, and Connect 2.7.1 leaves it dead (measured). */
const deadly = { '2.7.1': 'never', '3.7.1': 'once ended' } as const;

/** Every failure of the table, by name. Those of packets want a wire, those of the binlog a MariaDB. */
export const failures = {
  'half-open': {
    about: 'its connections to the database stay open and silent for good; the proxy still acknowledges packets',
    // With connect.keep.alive, MySQL's client opens a new one after 75 to 107 s.
    heals: 'never',
    begin: async ({ proxy }) => {
      proxy.freeze();
      return Promise.resolve(undefined);
    },
  },
  'dropped-packets': {
    about: 'every packet to and from the database vanishes',
    heals: 'once ended',
    begin: async ({ wire }) => {
      if (wire === undefined) throw new Error('Packets are dropped on a wire only, and there is none.');
      await wire.drop();
      return () => wire.heal();
    },
  },
  hole: {
    about: 'nothing passes between connector and database, on connections old and new; then it flows on',
    heals: 'once ended',
    begin: async ({ proxy }) => {
      proxy.hole();
      return Promise.resolve(() => proxy.heal());
    },
  },
  reset: {
    about: 'its connections to the database are reset; new ones are served at once',
    heals: { '2.7.1': 'never', '3.7.1': 'at once' },
    begin: async ({ proxy }) => {
      proxy.reset();
      return Promise.resolve(undefined);
    },
  },
  'database-stopped': {
    about: 'the database is shut down (SIGTERM), and started again',
    heals: deadly,
    begin: async (ground) => away(ground, () => ground.database.server.stop()),
  },
  'database-killed': {
    about: 'the database is killed (SIGKILL), and started again',
    heals: deadly,
    begin: async (ground) =>
      away(ground, async () => {
        const { process } = ground.database.server;
        process.signal('SIGKILL');
        await process.ended;
      }),
  },
  'database-hangs': {
    about: 'the database process is stopped in place (SIGSTOP), and goes on',
    heals: 'once ended',
    begin: async ({ database }) => stoppedInPlace(database.server.process),
  },
  failover: {
    about:
      'new connections reach another server with the same rows and other binlog coordinates; the old ones are reset',
    heals: 'never',
    begin: async (ground) => failOver(ground),
  },
  'binlog-purged': {
    about: 'it cannot reach the database, whose binlog is purged meanwhile beyond where it had read',
    heals: 'never',
    begin: async ({ proxy, database }) => {
      if (database.kind !== 'mariadb') throw new Error('Only MariaDB has a binlog.');
      await proxy.refuse();
      proxy.reset();
      return async () => {
        await purgeBinlog(database.server);
        await proxy.heal();
      };
    },
  },
  'broker-hangs': {
    about: 'the broker process is stopped in place (SIGSTOP), and goes on',
    // In a flush it kills the task of 2.7.1 (measured once, `OffsetStorageWriter is already flushing`).
    heals: 'once ended',
    begin: async ({ broker }) => stoppedInPlace(broker.process),
  },
  'broker-stopped': {
    about: 'the broker is shut down (SIGTERM), and started again',
    heals: 'once ended',
    begin: async ({ broker, brokerProxy }) => {
      await brokerProxy?.refuse();
      await broker.stop();
      return async () => {
        await broker.startAgain();
        await brokerProxy?.heal();
      };
    },
  },
  'worker-killed': {
    about: 'the worker process is killed (SIGKILL)',
    // MSK Connect starts another one (inferred).
    heals: 'at once',
    begin: async ({ worker }) => {
      running(worker()).signal('SIGKILL');
      return Promise.resolve(undefined);
    },
  },
  'worker-hangs': {
    about: 'the worker process is stopped in place (SIGSTOP), and goes on',
    heals: 'once ended',
    begin: async ({ worker }) => stoppedInPlace(running(worker())),
  },
  'records-refused': {
    about:
      'the broker refuses its records as too large, and the task dies of the exception; once they are taken, a restart cures it',
    heals: 'never',
    begin: async ({ broker, topic }) => {
      // Smaller than any record with a key and an envelope.
      await limitRecords(broker.bootstrapServers, topic, 100);
      return () => limitRecords(broker.bootstrapServers, topic, undefined);
    },
  },
  'row-too-large': {
    about:
      'a row gets 2 MB of text, whose record exceeds max.request.size, and the task dies of the exception, after a restart too',
    heals: 'never',
    begin: async ({ database: { kind, server } }) => {
      const table = kind === 'mariadb' ? 'shop.orders' : 'public.orders';
      await server.sql(`ALTER TABLE ${table} ADD COLUMN attachment ${kind === 'mariadb' ? 'LONGTEXT' : 'TEXT'}`);
      // A change, not a new row: whoever counts rows by their insertion goes on counting right.
      await server.sql(`UPDATE ${table} SET attachment = REPEAT('x', ${2 << 20}) WHERE id = 1`);
      return undefined;
    },
  },
  'password-changed': {
    about: 'the database user gets another password, and its connections are reset',
    heals: deadly,
    begin: async ({ database, proxy }) => {
      const { password } = database.server;
      await setPassword(database, `${password}2`);
      proxy.reset();
      return () => setPassword(database, password);
    },
  },
  idle: {
    about: 'nothing is written; nothing is wrong',
    heals: 'at once',
    begin: async ({ writer }) => {
      const { rowsPerSecond } = writer;
      writer.setRate(0);
      return Promise.resolve(async () => Promise.resolve(writer.setRate(rowsPerSecond)));
    },
  },
} as const satisfies Readonly<Record<string, Failure>>;

export type FailureName = keyof typeof failures;

/** Nobody listens at the database's port: the proxy must not accept for it. */
async function away({ proxy, database }: Underfoot, stop: () => Promise<void>): Promise<() => Promise<void>> {
  await proxy.refuse();
  await stop();
  return async () => {
    await database.server.startAgain();
    await proxy.heal();
  };
}

async function stoppedInPlace(stopped: OwnedProcess): Promise<() => Promise<void>> {
  stopped.signal('SIGSTOP');
  return Promise.resolve(async () => Promise.resolve(stopped.signal('SIGCONT')));
}

function running(worker: OwnedProcess | undefined): OwnedProcess {
  if (worker?.running !== true) throw new Error('The connector has no worker that runs.');
  return worker;
}

async function setPassword({ kind, server }: Underfoot['database'], password: string): Promise<void> {
  const user = kind === 'mariadb' ? "'cdc'@'%' IDENTIFIED BY" : 'cdc PASSWORD';
  await server.sql(`ALTER USER ${user} '${password}'`);
}
