import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Admin } from '@platformatic/kafka';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type Broker } from '../../local/real/broker.ts';
import { freePort } from '../../local/real/freePort.ts';
import { startMariadb, type MariaDb } from '../../local/real/mariadb.ts';
import { ownProcesses, type OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { startPostgres, type PostgresDb } from '../../local/real/postgres.ts';
import { provideSoftware, type Software } from '../../local/real/software.ts';
import { makeTlsMaterial, type TlsMaterial } from '../../local/real/tls.ts';

let processes: OwnedProcesses;
let software: Software;

beforeAll(async () => {
  software = await provideSoftware({ say: (text) => console.log(text), postgres: true });
  processes = await ownProcesses();
});

afterAll(() => processes.close());

function canListenOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

test('what was fetched once is found in under a second, with nothing to say', async () => {
  const said: string[] = [];
  const before = performance.now();

  const again = await provideSoftware({ say: (text) => said.push(text), postgres: true });

  expect(performance.now() - before).toBeLessThan(1000);
  expect(said).toEqual([]);
  expect(again).toEqual(software);
  expect(existsSync(again.jmxAgent)).toBe(true);
});

describe('the broker', () => {
  let broker: Broker;
  let proxyPort: number;
  let toldPort: number | undefined;

  beforeAll(async () => {
    proxyPort = await freePort();
    broker = await startBroker(processes, software, {
      advertise: async (workerPort) => {
        toldPort = workerPort;
        return proxyPort;
      },
    });
  });

  async function brokersSeenFrom(bootstrapServers: string): Promise<readonly number[]> {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [bootstrapServers] });
    const { brokers } = await admin.metadata({ topics: [] });
    await admin.close();
    return [...brokers.values()].map(({ port }) => port);
  }

  async function partitionsOf(topic: string): Promise<number | undefined> {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.bootstrapServers] });
    const { topics } = await admin.metadata({ topics: [topic] });
    await admin.close();
    return topics.get(topic)?.partitionsCount;
  }

  test('sends clients that are not to be disturbed to itself, and workers to the proxy', async () => {
    expect(broker.workerBootstrapServers).toBe(`127.0.0.1:${proxyPort}`);
    expect(await brokersSeenFrom(broker.bootstrapServers)).toEqual([Number(broker.bootstrapServers.split(':')[1])]);
    expect(await brokersSeenFrom(`127.0.0.1:${toldPort}`)).toEqual([proxyPort]);
  });

  test('makes compacted topics, as Kafka Connect wants them', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.bootstrapServers] });
    await admin.createTopics({
      topics: ['offsets'],
      partitions: 25,
      replicas: 1,
      configs: [{ name: 'cleanup.policy', value: 'compact' }],
    });
    await admin.close();

    expect(await partitionsOf('offsets')).toBe(25);
  });

  test('keeps topics and ports when stopped, killed and started again', async () => {
    await broker.stop();
    await broker.startAgain();
    broker.process.signal('SIGKILL');
    expect(await broker.process.ended).toBe('was ended by SIGKILL');
    await broker.startAgain();

    expect(await partitionsOf('offsets')).toBe(25);
  });

  test('that cannot start says why, in its own words', async () => {
    const nowhere: Software = { ...software, classPath: { ...software.classPath, '3.7.1': '/nowhere/*' } };

    await expect(startBroker(processes, nowhere)).rejects.toThrow(
      /the Kafka broker ended with code 1 instead of answering[^]*kafka\.Kafka/,
    );
  });

  test('is gone with its port after close', async () => {
    await broker.close();

    expect(broker.process.running).toBe(false);
    expect(await canListenOn(Number(broker.bootstrapServers.split(':')[1]))).toBe(true);
  });
});

