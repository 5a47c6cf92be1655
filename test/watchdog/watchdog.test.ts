import { describe, expect, it } from 'vitest';
import { PortError } from '../../recovery/ports.ts';
import { carryOut } from '../../watchdog/commands/order.ts';
import { Watchdog } from '../../watchdog/watchdog.ts';
import type { WatchdogParts } from '../../watchdog/watchdog.ts';
import { curable, mysqlSource, WatchdogWorld } from './watchdogWorld.ts';

/** Until everything that is watched is known to be well. */
const settledSeconds = 300;

describe('a FAILED task', () => {
  it('is restarted within a round, proved by data, and told once', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    world.connect.failTask('orders', 0, curable);
    await world.pass(60);
    expect(world.asked).toEqual(['POST /connectors/orders/tasks/0/restart']);
    expect(world.subjects).toEqual(['shop/orders: back: restarted, and data flows again']);
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
    const journal = await world.journal('shop/orders');
    expect(journal?.history[0]?.outcome).toBe('recovered');
    expect(journal?.lease).toBeUndefined();
    await world.pass(3600);
    expect(world.told).toHaveLength(1);
    expect(world.asked).toHaveLength(1);
  });

  it('is stopped and resumed where that is the remedy, and a watchdog that is killed between the two leaves nothing stopped', async () => {
    const world = new WatchdogWorld({
      file: { defaults: { remedies: ['stop-and-resume'], waits: { restartSeconds: 60 } } },
    });
    world.add('orders');
    const { kill } = world.start();
    await world.pass(settledSeconds);
    world.connect.failTask('orders', 0, curable);
    for (let waited = 0; world.asked.length === 0 && waited < 60_000; waited += 1) {
      // oxlint-disable-next-line no-await-in-loop -- step by step is the point
      await world.pass(0.001);
    }
    kill();
    expect(world.asked).toEqual(['PUT /connectors/orders/stop']);
    await world.pass(30);
    world.start('second');
    await world.pass(600);
    expect(world.asked).toEqual(['PUT /connectors/orders/stop', 'PUT /connectors/orders/resume']);
    expect(world.subjects.at(-1)).toBe('shop/orders: back: restarted, and data flows again');
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });

  it('that we stopped is resumed, though its worker answers nothing for as long as anybody looks', async () => {
    const world = new WatchdogWorld({
      workers: 2,
      file: { defaults: { remedies: ['stop-and-resume'], waits: { restartSeconds: 60 } } },
    });
    for (const name of ['customers', 'orders']) world.add(name);
    const { kill } = world.start();
    await world.pass(settledSeconds);
    world.connect.failTask('orders', 0, curable);
    for (let waited = 0; world.asked.length === 0 && waited < 60_000; waited += 1) {
      // oxlint-disable-next-line no-await-in-loop -- step by step is the point
      await world.pass(0.001);
    }
    kill();
    expect(world.asked).toEqual(['PUT /connectors/orders/stop']);
    await world.pass(5);
    // Its REST interface hangs; the herder behind it does its work, so that Kafka Connect moves nothing.
    const [cluster] = world.parts('eyes').parts.clusters;
    const seeing = cluster?.round();
    await world.pass(3);
    const seen = await seeing;
    const place =
      seen?.connectors.kind === 'read' ? seen.connectors.list.find(({ name }) => name === 'orders') : undefined;
    expect(place).toMatchObject({ state: 'STOPPED', worker: 'shop-2.connect:8083' });
    world.connect.slowWorker(1, 60_000);
    world.start('second');
    await world.pass(900);
    expect(world.asked).toEqual(['PUT /connectors/orders/stop', 'PUT /connectors/orders/resume']);
    expect(world.connect.rows('orders')).toMatchObject({ waiting: 0 });
  });

  it('that no restart cures is told with its trace, and never restarted', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    world.connect.failTask('orders', 0);
    await world.pass(3600);
    expect(world.asked).toEqual([]);
    expect(world.subjects).toEqual(['shop/orders: dead, and no restart cures it: see its trace']);
    expect(world.told[0]?.text).toContain('org.apache.kafka.connect.errors.DataException');
  });

  it('is held where a person holds it, and restarted within a round of its release', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    const order = async (does: 'hold' | 'release') => {
      const done = carryOut(
        { kind: 'command', command: { connector: 'shop/orders', do: does, who: 'kim' } },
        world.parts('person').parts,
      );
      await world.pass(1);
      return done;
    };
    expect(await order('hold')).toMatchObject({ well: true });
    world.connect.failTask('orders', 0, curable);
    await world.pass(450);
    expect(world.asked).toEqual([]);
    expect(world.subjects).toContain('shop/orders: dead, and held: not touched');
    expect(await order('release')).toMatchObject({ well: true });
    await world.pass(40);
    expect(world.asked).toEqual(['POST /connectors/orders/tasks/0/restart']);
    expect(world.subjects.at(-1)).toBe('shop/orders: back: restarted, and data flows again');
  });
});

