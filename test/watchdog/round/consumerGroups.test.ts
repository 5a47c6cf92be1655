import { describe, expect, test } from 'vitest';
import { consumerGroupsOf } from '../../../watchdog/round/consumerGroups.ts';
import type { GroupAdmin } from '../../../watchdog/round/consumerGroups.ts';

type Committed = Awaited<ReturnType<GroupAdmin['listConsumerGroupOffsets']>>[number];
type Described = Awaited<ReturnType<GroupAdmin['describeGroups']>>;

/** What a Kafka client throws: its own code, and the broker's below. */
class KafkaFailure extends AggregateError {
  readonly code = 'PLT_KFK_MULTIPLE';

  constructor(code: string, apiId = '') {
    super([Object.assign(new Error(`it says ${apiId}`), { code, apiId })], 'Asking failed.');
  }
}

const committed = (group: string, topic: string, offsets: readonly bigint[]): Committed => ({
  groupId: group,
  topics: [
    {
      name: topic,
      partitions: offsets.map((committedOffset, partitionIndex) => ({
        partitionIndex,
        committedOffset,
        committedLeaderEpoch: 0,
        metadata: null,
      })),
    },
  ],
});

const members = (group: string, assigned: Readonly<Record<string, readonly number[]>>, topic = 't'): Described =>
  new Map([
    [
      group,
      {
        id: group,
        state: 'STABLE' as const,
        protocolType: 'consumer',
        protocol: 'range',
        authorizedOperations: 0,
        members: new Map(
          Object.entries(assigned).map(([clientId, partitions]) => [
            clientId,
            {
              id: clientId,
              groupInstanceId: null,
              clientId,
              clientHost: '/127.0.0.1',
              assignments: new Map([[topic, { topic, partitions: [...partitions] }]]),
            },
          ]),
        ),
      },
    ],
  ]);

/** A Kafka cluster in which every topic begins at 40 and ends at 100, and what was asked of it. */
function adminOf(answers: Partial<GroupAdmin>) {
  const asked: (readonly string[])[] = [];
  const admin = {
    listConsumerGroupOffsets: async ({ groups }: { groups: readonly unknown[] }) => {
      asked.push(groups.map(String));
      return [];
    },
    describeGroups: async () => new Map(),
    listOffsets: async ({ topics }: Parameters<GroupAdmin['listOffsets']>[0]) =>
      topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          // Kafka's own: -2 is the oldest record, -1 the place after the newest.
          offset: timestamp === -2n ? 40n : 100n,
          timestamp: -1n,
          leaderEpoch: 0,
        })),
      })),
    close: async () => {},
    ...answers,
  };
  return { asked, groups: consumerGroupsOf(admin) };
}

describe('where a consumer group stands', () => {
  test('each partition with what was committed, its end, and whose it is', async () => {
    const { groups } = adminOf({
      listConsumerGroupOffsets: async () => [committed('connect-es', 't', [90n, -1n])],
      describeGroups: async () => members('connect-es', { 'connector-consumer-es-0': [0, 2] }),
    });

    expect(await groups.lag('connect-es')).toEqual([
      { topic: 't', partition: 0, committed: 90, end: 100, client: 'connector-consumer-es-0' },
      { topic: 't', partition: 1, start: 40, end: 100 },
      { topic: 't', partition: 2, start: 40, end: 100, client: 'connector-consumer-es-0' },
    ]);
  });

  test('of no group there is nothing', async () => {
    expect(await adminOf({}).groups.lag('connect-nobody')).toEqual([]);
  });

  test('what is asked in one moment is asked together, fifty groups at a time', async () => {
    const { asked, groups } = adminOf({});

    await Promise.all(Array.from({ length: 120 }, (_, index) => groups.lag(`connect-${index}`)));

    expect(asked.map(({ length }) => length)).toEqual([50, 50, 20]);
  });
});

describe('what fails', () => {
  const one = (async ({ groups }: { groups: readonly string[] }) => {
    if (groups.includes('connect-secret')) throw new KafkaFailure('PLT_KFK_PROTOCOL', 'GROUP_AUTHORIZATION_FAILED');
    return groups.map((group) => committed(group, 't', [1n]));
  }) as GroupAdmin['listConsumerGroupOffsets'];

  test('a group that may not be read does not hide the others', async () => {
    const { groups } = adminOf({ listConsumerGroupOffsets: one });

    const [secret, other] = await Promise.allSettled([groups.lag('connect-secret'), groups.lag('connect-es')]);

    expect(secret).toMatchObject({ status: 'rejected', reason: { code: 'denied' } });
    expect(other).toMatchObject({ status: 'fulfilled', value: [{ committed: 1 }] });
  });

  test.each([
    { code: 'PLT_KFK_NETWORK', apiId: '', port: 'unavailable' },
    { code: 'PLT_KFK_TIMEOUT', apiId: '', port: 'unavailable' },
    { code: 'PLT_KFK_AUTHENTICATION', apiId: '', port: 'denied' },
    { code: 'PLT_KFK_PROTOCOL', apiId: 'TOPIC_AUTHORIZATION_FAILED', port: 'denied' },
    { code: 'PLT_KFK_USER', apiId: '', port: 'unexpected' },
  ])('$code $apiId: $port', async ({ code, apiId, port }) => {
    const { groups } = adminOf({
      describeGroups: async () => {
        throw new KafkaFailure(code, apiId);
      },
    });

    await expect(groups.lag('connect-es')).rejects.toMatchObject({ name: 'PortError', code: port });
  });

  test('a cluster out of reach is asked once for all, not once for each', async () => {
    const asked: number[] = [];
    const { groups } = adminOf({
      listConsumerGroupOffsets: (async ({ groups: names }: { groups: readonly string[] }) => {
        asked.push(names.length);
        throw new KafkaFailure('PLT_KFK_NETWORK');
      }) as GroupAdmin['listConsumerGroupOffsets'],
    });

    await Promise.allSettled(Array.from({ length: 30 }, (_, index) => groups.lag(`connect-${index}`)));

    expect(asked).toEqual([30]);
  });

  test('a topic that was deleted has no end, and the others keep theirs', async () => {
    const { groups } = adminOf({
      listConsumerGroupOffsets: async () => [
        { groupId: 'connect-es', topics: [...committed('', 'gone', [5n]).topics, ...committed('', 't', [7n]).topics] },
      ],
      listOffsets: async ({ topics }: Parameters<GroupAdmin['listOffsets']>[0]) => {
        if (topics.some(({ name }) => name === 'gone'))
          throw new KafkaFailure('PLT_KFK_PROTOCOL', 'UNKNOWN_TOPIC_OR_PARTITION');
        return [{ name: 't', partitions: [{ partitionIndex: 0, offset: 9n, timestamp: -1n, leaderEpoch: 0 }] }];
      },
    });

    expect(await groups.lag('connect-es')).toEqual([{ topic: 't', partition: 0, committed: 7, end: 9 }]);
  });
});
