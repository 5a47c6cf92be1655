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
