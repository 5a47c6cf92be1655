import { beforeEach, describe, expect, test } from 'vitest';
import { memoryObjects } from '../../../cli/compare/virtual/memoryObjects.ts';
import type { Objects } from '../../../store/objects.ts';
import { registerAll, type Registered, type RegistrarPorts } from '../../../watchdog/registrar/register.ts';
import type { HttpRequest } from '../../../watchdog/rest/transport.ts';
import { clusterAt, mysql } from '../../local/selfManaged/clusterAt.ts';

const places = { wanted: 'connectors/', registered: 'registered/' };

let objects: Objects;
let at: ReturnType<typeof clusterAt>;
/** What was asked of the workers that changes something. */
let changes: string[];

beforeEach(() => {
  // In memory: time passes while a disk is waited for.
  objects = memoryObjects();
  at = clusterAt({ workers: 2 });
  changes = [];
});

function ports(worker = 0, own: Partial<RegistrarPorts> = {}): RegistrarPorts {
  return {
    objects,
    url: at.cluster.urls[worker] ?? '',
    send: async (request: HttpRequest) => {
      if (request.method !== 'GET') changes.push(`${request.method} ${new URL(request.url).pathname}`);
      return at.send(request);
    },
    now: () => new Date(at.clock.now()).toISOString(),
    recorder: { note: () => {} },
    ...own,
  };
}

/** Lets time pass until it is done. */
async function through<T>(work: Promise<T>): Promise<T> {
  const waiting = { over: false };
  const settled = work.finally(() => {
    waiting.over = true;
  });
  settled.catch(() => undefined);
  // oxlint-disable-next-line no-await-in-loop -- time passes in small steps
  while (!waiting.over) await at.clock.advanceBy(5);
  return settled;
}

/** One look of the registrar beside a worker, 15 s after the one before: right after a change the workers answer 409. */
async function look(worker = 0): Promise<void> {
  await at.clock.advanceBy(15_000);
  await through(registerAll(ports(worker), places));
}

async function want(name: string, file: unknown): Promise<void> {
  await objects.write(`connectors/${name}.json`, typeof file === 'string' ? file : JSON.stringify(file));
}

async function became(name: string): Promise<Registered> {
  const read = await objects.read(`registered/${name}.json`);
  if (read.kind !== 'read') throw new Error(`nothing became of ${name}`);
  return JSON.parse(read.text) as Registered;
}

describe('a file', () => {
  test('is registered, and says the states of connector and tasks once they are known', async () => {
    await want('orders-cdc', { name: 'orders-cdc', config: mysql });
    await look();
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
    await at.clock.advanceBy(30_000);
    await look();
    expect(await became('orders-cdc')).toMatchObject({
      outcome: 'registered',
      connector: { state: 'RUNNING' },
      tasks: [{ id: 0, state: 'RUNNING' }],
    });
    expect(changes).toEqual(['PUT /connectors/orders-cdc/config']);
  });

  test('is left alone while it stays as it is, and so is what it says', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await at.clock.advanceBy(30_000);
    await look();
    const before = await became('orders-cdc');
    await at.clock.advanceBy(3_600_000);
    await look();
    await look();
    expect(await became('orders-cdc')).toEqual(before);
    expect(changes).toHaveLength(1);
  });

  test('that changes, changes the configuration', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await want('orders-cdc', { config: { ...mysql, 'max.batch.size': 4096, 'include.schema.changes': false } });
    await look();
    await at.clock.advanceBy(15_000);
    const { json } = await at.ask('GET', '/connectors/orders-cdc/config');
    expect(json).toMatchObject({ 'max.batch.size': '4096', 'include.schema.changes': 'false', name: 'orders-cdc' });
    expect(changes).toHaveLength(2);
  });

  test('that is written again with the same content restarts nothing', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await want('orders-cdc', JSON.stringify({ config: mysql }, null, 4));
    await look();
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'unchanged' });
    expect(changes).toHaveLength(1);
  });

  test('that is gone deletes nothing', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await through(registerAll(ports(0, { objects: { ...objects, list: async () => [] } }), places));
    expect((await at.ask('GET', '/connectors')).json).toEqual(['orders-cdc']);
  });

  test('creates its connector again where that is gone', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await at.ask('DELETE', '/connectors/orders-cdc');
    // The workers take a moment to read of it.
    await at.clock.advanceBy(30_000);
    await look();
    expect((await at.ask('GET', '/connectors')).json).toEqual(['orders-cdc']);
  });

  test('deletes its connector where it says so in as many words, once', async () => {
    await want('orders-cdc', { config: mysql });
    await look();
    await want('orders-cdc', { config: mysql, state: 'deleted' });
    await look();
    await look();
    expect((await at.ask('GET', '/connectors')).json).toEqual([]);
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'deleted' });
    expect(changes.filter((change) => change.startsWith('DELETE'))).toHaveLength(1);
  });
});

