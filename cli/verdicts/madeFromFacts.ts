import type { RecordedSample, Recording } from './recording.ts';

/** How a connector is at a moment of a series that is made: what holds until the next stretch. Times in minutes. */
interface Stretch {
  readonly minutes: number;
  readonly sample: (secondsIntoIt: number) => Partial<RecordedSample>;
}

const everySeconds = 15;
const runs = { running: 1, errored: 0 };
const unassigned = { running: 0, errored: 0, pollRate: 0, writeRate: 0 };

/** One after another, a sample every 15 s; where offsets are committed, once a minute. */
function series(stretches: readonly Stretch[]): RecordedSample[] {
  let from = 0;
  return stretches.flatMap(({ minutes, sample }) => {
    const begin = from;
    from += minutes * 60;
    return Array.from({ length: (minutes * 60) / everySeconds }, (_, index): RecordedSample => {
      const seconds = index * everySeconds;
      const shown = sample(seconds);
      const commits = shown.commits ?? ((begin + seconds) % 60 === 0 && (shown.writeRate ?? 0) > 0 ? 1 : 0);
      return { atSeconds: begin + seconds, ...runs, ...shown, commits };
    });
  });
}

/** Rows move, and the source is heard. */
const flows = (rate: number) => () => ({ connected: 1, msSinceLastEvent: 0, pollRate: rate, writeRate: rate });
/** A PostgreSQL source whose own clock grows while it is idle; its heartbeats move. */
const postgresIdle = (seconds: number) => ({
  connected: 1,
  msSinceLastEvent: seconds * 1000,
  pollRate: 0.1,
  writeRate: 0.1,
});
/** Streaming has not begun: no event was counted yet, and nothing moves. */
const notStreaming = () => ({ connected: 0, msSinceLastEvent: -1, pollRate: 0, writeRate: 0 });
const line = (text: string, where: string) => `INFO [orders-cdc|task-0] ${text} (${where})`;
const snapshotSource = 'io.debezium.relational.RelationalSnapshotChangeEventSource:1';
const usual = { origin: 'made from facts', configuration: {}, states: [], lines: [] } as const;
const beats = { 'heartbeat.interval.ms': '10000' };
const versions = ['2.7.1', '3.7.x'] as const;

/**
 * Series that no worker showed: what is known of such a case (docs/evidence.md, Debezium's and Kafka Connect's code) written out, a sample every
 * 15 s, for the kinds of life that nobody has recorded.
 */
export function madeFromFacts(): readonly Recording[] {
  return [
    ...versions.flatMap((version) => [...sources(version), ...sinks(version), ...starts(version)]),
    zombie(),
    ...late(),
  ];
}

function sources(version: (typeof versions)[number]): Recording[] {
  const named = (what: string) => `made-${what}-${version}`;
  return [
    {
      ...usual,
      name: named('mysql-busy'),
      kind: 'mysql',
      connectVersion: version,
      samples: series([{ minutes: 30, sample: flows(5000) }]),
      truth: [{ fromSeconds: 0, is: 'busy' }],
    },
    {
      // After an outage it reads what was written meanwhile: the source is far ahead of it, and its clock is fresh.
      ...usual,
      name: named('mysql-behind-its-source'),
      kind: 'mysql',
      connectVersion: version,
      samples: series([{ minutes: 60, sample: flows(900) }]),
      truth: [{ fromSeconds: 0, is: 'lagging' }],
    },
    {
      // `scheduled.rebalance.max.delay.ms`, 5 min, for which nobody has the task; a minute more until rates show.
      ...usual,
      name: named('mysql-rebalancing-heartbeats'),
      kind: 'mysql',
      connectVersion: version,
      configuration: beats,
      samples: series([
        { minutes: 10, sample: flows(2) },
        { minutes: 5, sample: () => unassigned },
        { minutes: 1, sample: () => ({ connected: 1, msSinceLastEvent: 0, pollRate: 0, writeRate: 0 }) },
        { minutes: 14, sample: flows(2) },
      ]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'rebalancing' },
        { fromSeconds: 960, is: 'healthy' },
      ],
    },
    {
      ...usual,
      name: named('postgres-rebalancing-heartbeats'),
      kind: 'postgresql',
      connectVersion: version,
      configuration: beats,
      samples: series([
        { minutes: 10, sample: flows(2) },
        { minutes: 5, sample: () => unassigned },
        { minutes: 2, sample: () => ({ connected: 1, msSinceLastEvent: -1, pollRate: 0, writeRate: 0 }) },
        { minutes: 13, sample: flows(2) },
      ]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'rebalancing' },
        { fromSeconds: 1020, is: 'healthy' },
      ],
    },
    {
      // An idle night of eight hours, its heartbeats on.
      ...usual,
      name: named('postgres-idle-night-heartbeats'),
      kind: 'postgresql',
      connectVersion: version,
      configuration: beats,
      samples: series([
        { minutes: 10, sample: flows(2) },
        { minutes: 480, sample: postgresIdle },
      ]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'idle' },
      ],
    },
  ];
}

