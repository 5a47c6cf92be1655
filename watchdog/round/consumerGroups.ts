import { Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type { AdminOptions, Group } from '@platformatic/kafka';
import { PortError } from '../../recovery/ports.ts';
import { inBatches } from '../../store/inBatches.ts';
import { kafkaCodes, kafkaFault } from './kafkaFaults.ts';
import { readTls } from '../rest/transport.ts';
import type { TlsFiles } from '../rest/transport.ts';

/** Where one partition of a topic stands for a consumer group. Offsets are numbers of records, from 0 on. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Absent: nothing was ever committed there. */
  readonly committed?: number;
  /** The offset of the oldest record that is left; where nothing was committed: who begins there reads no older one. */
  readonly start?: number;
  /** The offset after the newest record. */
  readonly end: number;
  /** The client that the partition is assigned to, `connector-consumer-<connector>-<task>`; absent: to nobody. */
  readonly client?: string;
}

/** A sink's position as the Kafka cluster knows it. */
export interface ConsumerGroups {
  /** Every partition that the group committed or is assigned; none where there is no such group. @throws PortError */
  lag(group: string): Promise<readonly PartitionLag[]>;
}

export interface KafkaAccess {
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  /** Absent: in plain text. */
  readonly tls?: TlsFiles;
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly user: string;
    readonly password: string;
  };
}

/** What this needs of the cluster: the part of the client that it uses. */
export type GroupAdmin = Pick<Admin, 'describeGroups' | 'listConsumerGroupOffsets' | 'listOffsets' | 'close'>;

/** Longer than a round waits, shorter than a poll. */
const answerMs = 5000;
const connectMs = 2000;
/** Groups that are asked for in one go; of 500 sinks that is ten questions in place of fifteen hundred. */
const groupsAtOnce = 50;
const batchesAtOnce = 4;

/** The real one. `close` ends its connections. @throws where a file of `tls` cannot be read */
export function openConsumerGroups(access: KafkaAccess): ConsumerGroups & { close(): Promise<void> } {
  const admin = new Admin(adminOptions(access));
  return { ...consumerGroupsOf(admin), close: () => admin.close() };
}

/** Asks the cluster for its brokers, with what the groups are asked with, and gives their number. @throws PortError; whatever, where a file of `tls` cannot be read */
export async function brokersOf(access: KafkaAccess): Promise<number> {
  const admin = new Admin(adminOptions(access));
  try {
    return (await admin.metadata({ topics: [] })).brokers.size;
  } catch (error) {
    throw kafkaFault(error);
  } finally {
    await admin.close().catch(() => undefined);
  }
}

function adminOptions({ bootstrapServers, tls, sasl }: KafkaAccess): AdminOptions {
  return {
    clientId: 'connector-watchdog',
    bootstrapBrokers: [...bootstrapServers],
    // The next round asks again.
    retries: 0,
    timeout: answerMs,
    requestTimeout: answerMs,
    connectTimeout: connectMs,
    ...(tls === undefined ? {} : { tls: readTls(tls, 'kafka.tls'), tlsServerName: true }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, username: sasl.user, password: sasl.password } }),
  };
}

/** Gathers what is asked in one moment, so that the cluster gets a few questions for many groups. */
export function consumerGroupsOf(admin: GroupAdmin): ConsumerGroups {
  let gathered: Map<string, Waiting[]> | undefined;
  const flush = async () => {
    const asked = gathered ?? new Map<string, Waiting[]>();
    gathered = undefined;
    const names = [...asked.keys()];
    const batches = Array.from({ length: Math.ceil(names.length / groupsAtOnce) }, (_, batch) =>
      names.slice(batch * groupsAtOnce, (batch + 1) * groupsAtOnce),
    );
    await inBatches(batches, batchesAtOnce, async (batch) => {
      const answers = await lagsOf(admin, batch);
      for (const name of batch) {
        const answer = answers.get(name) ?? [];
        for (const { answered, failed } of asked.get(name) ?? []) {
          if (answer instanceof PortError) failed(answer);
          else answered(answer);
        }
      }
    });
  };
  return {
    lag: (group) =>
      new Promise((answered, failed) => {
        if (gathered === undefined) {
          gathered = new Map();
          queueMicrotask(() => void flush());
        }
        gathered.set(group, [...(gathered.get(group) ?? []), { answered, failed }]);
      }),
  };
}