describe('MariaDB', () => {
  let database: MariaDb;
  let tls: TlsMaterial;

  beforeAll(async () => {
    tls = await makeTlsMaterial(processes.folder);
    database = await startMariadb(processes, software, { serverId: 7, tls });
  });

  async function asCdc(db: MariaDb, statement: string, ssl?: { readonly ca: Buffer }): Promise<unknown> {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: db.port,
      user: 'cdc',
      password: db.password,
      ...(ssl === undefined ? {} : { ssl }),
    });
    try {
      const [answer] = await connection.query(statement);
      return answer;
    } finally {
      connection.destroy();
    }
  }

  test('writes a binlog by rows, in full', async () => {
    const rows = await database.sql('SELECT @@binlog_format AS format, @@binlog_row_image AS image, @@server_id AS id');

    expect(rows).toEqual([{ format: 'ROW', image: 'FULL', id: 7 }]);
  });

  test('knows nobody but root on its socket and cdc with its password', async () => {
    const users = await database.sql("SELECT User, Host FROM mysql.user WHERE User <> 'mariadb.sys' ORDER BY User");

    expect(users).toEqual([
      { User: 'cdc', Host: '%' },
      { User: 'root', Host: 'localhost' },
    ]);
    await expect(
      createConnection({ host: '127.0.0.1', port: database.port, user: 'root', password: '' }),
    ).rejects.toThrow(/Access denied|not allowed/);
    await expect(
      createConnection({ host: '127.0.0.1', port: database.port, user: 'cdc', password: '' }),
    ).rejects.toThrow('Access denied');
  });

  test('lets cdc read the binlog and write rows', async () => {
    await asCdc(database, "INSERT INTO shop.orders VALUES (1, 'first', '2026-01-01 00:00:00.123')");

    expect(await asCdc(database, 'SHOW MASTER STATUS')).toMatchObject([{ File: 'binlog.000001' }]);
    expect(await database.sql('SELECT note FROM shop.orders')).toEqual([{ note: 'first' }]);
  });

  test('speaks TLS that its authority vouches for', async () => {
    const ca = await readFile(tls.caFile);

    expect(await asCdc(database, "SHOW STATUS LIKE 'Ssl_version'", { ca })).toEqual([
      { Variable_name: 'Ssl_version', Value: 'TLSv1.3' },
    ]);
  });

  test('keeps rows, port and password when stopped, killed and started again', async () => {
    const first = database.process.pid;
    await database.stop();
    await expect(asCdc(database, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await database.startAgain();
    database.process.signal('SIGKILL');
    expect(await database.process.ended).toBe('was ended by SIGKILL');
    await database.startAgain();

    expect(database.process.pid).not.toBe(first);
    expect(await asCdc(database, 'SELECT id FROM shop.orders')).toEqual([{ id: 1 }]);
  });

  test('has a second that follows it: the same rows and GTIDs at other coordinates', async () => {
    const second = await startMariadb(processes, software, { serverId: 8, copyOf: database });
    const [position] = await database.sql('SHOW MASTER STATUS');
    const [otherPosition] = await second.sql('SHOW MASTER STATUS');

    expect(second.password).toBe(database.password);
    expect(await second.sql('SELECT id FROM shop.orders')).toEqual([{ id: 1 }]);
    expect(await second.sql('SELECT @@gtid_current_pos AS gtid')).toEqual([{ gtid: '0-7-1' }]);
    expect(position?.['File']).not.toBe(otherPosition?.['File']);
    await second.close();
  });

  test('that cannot start says why, in its own words', async () => {
    await expect(startMariadb(processes, software, { port: database.port })).rejects.toThrow(
      /instead of answering[^]*Address already in use/,
    );
    await expect(startMariadb(processes, software, { args: ['--no-such-option'] })).rejects.toThrow(
      /instead of answering[^]*unknown option '--no-such-option'/,
    );
  });

  test('is gone with its port after close', async () => {
    await database.close();

    expect(await canListenOn(database.port)).toBe(true);
  });
});

describe('PostgreSQL', () => {
  let database: PostgresDb;

  beforeAll(async () => {
    database = await startPostgres(processes, software);
  });

  async function asCdc(statement: string): Promise<readonly unknown[]> {
    const client = new Client({
      host: '127.0.0.1',
      port: database.port,
      user: 'cdc',
      password: database.password,
      database: 'shop',
    });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  test('is a version 15 that decodes its log by pgoutput, for cdc too', async () => {
    expect(await database.sql('SHOW wal_level')).toEqual([{ wal_level: 'logical' }]);
    expect(await database.sql("SELECT current_setting('server_version') LIKE '15.%' AS is15")).toEqual([
      { is15: true },
    ]);
    await asCdc('CREATE PUBLICATION everything FOR TABLE orders');
    expect(await asCdc("SELECT slot_name FROM pg_create_logical_replication_slot('slot', 'pgoutput')")).toEqual([
      { slot_name: 'slot' },
    ]);
    await asCdc("INSERT INTO orders VALUES (1, 'first', now())");
  });

  test('hangs with all its processes, and goes on', async () => {
    const client = new Client({
      host: '127.0.0.1',
      port: database.port,
      user: 'cdc',
      password: database.password,
      database: 'shop',
    });
    await client.connect();
    database.process.signal('SIGSTOP');
    let answered = false;
    const answer = client.query('SELECT 1').finally(() => {
      answered = true;
    });
    await wait(500);
    expect(answered).toBe(false);

    database.process.signal('SIGCONT');
    await answer;
    await client.end();
  });

  test('keeps rows, slot, port and password when stopped, killed and started again', async () => {
    await database.stop();
    await expect(asCdc('SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await database.startAgain();
    database.process.signal('SIGKILL');
    expect(await database.process.ended).toBe('was ended by SIGKILL');
    await database.startAgain();

    expect(await asCdc('SELECT id, note FROM orders')).toEqual([{ id: '1', note: 'first' }]);
    expect(await database.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([{ slot_name: 'slot' }]);
  });

  test('is gone with its port after close', async () => {
    await database.close();

    expect(await canListenOn(database.port)).toBe(true);
  });
});

test('nothing is left of a run that is closed with everything running', async () => {
  const run = await ownProcesses();
  const [broker, mariadb, postgres] = await Promise.all([
    startBroker(run, software),
    startMariadb(run, software),
    startPostgres(run, software),
  ]);

  await run.close();

  const ports = [Number(broker.bootstrapServers.split(':')[1]), mariadb.port, postgres.port];
  expect(await Promise.all(ports.map(canListenOn))).toEqual([true, true, true]);
  expect(existsSync(run.folder)).toBe(false);
});

test('nothing is left of a run that was killed, though its servers run as other users and one hangs', async () => {
  const program = fileURLToPath(new URL('serversOwner.ts', import.meta.url));
  const { stdout, signal } = await new Promise<{ readonly stdout: string; readonly signal: unknown }>((resolve) => {
    execFile(process.execPath, [program], (error, output) => resolve({ stdout: output, signal: error?.signal }));
  });
  const { folder, ports } = JSON.parse(stdout) as { readonly folder: string; readonly ports: readonly number[] };
  expect(signal).toBe('SIGKILL');

  for (let tries = 0; tries < 500 && existsSync(folder); tries += 1) await wait(20);

  expect(existsSync(folder)).toBe(false);
  expect(await Promise.all(ports.map(canListenOn))).toEqual([true, true]);
});
