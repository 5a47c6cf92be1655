import { describe, expect, test } from 'vitest';
import type { WatchdogFile } from '../../../settings/watchdogSchema.ts';
import { curable, WatchdogWorld } from '../watchdogWorld.ts';
import {
  course,
  jdbc,
  mysql,
  mysqlWithoutKeepAlive,
  postgres,
  postgresThatWrites,
  sink,
  subjectsOf,
  whatOf,
} from './stories.ts';

const back = 'shop/orders: back: restarted, and data flows again';
const taskZero = 'POST /connectors/orders/tasks/0/restart';
const withoutMetrics = { prometheus: undefined };

describe('a RUNNING that hides a dead task is seen', () => {
  test.each<{
    readonly by: string;
    readonly config: Readonly<Record<string, string>>;
    readonly withMetrics: boolean;
    readonly defaults?: NonNullable<WatchdogFile['defaults']>;
    readonly within: readonly [number, number];
    readonly says: string;
  }>([
    {
      by: 'the source’s own event clock, from Prometheus',
      config: mysqlWithoutKeepAlive,
      withMetrics: true,
      within: [144, 170],
      says: 'event clock',
    },
    {
      by: 'committed offsets that its heartbeat should have moved, without any Prometheus',
      config: postgresThatWrites,
      withMetrics: false,
      within: [60, 130],
      says: 'heartbeat',
    },
    {
      by: 'its owner’s word that records flow at least every two minutes',
      config: jdbc,
      withMetrics: false,
      defaults: { evidence: { recordsAtLeastEverySeconds: 120 } },
      within: [120, 150],
      says: '2 min',
    },
  ])('by $by', async ({ config, withMetrics, defaults, within: [least, most], says }) => {
    const world = new WatchdogWorld({
      ...(withMetrics ? {} : { cluster: withoutMetrics }),
      ...(defaults && { file: { defaults } }),
    });
    world.add('orders', config);
    const found = await course(world, () => world.connect.halfOpen('orders'), 1800);

    expect(whatOf(found)).toEqual([taskZero]);
    expect(found.asked[0]?.at).toBeGreaterThanOrEqual(least);
    expect(found.asked[0]?.at).toBeLessThan(most);
    expect(subjectsOf(found)).toEqual([back]);
    expect(found.told[0]?.text).toContain(says);
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });

  test('by its partitions’ lag: one stuck task of ten is restarted, and no other', async () => {
    const world = new WatchdogWorld({ workers: 2 });
    world.add('orders', sink(10), { partitions: 20, rowsPerSecond: 20 });
    const found = await course(world, () => world.connect.stickTask('orders', 3), 1800);

    expect(whatOf(found)).toEqual(['POST /connectors/orders/tasks/3/restart']);
    expect(subjectsOf(found)).toEqual([back]);
    expect(found.told[0]?.text).toContain('task 3 says RUNNING');
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });
});

test('one FAILED task of ten is restarted alone, within a round', async () => {
  const world = new WatchdogWorld({ workers: 2 });
  world.add('orders', sink(10), { partitions: 20, rowsPerSecond: 20 });
  const found = await course(world, () => world.connect.failTask('orders', 7, curable), 600);

  expect(whatOf(found)).toEqual(['POST /connectors/orders/tasks/7/restart']);
  expect(found.asked[0]?.at).toBeLessThanOrEqual(12);
  expect(subjectsOf(found)).toEqual([back]);
});

describe('a source of which one of two tasks FAILED, by REST alone', () => {
  const twoTasks = { ...jdbc, 'tasks.max': '2' };

  test('what the other commits proves nothing of it: told once, restarted once, and quiet afterwards', async () => {
    const world = new WatchdogWorld({ cluster: withoutMetrics });
    world.add('orders', twoTasks, { rowsPerSecond: 4 });
    const found = await course(world, () => world.connect.failTask('orders', 0, curable), 4 * 3600);

    expect(whatOf(found)).toEqual([taskZero]);
    expect(found.told.map(({ subject }) => subject)).toEqual([
      'shop/orders: restarted and RUNNING, but nothing shows records of task 0',
    ]);
    expect(found.told[0]?.at).toBeGreaterThanOrEqual(120);
    expect(found.told[0]?.text).toContain('`prometheus`');
    const journal = await world.journal('orders');
    expect([journal?.recovery, journal?.standing]).toEqual([undefined, undefined]);
  });

  test('its own rate proves it, where agents publish it', async () => {
    const world = new WatchdogWorld();
    world.add('orders', twoTasks, { rowsPerSecond: 4 });
    const found = await course(world, () => world.connect.failTask('orders', 0, curable), 3600);
    expect([whatOf(found), subjectsOf(found)]).toEqual([[taskZero], [back]]);
  });

  test('both FAILED and were restarted: whoever commits, it is one of them', async () => {
    const world = new WatchdogWorld({ cluster: withoutMetrics });
    world.add('orders', twoTasks, { rowsPerSecond: 4 });
    const fail = () => [0, 1].forEach((id) => world.connect.failTask('orders', id, curable));
    const found = await course(world, fail, 3600);
    expect(subjectsOf(found)).toEqual([back]);
  });
});