it('a RUNNING connector whose connection is half-open and never heals is restarted, though its REST says that all is well', async () => {
  const world = new WatchdogWorld();
  world.add('orders', { ...mysqlSource, 'connect.keep.alive': 'false' });
  world.start();
  await world.pass(settledSeconds);
  world.connect.halfOpen('orders');
  await world.pass(900);
  expect(world.asked.length).toBeGreaterThan(0);
  expect(world.subjects).toEqual(['shop/orders: back: restarted, and data flows again']);
  expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
});

describe('several watchdogs over one cluster', () => {
  it('do not act twice, and people hear once', async () => {
    const world = new WatchdogWorld();
    const names = ['orders', 'customers'];
    for (const name of names) world.add(name);
    for (const instance of ['first', 'second', 'third']) world.start(instance);
    await world.pass(settledSeconds);
    for (const name of names) world.connect.failTask(name, 0, curable);
    await world.pass(1200);
    expect([...world.asked].toSorted()).toEqual([
      'POST /connectors/customers/tasks/0/restart',
      'POST /connectors/orders/tasks/0/restart',
    ]);
    expect([...world.subjects].toSorted()).toEqual([
      'shop/customers: back: restarted, and data flows again',
      'shop/orders: back: restarted, and data flows again',
    ]);
  });

  it('leave the tasks of a worker that was killed to Kafka Connect, which moves them', async () => {
    const world = new WatchdogWorld({ workers: 2 });
    for (const name of ['orders', 'customers', 'invoices']) world.add(name);
    for (const instance of ['first', 'second']) world.start(instance);
    await world.pass(settledSeconds);
    world.connect.killWorker(1);
    await world.pass(1800);
    expect(world.asked).toEqual([]);
    expect(world.subjects).toEqual(['shop: worker shop-2.connect:8083 answers no more']);
    for (const name of ['orders', 'customers', 'invoices'])
      expect(world.connect.rows(name)).toMatchObject({ lost: 0, waiting: 0 });
  });

  it('leave a FAILED task to Kafka Connect where its worker lost its group: whoever takes it over begins it anew', async () => {
    const world = new WatchdogWorld({ workers: 2 });
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    const order = async (does: 'hold' | 'release') => {
      const command = { connector: 'shop/orders', do: does, who: 'kim' } as const;
      const done = carryOut({ kind: 'command', command }, world.parts('person').parts);
      await world.pass(3);
      await done;
    };
    await order('hold');
    world.connect.failTask('orders', 0, curable);
    await world.pass(60);
    const [cluster] = world.parts('eyes').parts.clusters;
    const seeing = cluster?.round();
    await world.pass(3);
    const seen = await seeing;
    const worker = seen?.connectors.kind === 'read' ? seen.connectors.list[0]?.tasks[0]?.worker : undefined;
    expect(worker).toMatch(/^shop-[12]\.connect:8083$/);
    world.connect.loseGroup(worker ?? '', 600);
    await world.pass(60);
    await order('release');
    await world.pass(60);
    expect(world.asked).toEqual([]);
    expect(world.connect.rows('orders')).toMatchObject({ waiting: 0 });
  });

  it('tell once of a worker that answers no more, and once when it does again', async () => {
    const world = new WatchdogWorld({ workers: 2 });
    world.add('orders');
    for (const instance of ['first', 'second']) world.start(instance);
    await world.pass(settledSeconds);
    world.connect.freezeWorker(1);
    await world.pass(600);
    world.connect.thawWorker(1);
    await world.pass(600);
    const ofWorkers = world.subjects.filter((subject) => subject.includes('worker '));
    expect(ofWorkers).toEqual([
      'shop: worker shop-2.connect:8083 answers no more',
      'shop: worker shop-2.connect:8083 answers again',
    ]);
  });
});

