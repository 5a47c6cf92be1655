import type { LiveConnector, Sighting } from './connector.ts';
import { diagnose } from './diagnose.ts';
import type { Background } from './diagnose.ts';
import type { Act, Journal, Recovery } from './journal.ts';
import { rebalance } from './rebalance.ts';
import { kinds } from './kinds.ts';
import { askThePast } from './learned.ts';
import { flushSeconds } from './movement.ts';
import { asksThePast } from './paceEvidence.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import { remembered } from './remembered.ts';
import type { LogSigns, Position, Series, Signs, TaskSigns } from './signs.ts';
import type { Instant } from './time.ts';
import { later, plusSeconds } from './time.ts';
import type { Verdict } from './verdict.ts';

/** How far back signs of life are looked for, unless an act of ours, a slow heartbeat or a longer limit of the owner's says otherwise. */
const lookBackSeconds = 900;

const lastWordsMarginSeconds = 60;
/** Rates, lag and commits show a missing beat once a minute at most. */
const seenEverySeconds = 60;
/** The longest pause between two creations, and the time that a creation takes to fail. */
const longestLookBackSeconds = 10_800;

/**
 * The verdict on a connector that nobody is at work on, from a look at its signs of life and what is known of it besides; its past is asked only
 * where nothing better tells.
 */
export async function judge(
  ports: Pick<Ports, 'signsOfLife' | 'past'>,
  policy: Policy,
  connector: LiveConnector,
  journal: Journal,
  recovery: Recovery | undefined,
  at: Instant,
): Promise<Verdict> {
  const { signs, actedAt, background } = await look(ports, policy, connector, journal, recovery, at);
  const present = diagnose(connector, signs, policy, actedAt, background);
  const diagnosed = asksThePast(present, { connector, policy })
    ? diagnose(connector, signs, policy, actedAt, {
        ...background,
        learned: await askThePast(ports, connector, journal, policy, at),
      })
    : present;
  const { watchedWithLess: less, unread } = diagnosed;
  return {
    // Tasks that are seen one by one go on saying what they died of.
    ...(signs.tasks === undefined ? remembered(diagnosed, journal, connector, signs) : diagnosed),
    ...(less === undefined ? {} : { watchedWithLess: less }),
    ...(unread === undefined ? {} : { unread }),
  };
}

async function look(
  ports: Pick<Ports, 'signsOfLife'>,
  policy: Policy,
  connector: LiveConnector,
  journal: Journal,
  recovery: Recovery | undefined,
  at: Instant,
): Promise<{ readonly signs: Signs; readonly actedAt: Instant | undefined; readonly background: Background }> {
  const ours = newestTasksOf(recovery, policy)?.endedAt ?? pastActAt(journal, policy);
  const actedAt = later(ours, lastChangeAt(connector, policy));
  const begunAt = later(ours, lastChangeAt(connector, policy, 'of tasks'));
  const beat = kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration) ?? 0;
  const { recordsAtLeastEverySeconds = 0, missedBeats, livelySeconds } = policy.evidence;
  // What proves a death must be seen whole: a silence that seems to begin where the look begins would never be long enough.
  const due = Math.max(recordsAtLeastEverySeconds, missedBeats * Math.max(beat, seenEverySeconds), livelySeconds);
  // What it died of must still be seen when the patience with its source ends.
  const seconds = Math.max(lookBackSeconds, 1.5 * due, policy.waits.outOfReachSeconds + lastWordsMarginSeconds);
  const start = later(plusSeconds(at, -seconds), later(actedAt, connector.createdAt)) ?? connector.createdAt;
  const restartedAt = lastRestartBeganAt(connector, recovery, policy);
  const triedAt = lastTryBeganAt(recovery);
  const from =
    triedAt !== undefined
      ? (later(triedAt, plusSeconds(at, -longestLookBackSeconds)) ?? triedAt)
      : restartedAt !== undefined && restartedAt < start && start === actedAt
        ? restartedAt
        : start;
  const signs = await ports.signsOfLife.look(connector, from, at);
  const beganAt = newestTaskBeganAt(connector, recovery, begunAt, policy);
  const background = {
    ...(beganAt === undefined ? {} : { newestTaskBeganAt: beganAt }),
    ...(begunAt === actedAt ? {} : { tasks: { begunAt } }),
    ...(journal.watchedWithLess === undefined ? {} : { less: journal.watchedWithLess }),
  };
  return { signs: after(signs, start, lastCarriedOut(recovery), policy), actedAt, background };
}