describe('a database in which nothing is written', () => {
  const hours = 4;
  test.each<[string, Readonly<Record<string, string>>, boolean, boolean]>([
    ['MySQL with heartbeats', mysql, true, false],
    ['MySQL with heartbeats, by REST alone', mysql, false, true],
    ['MySQL without heartbeats', { ...mysql, 'heartbeat.interval.ms': '0' }, true, false],
    ['MySQL without heartbeats, by REST alone', { ...mysql, 'heartbeat.interval.ms': '0' }, false, true],
    ['PostgreSQL with heartbeats', postgres, true, false],
    ['PostgreSQL with heartbeats, by REST alone', postgres, false, true],
    ['PostgreSQL with heartbeats that write, by REST alone', postgresThatWrites, false, false],
    ['PostgreSQL without heartbeats', { ...postgres, 'heartbeat.interval.ms': '0' }, true, true],
    ['a source that nobody knows', jdbc, true, true],
  ])(
    '%s: never touched (metrics: %s), and told that nothing can tell: %s',
    async (_what, config, withMetrics, isTold) => {
      const world = new WatchdogWorld(withMetrics ? {} : { cluster: withoutMetrics });
      world.add('orders', config, { rowsPerSecond: 0, existingRows: 5 });
      world.start();
      await world.pass(3600 * hours);
      expect(world.asked).toEqual([]);
      expect(world.subjects).toEqual(isTold ? ['shop/orders: silent, and nobody can tell why; not touched'] : []);
    },
  );
});

describe('what is elsewhere is not touched', () => {
  test.each<[string, (world: WatchdogWorld) => void]>([
    ['the database is out of reach', (world) => world.connect.sourceAway('orders', 1800)],
    ['the database hangs', (world) => world.connect.databaseHangs('orders', 1800)],
  ])('%s: told, and told again when it is back by itself', async (_what, strike) => {
    const world = new WatchdogWorld();
    world.add('orders', mysql);
    const found = await course(world, () => strike(world), 3600);
    expect(whatOf(found)).toEqual([]);
    expect(subjectsOf(found)).toEqual([
      'shop/orders: silent, but the cause is elsewhere; not touched',
      'shop/orders: alive again without our doing',
    ]);
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });

  test('a task that died of it is begun again only to find out whether it is over', async () => {
    const world = new WatchdogWorld({ version: '2.7.1' });
    world.add('orders', mysql);
    const found = await course(
      world,
      () => {
        world.connect.sourceAway('orders', 1200);
        world.connect.failTask(
          'orders',
          0,
          'org.apache.kafka.connect.errors.ConnectException: x\nCaused by: java.net.ConnectException: Connection refused',
        );
      },
      3600,
    );
    expect(subjectsOf(found)[0]).toBe('shop/orders: silent, but the cause is elsewhere; not touched');
    expect(subjectsOf(found).at(-1)).toBe(back);
    expect(new Set(whatOf(found))).toEqual(new Set([taskZero]));
    expect(found.asked.length).toBeLessThanOrEqual(4);
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });

  test('half of a cluster silent at once: one of them is tried, and the others when it is back', async () => {
    const world = new WatchdogWorld();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) world.add(name, { ...mysql, 'database.hostname': `${name}-db`, 'topic.prefix': name });
    const found = await course(
      world,
      () => {
        for (const name of names) world.connect.halfOpen(name, undefined, { noticedAfterSeconds: 86_400 });
      },
      3600,
    );
    const paths = whatOf(found);
    expect(paths.toSorted()).toEqual(names.map((name) => `POST /connectors/${name}/tasks/0/restart`));
    const [first, second] = found.asked;
    // The first is proved by data before anybody else is touched.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10);
    for (const name of names) expect(world.connect.rows(name)).toMatchObject({ lost: 0, waiting: 0 });
  });
});
