import type { LiveConnector } from './connector.ts';
import { kinds } from './kinds.ts';
import { rebalanceSeconds, tasksBackAt } from './notYet.ts';
import type { Policy } from './policy.ts';
import { lagEvidence } from './lag.ts';
import { paceEvidence } from './paceEvidence.ts';
import type { Learned } from './paceEvidence.ts';
import { freshSeconds, isFresh, readEventClock, readSeries } from './readings.ts';
import type { EventClock } from './readings.ts';
import type { Signs } from './signs.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';

/** Debezium's keep-alive tries about every 90 s (measured); three tries without a line of them mean that nobody tries any more. */
export const triesSeconds = 270;
/** The lines of one stack trace are written at once, and delivered with what came a moment before. */
const sameTraceSeconds = 10;
/** Younger connectors may be taking their first snapshot, in which no heartbeat is due. */
const firstSnapshotSeconds = 86_400;
/** MSK Connect's `offset.flush.interval.ms` unless the worker configuration sets another. */
const flushSeconds = 60;

/** What there is to weigh: one look at one connector. */
export interface Scene {
  readonly connector: LiveConnector;
  readonly signs: Signs;
  readonly policy: Policy;
  /** When our last act ended: what is older says nothing. */
  readonly actedAt: Instant | undefined;
  /** When the tasks that run now began, where what was done last left them as they were. */
  readonly tasks?: { readonly begunAt: Instant | undefined };
  /** What Debezium publishes is a dead task's, and counts for nothing. */
  readonly less?: WatchedWithLess;
  /** What its own past says of how long it may be quiet, where it was asked. */
  readonly learned?: Learned;
}

/** Puts each signal into words and says what it speaks for. No signal decides alone; `diagnose` does, from all of them. */
export function weigh(scene: Scene): Evidence[] {
  const seen = [
    ...recordEvidence(scene),
    ...commitEvidence(scene),
    ...clockEvidence(scene),
    ...heartbeatEvidence(scene),
    ...positionEvidence(scene),
    ...reachEvidence(scene),
    ...taskEvidence(scene),
    ...lagEvidence(scene),
  ];
  return [...seen, ...paceEvidence(scene, seen)];
}

function recordEvidence({ signs, policy }: Scene): Evidence[] {
  const verb = policy.kind === 'sink' ? 'read by the sink' : 'polled from the source';
  const reading = readSeries(signs.recordsIn);
  if (reading === undefined) return [];
  if (reading.zeroSince === undefined) {
    const seen = `${rate(reading.newest.value)} records/s ${verb}`;
    return [{ source: 'records in', seen, since: reading.newest.at, says: 'alive' }];
  }
  const quietSeconds = secondsBetween(reading.zeroSince, reading.newest.at);
  const limit = policy.evidence.recordsAtLeastEverySeconds;
  const fresh = isFresh(reading.newest.at, signs.to, freshSeconds);
  const broken = fresh && limit !== undefined && quietSeconds > limit;
  const stale = fresh ? '' : `, as last published ${duration(secondsBetween(reading.newest.at, signs.to))} ago`;
  const seen = `no record ${verb} for ${duration(quietSeconds)}${stale}`;
  return [
    {
      source: 'records in',
      seen: broken ? `${seen}, where its owner says that one comes at least every ${duration(limit)}` : seen,
      since: reading.zeroSince,
      says: broken ? 'dead' : fresh ? 'silent' : 'nothing',
    },
  ];
}

function commitEvidence({ signs }: Scene): Evidence[] {
  if (signs.log.kind !== 'read' || signs.log.commits === undefined) return [];
  const { commits, complete, wholeSince, newestLineAt } = signs.log;
  const readSince = complete ? signs.from : wholeSince;
  const since = later(commits.lastAt ?? signs.from, readSince) ?? signs.from;
  const quiet = duration(secondsBetween(since, signs.to));
  if (commits.lastAt !== undefined && isFresh(commits.lastAt, signs.to, 2 * flushSeconds)) {
    return [{ source: 'offset commits', seen: `offsets committed ${quiet} ago`, since, says: 'alive' }];
  }
  // An absence counts only beside a witness that the channel worked: every page read, and lines delivered long enough after.
  const witnessed =
    readSince !== undefined && newestLineAt !== undefined && secondsBetween(since, newestLineAt) > 2 * flushSeconds;
  return [
    {
      source: 'offset commits',
      seen: witnessed
        ? `no offset commit in the log for ${quiet}`
        : `no offset commit in the log for ${quiet}, but nothing shows that the log was delivered to its end meanwhile`,
      since,
      says: witnessed ? 'silent' : 'nothing',
    },
  ];
}

