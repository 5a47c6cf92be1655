import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type { Telemetry } from '../../aws/service.ts';

/** Committed and last offset of one partition; a partition without a commit is behind by all that is in it. */
export interface PartitionLag {
  readonly committed: bigint;
  readonly end: bigint;
}

/** A sink's position and a topic's end as the cluster itself knows them, whatever the worker does. */
export type ReadLag = (group: string, topic: string) => Promise<readonly PartitionLag[]>;

interface Seen {
  readonly atMs: number;
  readonly ends: readonly bigint[];
}

/**
 * A cluster's lag of one consumer group on one topic, as MSK publishes it. EstimatedMaxTimeLag is the time since the oldest record that
 * waits was last seen not to be there yet, so it is true to the interval between two looks [inferred: MSK does not publish its estimate].
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
 */
export class ConsumerLag {
  readonly group: string;
  readonly topic: string;
  readonly #dimensions: Readonly<Record<string, string>>;
  #seen: Seen[] = [];

  constructor(clusterName: string, group: string, topic: string) {
    this.group = group;
    this.topic = topic;
    this.#dimensions = { 'Cluster Name': clusterName, 'Consumer Group': group, Topic: topic };
  }

  /** Sends what `partitions` say now. Nothing is known of a topic without partitions. */
  publish(telemetry: Telemetry, partitions: readonly PartitionLag[], nowMs: number): void {
    if (partitions.length === 0) return;
    const lags = partitions.map(({ committed, end }) => Number(end > committed ? end - committed : 0n));
    this.#seen.push({ atMs: nowMs, ends: partitions.map(({ end }) => end) });
    const sinceMs = Math.min(...partitions.map((partition, index) => this.#waitsSinceMs(partition, index, nowMs)));
    this.#seen = this.#seen.filter(({ atMs }) => atMs >= sinceMs);
    const values = {
      MaxOffsetLag: Math.max(...lags),
      SumOffsetLag: lags.reduce((sum, lag) => sum + lag, 0),
      EstimatedMaxTimeLag: (nowMs - sinceMs) / 1000,
    };
    for (const [name, value] of Object.entries(values)) telemetry.metric('AWS/Kafka', name, this.#dimensions, value);
  }

  /** The last look at which nothing waited that waits now. */
  #waitsSinceMs({ committed, end }: PartitionLag, index: number, nowMs: number): number {
    if (end <= committed) return nowMs;
    const before = this.#seen.findLast(({ ends }) => (ends[index] ?? 0n) <= committed);
    return before?.atMs ?? this.#seen[0]?.atMs ?? nowMs;
  }
}

/** Asks a cluster through an admin client of its own. */
export function clusterLag(bootstrapServers: string): { readonly read: ReadLag; close(): Promise<void> } {
  const admin = new Admin({
    clientId: 'cluster-lag',
    bootstrapBrokers: bootstrapServers.split(','),
    retries: 0,
    timeout: 5000,
    connectTimeout: 2000,
  });
  return {
    async read(group, topic) {
      const { topics } = await admin.metadata({ topics: [topic], autocreateTopics: false, forceUpdate: true });
      const count = topics.get(topic)?.partitionsCount ?? 0;
      const partitions = Array.from({ length: count }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp: ListOffsetTimestamps.LATEST,
      }));
      const [ends] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      const [held] = await admin.listConsumerGroupOffsets({ groups: [group] });
      const committed = new Map(
        held?.topics
          .find(({ name }) => name === topic)
          ?.partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
      );
      return (ends?.partitions ?? []).map(({ partitionIndex, offset }) => {
        const position = committed.get(partitionIndex) ?? 0n;
        return { end: offset, committed: position < 0n ? 0n : position };
      });
    },
    close: () => admin.close(),
  };
}
