import { expect, test } from 'vitest';
import { clusterAt, sink } from './clusterAt.ts';

test('500 connectors of 10 tasks, live for a day in moments, and each look at them costs milliseconds', async () => {
  const { clock, cluster, send } = clusterAt({ workers: 5 });
  for (let index = 0; index < 500; index += 1) cluster.addConnector(`archive-${index}`, sink, { rowsPerSecond: 1000 });
  const url = `${cluster.urls[0]}/connectors?expand=status`;
  const look = async () => {
    const asking = send({ method: 'GET', url, timeoutMs: 5000 });
    await clock.advanceBy(10_000);
    return (await asking).body;
  };
  const first = await look();
  const begunMs = performance.now();
  // Four looks an hour in place of 360: each costs the same, and the time between them nothing.
  for (let hour = 0; hour < 24; hour += 1) {
    for (let poll = 0; poll < 4; poll += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await look();
    }
    // oxlint-disable-next-line no-await-in-loop -- an hour after the other
    await clock.advanceBy(3_560_000);
  }

  expect(await look()).toBe(first);
  expect((performance.now() - begunMs) / 97).toBeLessThan(150);
  const lag = await cluster.consumerGroups().lag('connect-archive-499');
  expect(lag.every(({ end, committed = 0 }) => end > 8_000_000 && end - committed <= 6000)).toBe(true);
  expect(cluster.rows('archive-0')).toMatchObject({ duplicated: 0, lost: 0, waiting: 0 });
});