/** The event clock of a source that beats: of the tasks that run now, and published lately. */
export function freshClock(
  scene: Scene,
): { readonly clock: EventClock; readonly beatSeconds: number; readonly limitSeconds: number } | undefined {
  const { connector, signs, policy } = scene;
  const beatSeconds = kinds[policy.kind].eventClockBeatSeconds?.(connector.request.connectorConfiguration);
  const clock = ownClock(scene);
  if (beatSeconds === undefined || clock === undefined || !isFresh(clock.readAt, signs.to, freshSeconds))
    return undefined;
  return { clock, beatSeconds, limitSeconds: policy.evidence.missedBeats * beatSeconds };
}

function ownClock({ signs, actedAt, tasks, less }: Scene): EventClock | undefined {
  if (less !== undefined) return undefined;
  // Without a log nobody would know that they began anew all the same.
  if (tasks === undefined || actedAt === undefined || signs.log.kind !== 'read')
    return readEventClock(signs.msSinceLastEvent, actedAt);
  const clock = readEventClock(signs.msSinceLastEvent, tasks.begunAt);
  if (clock === undefined) return undefined;
  // Its silence counts from when it was left to itself again.
  const leftSeconds = Math.max(0, secondsBetween(actedAt, clock.readAt));
  return {
    readAt: clock.readAt,
    lastEventAt: later(clock.lastEventAt, actedAt) ?? actedAt,
    silentSince: later(clock.silentSince, actedAt) ?? actedAt,
    silentSeconds: Math.min(clock.silentSeconds, leftSeconds),
    lastReadSeconds: Math.min(clock.lastReadSeconds, leftSeconds),
  };
}

function clockEvidence(scene: Scene): Evidence[] {
  const { signs, policy, actedAt, less } = scene;
  if (
    kinds[policy.kind].eventClockBeatSeconds === undefined ||
    signs.msSinceLastEvent.kind !== 'read' ||
    signs.msSinceLastEvent.samples.length === 0
  )
    return [];
  const clock = ownClock(scene);
  if (clock === undefined) {
    const seen =
      actedAt === undefined && less === undefined
        ? 'no event of the source counted yet'
        : 'no event of the source counted since its tasks began; what shows may be the value of the task before them';
    return [{ source: 'event clock', seen, says: 'nothing' }];
  }
  const fresh = freshClock(scene);
  if (fresh === undefined) {
    const seen = `the event clock was last published ${duration(secondsBetween(clock.readAt, signs.to))} ago`;
    return [{ source: 'event clock', seen, says: 'nothing' }];
  }
  const heard = `${duration(clock.silentSeconds)} since the last event of the source, whose own heartbeat comes every ${duration(fresh.beatSeconds)}`;
  // The clock of a task that never got its stream reads 0 for good (measured: docs/failures.md, binlog-purged).
  const disconnected = newestConnected(signs) === 0;
  const isOverdue = clock.silentSeconds > fresh.limitSeconds;
  // Overdue before somebody was at work on it, and not yet since: no proof of either.
  const heardSince = readEventClock(signs.msSinceLastEvent, actedAt) !== undefined;
  const isSpeaking = !disconnected && (actedAt === undefined || heardSince);
  const says = isOverdue ? 'dead' : isSpeaking ? 'listening' : 'nothing';
  const why = disconnected ? 'it is disconnected, and its clock says nothing' : 'it was not heard since';
  const seen = says === 'nothing' ? `${heard}, but ${why}` : heard;
  return [{ source: 'event clock', seen, since: clock.silentSince, says }];
}

/** A heartbeat record that should have been made, or at least committed, was not. */
function heartbeatEvidence(scene: Scene): Evidence[] {
  const quiet = quietHeartbeats(scene);
  if (quiet === undefined || quiet.seconds < quiet.limitSeconds) return [];
  if (quiet.mayBeFirstSnapshot) {
    return [
      { source: 'heartbeat', seen: 'no heartbeat seen yet; it may be taking its first snapshot', says: 'nothing' },
    ];
  }
  const seen = `no heartbeat record for ${duration(quiet.seconds)}, where one is due every ${duration(quiet.beatSeconds)}`;
  return [{ source: 'heartbeat', seen, since: quiet.since, says: 'dead' }];
}