/** When the newest task began at the earliest: with the call that ended at `begunAt`, or, where only its end is known, not longer before. */
function newestTaskBeganAt(
  connector: LiveConnector,
  recovery: Recovery | undefined,
  begunAt: Instant | undefined,
  policy: Policy,
): Instant | undefined {
  if (begunAt === undefined) return undefined;
  const ours = newestTasksOf(recovery, policy);
  if (ours?.endedAt === begunAt) return ours.intendedAt;
  const theirs = connector.operations.find(({ endedAt }) => endedAt === begunAt);
  return theirs?.startedAt ?? plusSeconds(begunAt, -policy.waits.restartSeconds);
}

/** When the last act began, if it was a restart: its new tasks speak, and may die, before the operation has ended. */
function lastRestartBeganAt(
  connector: LiveConnector,
  recovery: Recovery | undefined,
  policy: Policy,
): Instant | undefined {
  const act = lastCarriedOut(recovery);
  if (act !== undefined) return act.kind === 'restart' ? act.intendedAt : undefined;
  const ended = lastChangeAt(connector, policy);
  const newest = connector.operations.find(({ endedAt }) => endedAt !== undefined && endedAt === ended);
  return newest?.type === platformOf(policy).restartOperation ? newest.startedAt : undefined;
}

/**
 * When the last act began, if it was a creation or a restart of what was created: what its connector died of must still be seen when it is tried
 * again.
 */
function lastTryBeganAt(recovery: Recovery | undefined): Instant | undefined {
  const act = lastCarriedOut(recovery);
  const isOurs = recovery?.acts.some(({ kind }) => kind === 'create') === true;
  return isOurs && act?.kind !== 'delete' ? act?.intendedAt : undefined;
}

/** When the last act that was carried out ended. */
export function lastActAt(recovery: Recovery | undefined): Instant | undefined {
  return lastCarriedOut(recovery)?.endedAt;
}

function lastCarriedOut(recovery: Recovery | undefined): Act | undefined {
  return recovery?.acts.findLast(isCarriedOut);
}

function isCarriedOut(act: Act): boolean {
  return act.result !== 'refused' && act.result !== 'not-carried-out' && act.endedAt !== undefined;
}

/**
 * Operations that leave the tasks as they are. A pause keeps the task, and its connection (read in Kafka Connect's WorkerTask.java); what AWS does
 * on its own account is not published, and where it began new ones the log or the clock says so [inferred].
 */
const keepTasks = ['PAUSE_CONNECTOR', 'RESUME_CONNECTOR', 'ISOLATE_CONNECTOR', 'RESTORE_CONNECTOR'];

/** When the tasks that run now were begun, by its creation or by whoever was at work on it since; `undefined`: it does not exist. */
export function tasksBegunAt(sighting: Sighting, policy: Policy): Instant | undefined {
  if (sighting.kind === 'absent') return undefined;
  const { connector } = sighting;
  return later(connector.createdAt, lastChangeAt(connector, policy, 'of tasks'));
}

/** When somebody, or AWS, was last at work on it; `of tasks`: so that the tasks that run now began then. */
function lastChangeAt(connector: LiveConnector, policy: Policy, what?: 'of tasks'): Instant | undefined {
  let newest: Instant | undefined;
  for (const { type, endedAt } of connector.operations) {
    if (type === platformOf(policy).restartOperation && !restartReachesTasks(policy)) continue;
    // Which tasks a rebalance moved, and so began anew, they say themselves.
    if (type === rebalance) continue;
    if (what === undefined || !keepTasks.includes(type)) newest = later(newest, endedAt);
  }
  return newest;
}

/** Where a restart leaves the tasks as they are, what they showed before it is theirs, and a dead one is as dead as it was. */
function restartReachesTasks(policy: Policy): boolean {
  return platformOf(policy).restartReachesTasks(policy.connectVersion);
}

/** The last act of this recovery that began new tasks. */
function newestTasksOf(recovery: Recovery | undefined, policy: Policy): Act | undefined {
  return recovery?.acts.findLast((act) => isCarriedOut(act) && (act.kind !== 'restart' || restartReachesTasks(policy)));
}