interface Waiting {
  readonly answered: (lag: readonly PartitionLag[]) => void;
  readonly failed: (error: PortError) => void;
}

/** Never throws: each group has its lag or its error. */
async function lagsOf(
  admin: GroupAdmin,
  groups: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionLag[] | PortError>> {
  try {
    return await readLags(admin, groups);
  } catch (error) {
    const fault = kafkaFault(error);
    // One group that may not be read, or whose topic is gone, must not hide the others; a cluster out of reach hides them all.
    if (groups.length === 1 || fault.code === 'unavailable') return new Map(groups.map((group) => [group, fault]));
    const alone = await inBatches(groups, batchesAtOnce, (group) => lagsOf(admin, [group]));
    return new Map(alone.flatMap((answer) => [...answer]));
  }
}

async function readLags(
  admin: GroupAdmin,
  groups: readonly string[],
): Promise<ReadonlyMap<string, readonly PartitionLag[]>> {
  const [committed, described] = await Promise.all([
    admin.listConsumerGroupOffsets({ groups: [...groups] }),
    admin.describeGroups({ groups: [...groups] }),
  ]);
  const positions = new Map(groups.map((group) => [group, positionsOf(group, committed, described.get(group))]));
  const places = [...positions.values()].flatMap((all) => [...all.values()]);
  const [ends, starts] = await Promise.all([
    offsetsOf(admin, places, ListOffsetTimestamps.LATEST),
    offsetsOf(
      admin,
      places.filter(({ committed: position }) => position === undefined),
      ListOffsetTimestamps.EARLIEST,
    ),
  ]);
  return new Map(
    [...positions].map(([group, all]) => [
      group,
      [...all.values()].flatMap((position) => {
        // Of a topic that was deleted an offset may be left, and no end.
        const end = ends.get(keyOf(position));
        const start = position.committed === undefined ? starts.get(keyOf(position)) : undefined;
        return end === undefined ? [] : [{ ...position, end, ...(start === undefined ? {} : { start }) }];
      }),
    ]),
  );
}

type Place = Omit<PartitionLag, 'end' | 'start'>;
type AskedTopic = Parameters<GroupAdmin['listOffsets']>[0]['topics'][number];

function positionsOf(
  group: string,
  committed: Awaited<ReturnType<GroupAdmin['listConsumerGroupOffsets']>>,
  described: Group | undefined,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { name: topic, partitions } of committed.find(({ groupId }) => groupId === group)?.topics ?? []) {
    for (const { partitionIndex: partition, committedOffset } of partitions) {
      const place = { topic, partition, ...(committedOffset < 0n ? {} : { committed: Number(committedOffset) }) };
      places.set(keyOf(place), place);
    }
  }
  for (const { clientId: client, assignments } of described?.members.values() ?? []) {
    for (const { topic, partitions } of assignments?.values() ?? []) {
      for (const partition of partitions) {
        const place = { topic, partition };
        places.set(keyOf(place), { ...places.get(keyOf(place)), ...place, client });
      }
    }
  }
  return places;
}

async function offsetsOf(
  admin: GroupAdmin,
  places: readonly Place[],
  timestamp: bigint,
): Promise<ReadonlyMap<string, number>> {
  const topics = Map.groupBy(places, ({ topic }) => topic);
  if (topics.size === 0) return new Map();
  const asked = [...topics].map(([name, all]) => ({
    name,
    partitions: [...new Set(all.map(({ partition }) => partition))].map((partitionIndex) => ({
      partitionIndex,
      timestamp,
    })),
  }));
  const found = await admin.listOffsets({ topics: asked }).catch(async (error: unknown) => {
    if (kafkaFault(error).code === 'unavailable') throw error;
    const alone = await inBatches(asked, batchesAtOnce, (topic) => offsetsOfTopic(admin, topic));
    return alone.flat();
  });
  return new Map(
    found.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, offset }) => [keyOf({ topic, partition }), Number(offset)] as const),
    ),
  );
}

/** None, where the topic is gone. */
async function offsetsOfTopic(admin: GroupAdmin, topic: AskedTopic): ReturnType<GroupAdmin['listOffsets']> {
  try {
    return await admin.listOffsets({ topics: [topic] });
  } catch (error) {
    if (kafkaCodes(error).includes('UNKNOWN_TOPIC_OR_PARTITION')) return [];
    throw error;
  }
}

function keyOf({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string {
  return `${topic} ${partition}`;
}