/** How long no heartbeat record of a connector that makes them has been seen, and how long is a proof; `undefined`: none is missing. */
export function quietHeartbeats(scene: Scene):
  | {
      readonly since: Instant;
      readonly seconds: number;
      readonly beatSeconds: number;
      readonly limitSeconds: number;
      readonly mayBeFirstSnapshot: boolean;
    }
  | undefined {
  const { connector, signs, policy, actedAt } = scene;
  const beatSeconds = kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration);
  const quiet = beatSeconds === undefined ? undefined : quietOfHeartbeats(scene);
  if (beatSeconds === undefined || quiet === undefined) return undefined;
  return {
    since: quiet.since,
    seconds: secondsBetween(quiet.since, quiet.until),
    beatSeconds,
    // A rate is published once a minute and offsets are flushed once a minute: no beat can be seen to be missing sooner.
    limitSeconds: policy.evidence.missedBeats * Math.max(beatSeconds, flushSeconds),
    mayBeFirstSnapshot:
      !quiet.everSeen && actedAt === undefined && secondsBetween(connector.createdAt, signs.to) < firstSnapshotSeconds,
  };
}

/** A zero that was reported outranks a line that is missing; the log speaks only where no rate was published. */
function quietOfHeartbeats(scene: Scene): { since: Instant; until: Instant; everSeen: boolean } | undefined {
  const { signs } = scene;
  const reading = readSeries(signs.recordsIn);
  if (reading !== undefined) {
    if (reading.zeroSince === undefined || !isFresh(reading.newest.at, signs.to, freshSeconds)) return undefined;
    const since = later(reading.zeroSince, tasksBackAt(signs)) ?? reading.zeroSince;
    return { since, until: reading.newest.at, everSeen: reading.lastAboveZero !== undefined };
  }
  const [commits] = commitEvidence(scene);
  if (commits?.says !== 'silent' || commits.since === undefined || signs.log.kind !== 'read') return undefined;
  const until = signs.log.newestLineAt ?? commits.since;
  const since = later(commits.since, tasksBackAt(signs)) ?? commits.since;
  return { since, until, everSeen: signs.log.commits?.lastAt !== undefined };
}

/** Whether what Debezium publishes is known to be the present task's: after an act only an event newer than the act shows it. */
function metricsAreOwn(scene: Scene): boolean {
  if (scene.less !== undefined) return false;
  return scene.actedAt === undefined || ownClock(scene) !== undefined;
}

/** What Debezium's `Connected` was lately; `undefined`: not published, or too long ago. */
function newestConnected(signs: Signs): number | undefined {
  const newest = signs.connected.kind === 'read' ? signs.connected.samples.at(-1) : undefined;
  return newest !== undefined && isFresh(newest.to, signs.to, freshSeconds) ? newest.value : undefined;
}

/** A living task says it each time it tries, a dead one once, beside its death. */
function positionEvidence({ signs }: Scene): Evidence[] {
  if (signs.log.kind !== 'read') return [];
  const { positionLost, taskFailures } = signs.log;
  const { lastAt, count } = positionLost;
  if (lastAt === undefined) return [];
  const died = taskFailures.lastAt !== undefined && isSameTrace(lastAt, taskFailures.lastAt);
  if (!isFresh(lastAt, signs.to, triesSeconds) && !(died && erroredTasks(signs) !== undefined)) return [];
  const ago = duration(secondsBetween(lastAt, signs.to));
  const seen = `${count} line(s) in the log that the source no longer has the log from its position on, the last ${ago} ago${died ? '; the task died of it' : ''}`;
  return [{ source: 'position', seen, since: lastAt, says: 'position lost' }];
}

function isSameTrace(one: Instant, other: Instant): boolean {
  return Math.abs(secondsBetween(one, other)) <= sameTraceSeconds;
}