describe('what was under way', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('is continued after %s', async (signal) => {
    const world = new WatchdogWorld();
    world.add('orders', mysqlSource);
    const { kill, stop } = world.start();
    await world.pass(settledSeconds);
    world.connect.failTask('orders', 0, curable);
    // In the middle: the restart is asked for, and not yet seen to have ended.
    while (world.asked.length === 0) {
      // oxlint-disable-next-line no-await-in-loop -- step by step is the point
      await world.pass(1);
    }
    expect((await world.journal('shop/orders'))?.recovery?.acts).toHaveLength(1);
    if (signal === 'SIGTERM') await stop();
    else kill();
    const lease = (await world.journal('shop/orders'))?.lease;
    expect(lease === undefined).toBe(signal === 'SIGTERM');
    world.start('second');
    // Whoever comes next knows of the restart by the journal only, and waits until it must have ended.
    await world.pass(200);
    expect(world.asked).toHaveLength(1);
    expect(world.subjects).toEqual(['shop/orders: back: restarted, and data flows again']);
    expect((await world.journal('shop/orders'))?.recovery).toBeUndefined();
  });
});

it('people who could not be told hear it once they can be', async () => {
  const world = new WatchdogWorld();
  world.add('orders');
  world.start();
  await world.pass(settledSeconds);
  world.refusal = new PortError('denied', 'webhook W: HTTP 403');
  world.connect.failTask('orders', 0, curable);
  await world.pass(300);
  expect(world.told).toEqual([]);
  expect(world.asked).toHaveLength(1);
  world.refusal = undefined;
  await world.pass(700);
  expect(world.subjects).toEqual(['shop/orders: back: restarted, and data flows again']);
});

describe('a person', () => {
  const carriedOut = async (world: WatchdogWorld, order: Parameters<typeof carryOut>[0], seconds: number) => {
    const done = carryOut(order, world.parts('person').parts);
    await world.pass(seconds);
    return done;
  };
  const trigger = { kind: 'person', connector: 'shop/orders', who: 'kim' } as const;

  it('has a connector restarted that is alive, and hears what came of it', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    const done = await carriedOut(
      world,
      { kind: 'look', trigger: { ...trigger, remedy: 'restart', dryRun: false } },
      300,
    );
    expect(done).toMatchObject({ well: true, said: expect.stringMatching(/^recovered: /) });
    expect(world.asked).toEqual(['POST /connectors/orders/restart?includeTasks=true&onlyFailed=false']);
  });

  it('asks what would be done, and nothing is', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.connect.failTask('orders', 0, curable);
    const done = await carriedOut(world, { kind: 'look', trigger: { ...trigger, dryRun: true } }, 60);
    expect(done.said).toMatch(/^Verdict: dead\. Its only task is dead: task 0 is FAILED/);
    expect(done.said).toContain('Would be done: restart of task 0: ');
    expect(world.asked).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it.each([
    ['orders', ''],
    ['ordres', ' No connector shop/ordres is seen now: mind the name.'],
  ])('holds %s, and hears whether there is such a connector', async (name, more) => {
    const world = new WatchdogWorld();
    world.add('orders');
    const command = { connector: `shop/${name}`, do: 'hold', who: 'kim' } as const;
    const done = await carriedOut(world, { kind: 'command', command }, 60);
    expect(done.well).toBe(true);
    expect(done.said).toMatch(new RegExp(`^Held: .*\\.${more}$`));
    expect((await world.journal(`shop/${name}`))?.hold).toMatchObject({ who: 'kim' });
  });

  it('holds every connector of the store', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(settledSeconds);
    await carriedOut(world, { kind: 'stack-command', command: { do: 'hold', who: 'kim' } }, 1);
    world.connect.failTask('orders', 0, curable);
    await world.pass(900);
    expect(world.asked).toEqual([]);
    await carriedOut(world, { kind: 'stack-command', command: { do: 'release', who: 'kim' } }, 1);
    await world.pass(400);
    expect(world.asked).toEqual(['POST /connectors/orders/tasks/0/restart']);
  });
});

