import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startBroker, type Broker } from '../../local/real/broker.ts';
import { failures } from '../../local/real/failures.ts';
import { startMariadb, type MariaDb } from '../../local/real/mariadb.ts';
import { ownProcesses, type OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { startProxy, type Proxy } from '../../local/real/proxy.ts';
import { startRowWriter, type RowWriter } from '../../local/real/rows/rowWriter.ts';
import { provideSoftware, type Software } from '../../local/real/software.ts';
import type { Underfoot } from '../../local/real/underfoot.ts';

let processes: OwnedProcesses;
let software: Software;
let server: MariaDb;
let broker: Broker;
let proxy: Proxy;
let brokerProxy: Proxy;
let writer: RowWriter;
let ground: Underfoot;
const said: string[] = [];
const topic = 'shop.shop.orders';

beforeAll(async () => {
  software = await provideSoftware({ say: (text) => said.push(text) });
  processes = await ownProcesses();
  [server, broker] = await Promise.all([startMariadb(processes, software), startBroker(processes, software)]);
  proxy = await startProxy(server);
  brokerProxy = await startProxy({ port: Number(broker.bootstrapServers.split(':')[1]) });
  writer = startRowWriter({ kind: 'mariadb', port: server.port, password: server.password }, { rowsPerSecond: 20 });
  ground = {
    processes,
    software,
    proxy,
    brokerProxy,
    broker,
    writer,
    topic,
    database: { kind: 'mariadb', server },
    worker: () => undefined,
  };
}, 300_000);
afterAll(async () => {
  await writer?.close();
  await proxy?.close();
  await brokerProxy?.close();
  await processes?.close();
});

/** As the connector does: through the proxy, as cdc. */
async function asConnector(): Promise<Connection> {
  const connection = await createConnection({
    port: proxy.port,
    host: '127.0.0.1',
    user: 'cdc',
    password: server.password,
    connectTimeout: 2000,
  });
  connection.on('error', () => undefined);
  return connection;
}

async function moreRows(): Promise<void> {
  const before = writer.written;
  await vi.waitUntil(() => writer.written > before + 5, { timeout: 20_000 });
}

describe('what a connector meets at its database', () => {
  test.each(['database-stopped', 'database-killed'] as const)(
    '%s: refused until it is back, with its rows',
    async (name) => {
      const end = await failures[name].begin(ground);

      await expect(asConnector()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await end();

      (await asConnector()).destroy();
      await moreRows();
    },
    60_000,
  );

  test('database-hangs: accepted by the kernel, and no greeting, until it goes on', async () => {
    const end = await failures['database-hangs'].begin(ground);

    await expect(asConnector()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await end();

    (await asConnector()).destroy();
    await moreRows();
  });

  test('hole: connections wait for its end', async () => {
    const end = await failures.hole.begin(ground);

    await expect(asConnector()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const waiting = asConnector();
    await end();

    (await waiting).destroy();
    expect(proxy.connections).toBeLessThan(5);
  });

  test('password-changed: cut, and refused access, until it is the old one again', async () => {
    const connection = await asConnector();
    const end = await failures['password-changed'].begin(ground);

    await expect(connection.query('SELECT 1')).rejects.toBeDefined();
    await expect(asConnector()).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    await end();

    (await asConnector()).destroy();
  });

  test('binlog-purged: refused for a while, and then the only file is a new one', async () => {
    const filesBefore = (await server.sql('SHOW BINARY LOGS')).map((file) => file['Log_name']);
    const end = await failures['binlog-purged'].begin(ground);
    await expect(asConnector()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await end();

    const files = (await server.sql('SHOW BINARY LOGS')).map((file) => file['Log_name']);
    expect(files).toHaveLength(1);
    expect(filesBefore).not.toContain(files[0]);
    (await asConnector()).destroy();
  });

  test('row-too-large: one of the rows exceeds what a producer sends, and new ones go on', async () => {
    await failures['row-too-large'].begin(ground);

    expect(
      await server.sql('SELECT id, LENGTH(attachment) AS bytes FROM shop.orders WHERE attachment IS NOT NULL'),
    ).toEqual([{ id: 1, bytes: 2_097_152 }]);
    await moreRows();
  });

  test('idle: nothing is written until it ends', async () => {
    const end = await failures.idle.begin(ground);
    await writer.settled();
    const before = writer.written;
    await sleep(500);
    expect(writer.written).toBe(before);

    await end();
    await moreRows();
    expect(writer.rowsPerSecond).toBe(20);
  });
});

test('failover: the other server has every row and other binlog files, and the writing goes on there', async () => {
  const old = await startMariadb(processes, software);
  const front = await startProxy(old);
  const rows = startRowWriter({ kind: 'mariadb', port: old.port, password: old.password }, { rowsPerSecond: 100 });
  await vi.waitUntil(() => rows.written > 50, { timeout: 5000 });

  await failures.failover.begin({ ...ground, proxy: front, writer: rows, database: { kind: 'mariadb', server: old } });
  const before = rows.written;
  await vi.waitUntil(() => rows.written > before + 20, { timeout: 5000 });
  rows.setRate(0);
  await rows.settled();
  const connection = await createConnection({
    port: front.port,
    host: '127.0.0.1',
    user: 'cdc',
    password: old.password,
  });
  const ask = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0][0];
  const seen = await ask('SELECT @@server_id AS server, COUNT(*) AS there, MAX(id) AS highest FROM shop.orders');
  const place = await ask('SHOW MASTER STATUS');
  connection.destroy();
  const [left] = await old.sql('SELECT MAX(id) AS highest FROM shop.orders');
  const [oldPlace] = await old.sql('SHOW MASTER STATUS');

  expect(seen).toEqual({ server: 2, there: rows.written, highest: rows.written });
  expect(left).toEqual({ highest: before });
  expect(place?.['File']).not.toBe(oldPlace?.['File']);
  await rows.close();
  await front.close();
  await old.close();
}, 60_000);

describe('what a worker meets at its broker', () => {
  test('records-refused: each record of the topic is too large until it ends', async () => {
    const bootstrapBrokers = [broker.bootstrapServers];
    const admin = new Admin({ clientId: 'test', bootstrapBrokers });
    await admin.createTopics({ topics: [topic, 'other'], partitions: 1, replicas: 1 });
    const producer = new Producer({ clientId: 'test', bootstrapBrokers, serializers: stringSerializers, retries: 0 });
    const send = (to: string) =>
      producer.send({ messages: [{ topic: to, key: '{"id":1}', value: '{"op":"c","before":null,"after":{"id":1}}' }] });
    await send(topic);

    const end = await failures['records-refused'].begin(ground);
    let refusal: unknown;
    await vi.waitUntil(async () => {
      refusal = await send(topic).then(
        () => undefined,
        (error: unknown) => error,
      );
      return refusal !== undefined;
    });
    await send('other');
    await end();
    await vi.waitUntil(() =>
      send(topic).then(
        () => true,
        () => false,
      ),
    );

    expect(JSON.stringify(refusal, errorFields)).toContain('MESSAGE_TOO_LARGE');
    await producer.close();
    await admin.close();
  }, 30_000);

  test('broker-stopped: refused until it is back, with its topics', async () => {
    const dial = () =>
      new Promise<string>((resolve) => {
        const socket = connect(brokerProxy.port, '127.0.0.1', () => resolve('connected'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.on('connect', () => socket.destroy());
      });
    expect(await dial()).toBe('connected');

    const end = await failures['broker-stopped'].begin(ground);
    expect(await dial()).toBe('ECONNREFUSED');
    await end();

    expect(await dial()).toBe('connected');
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.bootstrapServers] });
    expect(await admin.listTopics()).toContain(topic);
    await admin.close();
  }, 60_000);
});

describe('what befalls the worker itself', () => {
  test('worker-hangs and worker-killed strike its process', async () => {
    const ticks: string[] = [];
    const worker = processes.start({
      name: 'a worker',
      command: 'sh',
      args: ['-c', 'while true; do echo tick; sleep 0.1; done'],
      onLine: (line) => ticks.push(line),
    });
    const underfoot = { ...ground, worker: () => worker };
    await vi.waitUntil(() => ticks.length > 2);

    const end = await failures['worker-hangs'].begin(underfoot);
    await sleep(300);
    const silent = ticks.length;
    await sleep(500);
    expect(ticks).toHaveLength(silent);
    await end();
    await vi.waitUntil(() => ticks.length > silent);

    await failures['worker-killed'].begin(underfoot);
    expect(await worker.ended).toContain('SIGKILL');
    await expect(failures['worker-killed'].begin(underfoot)).rejects.toThrow('no worker that runs');
  });
});

/** What JSON leaves out of an error, and of a number. */
function errorFields(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  return Object.fromEntries(
    Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name) as unknown]),
  );
}
