import { describe, expect, test } from 'vitest';
import type { PartitionLag } from '../../../watchdog/round/consumerGroups.ts';
import { ClusterMemory } from '../../../watchdog/memory/clusterMemory.ts';
import type { WorkerMetrics } from '../../../watchdog/round/prometheus.ts';
import type { ClusterSeen, ConnectorSeen, MetricsSeen, WorkerAnswer } from '../../../watchdog/round/seen.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8) + 1000 * seconds).toISOString();

const answers: WorkerAnswer = { kind: 'answers', tookMs: 3 };
const worker = (name: string, answer: WorkerAnswer = answers) => ({
  worker: name,
  answer,
  version: '3.7.1',
  rebalancing: false,
});

/** A source with one task that runs. */
const source: ConnectorSeen = {
  name: 'orders',
  type: 'source',
  state: 'RUNNING',
  worker: 'one:8083',
  tasks: [{ id: 0, state: 'RUNNING', worker: 'one:8083' }],
  configuration: {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'topic.prefix': 'shop',
    'database.password': 'hunter2',
  },
  offsets: { kind: 'not-asked' },
  lag: { kind: 'not-watched', cure: 'a source has no consumer lag' },
};

const [onOne, onTwo] = [
  { id: 0, state: 'RUNNING', worker: 'one:8083' },
  { id: 1, state: 'RUNNING', worker: 'two:8083' },
] as const;

/** A sink with two tasks that run. */
const sink: ConnectorSeen = {
  ...source,
  name: 'es',
  type: 'sink',
  tasks: [onOne, onTwo],
  configuration: { 'connector.class': 'x.EsSinkConnector', topics: 't' },
};

/** One round that saw these. */
function round(seconds: number, list: readonly ConnectorSeen[], more: Partial<ClusterSeen> = {}): ClusterSeen {
  return {
    cluster: 'shop',
    at: at(seconds),
    tookSeconds: 0.1,
    workers: [worker('one:8083'), worker('two:8083')],
    metrics: [],
    rebalancing: false,
    connectors: { kind: 'read', at: at(seconds), by: 'one:8083', list, others: [] },
    ...more,
  };
}

function memoryOf(...rounds: readonly ClusterSeen[]): ClusterMemory {
  const memory = new ClusterMemory('shop', 3600);
  for (const one of rounds) memory.learn(one);
  return memory;
}

function liveIn(memory: ClusterMemory, name: string, seconds: number) {
  const sighting = memory.sighting(name, at(seconds));
  if (sighting.kind === 'absent') throw new Error(`${name} is not there`);
  return sighting.connector;
}

const shown = (seconds: number, value: WorkerMetrics, of?: string): readonly MetricsSeen[] => [
  { ...(of === undefined ? {} : { worker: of }), values: { kind: 'read', at: at(seconds), value } },
];
const offsets = (seconds: number, offset: string) =>
  ({ offsets: { kind: 'read', at: at(seconds), value: new Map([['{"server":"shop"}', offset]]) } }) as const;
const lag = (seconds: number, value: readonly PartitionLag[]) =>
  ({ lag: { kind: 'read', at: at(seconds), value } }) as const;

describe('a connector as the engine sees it', () => {
  test('is named after its cluster, and known since it was first seen', () => {
    const live = liveIn(memoryOf(round(0, [source]), round(10, [source])), 'orders', 10);

    expect(live).toMatchObject({
      name: 'shop/orders',
      arn: 'connect://shop/orders',
      state: 'RUNNING',
      createdAt: at(0),
      stateSince: at(0),
      request: { kafkaConnectVersion: '3.7.1', connectorConfiguration: source.configuration },
      operations: [],
      worker: 'one:8083',
      tasks: [{ id: 0, state: 'RUNNING', worker: 'one:8083' }],
    });
  });

  test('has a version that changes with its configuration alone', () => {
    const before = liveIn(memoryOf(round(0, [source])), 'orders', 0).version;
    const reordered = {
      ...source,
      configuration: Object.fromEntries(Object.entries(source.configuration).toReversed()),
    };
    const other = { ...source, configuration: { ...source.configuration, 'topic.prefix': 'shop2' } };

    expect(liveIn(memoryOf(round(0, [reordered])), 'orders', 0).version).toBe(before);
    expect(liveIn(memoryOf(round(0, [source]), round(10, [other])), 'orders', 10).version).not.toBe(before);
  });

  test('a trace is shown without the secrets of its configuration', () => {
    const trace = "java.sql.SQLException: Access denied for 'cdc' with hunter2\n\tat x.Y(Y.java:1)";
    const failed = {
      ...source,
      state: 'FAILED' as const,
      trace,
      tasks: [{ ...onOne, state: 'FAILED' as const, trace }],
    };

    const live = liveIn(memoryOf(round(0, [failed])), 'orders', 0);

    const clean = "java.sql.SQLException: Access denied for 'cdc' with ***\n\tat x.Y(Y.java:1)";
    expect(live.stateReason).toBe(clean);
    expect(live.tasks).toEqual([{ id: 0, state: 'FAILED', worker: 'one:8083', trace: clean }]);
  });

  test('a version is the lowest of the workers', () => {
    const memory = memoryOf(
      round(0, [source], { workers: [worker('one:8083'), { ...worker('two:8083'), version: '3.10.0' }] }),
    );

    expect(memory.version).toBe('3.7.1');
  });
});