it.each<[string, boolean, string]>([
  ['answers', true, 'its own'],
  ['silent', false, 'its own'],
  ['lost-its-group', false, 'its own'],
  // As in a sidecar, which knows the worker beside it by an address of this host.
  ['answers', true, '127.0.0.1:8083'],
  ['lost-its-group', false, '127.0.0.1:8083'],
])(
  'what is FAILED on a worker that is seen as %s is handed to the engine: %s (by the name %s)',
  async (answer, isLookedAt, name) => {
    const world = new WatchdogWorld();
    world.add('orders');
    const { parts } = world.parts('first');
    const clusters = parts.clusters.map((cluster) => ({
      ...cluster,
      round: async () => {
        const seen = await cluster.round();
        const workers = seen.workers.map((worker) => ({
          ...worker,
          ...(name === 'its own' ? {} : { worker: name }),
          answer: { kind: answer, tookMs: 5, since: seen.at, reason: 'as it is' } as NonNullable<typeof worker.answer>,
        }));
        const by = name === 'its own' || seen.connectors.kind !== 'read' ? {} : { by: name };
        return { ...seen, workers, connectors: { ...seen.connectors, ...by } };
      },
    }));
    await world.pass(60);
    world.connect.failTask('orders', 0, curable);
    new Watchdog({ ...parts, clusters }).start();
    await world.pass(30);
    expect(world.lines.some(({ event }) => event === 'look')).toBe(isLookedAt);
    expect(world.asked.length > 0).toBe(isLookedAt);
  },
);

it('a fault of ours over one connector leaves no other without a watch', async () => {
  const world = new WatchdogWorld();
  for (const name of ['odd', 'orders']) world.add(name);
  const { parts } = world.parts('first');
  const clusters = parts.clusters.map((cluster) => ({
    ...cluster,
    ports: {
      ...cluster.ports,
      signsOfLife: {
        look: async (...asked: Parameters<typeof cluster.ports.signsOfLife.look>) => {
          if (asked[0].name === 'shop/odd') throw new TypeError('nobody thought of this');
          return cluster.ports.signsOfLife.look(...asked);
        },
      },
    },
  }));
  new Watchdog({ ...parts, clusters }).start();
  await world.pass(60);
  world.connect.failTask('orders', 0, curable);
  await world.pass(60);
  expect(world.asked).toEqual(['POST /connectors/orders/tasks/0/restart']);
  expect(world.lines.find(({ event }) => event === 'judge.failed')?.fields).toMatchObject({ connector: 'shop/odd' });
});