/** When the last recovery ended its last act that began new tasks. */
function pastActAt({ history }: Journal, policy: Policy): Instant | undefined {
  const began = (acts: readonly Act['kind'][]) => restartReachesTasks(policy) || acts.some((act) => act !== 'restart');
  return history.find((past) => past.actedAt !== undefined && began(past.acts))?.actedAt;
}

/**
 * Without the samples that begin before `start`: a minute that contains the act mixes the dead task with the new one. So do commits that were
 * logged before; attempts to connect and what a task died of are kept, whichever task's they are, for they only ever forbid.
 *
 * What shows nothing newer than our last act says nothing of what it brought about, even where that left the tasks as they were.
 */
function after(signs: Signs, start: Instant, lastAct: Act | undefined, policy: Policy): Signs {
  const since = later(start, lastAct?.endedAt) ?? start;
  // A task that was left as it was may yet commit what it read before.
  const leftAlone = lastAct?.kind === 'restart' && !restartReachesTasks(policy);
  const commitsSince = leftAlone ? plusSeconds(since, flushSeconds) : since;
  const cut = (series: Series): Series => {
    if (series.kind !== 'read') return series;
    const isNews = (series.samples.at(-1)?.from ?? '') >= since;
    return { kind: 'read', samples: isNews ? series.samples.filter((sample) => sample.from >= start) : [] };
  };
  return {
    ...signs,
    from: later(signs.from, start) ?? start,
    log: withoutOldWitness(withoutCommitsBefore(signs.log, commitsSince), lastAct?.endedAt),
    recordsIn: withoutMovesBefore(cut(signs.recordsIn), since),
    recordsOut: withoutMovesBefore(cut(signs.recordsOut), since),
    runningTasks: cut(signs.runningTasks),
    erroredTasks: cut(signs.erroredTasks),
    connected: cut(signs.connected),
    msSinceLastEvent: cut(signs.msSinceLastEvent),
    lag: cut(signs.lag),
    ...(signs.position === undefined ? {} : { position: positionSince(signs.position, since) }),
    ...(signs.tasks === undefined ? {} : { tasks: signs.tasks.map((task) => taskSince(task, since, cut)) }),
  };
}

/** Offsets that moved before our last act are no sign that it helped, and their standing still before it is none of the new task's. */
function positionSince(position: Position, start: Instant): Position {
  if (position.kind !== 'read') return position;
  const { movedAt, movedAfter = movedAt, ...rest } = position;
  // What is given up is committed on its way out, and whoever has its partitions until it is back commits, too.
  const isNews = movedAt !== undefined && movedAfter !== undefined && movedAfter >= start;
  const moved = isNews ? { movedAt, movedAfter } : movedAt === undefined ? {} : ({ movedBefore: true } as const);
  return { ...rest, since: later(position.since, start) ?? start, ...moved };
}

/** The state of a task is always the present one. */
function taskSince(task: TaskSigns, start: Instant, cut: (series: Series) => Series): TaskSigns {
  const { position, waiting, recordsIn } = task;
  return {
    ...task,
    ...(position === undefined ? {} : { position: positionSince(position, start) }),
    ...(waiting === undefined ? {} : { waiting: cut(waiting) }),
    ...(recordsIn === undefined ? {} : { recordsIn: withoutMovesBefore(cut(recordsIn), start) }),
  };
}

/** Records that moved before our last act are no sign that it helped; that none has moved since may well be as old as the silence. */
function withoutMovesBefore(series: Series, since: Instant): Series {
  if (series.kind !== 'read') return series;
  const moved = series.samples.findLastIndex(({ value, from }) => value > 0 && from < since);
  return { kind: 'read', samples: series.samples.slice(moved + 1) };
}

/** That lines were delivered before our last act is no witness of what is missing since. */
function withoutOldWitness(log: LogSigns, acted: Instant | undefined): LogSigns {
  if (log.kind !== 'read' || acted === undefined || log.newestLineAt === undefined || log.newestLineAt >= acted)
    return log;
  const { newestLineAt: _old, ...rest } = log;
  return rest;
}

function withoutCommitsBefore(log: LogSigns, start: Instant): LogSigns {
  if (log.kind !== 'read' || log.commits?.lastAt === undefined || log.commits.lastAt >= start) return log;
  return { ...log, commits: { count: 0 } };
}