describe('a state', () => {
  test.each([
    ['paused', 'PAUSED'],
    ['stopped', 'STOPPED'],
  ])('%s is brought about', async (state, shown) => {
    await want('orders-cdc', { config: mysql });
    await look();
    await at.clock.advanceBy(30_000);
    await want('orders-cdc', { config: mysql, state });
    await look();
    await at.clock.advanceBy(30_000);
    expect(await at.states('orders-cdc')).toMatch(new RegExp(`^${shown}`));
  });

  test('is asked for once: the watchdog, which stops and resumes, is not overruled, nor is a person', async () => {
    await want('orders-cdc', { config: mysql, state: 'running' });
    await look();
    await at.clock.advanceBy(30_000);
    await at.ask('PUT', '/connectors/orders-cdc/stop');
    await at.clock.advanceBy(30_000);
    await look();
    await at.clock.advanceBy(30_000);
    expect(await at.states('orders-cdc')).toMatch(/^STOPPED/);
  });
});

describe('what is refused', () => {
  test.each([
    ['what is no JSON', '{"config": hunter2', 'something that is not JSON'],
    ['a field that nobody knows', { config: mysql, tasks: [] }, 'tasks: found an unknown field'],
    ['another name', { name: 'orders', config: mysql }, 'name: found "orders"'],
    ['no class', { config: { topics: 'orders' } }, 'config: found no connector.class'],
    [
      'a password in plain text',
      { config: { ...mysql, 'database.password': 'hunter2' } },
      'config.database.password: found a secret in plain text',
    ],
    ['a value that is a list', { config: { ...mysql, 'database.password': ['hunter2'] } }, 'config.database.password'],
  ])('%s: nothing is registered, the record says why, and shows no value', async (_, file, reason) => {
    await want('orders-cdc', file);
    await look();
    const record = await became('orders-cdc');
    expect(record.outcome).toBe('refused');
    expect(record.reason).toContain(reason);
    expect(JSON.stringify(record)).not.toContain('hunter2');
    expect(changes).toEqual([]);
  });

  test('a reference to a secret is none', async () => {
    await want('orders-cdc', { config: { ...mysql, 'database.password': '${env:DATABASE_PASSWORD}' } });
    await look();
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
  });

  test('by Kafka Connect is tried again after a minute: its database may be back', async () => {
    let isAway = true;
    const refusing = ports(0, {
      send: async (request: HttpRequest) => {
        if (request.method === 'GET') return at.send(request);
        changes.push(request.method);
        if (!isAway) return at.send(request);
        const message =
          'Connector configuration is invalid and contains the following 1 error(s):\nUnable to connect: Communications link failure';
        return { status: 400, headers: {}, body: JSON.stringify({ error_code: 400, message }) };
      },
    });
    await want('orders-cdc', { config: mysql });
    await through(registerAll(refusing, places));
    expect((await became('orders-cdc')).reason).toContain('Communications link failure');
    await at.clock.advanceBy(30_000);
    await through(registerAll(refusing, places));
    expect(changes).toHaveLength(1);
    isAway = false;
    await at.clock.advanceBy(40_000);
    await through(registerAll(refusing, places));
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
  });

  test('by Kafka Connect in words that repeat what may be a secret: the record has the words without it', async () => {
    const refusing = ports(0, {
      send: async (request: HttpRequest) => {
        if (request.method === 'GET') return at.send(request);
        const message = 'Invalid value hunter2-hunter2 for configuration my.token.value: too short';
        return { status: 400, headers: {}, body: JSON.stringify({ error_code: 400, message }) };
      },
    });
    await want('orders-cdc', { config: { ...mysql, 'my.token.value': 'hunter2-hunter2' } });
    await through(registerAll(refusing, places));
    expect((await became('orders-cdc')).reason).toBe('Invalid value *** for configuration my.token.value: too short');
  });

  test('one file keeps no other from being registered', async () => {
    await want('a-broken', '{');
    await want('orders-cdc', { config: mysql });
    await look();
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
  });
});

describe('several', () => {
  test('beside several workers register a connector once', async () => {
    await want('orders-cdc', { config: mysql });
    await through(Promise.all([registerAll(ports(0), places), registerAll(ports(1), places)]));
    expect(changes).toEqual(['PUT /connectors/orders-cdc/config']);
  });

  test('what one began and did not end, another ends after a minute', async () => {
    await want('orders-cdc', { config: mysql });
    const read = await objects.read('connectors/orders-cdc.json');
    const file = read.kind === 'read' ? read.tag : '';
    const since = new Date(at.clock.now()).toISOString();
    await objects.write('registered/orders-cdc.json', JSON.stringify({ file, outcome: 'at work', since }));
    await at.clock.advanceBy(30_000);
    await look(1);
    expect(changes).toEqual([]);
    await at.clock.advanceBy(31_000);
    await look(1);
    expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
  });
});

test('while the workers rebalance it waits, and goes on afterwards', async () => {
  let isOver = false;
  const rebalancing = ports(0, {
    send: async (request: HttpRequest) => {
      if (request.method === 'GET' || isOver) return at.send(request);
      return {
        status: 409,
        headers: {},
        body: JSON.stringify({ error_code: 409, message: 'Cannot complete request' }),
      };
    },
  });
  await want('orders-cdc', { config: mysql });
  await through(registerAll(rebalancing, places));
  expect(await became('orders-cdc')).toMatchObject({ outcome: 'waiting' });
  isOver = true;
  await through(registerAll(rebalancing, places));
  expect(await became('orders-cdc')).toMatchObject({ outcome: 'registered' });
});

test('while the worker does not answer nothing is written', async () => {
  await want('orders-cdc', { config: mysql });
  at.cluster.killWorker(0);
  await look();
  expect((await objects.read('registered/orders-cdc.json')).kind).toBe('missing');
});