it('nothing is called alive while its cluster cannot be read', async () => {
  const world = new WatchdogWorld();
  world.add('orders');
  const { watchdog } = world.start();
  await world.pass(settledSeconds);
  const verdicts = () => watchdog.pages.metrics().match(/connector_watchdog_connectors\{.*/g);
  expect(verdicts()).toEqual(['connector_watchdog_connectors{cluster="shop",verdict="alive"} 1']);
  world.connect.killWorker(0);
  await world.pass(60);
  expect(verdicts()).toEqual(['connector_watchdog_connectors{cluster="shop",verdict="unreadable"} 1']);
});

it('rounds go on while people are told by a channel that takes minutes for each message', async () => {
  const world = new WatchdogWorld({ workers: 2 });
  world.add('orders');
  const { parts } = world.parts('first');
  const begun: string[] = [];
  const clusters = parts.clusters.map((cluster) => ({
    ...cluster,
    round: () => {
      begun.push(world.now());
      return cluster.round();
    },
  }));
  const told: string[] = [];
  const notifier: WatchdogParts['notifier'] = {
    tell: async ({ subject }) => {
      await world.clock.sleep(200_000);
      told.push(subject);
    },
  };
  new Watchdog({ ...parts, clusters, notifier }).start();
  await world.pass(60);
  begun.length = 0;
  world.connect.freezeWorker(1);
  await world.pass(300);
  expect(begun.length).toBeGreaterThanOrEqual(28);
  expect(told).toEqual(['[connector-recovery] shop: worker shop-2.connect:8083 answers no more']);
});

describe('/healthz', () => {
  it('is well while rounds end in time, also where Kafka Connect is away, and says which store is in force', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    const { watchdog } = world.start();
    await world.pass(settledSeconds);
    world.connect.killWorker(0);
    await world.pass(300);
    const { healthy, body } = watchdog.pages.health();
    expect(healthy).toBe(true);
    expect(body).toMatchObject({
      status: 'ok',
      store: 'folder memory: leases hold among the watchdogs of this host only',
      clusters: [{ name: 'shop', inTime: true, connectors: 'unreadable' }],
    });
    expect(world.subjects).toEqual(['shop: the cluster answers no more']);
  });

  it('is not once no round ends any more', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    const { watchdog, kill } = world.start();
    await world.pass(settledSeconds);
    expect(watchdog.pages.health().healthy).toBe(true);
    kill();
    await world.pass(90);
    expect(watchdog.pages.health()).toMatchObject({ healthy: false, body: { status: 'late' } });
  });
});

it('/metrics counts connectors by verdict, recoveries by outcome, and the seconds to detect and to recover', async () => {
  const world = new WatchdogWorld();
  world.add('orders');
  world.add('customers');
  const { watchdog } = world.start();
  await world.pass(settledSeconds);
  world.connect.failTask('orders', 0, curable);
  await world.pass(120);
  // A second one, long after the first is forgiven, is counted beside it.
  const first = watchdog.pages.metrics();
  await world.pass(7200);
  world.connect.failTask('orders', 0, curable);
  await world.pass(120);
  expect(watchdog.pages.metrics()).toContain(
    'connector_watchdog_recoveries_total{cluster="shop",outcome="recovered"} 2\n',
  );
  const page = first;
  for (const line of [
    'connector_watchdog_up 1',
    'connector_watchdog_connectors{cluster="shop",verdict="alive"} 2',
    'connector_watchdog_recoveries_total{cluster="shop",outcome="recovered"} 1',
    'connector_watchdog_detect_seconds_count{cluster="shop"} 1',
    'connector_watchdog_detect_seconds_bucket{cluster="shop",le="10"} 1',
    'connector_watchdog_recover_seconds_count{cluster="shop"} 1',
    'connector_watchdog_recover_seconds_bucket{cluster="shop",le="+Inf"} 1',
    'connector_watchdog_workers{cluster="shop",answer="answers"} 1',
    'connector_watchdog_recoveries_under_way 0',
  ])
    expect(page.split('\n')).toContain(line);
});

it('a store that is out of reach keeps the watchdog from acting, and it acts once it is back', async () => {
  const world = new WatchdogWorld();
  world.add('orders');
  const { watchdog } = world.start();
  await world.pass(settledSeconds);
  const read = world.objects.read.bind(world.objects);
  Object.assign(world.objects, {
    read: async () => {
      throw new PortError('unavailable', 'the disk is full');
    },
  });
  world.connect.failTask('orders', 0, curable);
  await world.pass(400);
  expect(world.asked).toEqual([]);
  expect(world.subjects).toEqual(['ALL CONNECTORS: the store cannot be used']);
  expect(world.told[0]?.text).toContain('the disk is full');
  expect(watchdog.pages.health()).toMatchObject({ healthy: true, body: { storeOutOfReachSince: expect.any(String) } });
  Object.assign(world.objects, { read });
  await world.pass(120);
  expect(world.asked).toEqual(['POST /connectors/orders/tasks/0/restart']);
  expect(world.subjects).toEqual([
    'ALL CONNECTORS: the store cannot be used',
    'ALL CONNECTORS: the store can be used again',
    'shop/orders: back: restarted, and data flows again',
  ]);
});
