import { metricsAreOwn } from './eventClock.ts';
import { freshSeconds, isFresh } from './readings.ts';
import { erroredTasks } from './tasks.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** Debezium's keep-alive tries about every 90 s (measured); three tries without a line of them mean that nobody tries any more. */
export const triesSeconds = 270;
/** The lines of one stack trace are written at once, and delivered with what came a moment before. */
const sameTraceSeconds = 10;

/** A living task says it each time it tries, a dead one once, beside its death. */
export function positionEvidence({ signs }: Scene): Evidence[] {
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

/** Whether the source can be reached, by attempts to reconnect in the log and by what Debezium says of its connection. */
export function reachEvidence(scene: Scene): Evidence[] {
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
