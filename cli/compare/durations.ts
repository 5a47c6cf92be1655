import { kinds, type TaskStarts } from '../../local/connect/simulated/kinds.ts';
import type { Random } from '../../local/seededRandom.ts';
import { policyDefaults, signalDefaults } from '../../settings/defaults.ts';
import { livelySecondsOf, selfManagedDefaults, watchdogDefaults } from '../../settings/watchdogDefaults.ts';
import type { Compared } from './compareOptions.ts';
import type { Side } from './marks.ts';

/** How a duration is known. */
export type Source =
  | 'measured'
  | 'documented'
  | 'reported'
  | "Kafka's default"
  | "Debezium's default"
  | 'our default'
  | 'inferred'
  | 'chosen';

/** A duration that the figures rest on. */
export interface Duration {
  readonly world: 'both' | Side;
  readonly what: string;
  /** Drawn evenly from the first to the second in each run; one number: always that. */
  readonly seconds: number | readonly [number, number];
  readonly source: Source;
  /** Where that can be read. */
  readonly where: string;
}

const minute = 60;

/** Drawn in virtual time only: elsewhere requests go by real sockets. */
const travel = 'a request, and again its answer, is on its way';
const latency = 'REST and metrics answer within';
export const inVirtualTimeOnly: readonly string[] = [travel, latency];

/** Rows written to the database of either world. */
export const rowsPerSecond = 1;
const { pollSeconds } = watchdogDefaults;
const exporterSeconds = 15;

