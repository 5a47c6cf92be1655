import { describe, expect, test } from 'vitest';
import { curable, WatchdogWorld } from '../watchdogWorld.ts';
import { course, mysql, mysqlWithoutKeepAlive, sink, subjectsOf, whatOf } from './stories.ts';

const back = 'shop/orders: back: restarted, and data flows again';
const taskZero = 'POST /connectors/orders/tasks/0/restart';
const all = 'POST /connectors/orders/restart?includeTasks=true&onlyFailed=false';
const replaceable = (others: 'must-be-none' | 'may-be-interrupted') => ({
  workers: { replace: { kind: 'command' as const, command: ['systemctl', 'restart', '{host}'] }, others },
});
const stopAndResume = ['PUT /connectors/orders/stop', 'PUT /connectors/orders/resume'];

describe('each rung is tried when the gentler one brought nothing back', () => {
  test.each([
    { cure: undefined, does: [taskZero], replaced: 0 },
    { cure: 'restart', does: [taskZero, all], replaced: 0 },
    { cure: 'stop-and-resume', does: [taskZero, all, ...stopAndResume], replaced: 0 },
    { cure: 'replace-worker', does: [taskZero, all, ...stopAndResume], replaced: 1 },
  ] as const)('a task that $cure cures', async ({ cure, does, replaced }) => {
    const world = new WatchdogWorld({ cluster: replaceable('must-be-none') });
    world.add('orders', sink(1), { rowsPerSecond: 5 });
    const found = await course(
      world,
      () => {
        if (cure === 'replace-worker') world.connect.inventedZombie('orders');
        else if (cure === undefined) world.connect.stickTask('orders', 0);
        else world.connect.halfOpen('orders', undefined, { inventedCure: cure });
      },
      7200,
    );
    expect(whatOf(found)).toEqual(does);
    expect(world.replaced).toHaveLength(replaced);
    expect(subjectsOf(found)).toEqual([back]);
    expect(world.connect.rows('orders')).toMatchObject({ lost: 0, waiting: 0 });
  });

  test('with pauses that grow: 2, 6 and 12 minutes', async () => {
    const world = new WatchdogWorld({ cluster: replaceable('must-be-none') });
    world.add('orders', sink(1), { rowsPerSecond: 5 });
    const found = await course(world, () => world.connect.inventedZombie('orders'), 7200);
    const [first, second, stop] = found.asked.map(({ at }) => at);
    const decided = world.lines
      .filter(({ event }) => event === 'decided.restart')
      .map(({ at }) => Date.parse(at) / 1000);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(120);
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(240);
    expect((stop ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(360);
    expect((stop ?? 0) - (second ?? 0)).toBeLessThan(480);
    expect(decided).toHaveLength(4);
    expect((decided[3] ?? 0) - (decided[2] ?? 0)).toBeGreaterThanOrEqual(720);
    expect((decided[3] ?? 0) - (decided[2] ?? 0)).toBeLessThan(900);
  });

  test('and what nothing cures is a person’s', async () => {
    const world = new WatchdogWorld({ cluster: replaceable('must-be-none') });
    world.add('orders', sink(1), { rowsPerSecond: 5 });
    const found = await course(
      world,
      () => world.connect.halfOpen('orders', undefined, { inventedCure: 'none' }),
      3600,
    );
    expect(whatOf(found).slice(0, 4)).toEqual([taskZero, all, ...stopAndResume]);
    expect(world.replaced).toHaveLength(1);
    expect(subjectsOf(found)).toContain('shop/orders: still dead after all that is allowed: a person is needed');
  });

  test('what is well for an hour is forgiven: the next time begins with the first pause again', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    const found = await course(
      world,
      async () => {
        world.connect.failTask('orders', 0, curable);
        await world.pass(4000);
        world.connect.failTask('orders', 0, curable);
      },
      120,
    );
    expect(whatOf(found)).toEqual([taskZero, taskZero]);
    expect((found.asked[1]?.at ?? 0) - 4000).toBeLessThanOrEqual(15);
    expect(subjectsOf(found)).toEqual([back, back]);
  });
});

describe('a zombie that keeps its slot, on a worker on which others live', () => {
  test.each([
    {
      others: 'must-be-none',
      replaced: [],
      told: ['shop/orders: dead; its worker is not replaced, for others live on it'],
    },
    { others: 'may-be-interrupted', replaced: ['shop-1.connect:8083'], told: [back] },
  ] as const)('$others', async ({ others, replaced, told }) => {
    const world = new WatchdogWorld({ cluster: replaceable(others) });
    world.add('orders', sink(1), { rowsPerSecond: 5 });
    world.add('customers');
    const found = await course(world, () => world.connect.inventedZombie('orders'), 1750);
    expect(world.replaced).toEqual(replaced);
    expect(subjectsOf(found)).toEqual(told);
    expect(world.connect.rows('customers')).toMatchObject({ lost: 0, waiting: 0 });
  });
});

describe('Kafka Connect 2.7.1, which knows no restart of all tasks and no stop', () => {
  test('hung tasks of a sink are restarted one by one', async () => {
    const world = new WatchdogWorld({ version: '2.7.1' });
    world.add('orders', sink(3), { partitions: 3, rowsPerSecond: 9 });
    const found = await course(
      world,
      () => {
        for (const task of [0, 1, 2]) world.connect.stickTask('orders', task);
      },
      1800,
    );
    expect(whatOf(found)).toEqual([0, 1, 2].map((task) => `POST /connectors/orders/tasks/${task}/restart`));
    expect(subjectsOf(found)).toEqual([back]);
  });

  test('the next rung is the connector and each of its tasks, and no stop follows', async () => {
    const world = new WatchdogWorld({ version: '2.7.1' });
    world.add('orders', sink(2), { partitions: 2, rowsPerSecond: 9 });
    const found = await course(world, () => world.connect.inventedZombie('orders'), 700);
    expect(whatOf(found)).toEqual([
      taskZero,
      'POST /connectors/orders/tasks/1/restart',
      'POST /connectors/orders/restart',
      taskZero,
      'POST /connectors/orders/tasks/1/restart',
    ]);
    expect(subjectsOf(found)).toEqual(['shop/orders: still dead after all that is allowed: a person is needed']);
  });

  test('a source whose connection was reset, which that version never heals', async () => {
    const world = new WatchdogWorld({ version: '2.7.1' });
    world.add('orders', mysql);
    const found = await course(world, () => world.connect.connectionReset('orders'), 1800);
    expect(whatOf(found)).toEqual([taskZero]);
    expect(subjectsOf(found).at(-1)).toBe(back);
  });

  test('a RUNNING source that is dead, by its event clock', async () => {
    const world = new WatchdogWorld({ version: '2.7.1' });
    world.add('orders', mysqlWithoutKeepAlive);
    const found = await course(world, () => world.connect.halfOpen('orders'), 1800);
    expect(whatOf(found)).toEqual([taskZero]);
    expect(subjectsOf(found)).toEqual([back]);
  });
});
