import { expect, it } from 'vitest';
import { WatchdogWorld } from './watchdogWorld.ts';

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
