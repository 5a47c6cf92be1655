import type { LiveConnector } from './connector.ts';
import { incurable } from './incurable.ts';
import { reachSaid } from './outOfReach.ts';
import { positionLost, saysPositionLost } from './positionLost.ts';
import { freshSeconds, isFresh, readSeries } from './readings.ts';
import { rebalanceSeconds } from './rebalance.ts';
import type { TaskSigns } from './signs.ts';
import { flushSecondsOf, standstill } from './standstill.ts';
import { duration, later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { excerpt } from './trace.ts';
import type { Evidence, Verdict } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** A task that is dead, or FAILED for good, and since when. */
interface DeadTask {
  readonly id: number;
  readonly since: Instant;
  readonly evidence: Evidence;
}

/**
 * What the tasks of a self-managed Kafka Connect say, one by one, of the connector as a whole; `undefined`: nothing speaks against any of them.
 *
 * A FAILED task is told by its trace: what no restart cures, what a source out of reach did, what may pass. A task that is RUNNING is dead all the
 * same where records wait for it, ever more of them, while its committed offsets stand still. One that no worker has is not ours to restart.
 */
export function verdictOnTasks(scene: Scene, others: readonly Evidence[]): Verdict | undefined {
  const { connector, signs, policy, actedAt } = scene;
  const { tasks } = signs;
  if (tasks === undefined) return undefined;
  if (tasks.length === 0) return withoutTasks(connector, signs.to, others);
  const hopeless: DeadTask[] = [];
  const dead: DeadTask[] = [];
  const unreached: DeadTask[] = [];
  let cause: Verdict['incurable'];
  for (const task of tasks) {
    if (task.state === 'FAILED') {
      const found = failedTask(task);
      if (saysPositionLost(task.trace ?? ''))
        return positionLost(
          task.since,
          signs.to,
          [{ ...found.evidence, says: 'position lost' }, ...others],
          task.since,
        );
      const why = incurable(task.trace, failedAgain(task, actedAt));
      if (why === undefined) (found.evidence.says === 'out of reach' ? unreached : dead).push(found);
      else {
        hopeless.push(found);
        cause = { ...(cause ?? why), tasks: [...(cause?.tasks ?? []), task.id] };
      }
    }
    const stuck = stuckTask(task, signs.to, policy);
    if (stuck !== undefined) dead.push(stuck);
  }
  const all = [...hopeless, ...dead, ...unreached];
  if (all.length === 0) return nobodysTasks(tasks, signs.to, others);
  const silentSince = earliest([...dead, ...unreached].map(({ since }) => since));
  const isWhole = all.length === tasks.length;
  const seen = all.map(({ evidence }) => evidence.seen).join('; ');
  const told = {
    evidence: [...all.map(({ evidence }) => evidence), ...others],
    ...(silentSince === undefined ? {} : { silentSince }),
    ...(cause === undefined ? {} : { incurable: cause }),
  };
  if (dead.length === 0 && unreached.length > 0) {
    const diedAt = unreached.reduce<Instant | undefined>((newest, { since }) => later(newest, since), undefined);
    return {
      kind: 'elsewhere',
      because: `${how(all, tasks)} died, for what it reads from or writes to could not be reached: ${seen}.`,
      wouldChange: 'That it can be reached when the task begins anew.',
      deadTasks: unreached.map(({ id }) => id),
      ...(diedAt === undefined ? {} : { diedUnconnectedAt: diedAt }),
      ...told,
    };
  }
  return {
    kind: isWhole ? 'dead' : 'partial',
    because: `${how(all, tasks)} ${isWhole || all.length === 1 ? 'is' : 'are'} dead: ${seen}.`,
    wouldChange: 'That each task runs and takes the records that wait for it.',
    deadTasks: dead.map(({ id }) => id),
    ...told,
  };
}

function how(some: readonly unknown[], all: readonly unknown[]): string {
  if (some.length < all.length) return `${some.length} of ${all.length} tasks`;
  return all.length === 1 ? 'Its only task' : `Every task (${all.length})`;
}

/** A restart that is longer ago says nothing of what a task died of now. */
const againSeconds = 3600;

/** Whether it was restarted not long ago, and failed again. */
function failedAgain({ since }: TaskSigns, actedAt: Instant | undefined): boolean {
  return actedAt !== undefined && Math.abs(secondsBetween(actedAt, since)) < againSeconds;
}

/** Connect makes the tasks of a connector from its configuration; one that runs and has none has come to none, or has not yet. */
function withoutTasks(connector: LiveConnector, now: Instant, evidence: readonly Evidence[]): Verdict {
  const since = connector.stateSince ?? connector.createdAt;
  const at = plusSeconds(since, rebalanceSeconds);
  const because = 'it has no task yet, as while a worker group hands out its tasks anew';
  return {
    kind: 'unknown',
    because: 'It has no task, so nothing is read or written.',
    wouldChange: 'A task: the log of its worker says why none was made from its configuration.',
    evidence: [{ source: 'tasks', seen: 'it has none', since, says: 'silent' }, ...evidence],
    ...(at > now ? { ripens: { at, because } } : {}),
  };
}

function failedTask({ id, since, trace }: TaskSigns): DeadTask {
  const said = reachSaid(trace ?? '');
  const says = said === 'out of reach' || said === 'perhaps' ? 'out of reach' : 'errored';
  const seen = `task ${id} is FAILED${trace === undefined ? '' : `: ${excerpt(trace)}`}`;
  return { id, since, evidence: { source: `task ${id}`, seen, since, says } };
}

/**
 * A RUNNING task for which ever more records wait while its committed offsets stand still, for longer than a sign of life may be old and than two
 * commits take. What has waited less long may be read and not yet committed; what waits and does not grow may be nothing that is ever read (the
 * markers of transactions).
 */
function stuckTask(task: TaskSigns, now: Instant, policy: Scene['policy']): DeadTask | undefined {
  const { id, state, worker, waiting } = task;
  const still = standstill(task.position, now);
  if (state !== 'RUNNING' || waiting?.kind !== 'read' || still === undefined) return undefined;
  const reading = task.recordsIn === undefined ? undefined : readSeries(task.recordsIn);
  if (reading !== undefined && reading.zeroSince === undefined && isFresh(reading.newest.at, now, freshSeconds))
    return undefined;
  const from = [still.since, task.since, reading?.zeroSince].reduce(later) ?? still.since;
  const nothingWaited = waiting.samples.findLastIndex(({ value }) => value === 0);
  const first = waiting.samples.slice(nothingWaited + 1).find(({ to }) => to >= from);
  const last = waiting.samples.at(-1);
  if (first === undefined || last === undefined || !isFresh(last.to, now, freshSeconds)) return undefined;
  const seconds = secondsBetween(first.to, last.to);
  const grown = last.value - first.value;
  const limit = Math.max(policy.evidence.livelySeconds, 2 * flushSecondsOf(policy));
  if (grown <= 0 || seconds <= limit) return undefined;
  const seen = `task ${id} says RUNNING on ${worker}, but has taken none of the ${last.value} records that wait for it, ${grown} more than ${duration(seconds)} ago`;
  return { id, since: first.to, evidence: { source: `task ${id}`, seen, since: first.to, says: 'dead' } };
}

/** A task that no worker has, or that is between two, for longer than a rebalance may take: no restart reaches it, so people are told. */
function nobodysTasks(tasks: readonly TaskSigns[], now: Instant, evidence: readonly Evidence[]): Verdict | undefined {
  const waiting = tasks.filter(isInBetween);
  const overdue = waiting.filter(({ since }) => secondsBetween(since, now) > rebalanceSeconds);
  if (overdue.length === 0) return undefined;
  const since = earliest(overdue.map((task) => task.since));
  const seen = overdue.map(
    ({ id, state, since: began }) => `task ${id} is ${state} for ${duration(secondsBetween(began, now))}`,
  );
  return {
    kind: 'elsewhere',
    because: `No worker has taken up ${overdue.length} of ${tasks.length} tasks, longer than a rebalance may take (scheduled.rebalance.max.delay.ms, 5 min by default): ${seen.join('; ')}. A restart reaches only what a worker has.`,
    wouldChange: 'A worker that joins the group and takes them: look at the workers and their logs.',
    evidence: [
      ...overdue.map(({ id, since: began }, index): Evidence => ({
        source: `task ${id}`,
        seen: seen[index] ?? '',
        since: began,
        says: 'silent',
      })),
      ...evidence,
    ],
    ...(since === undefined ? {} : { silentSince: since }),
  };
}

/** Nobody runs it at the moment, as while a worker group hands out its tasks anew. */
export function isInBetween({ state }: Pick<TaskSigns, 'state'>): boolean {
  return state === 'UNASSIGNED' || state === 'RESTARTING';
}

/** Tasks for which records wait and that have taken none since they began or were restarted: whether they live is yet to be proved. */
export function unprovedTasks({ signs }: Scene): readonly number[] {
  return (signs.tasks ?? []).flatMap(({ id, state, waiting, position, recordsIn }) => {
    const last = waiting?.kind === 'read' ? waiting.samples.at(-1) : undefined;
    if (state !== 'RUNNING' || last === undefined || last.value === 0) return [];
    const took = (position?.kind === 'read' && position.movedAt !== undefined) || takes(recordsIn);
    return took ? [] : [id];
  });
}

/**
 * Tasks of several that have taken nothing since our last act, and for which nothing is known to wait: what waits for a task that has just begun is
 * not known before its partitions are its own again, and until then the others' records are no proof of it.
 */
export function unseenTasks({ signs, actedAt }: Scene): readonly number[] {
  const { tasks = [] } = signs;
  if (actedAt === undefined || tasks.length < 2) return [];
  return tasks.flatMap(({ id, state, position, recordsIn }) => {
    const took = (position?.kind === 'read' && position.movedAt !== undefined) || takes(recordsIn);
    return state !== 'RUNNING' || took ? [] : [id];
  });
}

/**
 * What to switch on, or to mend, where nothing tells the tasks' records apart; `undefined`: something does. A source commits its offsets per source
 * partition, and not per task, so those that move may be the others'.
 */
export function tellsNoneApart({ signs, policy }: Scene): string | undefined {
  const channel = policy.kind === 'sink' ? signs.lag : signs.recordsIn;
  if (channel.kind === 'read') return undefined;
  return channel.kind === 'not-watched' ? channel.cure : `make readable: ${channel.reason}`;
}

function takes(recordsIn: TaskSigns['recordsIn']): boolean {
  return recordsIn !== undefined && readSeries(recordsIn)?.lastAboveZero !== undefined;
}

function earliest(moments: readonly Instant[]): Instant | undefined {
  return moments.toSorted()[0];
}
