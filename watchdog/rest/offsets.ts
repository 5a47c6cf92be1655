import { listAt, NotUnderstood, recordAt } from './answers.ts';

/**
 * Committed offsets by partition, each side as JSON text with its keys in order, so that two readings can be compared whatever the plugin writes: a
 * source's partitions and offsets are its own affair, a sink's are `kafka_topic`, `kafka_partition` and `kafka_offset`.
 *
 * @throws NotUnderstood
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-875%3A+First-class+offsets+support+in+Kafka+Connect
 */
export function readOffsets(body: unknown): ReadonlyMap<string, string> {
  const { offsets } = recordAt(body, 'the answer');
  return new Map(
    listAt(offsets, 'offsets').map((entry): [string, string] => {
      const { partition, offset } = recordAt(entry, 'an offset');
      if (partition === undefined) throw new NotUnderstood('an offset without a partition');
      return [inOrder(partition), inOrder(offset ?? null)];
    }),
  );
}

function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
