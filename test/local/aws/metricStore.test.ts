import { expect, it } from 'vitest';
import { MetricStore } from '../../../local/aws/metricStore.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const id = { namespace: 'AWS/KafkaConnect', name: 'SourceRecordPollRate', dimensions: { ConnectorName: 'orders' } };

it('keeps the values of a minute for 15 days, and forgets them soon after', () => {
  const store = new MetricStore();
  const firstMs = Date.UTC(2026, 0, 5);
  const lastMs = firstMs + 17 * dayMs;
  for (let atMs = firstMs; atMs < lastMs; atMs += minuteMs)
    store.add(id, atMs, { sum: 2, count: 1, minimum: 2, maximum: 2 });
  expect(store.periods(id, lastMs - 15 * dayMs, lastMs, minuteMs)).toHaveLength(15 * 1440);
  expect(store.between(id, firstMs, firstMs + minuteMs)).toBeUndefined();
});
