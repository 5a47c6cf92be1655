import { expect, it } from 'vitest';
import { Watchdog } from '../../watchdog/watchdog.ts';
import { curable, mysqlSource, WatchdogWorld } from './watchdogWorld.ts';

const sink = { 'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector', topics: 'orders', 'tasks.max': '5' };

it('a sink’s task whose thread hangs, and is out of its group, is never said to be back because the others’ records flow', async () => {
  const world = new WatchdogWorld({ file: { defaults: { remedies: ['restart-failed-tasks'] } } });
  world.add('orders-sink', sink, { rowsPerSecond: 5, partitions: 12 });
  world.start();
  await world.pass(300);
  world.connect.inventedZombie('orders-sink', 1);
  await world.pass(7200);
  expect(world.asked.length).toBeGreaterThan(2);
  expect(world.subjects.filter((subject) => subject.includes('back'))).toEqual([]);
});

it('a task that reads nothing though its database is heard is told: what speaks for its death and what speaks against it may last for ever', async () => {
  const world = new WatchdogWorld();
  world.add('orders', {
    ...mysqlSource,
    'heartbeat.interval.ms': '60000',
    'heartbeat.action.query': 'UPDATE beat SET at = NOW()',
  });
  world.start();
  await world.pass(300);
  world.connect.inventedZombie('orders');
  await world.pass(3600);
  expect([world.asked, world.subjects]).toEqual([[], ['shop/orders: silent, and nobody can tell why; not touched']]);
  expect(world.told[0]?.text).toContain('The evidence contradicts itself');
});

it('what somebody paused while the watchdog stood still between its look and its resume stays paused', async () => {
  const world = new WatchdogWorld({ file: { defaults: { remedies: ['stop-and-resume'] } } });
  world.add('orders');
  const { parts } = world.parts('first');
  const still: string[] = [];
  const objects: typeof parts.objects = {
    ...parts.objects,
    swap: async (key, text, tag) => {
      const written = await parts.objects.swap(key, text, tag);
      if (still.length === 0 && text.includes('"resumes"')) {
        still.push(world.now());
        await world.clock.sleep(120_000);
      }
      return written;
    },
  };
  new Watchdog({ ...parts, objects }).start();
  await world.pass(300);
  world.connect.failTask('orders', 0, curable);
  for (let waited = 0; waited < 300 && still.length === 0; waited += 1) {
    // oxlint-disable-next-line no-await-in-loop -- step by step is the point
    await world.pass(1);
  }
  expect(still).toHaveLength(1);
  const [url = ''] = world.connect.urls;
  const paused = world.connect.transport()({ method: 'PUT', url: `${url}/connectors/orders/pause`, timeoutMs: 5000 });
  await world.pass(3600);
  expect((await paused).status).toBe(202);
  expect(world.asked).toEqual(['PUT /connectors/orders/stop', 'PUT /connectors/orders/pause']);
  expect(world.connect.truth('orders')?.target).toBe('PAUSED');
});
