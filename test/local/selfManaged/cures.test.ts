import { describe, expect, test } from 'vitest';
import { clusterAt, mysql, postgres } from './clusterAt.ts';

describe('a failed task', () => {
  test('is seen with its trace by whoever lists the connectors, and runs again after a restart of the failed ones', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    await clock.advanceBy(100_000);
    cluster.failTask('orders-cdc', 0, 'java.lang.IllegalStateException: out of luck');

    const seen = await ask('GET', '/connectors?expand=status&expand=info');

    expect(seen.status).toBe(200);
    expect(seen.json).toEqual({
      'orders-cdc': {
        status: {
          name: 'orders-cdc',
          connector: { state: 'RUNNING', worker_id: 'shop-1.connect:8083' },
          tasks: [
            {
              id: 0,
              state: 'FAILED',
              worker_id: 'shop-1.connect:8083',
              trace: 'java.lang.IllegalStateException: out of luck',
            },
          ],
          type: 'source',
        },
        info: {
          name: 'orders-cdc',
          config: { ...mysql, name: 'orders-cdc' },
          tasks: [{ connector: 'orders-cdc', task: 0 }],
          type: 'source',
        },
      },
    });

    await clock.advanceBy(60_000);
    expect(cluster.rows('orders-cdc')).toMatchObject({ arrived: 100, waiting: 60 });
    const restarted = await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true&onlyFailed=true');

    expect(restarted.status).toBe(202);
    expect(restarted.json).toMatchObject({ connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RESTARTING' }] });
    await clock.advanceBy(3000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.rows('orders-cdc')).toMatchObject({
      written: 163,
      arrived: 163,
      duplicated: 0,
      lost: 0,
      waiting: 0,
    });
  });
});

describe('a half-open connection', () => {
  test.each([
    { database: 'MySQL', config: { ...mysql, 'connect.keep.alive': 'false' }, seconds: 16 },
    { database: 'PostgreSQL', config: postgres, seconds: 115 },
  ])(
    'on $database stays RUNNING, and brings data $seconds s after a restart with tasks',
    async ({ config, seconds }) => {
      const { clock, cluster, ask, states } = clusterAt();
      cluster.addConnector('orders-cdc', config);
      cluster.halfOpen('orders-cdc');
      await clock.advanceBy(600_000);
      expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
      expect(cluster.rows('orders-cdc')).toMatchObject({ arrived: 0, waiting: 600 });

      await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true&onlyFailed=false');
      await clock.advanceBy((seconds - 1) * 1000);
      expect(cluster.rows('orders-cdc').arrived).toBe(0);
      await clock.advanceBy(1000);
      expect(cluster.rows('orders-cdc')).toMatchObject({ duplicated: 0, lost: 0, waiting: 0 });
    },
  );
});

test('a task that fails while it starts stays FAILED', async () => {
  const { clock, cluster, ask, states } = clusterAt();
  cluster.addConnector('users-cdc', postgres);
  cluster.halfOpen('users-cdc');
  await ask('POST', '/connectors/users-cdc/restart?includeTasks=true');
  await clock.advanceBy(20_000);
  cluster.failTask('users-cdc', 0);
  await clock.advanceBy(300_000);

  expect(await states('users-cdc')).toBe('RUNNING: FAILED');
  expect(cluster.rows('users-cdc').arrived).toBe(0);
});

test('a running task that is restarted alone is UNASSIGNED until it has started', async () => {
  const { clock, cluster, ask, states } = clusterAt();
  cluster.addConnector('orders-cdc', mysql);

  expect((await ask('POST', '/connectors/orders-cdc/tasks/0/restart')).status).toBe(204);
  expect(await states('orders-cdc')).toBe('RUNNING: UNASSIGNED');
  await clock.advanceBy(1000);
  expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
});

test('where durations jitter, each restart takes its own time', async () => {
  const seconds = async () => {
    const { clock, cluster, ask } = clusterAt({ jitter: 0.3 });
    const taken: number[] = [];
    for (const name of ['a-cdc', 'b-cdc', 'c-cdc', 'd-cdc']) {
      cluster.addConnector(name, { ...postgres, 'topic.prefix': name });
      cluster.halfOpen(name);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await ask('POST', `/connectors/${name}/restart?includeTasks=true`);
      let waited = 0;
      while (cluster.rows(name).arrived === 0) {
        // oxlint-disable-next-line no-await-in-loop -- second by second
        await clock.advanceBy(1000);
        waited += 1;
      }
      taken.push(waited);
    }
    return taken;
  };
  const taken = await seconds();

  expect(new Set(taken).size).toBeGreaterThan(1);
  expect(Math.min(...taken)).toBeGreaterThanOrEqual(81);
  expect(Math.max(...taken)).toBeLessThanOrEqual(149);
  expect(await seconds()).toEqual(taken);
});

test.for([
  ['stuck', 12],
  ['ended', 7],
] as const)(
  'a run that draws them has its own starts: a task that is %s gives data after %i s',
  async ([which, awaited]) => {
    const { clock, cluster, ask } = clusterAt({ taskStarts: { afterStuckSeconds: 12, afterEndedSeconds: 7 } });
    cluster.addConnector('orders-cdc', mysql);
    if (which === 'stuck') cluster.halfOpen('orders-cdc');
    else cluster.failTask('orders-cdc', 0, 'died');
    await clock.advanceBy(60_000);
    const askedAtMs = clock.now();
    const before = cluster.rows('orders-cdc').arrived;
    await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true');
    // oxlint-disable-next-line no-await-in-loop -- step by step
    while (cluster.rows('orders-cdc').arrived === before) await clock.advanceBy(100);

    expect((clock.now() - askedAtMs) / 1000).toBeGreaterThan(awaited - 0.2);
    expect((clock.now() - askedAtMs) / 1000).toBeLessThan(awaited + 0.2);
  },
);

test('answers take as long as the run draws', async () => {
  const { clock, ask } = clusterAt({ latencyMs: [300, 300] });
  const askedAtMs = clock.now();
  await ask('GET', '/connectors');

  expect(clock.now() - askedAtMs).toBe(300);
});
