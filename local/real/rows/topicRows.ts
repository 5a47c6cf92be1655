import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer, UserError } from '@platformatic/kafka';
import type { RowCount } from '../../connect/rowCount.ts';
import { Arrivals } from './arrivals.ts';
import { insertedRow } from './rowRecord.ts';

/** The rows that arrived in a topic: each record of it is counted once, by its offset, from the beginning on. */
export interface TopicRows {
  /** By id: when the row's first record was seen here, in milliseconds of this machine's clock. */
  readonly arrivals: ReadonlyMap<number, number>;
  /** @param written rows 1 to this one are in the database for sure */
  count(written: number): RowCount;
  /** Resolves when every record that the topic held at the time of the call has been seen, and at once for a topic that is not there. */
  readToEnd(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Follows a topic from its beginning, without a consumer group and without creating anything, so that nothing on the broker tells of it.
 * Waits for a topic that is not there yet and for a broker that is away or hangs, and goes on where it was.
 * @param bootstrapServers of a cluster of one broker, as ours is
 */
export async function followTopic(bootstrapServers: string, topic: string): Promise<TopicRows> {
  const follower = new Follower(bootstrapServers, topic);
  void follower.run();
  return Promise.resolve(follower);
}

const PAUSE_MS = 300;
/** A control batch marks a transaction's end; it has no rows. https://kafka.apache.org/37/documentation.html#controlbatch */
const CONTROL_BATCH = 0x20;

class Follower implements TopicRows {
  readonly #bootstrapServers: string;
  readonly #topic: string;
  readonly #rows = new Arrivals();
  /** By partition: the offset to read next, and the one that the next record to come will have, as far as the broker told. */
  readonly #next = new Map<number, bigint>();
  readonly #end = new Map<number, bigint>();
  readonly #stop = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #waiting: (() => void)[] = [];

  constructor(bootstrapServers: string, topic: string) {
    this.#bootstrapServers = bootstrapServers;
    this.#topic = topic;
  }

  get arrivals(): ReadonlyMap<number, number> {
    return this.#rows.firstAtMs;
  }

  count(written: number): RowCount {
    return this.#rows.count(written);
  }

  readToEnd(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stop.signal.aborted) resolve();
      else this.#waiting.push(resolve);
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended.promise;
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const consumer = new Consumer({
        clientId: 'row-count',
        // Required, and never joined.
        groupId: `row-count-${randomUUID()}`,
        bootstrapBrokers: this.#bootstrapServers.split(','),
        autocreateTopics: false,
        retries: false,
        connectTimeout: 5000,
        // A hanging broker keeps its connections; a new one is tried until it answers.
        requestTimeout: 10_000,
      });
      const close = () => void consumer.close(true).catch(() => undefined);
      signal.addEventListener('abort', close, { once: true });
      try {
        await this.#follow(consumer, signal);
      } catch {
        // The broker is away, or hung, or the topic is not there yet.
      }
      signal.removeEventListener('abort', close);
      await consumer.close(true).catch(() => undefined);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
    for (const each of this.#waiting) each();
    this.#ended.resolve();
  }

  async #follow(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const askedBefore = this.#waiting.length;
    const metadata = await consumer.metadata({ topics: [this.#topic], forceUpdate: true }).catch((error: unknown) => {
      // What the client makes of the broker's UNKNOWN_TOPIC_OR_PARTITION: there is nothing to read.
      if (error instanceof UserError) for (const each of this.#waiting.splice(0, askedBefore)) each();
      throw error;
    });
    const found = metadata.topics.get(this.#topic);
    if (found === undefined) return;
    const node = found.partitions[0]?.leader ?? -1;
    for (let partition = 0; partition < found.partitionsCount; partition += 1) {
      if (!this.#next.has(partition)) this.#next.set(partition, 0n);
    }
    while (!signal.aborted) {
      const asked = this.#waiting.length;
      const answer = await consumer.fetch({
        node,
        minBytes: 1,
        maxBytes: 16 * 1024 * 1024,
        maxWaitTime: asked > 0 ? 0 : 500,
        topics: [
          {
            topicId: found.id,
            partitions: [...this.#next].map(([partition, fetchOffset]) => ({
              partition,
              fetchOffset,
              currentLeaderEpoch: -1,
              lastFetchedEpoch: -1,
              partitionMaxBytes: 4 * 1024 * 1024,
            })),
          },
        ],
      });
      const atMs = Date.now();
      for (const { partitions } of answer.responses) for (const each of partitions) this.#take(each, atMs);
      // A partition that the answer leaves out has nothing new: its end is the one told before.
      const read = [...this.#next].every(([partition, next]) => next >= (this.#end.get(partition) ?? 0n));
      if (read) for (const each of this.#waiting.splice(0, asked)) each();
    }
  }

  #take(partition: FetchedPartition, atMs: number): void {
    let next = this.#next.get(partition.partitionIndex) ?? 0n;
    for (const batch of partition.records ?? []) {
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta);
        // A batch is given as a whole, with what was read of it before.
        if (offset < next) continue;
        const id = (batch.attributes & CONTROL_BATCH) === 0 ? insertedRow(record.key, record.value) : undefined;
        if (id !== undefined) this.#rows.arrive(id, atMs);
      }
      const after = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
      if (after > next) next = after;
    }
    this.#next.set(partition.partitionIndex, next);
    this.#end.set(partition.partitionIndex, partition.highWatermark);
  }
}

type FetchedPartition = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number];