describe('who is gone', () => {
  test('nothing is known before a round could read', () => {
    const memory = memoryOf(round(0, [], { connectors: { kind: 'unreadable', reason: 'nobody answers' } }));

    expect(() => memory.sighting('orders', at(0))).toThrow('no worker of shop has shown its connectors yet');
  });

  test.each([
    { missing: 1, kind: 'present' },
    { missing: 2, kind: 'present' },
    { missing: 3, kind: 'absent' },
  ])('missing in $missing rounds in a row: $kind', ({ missing, kind }) => {
    const rounds = Array.from({ length: missing }, (_, index) => round(10 * (index + 1), []));

    expect(memoryOf(round(0, [source]), ...rounds).sighting('orders', at(100)).kind).toBe(kind);
  });

  test('rounds that could not read say nothing of it', () => {
    const unread = Array.from({ length: 9 }, (_, index) =>
      round(10 * (index + 1), [], { connectors: { kind: 'unreadable', reason: 'nobody answers' } }),
    );

    expect(memoryOf(round(0, [source]), ...unread).sighting('orders', at(100)).kind).toBe('present');
  });
});

describe('signs of life', () => {
  const signsOf = (memory: ClusterMemory, name: string, seconds: number) => {
    const signs = memory.signs(name, at(0), at(seconds));
    if (signs === undefined) throw new Error(`nothing is known of ${name}`);
    return signs;
  };

  test('how many tasks run and how many are in error, round by round', () => {
    const oneFailed = { ...sink, tasks: [onOne, { ...onTwo, state: 'FAILED' as const, trace: 'x' }] };
    const signs = signsOf(memoryOf(round(0, [sink]), round(10, [oneFailed])), 'es', 10);

    expect(signs.runningTasks).toMatchObject({ samples: [{ value: 2 }, { value: 1 }] });
    expect(signs.erroredTasks).toMatchObject({ samples: [{ value: 0 }, { value: 1 }] });
    expect(signs.tasks).toMatchObject([
      { id: 0, state: 'RUNNING', since: at(0) },
      { id: 1, state: 'FAILED', since: at(10), trace: 'x' },
    ]);
  });

  test('a task that moves to another worker is another one since then', () => {
    const moved = { ...source, tasks: [{ id: 0, state: 'RUNNING' as const, worker: 'two:8083' }] };

    expect(signsOf(memoryOf(round(0, [source]), round(10, [moved])), 'orders', 10).tasks).toMatchObject([
      { since: at(10) },
    ]);
  });

  test.each<{
    readonly what: string;
    readonly later: readonly Partial<ConnectorSeen['tasks'][number]>[];
    readonly begun?: number;
  }>([
    { what: 'it ran already when it was first seen', later: [{}, {}] },
    { what: 'somebody restarted it after it had failed', later: [{ state: 'FAILED', trace: 'x' }, {}, {}], begun: 20 },
    { what: 'it was handed out anew', later: [{ state: 'UNASSIGNED' }, {}, {}], begun: 20 },
    { what: 'another worker has it', later: [{ worker: 'two:8083' }, { worker: 'two:8083' }], begun: 10 },
    { what: 'it runs no more', later: [{ worker: 'two:8083' }, { state: 'FAILED', trace: 'x' }] },
  ])('what is known of a task’s beginning: $what', ({ later, begun }) => {
    const first = source.tasks.map((task) => [task, ...later.map((change) => ({ ...task, ...change }))]).flat();
    const memory = memoryOf(...first.map((task, index) => round(10 * index, [{ ...source, tasks: [task] }])));

    const [task] = signsOf(memory, 'orders', 10 * later.length).tasks ?? [];

    expect(task?.begunAt).toBe(begun === undefined ? undefined : at(begun));
  });

  test('of states that somebody asked for in between, older ones of a round’s list say nothing', () => {
    const failed = { id: 0, state: 'FAILED', worker: 'one:8083', trace: 'x' } as const;
    const memory = memoryOf(round(0, [{ ...source, tasks: [failed] }]));
    const how = { onlyFailedTasks: true, tasks: [0] };
    memory.beginRestart('orders', 'connect://shop/orders#1', how, at(10));
    memory.seeStates('orders', { ...source, tasks: [{ id: 0, state: 'RESTARTING', worker: 'one:8083' }] }, at(12));

    memory.learn(round(11, [{ ...source, tasks: [failed] }]));

    expect(liveIn(memory, 'orders', 12)).toMatchObject({
      tasks: [{ id: 0, state: 'RESTARTING' }],
      operations: [{ arn: 'connect://shop/orders#1', state: 'in-progress' }],
    });
  });

  test('a task that no worker has begun stays so, though the states of its connector alone do not name it', () => {
    const unbegun = { id: 1, state: 'UNASSIGNED', worker: '' } as const;
    const memory = memoryOf(round(0, [{ ...source, tasks: [onOne, unbegun] }]));

    memory.seeStates('orders', { ...source, tasks: [onOne] }, at(400));

    expect(signsOf(memory, 'orders', 400).tasks).toMatchObject([
      { id: 0, state: 'RUNNING' },
      { id: 1, state: 'UNASSIGNED', since: at(0) },
    ]);
    memory.seeStates('orders', { ...source, tasks: [onOne, onTwo] }, at(410));
    expect(signsOf(memory, 'orders', 410).tasks).toMatchObject([{ id: 0 }, { id: 1, state: 'RUNNING' }]);
  });

  test('the offsets of a source stand still or move, and are its only task’s', () => {
    const memory = memoryOf(
      round(0, [{ ...source, ...offsets(0, 'a') }]),
      round(10, [{ ...source, ...offsets(10, 'b') }]),
      round(20, [{ ...source, ...offsets(20, 'b') }]),
    );
    const position = { kind: 'read', since: at(0), movedAt: at(10), movedAfter: at(0), readAt: at(20) };

    expect(signsOf(memory, 'orders', 20)).toMatchObject({ position, tasks: [{ id: 0, position }] });
  });

  test('while it is paused nobody moves them: when it runs again, its silence begins anew', () => {
    const paused = { ...source, state: 'PAUSED' as const };
    const memory = memoryOf(
      round(0, [{ ...source, ...offsets(0, 'a') }]),
      round(10, [{ ...paused, ...offsets(10, 'a') }]),
      round(20, [{ ...source, ...offsets(20, 'a') }]),
    );

    expect(signsOf(memory, 'orders', 20).position).toEqual({ kind: 'read', since: at(20), readAt: at(20) });
  });

  test('what cannot be read of them is said', () => {
    const unread = { ...source, offsets: { kind: 'unreadable', reason: 'Request timed out' } } as const;

    expect(signsOf(memoryOf(round(0, [unread])), 'orders', 0).position).toEqual({
      kind: 'unreadable',
      reason: 'Request timed out',
    });
  });

  test('lag adds up over all partitions, and each task has what its own client is assigned', () => {
    const client = (task: number) => `connector-consumer-es-${task}`;
    const memory = memoryOf(
      round(0, [
        {
          ...sink,
          ...lag(0, [
            { topic: 't', partition: 0, committed: 5, end: 10, client: client(0) },
            { topic: 't', partition: 1, committed: 7, end: 7, client: client(1) },
            { topic: 't', partition: 2, end: 3, client: client(1) },
            { topic: 't', partition: 3, committed: 9, end: 8 },
          ]),
        },
      ]),
    );
    const signs = signsOf(memory, 'es', 0);

    expect(signs.lag).toMatchObject({ samples: [{ value: 8 }] });
    expect(signs.tasks).toMatchObject([
      { waiting: { samples: [{ value: 5 }] } },
      { waiting: { samples: [{ value: 3 }] } },
    ]);
  });

  test('one task of a sink stands still while the other moves', () => {
    const partitions = (first: number, end: number) => [
      { topic: 't', partition: 0, committed: first, end, client: 'connector-consumer-es-0' },
      { topic: 't', partition: 1, committed: 4, end, client: 'connector-consumer-es-1' },
    ];
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, partitions(1, 5)) }]),
      round(10, [{ ...sink, ...lag(10, partitions(2, 6)) }]),
    );

    expect(signsOf(memory, 'es', 10).tasks).toMatchObject([
      { position: { since: at(0), movedAt: at(10) } },
      { position: { since: at(0), readAt: at(10) }, waiting: { samples: [{ value: 1 }, { value: 2 }] } },
    ]);
    expect(signsOf(memory, 'es', 10).tasks?.[1]?.position).not.toHaveProperty('movedAt');
  });

  test('another configuration begins its tasks anew: what stood still before it says nothing of them', () => {
    const partitions = [{ topic: 't', partition: 1, committed: 4, end: 9, client: 'connector-consumer-es-1' }];
    const changed = { ...sink, configuration: { ...sink.configuration, 'tasks.max': '2' } };
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, partitions) }]),
      round(100, [{ ...changed, ...lag(100, partitions) }]),
    );

    const signs = signsOf(memory, 'es', 100);
    expect(signs.position).toMatchObject({ since: at(100) });
    expect(signs.tasks?.[1]).toMatchObject({ since: at(100), begunAt: at(100), position: { since: at(100) } });
  });

  test('what was committed while a task was restarted is none of its own: others had its partitions', () => {
    const partitions = (committed: number) => [
      { topic: 't', partition: 1, committed, end: 9, client: 'connector-consumer-es-1' },
    ];
    const restarting = { ...sink, tasks: [onOne, { ...onTwo, state: 'RESTARTING' as const }] };
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, partitions(4)) }]),
      round(10, [{ ...restarting, ...lag(10, partitions(4)) }]),
      round(20, [{ ...sink, ...lag(20, partitions(9)) }]),
    );

    expect(signsOf(memory, 'es', 20).tasks?.[1]).toMatchObject({ begunAt: at(20), position: { since: at(20) } });
    expect(signsOf(memory, 'es', 20).tasks?.[1]?.position).not.toHaveProperty('movedAt');
  });

  test('a sink whose members leave and come back has moved nothing, though partitions without a commit come and go with them', () => {
    const stays = { topic: 't', partition: 0, committed: 4, end: 9 };
    const neverCommitted = { topic: 't', partition: 1, end: 3, client: 'connector-consumer-es-1' };
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, [stays, neverCommitted]) }]),
      round(10, [{ ...sink, ...lag(10, [stays]) }]),
      round(20, [{ ...sink, ...lag(20, [stays, neverCommitted]) }]),
    );

    expect(signsOf(memory, 'es', 20).position).toEqual({ kind: 'read', since: at(0), readAt: at(20) });
  });

  test('what waits in a partition that comes into sight is no growth of the lag', () => {
    const stays = { topic: 't', partition: 0, committed: 4, end: 9 };
    const neverCommitted = { topic: 't', partition: 1, end: 3, client: 'connector-consumer-es-1' };
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, [stays]) }]),
      round(10, [{ ...sink, ...lag(10, [stays, neverCommitted]) }]),
      round(20, [{ ...sink, ...lag(20, [stays, neverCommitted]) }]),
    );

    expect(signsOf(memory, 'es', 20).lag).toMatchObject({ samples: [{ from: at(10), value: 8 }, { value: 8 }] });
  });

  test('records that were deleted before anybody read them wait for nobody', () => {
    const memory = memoryOf(
      round(0, [
        { ...sink, ...lag(0, [{ topic: 't', partition: 1, start: 900, end: 903, client: 'connector-consumer-es-1' }]) },
      ]),
    );

    expect(signsOf(memory, 'es', 0)).toMatchObject({
      lag: { samples: [{ value: 3 }] },
      tasks: [{}, { waiting: { samples: [{ value: 3 }] } }],
    });
  });

  test('the first commit to a partition of a sink is a move', () => {
    const first = { topic: 't', partition: 1, end: 3 };
    const memory = memoryOf(
      round(0, [{ ...sink, ...lag(0, [first]) }]),
      round(10, [{ ...sink, ...lag(10, [{ ...first, committed: 1 }]) }]),
    );

    expect(signsOf(memory, 'es', 10).position).toMatchObject({ movedAt: at(10) });
  });

  test('what a task was assigned before is not its own any more', () => {
    const memory = memoryOf(
      round(0, [
        {
          ...sink,
          ...lag(0, [{ topic: 't', partition: 0, committed: 0, end: 90, client: 'connector-consumer-es-0' }]),
        },
      ]),
      round(10, [
        {
          ...sink,
          ...lag(10, [{ topic: 't', partition: 1, committed: 0, end: 2, client: 'connector-consumer-es-0' }]),
        },
      ]),
    );

    expect(signsOf(memory, 'es', 10).tasks?.[0]).toMatchObject({
      waiting: { samples: [{ from: at(10), value: 2 }] },
      position: { since: at(10) },
    });
  });

  describe('what JMX agents show', () => {
    const rate = (connector: string, task: number, recordsIn: number) => ({ connector, task, recordsIn });

    test('rates add up over the tasks, and each task has its own', () => {
      const metrics = [
        ...shown(0, { rates: [rate('es', 0, 2)], debezium: [] }, 'one:8083'),
        ...shown(0, { rates: [rate('es', 1, 3)], debezium: [] }, 'two:8083'),
      ];
      const signs = signsOf(memoryOf(round(0, [sink], { metrics })), 'es', 0);

      expect(signs.recordsIn).toMatchObject({ kind: 'read', samples: [{ value: 5 }] });
      expect(signs.tasks).toMatchObject([
        { recordsIn: { samples: [{ value: 2 }] } },
        { recordsIn: { samples: [{ value: 3 }] } },
      ]);
      expect(signs.recordsOut).toEqual({ kind: 'read', samples: [] });
    });

    test.each([
      { what: 'a part is missing and the rest is zero: nothing is known', rates: [rate('es', 0, 0)], samples: [] },
      {
        what: 'a part is missing and the rest moves: something moves',
        rates: [rate('es', 0, 2)],
        samples: [{ value: 2 }],
      },
      { what: 'all are zero: nothing moves', rates: [rate('es', 0, 0), rate('es', 1, 0)], samples: [{ value: 0 }] },
      { what: 'nothing is shown of it', rates: [rate('another', 0, 9)], samples: [] },
    ])('$what', ({ rates, samples }) => {
      const metrics = shown(0, { rates, debezium: [] });

      expect(signsOf(memoryOf(round(0, [sink], { metrics })), 'es', 0).recordsIn).toMatchObject({
        kind: 'read',
        samples,
      });
    });

    test('a task that failed moves nothing, and is not missed', () => {
      const half = { ...sink, tasks: [onOne, { ...onTwo, state: 'FAILED' as const }] };
      const metrics = shown(0, { rates: [rate('es', 0, 0)], debezium: [] });

      expect(signsOf(memoryOf(round(0, [half], { metrics })), 'es', 0).recordsIn).toMatchObject({
        samples: [{ value: 0 }],
      });
    });

    test('of two workers that show a task, the one that has it counts: the other was left behind', () => {
      const metrics = [
        ...shown(
          0,
          { rates: [rate('orders', 0, 9)], debezium: [{ server: 'shop', connected: 1, msSinceLastEvent: 5 }] },
          'two:8083',
        ),
        ...shown(
          0,
          { rates: [rate('orders', 0, 0)], debezium: [{ server: 'shop', connected: 0, msSinceLastEvent: 9000 }] },
          'one:8083',
        ),
      ];
      const signs = signsOf(memoryOf(round(0, [source], { metrics })), 'orders', 0);

      expect(signs.recordsIn).toMatchObject({ samples: [{ value: 0 }] });
      expect(signs.connected).toMatchObject({ samples: [{ value: 0 }] });
      expect(signs.msSinceLastEvent).toMatchObject({ samples: [{ value: 9000 }] });
    });

    test('of a task whose own agent does not answer nothing is known, whatever was left behind elsewhere', () => {
      const metrics = [
        ...shown(
          0,
          { rates: [rate('orders', 0, 0)], debezium: [{ server: 'shop', connected: 0, msSinceLastEvent: 9_000_000 }] },
          'two:8083',
        ),
        { worker: 'one:8083', values: { kind: 'unreadable', reason: 'no answer within 5000 ms' } } as const,
      ];
      const signs = signsOf(memoryOf(round(0, [source], { metrics })), 'orders', 0);

      expect(signs.recordsIn).toEqual({ kind: 'read', samples: [] });
      expect(signs.msSinceLastEvent).toEqual({ kind: 'read', samples: [] });
    });

    test('where nobody knows whose they are, the liveliest counts', () => {
      const debezium = [
        { server: 'shop', msSinceLastEvent: 9000 },
        { server: 'shop', connected: 0 },
        { server: 'shop', msSinceLastEvent: -1 },
        { server: 'shop', msSinceLastEvent: 5, connected: 1 },
      ];
      const signs = signsOf(memoryOf(round(0, [source], { metrics: shown(0, { rates: [], debezium }) })), 'orders', 0);

      expect(signs.connected).toMatchObject({ samples: [{ value: 1 }] });
      expect(signs.msSinceLastEvent).toMatchObject({ samples: [{ value: 5 }] });
    });

    test('another source’s event clock is not its own', () => {
      const metrics = shown(0, { rates: [], debezium: [{ server: 'shop2', msSinceLastEvent: 5 }] });

      expect(signsOf(memoryOf(round(0, [source], { metrics })), 'orders', 0).msSinceLastEvent).toEqual({
        kind: 'read',
        samples: [],
      });
    });

    test('nobody named any: what to do is said', () => {
      const { recordsIn, connected } = signsOf(memoryOf(round(0, [source])), 'orders', 0);

      expect(recordsIn).toMatchObject({ kind: 'not-watched', cure: expect.stringContaining('`prometheus`') });
      expect(connected).toMatchObject({ kind: 'not-watched' });
    });

    test('none answers: that is said', () => {
      const metrics: readonly MetricsSeen[] = [{ values: { kind: 'unreadable', reason: 'out of reach' } }];

      expect(signsOf(memoryOf(round(0, [source], { metrics })), 'orders', 0).recordsIn).toEqual({
        kind: 'unreadable',
        reason: 'out of reach',
      });
    });

    test('a sink has no event clock', () => {
      const metrics = shown(0, { rates: [], debezium: [] });

      expect(signsOf(memoryOf(round(0, [sink], { metrics })), 'es', 0).msSinceLastEvent).toMatchObject({
        kind: 'not-watched',
      });
    });
  });
});