function sinks(version: (typeof versions)[number]): Recording[] {
  const sink = { ...usual, kind: 'sink', connectVersion: version } as const;
  const named = (what: string) => `made-sink-${what}-${version}`;
  const reads = (rate: number, lag: (seconds: number) => number) => (seconds: number) => ({
    pollRate: rate,
    writeRate: rate,
    lag: lag(seconds),
    ...(version === '3.7.x' ? { commits: 0 } : {}),
  });
  const healthy = { minutes: 10, sample: reads(5, () => 4) };
  return [
    {
      ...sink,
      name: named('busy'),
      samples: series([{ minutes: 30, sample: reads(4000, () => 2500) }]),
      truth: [{ fromSeconds: 0, is: 'busy' }],
    },
    {
      ...sink,
      name: named('idle-night'),
      samples: series([healthy, { minutes: 480, sample: reads(0, () => 0) }]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'idle' },
      ],
    },
    {
      ...sink,
      name: named('lagging'),
      samples: series([healthy, { minutes: 50, sample: reads(40, (seconds) => 4 + 60 * seconds) }]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'lagging' },
      ],
    },
    {
      ...sink,
      name: named('rebalancing'),
      samples: series([
        healthy,
        { minutes: 5, sample: (seconds) => ({ ...unassigned, lag: 4 + 5 * seconds }) },
        { minutes: 1, sample: (seconds) => ({ pollRate: 0, writeRate: 0, lag: 1504 + 5 * seconds }) },
        { minutes: 14, sample: reads(60, (seconds) => Math.max(4, 1804 - 55 * seconds)) },
      ]),
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'rebalancing' },
        { fromSeconds: 960, is: 'healthy' },
      ],
    },
    {
      ...sink,
      name: named('dead'),
      samples: series([healthy, { minutes: 20, sample: reads(0, (seconds) => 4 + 5 * seconds) }]).map((sample) => ({
        ...sample,
        atSeconds: sample.atSeconds - 600,
      })),
      truth: [
        { fromSeconds: -600, is: 'healthy' },
        { fromSeconds: 0, is: 'dead' },
      ],
    },
  ];
}

/** Times in which a task reads nothing because it is not that far yet. */
function starts(version: (typeof versions)[number]): Recording[] {
  const named = (what: string) => `made-${what}-${version}`;
  const old = version === '2.7.1';
  const restart = old
    ? [
        { atSeconds: 600, state: 'gone' },
        { atSeconds: 610, state: 'CREATING' },
        { atSeconds: 655, state: 'RUNNING' },
      ]
    : [
        { atSeconds: 600, state: 'RESTARTING' },
        { atSeconds: 655, state: 'RUNNING' },
      ];
  const historyLines = [
    {
      atSeconds: 660,
      text: line(`Started database ${old ? '' : 'schema '}history recovery`, 'io.debezium.relational.history:1'),
    },
    ...Array.from({ length: 240 }, (_, index) => ({
      atSeconds: 665 + 5 * index,
      text: line(
        `Database ${old ? '' : 'schema '}history recovery in progress, recovered ${(index + 1) * 400} records`,
        'io.debezium.relational.history:1',
      ),
    })),
    {
      atSeconds: 1860,
      text: line(
        `Finished database ${old ? '' : 'schema '}history recovery of 96000 change(s) in 1200000 ms`,
        'io.debezium.relational.history:1',
      ),
    },
  ];
  const snapshotLines = [
    { atSeconds: 20, text: line('Snapshot step 1 - Preparing', snapshotSource) },
    { atSeconds: 40, text: line('Snapshot step 7 - Snapshotting data', snapshotSource) },
    { atSeconds: 41, text: line("Exporting data from table 'shop.orders' (1 of 2 tables)", snapshotSource) },
    ...Array.from({ length: 119 }, (_, index) => ({
      atSeconds: 60 + 10 * index,
      text: line(
        `\t Exported ${(index + 1) * 50_000} of 6000000 records for table 'shop.orders' after 00:00:10.0`,
        snapshotSource,
      ),
    })),
    {
      atSeconds: 1258,
      text: line(
        "\t Finished exporting 6000000 records for table 'shop.orders'; total duration '00:20:00.0'",
        snapshotSource,
      ),
    },
    { atSeconds: 1259, text: line("Exporting data from table 'shop.order_items' (2 of 2 tables)", snapshotSource) },
    {
      atSeconds: 3060,
      text: line(
        "\t Finished exporting 900000 records for table 'shop.order_items'; total duration '00:30:00.0'",
        snapshotSource,
      ),
    },
    {
      atSeconds: 3062,
      text: line(
        'Snapshot ended with SnapshotResult [status=COMPLETED]',
        'io.debezium.pipeline.ChangeEventSourceCoordinator:1',
      ),
    },
  ];
  const snapshot = series([
    { minutes: 1, sample: notStreaming },
    { minutes: 20, sample: () => ({ connected: 0, msSinceLastEvent: -1, pollRate: 5000, writeRate: 5000 }) },
    // The database sorts a large table before it gives its first row.
    { minutes: 25, sample: notStreaming },
    { minutes: 5, sample: () => ({ connected: 0, msSinceLastEvent: -1, pollRate: 3000, writeRate: 3000 }) },
    { minutes: 20, sample: flows(2) },
  ]);
  return [
    ...(['mysql', 'postgresql'] as const).flatMap((kind) => [
      {
        ...usual,
        name: named(`${kind}-first-snapshot-heartbeats`),
        kind,
        connectVersion: version,
        configuration: beats,
        createdAtSeconds: -60,
        samples: snapshot,
        lines: snapshotLines,
        truth: [
          { fromSeconds: 0, is: 'snapshotting' },
          { fromSeconds: 3060, is: 'healthy' },
        ],
      } satisfies Recording,
      {
        // Ordered by a signal or by `snapshot.mode`, on a connector of long standing, whose stream pauses meanwhile.
        ...usual,
        name: named(`${kind}-later-snapshot-heartbeats`),
        kind,
        connectVersion: version,
        configuration: beats,
        samples: snapshot,
        lines: snapshotLines,
        truth: [
          { fromSeconds: 0, is: 'snapshotting' },
          { fromSeconds: 3060, is: 'healthy' },
        ],
      } satisfies Recording,
    ]),
    {
      ...usual,
      name: named('mysql-schema-history-heartbeats'),
      kind: 'mysql',
      connectVersion: version,
      configuration: beats,
      states: restart,
      samples: series([
        { minutes: 10, sample: flows(2) },
        { minutes: 21, sample: notStreaming },
        { minutes: 9, sample: flows(200) },
      ]),
      lines: historyLines,
      truth: [
        { fromSeconds: 0, is: 'healthy' },
        { fromSeconds: 600, is: 'recovering its schema history' },
        { fromSeconds: 1860, is: 'healthy' },
      ],
    },
  ];
}

