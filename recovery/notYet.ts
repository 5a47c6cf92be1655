import { freshSeconds, isFresh, readSeries } from './readings.ts';
import { rebalanceSeconds } from './rebalance.ts';
import type { Series, Signs } from './signs.ts';
import { isInBetween } from './taskByTask.ts';
import { duration, later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence, Ripening } from './verdict.ts';

/** The count is published once a minute, and then delivered. */
const seenSeconds = 75;

/** Why records, beats and events are not due yet, whatever stands still; `undefined`: they are. */
export interface NotYet {
  readonly why: 'no task runs' | 'its tasks are handed out anew' | 'its stream has not begun';
  readonly evidence: Evidence;
  /** When its end would be overdue, where that can be said. */
  readonly ripens?: Ripening;
}

/**
 * A task that nobody has, or that has yet to begin its stream, owes no record, no heartbeat and no event of the source, so their absence proves
 * nothing: while the tasks of a group are handed out anew (5 min by default), while a snapshot is taken, in which one query may give nothing for
 * the better part of an hour, and while the schema history is read.
 */
export function notYet(signs: Signs): NotYet | undefined {
  return rebalancing(signs) ?? handedOutAnew(signs) ?? startingUp(signs);
}

/** Takes from the evidence the force of proofs that are not due yet; that no task runs stays a proof. */
export function withheld(evidence: readonly Evidence[], reason: NotYet | undefined): readonly Evidence[] {
  if (reason === undefined) return evidence;
  const weighed = evidence.map((line): Evidence => {
    const isNotDue = line.says === 'dead' && line.source !== reason.evidence.source && line.source !== 'running tasks';
    // It is connected once it streams; attempts to reconnect are another matter.
    const isNotConnectedYet =
      reason.why === 'its stream has not begun' && line.source === 'Connected' && line.says === 'out of reach';
    return isNotDue || isNotConnectedYet ? { ...line, seen: `${line.seen}, but ${reason.why}`, says: 'nothing' } : line;
  });
  return weighed.some(({ source }) => source === reason.evidence.source) ? weighed : [...weighed, reason.evidence];
}

function rebalancing({ runningTasks, to }: Signs): NotYet | undefined {
  const running = readSeries(runningTasks);
  if (running?.zeroSince === undefined || !isFresh(running.newest.at, to, freshSeconds)) return undefined;
  const { zeroSince, newest } = running;
  const seconds = secondsBetween(zeroSince, newest.at);
  if (seconds > rebalanceSeconds) return undefined;
  const seen = `no task has run for ${duration(seconds)}`;
  return {
    why: 'no task runs',
    evidence: { source: 'running tasks', seen, since: zeroSince, says: 'nothing' },
    ripens: {
      at: plusSeconds(zeroSince, rebalanceSeconds + seenSeconds),
      because: `no task has run since ${zeroSince}, as in a rebalance, which takes 5 min by default`,
    },
  };
}

/** Tasks seen one by one that no worker has; beyond the time of a rebalance they speak for themselves. */
function handedOutAnew({ tasks = [], to }: Signs): NotYet | undefined {
  const [first, ...others] = tasks.filter(isInBetween).toSorted((a, b) => (a.since < b.since ? -1 : 1));
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const seen = `task ${first.id} is ${first.state} for ${duration(secondsBetween(first.since, to))}${more}`;
  return {
    why: 'its tasks are handed out anew',
    evidence: { source: 'tasks', seen, since: first.since, says: 'nothing' },
    ripens: {
      at: plusSeconds(first.since, rebalanceSeconds + 1),
      because: `${seen}, as in a rebalance, which takes 5 min by default`,
    },
  };
}

function startingUp({ log, msSinceLastEvent, to }: Signs): NotYet | undefined {
  const lines = log.kind === 'read' ? log.startingUp : undefined;
  if (lines?.lastAt !== undefined) {
    const ago = duration(secondsBetween(lines.lastAt, to));
    const seen = `${lines.count} line(s) in the log of a snapshot or of the reading of its schema history, the last ${ago} ago, and none of its end`;
    return { why: 'its stream has not begun', evidence: { source: 'start-up', seen, says: 'nothing' } };
  }
  if (!hasCountedNothing(msSinceLastEvent, to)) return undefined;
  const seen = 'its stream has counted no event yet, as while a snapshot is taken or the schema history is read';
  return { why: 'its stream has not begun', evidence: { source: 'start-up', seen, says: 'nothing' } };
}

/** Debezium's event clock reads -1 until the first event of its stream. */
function hasCountedNothing(clock: Series, now: Instant): boolean {
  const newest = clock.kind === 'read' ? clock.samples.at(-1) : undefined;
  return newest !== undefined && newest.value < 0 && isFresh(newest.to, now, freshSeconds);
}

/** When tasks were last seen to begin again after none ran: what stood still before that is not theirs; `undefined`: they ran all the time. */
export function tasksBackAt({ runningTasks, tasks = [] }: Signs): Instant | undefined {
  if (runningTasks.kind !== 'read') return tasks.map(({ begunAt }) => begunAt).reduce(later, undefined);
  const { samples } = runningTasks;
  const lastZero = samples.findLastIndex(({ value }) => value <= 0);
  return lastZero < 0 || lastZero === samples.length - 1 ? undefined : samples[lastZero]?.to;
}
