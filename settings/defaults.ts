import { kinds } from '../recovery/kinds.ts';
import type { Breaker, ConnectorKind, Policy, Remedy } from '../recovery/policy.ts';
import type { Signal } from './connectorSettings.ts';

/** What an alarm is set to, before anybody changes it. */
export interface SignalDefaults {
  readonly threshold: number;
  readonly periods: number;
  readonly periodSeconds: number;
  readonly does: 'look' | 'notify';
}

/** Measured: an idle MySQL or MariaDB beats every 48 s, 0.8 times the connector's default keep-alive interval. */
const defaultBeatSeconds = 48;

/**
 * Milliseconds of silence after which the function looks at a source that beats so often: two missed beats. A healthy idle source's clock
 * reaches one beat, so one late beat calls nobody; three are the proof of death, which the function waits for once it was called. At 48 s
 * the alarm comes 96 s after the last event, and at most a sample (15 s) and a minute later: within 180 s.
 *
 * Never below 20 s: the exporter publishes every 15 s, so a shorter silence is a matter of when it was looked at, and 5 s more are a
 * garbage collection. With a beat of 8 s (keep-alive interval 10 s) the alarm comes within 20 + 15 + 60 s.
 */
export function eventClockThreshold(beatSeconds: number): number {
  return 1000 * Math.max(2 * beatSeconds, 20);
}

/**
 * The alarms' defaults. "Measured" is the table of failures that this project recorded on real Kafka Connect workers, scaled to MSK
 * Connect's flush interval of 60 s.
 */
export const signalDefaults: Readonly<Record<Exclude<Signal, 'lag'>, SignalDefaults>> = {
  // Measured: 0 for 90 s and longer while the database is away; a reconnect takes less than a period.
  connected: { threshold: 1, periods: 2, periodSeconds: 60, does: 'look' },
  // One period is enough: the clock only grows while the source is silent, so the greatest value of a minute is its newest.
  'event-clock': { threshold: eventClockThreshold(defaultBeatSeconds), periods: 1, periodSeconds: 60, does: 'look' },
  // Where nothing makes records come, a pause says little: five periods keep a lull from calling the function. Else `commitPeriods`.
  'offset-commits': { threshold: 1, periods: 5, periodSeconds: 60, does: 'look' },
  // A failed task stays failed, so two periods are enough to pass over a restart that somebody else makes.
  'errored-tasks': { threshold: 1, periods: 2, periodSeconds: 60, does: 'look' },
  // A rebalance leaves no task running for a minute or two.
  'running-tasks': { threshold: 1, periods: 3, periodSeconds: 60, does: 'look' },
  // The same. Else `stalledPeriods`, and of a sink whose lag is read `stalledWithLag`.
  'stalled-records': { threshold: 0, periods: 5, periodSeconds: 60, does: 'look' },
};

/**
 * How many minutes in a row without a record are no chance, where one comes at least every so many seconds. Kafka's rates remember an event for
 * 30 to 60 s and are published once a minute, so with a record every 30 s no healthy datapoint is 0, and one 0 is enough: it comes at most 120 s
 * after the last record, and its minute ends at most 60 s later. With a longer pause the rate is 0 for that pause but 30 s: as many datapoints
 * as begin in it are chance.
 * @see https://github.com/apache/kafka/blob/3.7.1/clients/src/main/java/org/apache/kafka/common/metrics/stats/Rate.java
 */
export function stalledPeriods(recordsEverySeconds: number): number {
  return recordsEverySeconds <= 30 ? 1 : Math.floor((recordsEverySeconds - 30) / 60) + 2;
}

/**
 * Of a sink whose lag is read, the alarm's value is how many records wait while none is read, so an idle sink never calls, and one datapoint is
 * enough: the rate is 0 at most 120 s after the last record, and its minute ends at most 60 s later.
 *
 * But lag is counted against committed offsets, and these are written every 60 s: a record that was read at once still waits by that count for
 * up to 60 s, while the rate that saw it forgets it after 30. So records count as waiting only if some waited a minute before, too: of a single
 * record no two datapoints, 60 s apart, can both see it wait. Reckoned for a healthy sink, false calls a day, with and without that condition:
 * with a record every 5 min none and 51, every hour none and 4, with one a minute on average and no rhythm 35 and 105. A sink that
 * is dead is not seen later for it: by the time its rate is 0 for certain, the minute before lies within the failure, too. For two periods the
 * last figure is less than one a day, and the alarm comes within 240 s.
 */