describe('a rebalance is waited for', () => {
  const waits = (memory: ClusterMemory, seconds: number) => liveIn(memory, 'orders', seconds).operations;

  test('one that Connect says is under way, since it was first said', () => {
    const memory = memoryOf(round(0, [source], { rebalancing: true }), round(10, [source], { rebalancing: true }));

    expect(waits(memory, 10)).toMatchObject([{ type: 'REBALANCE', state: 'in-progress', startedAt: at(0) }]);
    memory.learn(round(20, [source]));
    expect(waits(memory, 20)).toEqual([]);
  });

  test.each<WorkerAnswer>([
    { kind: 'silent', since: at(5), reason: 'out of reach' },
    { kind: 'lost-its-group', since: at(5) },
  ])('one that is to come because its worker is $kind: as long as Connect may take', (answer) => {
    const memory = memoryOf(round(10, [source], { workers: [worker('one:8083', answer), worker('two:8083')] }));

    expect(waits(memory, 10)).toMatchObject([{ type: 'REBALANCE', startedAt: at(5) }]);
    expect(waits(memory, 334)).toHaveLength(1);
    expect(waits(memory, 336)).toEqual([]);
  });

  test('another worker’s trouble is not its own', () => {
    const gone = worker('two:8083', { kind: 'silent', since: at(5), reason: 'out of reach' });

    expect(waits(memoryOf(round(10, [source], { workers: [worker('one:8083'), gone] })), 10)).toEqual([]);
  });
});

test('who else lives on its workers is known, watched or not', () => {
  const unwatched = {
    ...source,
    name: 'unwatched',
    tasks: [
      { id: 0, state: 'RUNNING' as const, worker: 'one:8083' },
      { id: 1, state: 'FAILED' as const, worker: 'one:8083' },
      { id: 2, state: 'RUNNING' as const, worker: 'two:8083' },
    ],
  };
  const memory = memoryOf(
    round(0, [], {
      connectors: { kind: 'read', at: at(0), by: 'one:8083', list: [source, sink], others: [unwatched] },
    }),
  );

  expect(memory.loads('orders')).toEqual([
    {
      worker: 'one:8083',
      others: [
        { connector: 'shop/es', tasks: 1, healthy: 1 },
        { connector: 'shop/unwatched', tasks: 2, healthy: 1 },
      ],
    },
  ]);
});
