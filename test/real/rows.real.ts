import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startBroker } from '../../local/real/broker.ts';
import { startMariadb } from '../../local/real/mariadb.ts';
import { ownProcesses, type OwnedProcess, type OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { startPostgres } from '../../local/real/postgres.ts';
import { startProxy, type Proxy } from '../../local/real/proxy.ts';
import { startRowWriter, type RowWriter } from '../../local/real/rows/rowWriter.ts';
import { followTopic } from '../../local/real/rows/topicRows.ts';
import { provideSoftware, type Software } from '../../local/real/software.ts';

let processes: OwnedProcesses;
let software: Software;
const said: string[] = [];

beforeAll(async () => {
  software = await provideSoftware({ say: (text) => said.push(text), postgres: true });
  processes = await ownProcesses();
}, 300_000);
afterAll(async () => {
  await processes?.close();
});

interface Written {
  readonly port: number;
  readonly password: string;
  readonly process: OwnedProcess;
  sql(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

describe.each(['mariadb', 'postgres'] as const)('rows in %s', (kind) => {
  let database: Written;
  let proxy: Proxy;
  let writer: RowWriter;

  beforeAll(async () => {
    database = await (kind === 'mariadb' ? startMariadb : startPostgres)(processes, software);
    proxy = await startProxy(database);
    writer = startRowWriter({ kind, port: proxy.port, password: database.password }, { rowsPerSecond: 50 });
  }, 60_000);
  afterAll(async () => {
    await writer?.close();
    await proxy?.close();
    await database?.close();
  });
  /** Writes some more, and then compares what the writer says with what the table has: ids from 1 on without a gap. */
  const accounted = async (): Promise<{
    readonly written: boolean;
    readonly there: boolean;
    readonly highest: boolean;
  }> => {
    const before = writer.written;
    await vi.waitUntil(() => writer.written > before + 10, { timeout: 20_000 });
    writer.setRate(0);
    await writer.settled();
    const table = kind === 'mariadb' ? 'shop.orders' : 'public.orders';
    const [seen] = await database.sql(`SELECT COUNT(*) AS there, MAX(id) AS highest FROM ${table}`);
    const { written } = writer;
    writer.setRate(50);
    return {
      written: writer.trouble === undefined,
      there: Number(seen?.['there']) === written,
      highest: Number(seen?.['highest']) === written,
    };
  };
  const everyRowOnce = { written: true, there: true, highest: true };

  test('are written', async () => {
    expect(await accounted()).toEqual(everyRowOnce);
  });

  test('survive connections that are reset', async () => {
    for (let n = 0; n < 20; n += 1) {
      proxy.reset();
      await sleep(30 + 7 * n);
    }
    expect(await accounted()).toEqual(everyRowOnce);
  });

  test('survive a half-open connection, where the answer to a commit never comes', async () => {
    proxy.freeze();
    await vi.waitFor(() => expect(writer.trouble).toBeDefined(), { timeout: 8000 });
    expect(await accounted()).toEqual(everyRowOnce);
  });

  test('survive a database that hangs longer than they wait', async () => {
    database.process.signal('SIGSTOP');
    await sleep(7000);
    database.process.signal('SIGCONT');
    expect(await accounted()).toEqual(everyRowOnce);
  });

  test('survive a database that is killed', async () => {
    database.process.signal('SIGKILL');
    await database.process.ended;
    await database.startAgain();
    expect(await accounted()).toEqual(everyRowOnce);
  }, 40_000);
});

test('a topic is followed from before it is there, past a broker that hangs, and nothing tells of it', async () => {
  const broker = await startBroker(processes, software);
  const bootstrapBrokers = [broker.bootstrapServers];
  const admin = new Admin({ clientId: 'test', bootstrapBrokers });
  const producer = new Producer({ clientId: 'test', bootstrapBrokers, serializers: stringSerializers });
  const produce = async (...ids: readonly number[]): Promise<void> => {
    const messages = ids.map((id) => ({
      topic: 'shop.shop.orders',
      key: JSON.stringify({ id }),
      value: JSON.stringify({ op: 'c', after: { id } }),
    }));
    await producer.send({ messages });
  };

  const rows = await followTopic(broker.bootstrapServers, 'shop.shop.orders');
  await rows.readToEnd();
  await sleep(1500);
  expect(await admin.listTopics()).toEqual([]);
  expect(rows.count(3)).toEqual({ written: 3, arrived: 0, duplicated: 0, lost: 0, waiting: 3 });

  await admin.createTopics({ topics: ['shop.shop.orders'], partitions: 2, replicas: 1 });
  // A new topic's partitions come up one by one, and this producer tries all of them again for one that is late: not with rows.
  const beats = [0, 1].map((partition) => ({ topic: 'shop.shop.orders', partition, key: '{}', value: '{"ts_ms":1}' }));
  await producer.send({ messages: beats });
  await produce(1, 2, 3);
  await produce(2, 5);
  await rows.readToEnd();
  expect(rows.count(6)).toEqual({ written: 6, arrived: 4, duplicated: 1, lost: 1, waiting: 1 });

  broker.process.signal('SIGSTOP');
  await sleep(13_000);
  broker.process.signal('SIGCONT');
  await produce(6);
  await rows.readToEnd();
  expect(rows.count(6)).toEqual({ written: 6, arrived: 5, duplicated: 1, lost: 1, waiting: 0 });
  expect([...rows.arrivals.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 5, 6]);
  expect((await admin.listGroups()).size).toBe(0);
  expect([...(await admin.listTopics())]).toEqual(['shop.shop.orders']);

  const late = await followTopic(broker.bootstrapServers, 'shop.shop.orders');
  await late.readToEnd();
  expect(late.count(6)).toEqual(rows.count(6));

  await Promise.all([rows.close(), late.close(), producer.close(), admin.close()]);
  await broker.close();
}, 90_000);
