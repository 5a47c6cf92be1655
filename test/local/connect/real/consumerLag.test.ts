import { expect, test } from 'vitest';
import { ConsumerLag, type PartitionLag } from '../../../../local/connect/real/consumerLag.ts';

const dimensions = { 'Cluster Name': 'local', 'Consumer Group': 'connect-copy', Topic: 'orders' };

/** What is published after the last of these looks, one a minute. */
function published(looks: readonly (readonly PartitionLag[])[]): Readonly<Record<string, number>> {
  const lag = new ConsumerLag('local', 'connect-copy', 'orders');
  let last: Record<string, number> = {};
  for (const [minute, partitions] of looks.entries()) {
    last = {};
    const metric = (namespace: string, name: string, given: Readonly<Record<string, string>>, value: number) => {
      expect(namespace).toBe('AWS/Kafka');
      expect(given).toEqual(dimensions);
      last[name] = value;
    };
    lag.publish({ log: () => undefined, metric }, partitions, minute * 60_000);
  }
  return last;
}

const at = (committed: bigint, end: bigint): PartitionLag => ({ committed, end });

test.for([
  { case: 'all was read', looks: [[at(5n, 5n)]], expected: [0, 0, 0] },
  { case: 'nothing was ever committed', looks: [[at(0n, 3n)]], expected: [3, 3, 0] },
  { case: 'two partitions', looks: [[at(5n, 9n), at(5n, 6n)]], expected: [4, 5, 0] },
  {
    case: 'a group that stands still',
    looks: [[at(5n, 5n)], [at(5n, 65n)], [at(5n, 125n)]],
    expected: [120, 120, 120],
  },
  { case: 'a group that catches up', looks: [[at(5n, 5n)], [at(5n, 65n)], [at(65n, 125n)]], expected: [60, 60, 60] },
  { case: 'a group that caught up', looks: [[at(5n, 5n)], [at(5n, 65n)], [at(65n, 65n)]], expected: [0, 0, 0] },
  {
    case: 'one partition of two stands still',
    looks: [
      [at(1n, 1n), at(1n, 1n)],
      [at(1n, 4n), at(4n, 4n)],
    ],
    expected: [3, 3, 60],
  },
])('$case', ({ looks, expected: [most, sum, seconds] }) => {
  expect(published(looks)).toEqual({ MaxOffsetLag: most, SumOffsetLag: sum, EstimatedMaxTimeLag: seconds });
});

test('a topic that is not there shows nothing', () => {
  expect(published([[]])).toEqual({});
});