/** A dead task's metrics beside a living one: a night of heartbeats, then a second, real death. */
function zombie(): Recording {
  const diedAtSeconds = 600;
  const nightMinutes = 480;
  const secondDeath = 600 + 300 + 600 + nightMinutes * 60;
  const samples = series([
    { minutes: 10, sample: flows(2) },
    { minutes: 5, sample: () => ({ pollRate: 0, writeRate: 0 }) },
    { minutes: 10, sample: () => ({ pollRate: 2, writeRate: 2 }) },
    { minutes: nightMinutes, sample: () => ({ pollRate: 0.1, writeRate: 0.1 }) },
    { minutes: 10, sample: () => ({ pollRate: 0, writeRate: 0 }) },
  ]).map((sample) => ({
    ...sample,
    ...(sample.atSeconds < diedAtSeconds
      ? {}
      : { connected: 1, msSinceLastEvent: (sample.atSeconds - diedAtSeconds) * 1000 }),
    atSeconds: sample.atSeconds - secondDeath,
  }));
  const at = (seconds: number) => seconds - secondDeath;
  return {
    ...usual,
    name: 'made-postgres-zombie-metrics-heartbeats-3.7.x',
    kind: 'postgresql',
    connectVersion: '3.7.x',
    configuration: beats,
    states: [
      { atSeconds: at(780), state: 'RESTARTING' },
      { atSeconds: at(785), state: 'RUNNING' },
    ],
    samples,
    lines: [
      {
        atSeconds: at(900),
        text: 'ERROR [orders-cdc|task-0] Failed to register metrics MBean, metrics will not be available (io.debezium.pipeline.JmxUtils:62)',
      },
    ],
    truth: [
      { fromSeconds: at(0), is: 'healthy' },
      { fromSeconds: at(600), is: 'dead' },
      { fromSeconds: at(780), is: 'restarting' },
      { fromSeconds: at(900), is: 'healthy' },
      { fromSeconds: at(1500), is: 'idle' },
      { fromSeconds: 0, is: 'dead' },
    ],
  };
}

/** Deliveries that lag while all is well. */
function late(): Recording[] {
  const flowing = series([{ minutes: 40, sample: flows(2) }]);
  const one = (what: string, lateSeconds: NonNullable<Recording['lateSeconds']>): Recording => ({
    ...usual,
    name: `made-mysql-${what}-3.7.x`,
    kind: 'mysql',
    connectVersion: '3.7.x',
    configuration: beats,
    samples: flowing,
    lateSeconds,
    truth: [{ fromSeconds: 0, is: 'healthy' }],
  });
  return [
    one('metrics-late-by-6-min', { metrics: 360, log: 0 }),
    one('log-late-by-10-min', { metrics: 0, log: 600 }),
    one('both-late-by-6-min', { metrics: 360, log: 360 }),
  ];
}