/** What is drawn anew for each run, in seconds; what both worlds have is drawn for each of them. */
const drawn = {
  restart: [42, 78],
  delete: [3 * minute, 5 * minute],
  create: [3 * minute, 5 * minute],
  travel: [0, 0.05],
  latency: [0.005, 0.5],
  afterStuck: [11, 17],
  afterEnded: [1, 2],
  pollPhase: [0, pollSeconds],
  exporterPhase: [0, exporterSeconds],
  nativePhase: [0, minute],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** How long things take in one run, and where in their beat they are. */
export interface DrawnDurations {
  /** What MSK Connect takes for its part. */
  readonly durations: {
    readonly restartSeconds: number;
    readonly deleteSeconds: number;
    readonly createSeconds: number;
  };
  /** How long a request, and again an answer, is on its way at most, in the MSK Connect world. */
  readonly longestTravelMs: number;
  readonly msk: {
    readonly taskStarts: TaskStarts;
    /** From a worker's start until its exporter, and until it itself, sends metrics for the first time. */
    readonly exporterPhaseSeconds: number;
    readonly nativePhaseSeconds: number;
  };
  readonly selfManaged: {
    readonly taskStarts: TaskStarts;
    /** The watchdog begins so long after the moment at which MSK Connect's world is deployed, and with it its polls. */
    readonly pollPhaseSeconds: number;
    /** Each answer's time is drawn evenly between these. */
    readonly latencyMs: readonly [number, number];
  };
}

export function drawDurations(random: Random): DrawnDurations {
  const between = ([from, to]: readonly [number, number]) => from + random() * (to - from);
  const taskStarts = () => ({
    afterStuckSeconds: between(drawn.afterStuck),
    afterEndedSeconds: between(drawn.afterEnded),
  });
  return {
    durations: {
      restartSeconds: between(drawn.restart),
      deleteSeconds: between(drawn.delete),
      createSeconds: between(drawn.create),
    },
    longestTravelMs: drawn.travel[1] * 1000,
    msk: {
      taskStarts: taskStarts(),
      exporterPhaseSeconds: between(drawn.exporterPhase),
      nativePhaseSeconds: between(drawn.nativePhase),
    },
    selfManaged: {
      taskStarts: taskStarts(),
      pollPhaseSeconds: between(drawn.pollPhase),
      latencyMs: [drawn.latency[0] * 1000, drawn.latency[1] * 1000],
    },
  };
}

/** `offset.flush.interval.ms` of both worlds' workers, in seconds. */
export const flushSeconds = watchdogDefaults.offsetFlushSeconds;
/** Debezium's `connect.keep.alive.interval.ms`, in seconds. */
const keepAliveSeconds = 60;
const { serverBeatShare = 0 } = kinds.mysql;
const beatSeconds = serverBeatShare * keepAliveSeconds;

/** What is set, not measured, where all else is real. */
export function durationsWhenReal(failure: Compared['failure']): readonly Duration[] {
  const kept: readonly Source[] = ['our default', "Kafka's default", 'documented'];
  const set = durationsOf({ failure, connectVersion: '3.7.x' }).filter(({ source }) => kept.includes(source));
  const own: Duration = {
    world: 'MSK Connect',
    what: 'RestartConnector waits, besides the real worker',
    seconds: 1,
    source: 'chosen',
    where: 'AWS publishes nothing; the simulated form reckons with a minute',
  };
  return [
    ...set.filter(({ world }) => world !== 'self-managed'),
    own,
    ...set.filter(({ world }) => world === 'self-managed'),
  ];
}

/** Everything that the figures of that comparison rest on, and how it is known. */
export function durationsOf({ failure, connectVersion }: Compared): readonly Duration[] {
  const recreates = connectVersion === '2.7.1';
  const silent = failure !== 'failed-task';
  const list: (Duration & { readonly only?: boolean })[] = [
    {
      world: 'both',
      what: 'the failure, after a full minute',
      seconds: [0, minute],
      source: 'chosen',
      where: 'at any moment of it',
    },
    {
      world: 'both',
      what: 'the workers flush their offsets, every',
      seconds: flushSeconds,
      source: "Kafka's default",
      where: 'offset.flush.interval.ms',
    },
    {
      world: 'both',
      what: 'the database beats on an idle connection, every',
      seconds: beatSeconds,
      source: 'measured',
      where: 'recordings/: 0.8 of connect.keep.alive.interval.ms',
    },
    {
      world: 'both',
      what: 'the last row before the failure came, earlier by',
      seconds: [0, 1 / rowsPerSecond],
      source: 'chosen',
      where: 'a row a second; the next beat counts from the last of them',
      only: silent,
    },
    {
      world: 'both',
      what: 'keep-alive connects anew, after',
      seconds: [75, 107],
      source: 'measured',
      where: 'recordings/: half-open, keep-alive on',
      only: failure === 'heals-itself',
    },
    {
      world: 'both',
      what: 'from the restart of a stuck task to its data',
      seconds: drawn.afterStuck,
      source: 'measured',
      where: 'docs/self-managed.md 11 s, recordings/ 16 s, docs/compare.md 17 s; drawn for each world',
      only: failure === 'half-open',
    },
    {
      world: 'both',
      what: 'from the restart of a task that ended to its data',
      seconds: drawn.afterEnded,
      source: 'measured',
      where: 'docs/self-managed.md and docs/compare.md; drawn for each world',
      only: failure === 'failed-task',
    },
    ...inBoth(
      'no sign of life for so long',
      policyDefaults.evidence.livelySeconds,
      livelySecondsOf(flushSeconds, watchdogDefaults.pollSeconds),
      'our default',
      'two flush intervals',
    ).map((each) => ({ ...each, only: silent })),
    ...inBoth(
      'no beat of the database for so long is a proof',
      policyDefaults.evidence.missedBeats * beatSeconds,
      selfManagedDefaults.missedBeats * beatSeconds,
      'our default',
      'three beats: evidence.missedBeats',
    ).map((each) => ({ ...each, only: silent })),
    ...inBoth(
      'silence that is waited for, for it may heal',
      policyDefaults.waits.healSeconds,
      selfManagedDefaults.waits.healSeconds,
      'measured',
      'recordings/: keep-alive heals within 75 to 107 s',
    ).map((each) => ({ ...each, only: silent })),
    {
      world: 'MSK Connect',
      what: "MSK Connect's own metrics, every",
      seconds: minute,
      source: 'documented',
      where: 'mkc-monitoring-overview.html',
    },
    {
      world: 'MSK Connect',
      what: "Debezium's metrics through the exporter, every",
      seconds: exporterSeconds,
      source: 'documented',
      where: 'aws-samples/msk-connect-custom-plugin-jmx',
    },
    {
      world: 'MSK Connect',
      what: "MSK Connect's own metrics, first after",
      seconds: drawn.nativePhase,
      source: 'chosen',
      where: 'at any moment of their minute',
    },
    {
      world: 'MSK Connect',
      what: 'the exporter, first after',
      seconds: drawn.exporterPhase,
      source: 'chosen',
      where: 'at any moment of its beat',
    },
    {
      world: 'MSK Connect',
      what: 'an alarm evaluates a full minute, after',
      seconds: 5,
      source: 'inferred',
      where: 'local/aws/README.md',
    },
    {
      world: 'MSK Connect',
      what: 'the event clock alarms at',
      seconds: signalDefaults['event-clock'].threshold / 1000,
      source: 'our default',
      where: `${signalDefaults['event-clock'].periods} period of a minute`,
      only: silent,
    },
    {
      world: 'MSK Connect',
      what: 'tasks in error alarm after',
      seconds: signalDefaults['errored-tasks'].periods * signalDefaults['errored-tasks'].periodSeconds,
      source: 'our default',
      where: 'two periods of a minute',
      only: !silent,
    },
    {
      world: 'MSK Connect',
      what: 'a log line can be read, after',
      seconds: 2,
      source: 'inferred',
      where: 'local/aws/README.md',
    },
    {
      world: 'MSK Connect',
      what: 'a metric can be read, after',
      seconds: 0,
      source: 'inferred',
      where: 'AWS may take up to two minutes, which is not counted here',
    },
    {
      world: 'MSK Connect',
      what: travel,
      seconds: drawn.travel,
      source: 'inferred',
      where: 'within a Region',
    },
    {
      world: 'MSK Connect',
      what: 'RestartConnector, until the operation has ended',
      seconds: drawn.restart,
      source: 'inferred',
      where: 'no duration is published; a minute, a third more or less',
      only: !recreates,
    },
    {
      world: 'MSK Connect',
      what: 'DeleteConnector, until it is gone',
      seconds: drawn.delete,
      source: 'reported',
      where: "practitioners' 3 to 5 minutes",
      only: recreates,
    },
    {
      world: 'MSK Connect',
      what: 'CreateConnector, until it is RUNNING',
      seconds: drawn.create,
      source: 'reported',
      where: "practitioners' 3 to 5 minutes",
      only: recreates,
    },
    {
      world: 'MSK Connect',
      what: 'from RUNNING to data',
      seconds: kinds.mysql.startSeconds,
      source: 'measured',
      where: 'recordings/',
      only: recreates,
    },
    {
      world: 'MSK Connect',
      what: 'the Lambda polls what it waits for, every',
      seconds: policyDefaults.waits.pollSeconds,
      source: 'our default',
      where: 'waits.pollSeconds',
    },
    {
      world: 'self-managed',
      what: 'the watchdog polls, every',
      seconds: pollSeconds,
      source: 'our default',
      where: 'pollSeconds',
    },
    {
      world: 'self-managed',
      what: 'the watchdog polls, first after',
      seconds: drawn.pollPhase,
      source: 'chosen',
      where: 'at any moment between two polls',
    },
    {
      world: 'self-managed',
      what: latency,
      seconds: drawn.latency,
      source: 'inferred',
      where: 'from an idle worker to a busy one',
    },
  ];
  return list.filter(({ only = true }) => only).map(({ only: _only, ...duration }) => duration);
}

/** What each world's product has a setting of its own for: once, where both are set alike. */
function inBoth(what: string, msk: number, selfManaged: number, source: Source, where: string): readonly Duration[] {
  const one = (world: Duration['world'], seconds: number): Duration => ({ world, what, seconds, source, where });
  return msk === selfManaged ? [one('both', msk)] : [one('MSK Connect', msk), one('self-managed', selfManaged)];
}