export const stalledWithLag: SignalDefaults = { threshold: 0, periods: 1, periodSeconds: 60, does: 'look' };

/**
 * The same for commits. Offsets are flushed every 60 s and a little, so that now and then a minute passes without a flush: with a record a
 * minute one minute without a commit is chance, two are not. The last commit comes at most 60 s after the last record, its minute ends at most
 * 60 s later: two periods are within 240 s.
 */
export function commitPeriods(recordsEverySeconds: number): number {
  return Math.ceil(recordsEverySeconds / 60) + 1;
}

export const lagDefaults: Readonly<Record<'source' | 'sink', SignalDefaults>> = {
  // Five minutes behind is worth a message. Measured: it freezes when the connector is stuck, so it never makes the function look.
  source: { threshold: 300_000, periods: 3, periodSeconds: 60, does: 'notify' },
  // Records; how many are too many only the owner knows, so this is a beginning and not a measurement.
  sink: { threshold: 10_000, periods: 5, periodSeconds: 60, does: 'notify' },
};

/** Restart on 2.7.1 leaves the tasks as they are, so only a recreation helps there (measured, and documented by AWS). */
export function remedyDefaults(connectVersion: string): readonly Remedy[] {
  return connectVersion === '2.7.1' ? ['recreate'] : ['restart', 'recreate'];
}

/** Two may be chance, or two tables of one database; half of a stack is not. */
export const breakerDefaults: Breaker = { atLeast: 3, share: 0.5, probe: 'restart' };

type PolicyDefaults = Omit<Policy, 'connector' | 'kind' | 'connectVersion' | 'remedies'>;

export const policyDefaults: PolicyDefaults = {
  // Two flush intervals. Three beats of the database's own replication heartbeat are the least that noise cannot explain.
  evidence: { livelySeconds: 120, missedBeats: 3, learnQuiet: true },
  waits: {
    // A recreation may wait at most 3 % longer than MSK Connect itself takes; it waits for the end of the deletion and for data, a whole poll
    // each at worst. `npm run bench` prints the share.
    pollSeconds: 7,
    // AWS publishes no duration of a restart; ten minutes is what Terraform waits for a delete.
    restartSeconds: 600,
    // Deletions take 3 to 5 minutes and Terraform waits 10; twice that before people are told.
    deleteSeconds: 1200,
    // awslabs waits up to 45 minutes for a creation; a broken one fails after about 20.
    createSeconds: 2700,
    // Measured: after a restart commits came back after at most 115 s, and are flushed once a minute.
    verifySeconds: 300,
    // Measured: with keep-alive on, a half-open connection heals within 75 to 107 s.
    healSeconds: 110,
    // A database's failover takes a minute or two and its restart seldom ten; a connector that is created while it is away only fails.
    outOfReachSeconds: 900,
  },
  // One of each: what the first did not cure, a second seldom does, and a person should look.
  limits: { restartsPerRecovery: 1, recreationsPerRecovery: 1, recoveriesPerDay: 3, cooldownSeconds: 1800 },
  // Losing a position or overwriting somebody's change is a decision for people.
  offsets: 'must-survive',
  drift: 'refuse',
  // Everything that makes a deletion safe is looked at before it; who wants a person's eye as well says so.
  deletions: 'by-itself',
  // Five sweeps: one may be late, five missing ones mean that nobody would finish what we begin.
  sweepSeenWithinSeconds: 300,
};

export const debeziumDefaults = {
  /** The exporter plugin's namespace and what it publishes unasked: https://github.com/aws-samples/msk-connect-custom-plugin-jmx */
  namespace: 'MSK_Connect',
  publishes: ['MilliSecondsBehindSource'],
  beatSeconds: defaultBeatSeconds,
  metricNames: {
    connected: 'Connected',
    msSinceLastEvent: 'MilliSecondsSinceLastEvent',
    msBehindSource: 'MilliSecondsBehindSource',
  },
} as const;

/** On MySQL and MariaDB the database itself beats; elsewhere the event clock of an idle connector grows as if it were dead (measured). */
export function hasEventClock(kind: ConnectorKind): boolean {
  return kinds[kind].eventClockBeatSeconds !== undefined;
}