function reachEvidence(scene: Scene): Evidence[] {
  const { signs } = scene;
  const evidence: Evidence[] = [];
  const log = signs.log.kind === 'read' ? signs.log : undefined;
  const tried = log?.reconnects.lastAt;
  const lastWords = diedUnconnectedAt(scene) !== undefined;
  if (tried !== undefined && (lastWords || isFresh(tried, signs.to, triesSeconds))) {
    const ago = duration(secondsBetween(tried, signs.to));
    const died = lastWords ? '; the task died of it' : '';
    const seen = `${log?.reconnects.count ?? 0} line(s) in the log of attempts to reconnect or of refused connections, the last ${ago} ago${died}`;
    evidence.push({ source: 'attempts to reconnect', seen, since: tried, says: 'out of reach' });
  }
  const samples = signs.connected.kind === 'read' ? signs.connected.samples : [];
  const newest = samples.at(-1);
  if (newest === undefined || !isFresh(newest.to, signs.to, freshSeconds)) return evidence;
  if (scene.less !== undefined) {
    const seen = `what shows is the value of a task that is gone, since ${scene.less.since}`;
    evidence.push({ source: 'Connected', seen, says: 'nothing' });
    return evidence;
  }
  if (newest.value >= 1) {
    // No proof of life: it stays 1 on a half-open connection (measured).
    evidence.push({ source: 'Connected', seen: 'Debezium says that it is connected', says: 'nothing' });
    return evidence;
  }
  const since = samples.findLast((sample) => sample.value >= 1)?.to ?? signs.from;
  const seconds = secondsBetween(since, signs.to);
  const quietSince = later(since, tried) ?? since;
  // A predecessor's 0 may stand for good, and its healthy successor has nothing to reconnect: no proof, then.
  const nobodyTries =
    metricsAreOwn(scene) &&
    log !== undefined &&
    log.complete &&
    log.newestLineAt !== undefined &&
    secondsBetween(quietSince, log.newestLineAt) > triesSeconds;
  const seen = `Debezium says that it is disconnected for ${duration(seconds)}${nobodyTries ? ', and nobody tries to reconnect' : ''}`;
  evidence.push({ source: 'Connected', seen, since, says: nobodyTries ? 'dead' : 'out of reach' });
  return evidence;
}

/** When a task died of a connection that its source had closed. */
export function closedBySourceAt({ signs }: Pick<Scene, 'signs'>): Instant | undefined {
  if (signs.log.kind !== 'read') return undefined;
  const closed = signs.log.closed.lastAt;
  const failed = signs.log.taskFailures.lastAt;
  if (closed === undefined || failed === undefined) return undefined;
  return isSameTrace(closed, failed) ? later(closed, failed) : undefined;
}

/** When a task died of a source out of reach. It tries no more: that nobody has tried since says nothing of the source. */
export function diedUnconnectedAt({ signs }: Scene): Instant | undefined {
  if (erroredTasks(signs) === undefined || signs.log.kind !== 'read') return undefined;
  const tried = signs.log.reconnects.lastAt;
  const failed = signs.log.taskFailures.lastAt;
  if (tried === undefined || failed === undefined) return undefined;
  return isSameTrace(tried, failed) ? later(tried, failed) : undefined;
}

function taskEvidence({ signs }: Scene): Evidence[] {
  const running = readSeries(signs.runningTasks);
  if (running?.zeroSince === undefined || !isFresh(running.newest.at, signs.to, freshSeconds)) return [];
  const seconds = secondsBetween(running.zeroSince, running.newest.at);
  const says = seconds > rebalanceSeconds ? 'dead' : 'nothing';
  return [
    { source: 'running tasks', seen: `no task has run for ${duration(seconds)}`, since: running.zeroSince, says },
  ];
}

/** Tasks in error, with how many still run; `undefined` when none is known to be. */
export function erroredTasks(
  signs: Signs,
): { readonly count: number; readonly running: number | undefined; readonly evidence: Evidence } | undefined {
  const errored = readSeries(signs.erroredTasks);
  if (errored === undefined || errored.zeroSince !== undefined || !isFresh(errored.newest.at, signs.to, freshSeconds)) {
    return undefined;
  }
  const samples = signs.erroredTasks.kind === 'read' ? signs.erroredTasks.samples : [];
  const since = samples.findLast((sample) => sample.value <= 0)?.to ?? samples[0]?.from ?? signs.from;
  const count = errored.newest.value;
  const running = readSeries(signs.runningTasks)?.newest;
  return {
    count,
    running: running !== undefined && isFresh(running.at, signs.to, freshSeconds) ? running.value : undefined,
    evidence: { source: 'tasks in error', seen: `${count} task(s) in error`, since, says: 'errored' },
  };
}

/** What to switch on so that next time it can be known. */
export function cures(signs: Signs, policy: Policy): string[] {
  const found = new Set<string>([kinds[policy.kind].cure]);
  for (const channel of [signs.recordsIn, signs.msSinceLastEvent, signs.log]) {
    if (channel.kind === 'not-watched') found.add(channel.cure);
    if (channel.kind === 'unreadable') found.add(`make readable: ${channel.reason}`);
  }
  return [...found];
}

function rate(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}
