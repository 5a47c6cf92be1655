import type { LiveConnector } from './connector.ts';
import { verdictOnInstance } from './instance.ts';
import { notYet, tasksBackAt, withheld } from './notYet.ts';
import { reachSaid } from './outOfReach.ts';
import type { Policy } from './policy.ts';
import { positionLost, saysPositionLost } from './positionLost.ts';
import { learnedSource, paceRipens } from './paceEvidence.ts';
import type { Learned } from './paceEvidence.ts';
import { isFresh, lastSignOfLife } from './readings.ts';
import { ripening } from './ripening.ts';
import type { Signs } from './signs.ts';
import { duration, later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence, Verdict } from './verdict.ts';
import { unreadLog } from './unreadLog.ts';
import { watchedWithLess } from './watchedWithLess.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';
import { closedBySourceAt, diedUnconnectedAt, triesSeconds } from './reach.ts';
import { tellsNoneApart, unprovedTasks, unseenTasks, verdictOnTasks } from './taskByTask.ts';
import { erroredTasks } from './tasks.ts';
import { cures, weigh } from './weigh.ts';
import type { Scene } from './weigh.ts';

/**
 * Dead, idle, or unknown: the verdict on a connector from what was seen of it from outside.
 *
 * `actedAt`: when our last act ended; only what is newer counts, and only what the new task says of itself.
 * `background`: what no look at the present shows.
 * Pure: the same signs give the same verdict, so every rule is a row in a table and can be replayed.
 */
export function diagnose(
  connector: LiveConnector,
  given: Signs,
  policy: Policy,
  actedAt: Instant | undefined,
  background: Background = {},
): Verdict {
  const signs = withoutCounts(given);
  const instance = signs.tasks === undefined ? undefined : verdictOnInstance(connector, signs);
  if (instance !== undefined) return instance;
  if (connector.state === 'FAILED') return failed(connector, signs);
  const { learned } = background;
  const bare: Scene = { connector, signs, policy, actedAt, ...(learned === undefined ? {} : { learned }) };
  const { tasks } = background;
  const less = watchedWithLess(
    tasks === undefined ? bare : { ...bare, actedAt: tasks.begunAt },
    background.newestTaskBeganAt,
    background.less,
  );
  // Tasks that were handed out anew are as new as restarted ones.
  const backAt = tasksBackAt(signs);
  const scene: Scene = {
    ...bare,
    actedAt: later(actedAt, backAt),
    ...(tasks === undefined ? {} : { tasks: { begunAt: later(tasks.begunAt, backAt) } }),
    ...(less === undefined ? {} : { less }),
  };
  const verdict = withUnread(verdictOf(scene), signs);
  return less === undefined ? verdict : { ...verdict, watchedWithLess: less };
}

/** What is known besides what is seen now. */
export interface Background {
  /** When the newest task began at the earliest; absent where nothing is known to have begun since. */
  readonly newestTaskBeganAt?: Instant;
  /** When the tasks that run now began, where what was done last left them as they were: a pause, AWS's own work on the connector. */
  readonly tasks?: { readonly begunAt: Instant | undefined };
  /** What an earlier look found. */
  readonly less?: WatchedWithLess;
  /** What its own past says of how long it may be quiet; asked for only where nothing better tells. */
  readonly learned?: Learned;
}

/** Where tasks are seen one by one, their counts say nothing more. */
function withoutCounts(signs: Signs): Signs {
  if (signs.tasks === undefined) return signs;
  const counts = { kind: 'not-watched', cure: '' } as const;
  return { ...signs, runningTasks: counts, erroredTasks: counts };
}

function withUnread(verdict: Verdict, signs: Signs): Verdict {
  if (verdict.kind !== 'dead' && verdict.diedUnconnectedAt === undefined) return verdict;
  const unread = unreadLog(signs);
  return unread === undefined ? verdict : { ...verdict, unread };
}

function verdictOf(scene: Scene): Verdict {
  return withTasks(weighed(scene), scene);
}

/** Where tasks are seen one by one: a proof that the connector is dead is one of each of them, and what moves is not all of them. */
function withTasks(verdict: Verdict, scene: Scene): Verdict {
  const { tasks } = scene.signs;
  if (tasks === undefined) return verdict;
  if (verdict.kind === 'dead' && verdict.deadTasks === undefined)
    return { ...verdict, deadTasks: tasks.map(({ id }) => id) };
  if (verdict.kind !== 'alive') return verdict;
  const unproved = unprovedTasks(scene);
  const unseen = unseenTasks(scene).filter((id) => !unproved.includes(id));
  const cure = tellsNoneApart(scene);
  return {
    ...verdict,
    ...(unproved.length === 0 ? {} : { unprovedTasks: unproved }),
    ...(unseen.length === 0 ? {} : { unseenTasks: unseen }),
    ...(unseen.length === 0 || cure === undefined ? {} : { tellsNoneApart: cure }),
  };
}

function weighed(scene: Scene): Verdict {
  const { signs, policy } = scene;
  const early = notYet(signs);
  const look: Look = { ...scene, evidence: withheld(weigh(scene), early), signOfLife: lastSignOfLife(signs) };
  const verdict =
    verdictOnTasks(scene, look.evidence) ??
    tasksInError(look) ??
    alive(look) ??
    withoutPosition(look) ??
    elsewhere(look) ??
    idle(look) ??
    dead(look) ??
    unknown(look);
  const undecided = verdict.kind === 'alive' || verdict.kind === 'idle' || verdict.kind === 'unknown';
  const due = early === undefined ? (ripening(scene) ?? paceRipens(look, look.evidence)) : early.ripens;
  const ripens = undecided && erroredTasks(signs) === undefined ? due : undefined;
  if (ripens === undefined || verdict.ripens !== undefined) return verdict;
  // A proof that has come, and that something else speaks against, is nothing to wait for: people hear of it.
  const hasCome = saying(look, 'dead').length > 0 && ripens.at <= scene.signs.to;
  if (verdict.kind === 'unknown' && hasCome) return verdict;
  if (verdict.kind !== 'alive' || look.signOfLife === undefined) return { ...verdict, ripens };
  const silentAt = plusSeconds(look.signOfLife, policy.evidence.livelySeconds);
  return { ...verdict, ripens: { ...ripens, silentAt } };
}

interface Look extends Scene {
  readonly evidence: readonly Evidence[];
  /** When records were last read, handed on or committed. */
  readonly signOfLife: Instant | undefined;
}

/** FAILED is final: nobody tries any more, and its reason, or else the last lines of its log, say of what it failed. */
function failed(connector: LiveConnector, signs: Signs): Verdict {
  const seen = `its state is FAILED${connector.stateReason === undefined ? '' : `: ${connector.stateReason}`}`;
  const lostAt = signs.log.kind === 'read' ? signs.log.positionLost.lastAt : undefined;
  if (lostAt !== undefined || saysPositionLost(connector.stateReason ?? '')) {
    const evidence: Evidence = { source: 'connector state', seen, says: 'position lost' };
    return positionLost(lostAt ?? connector.createdAt, signs.to, [evidence]);
  }
  const said = reachSaid(connector.stateReason ?? '');
  const tried = signs.log.kind === 'read' ? signs.log.reconnects.lastAt : undefined;
  if (said === 'out of reach' || said === 'perhaps' || (said === undefined && tried !== undefined)) {
    return {
      kind: 'elsewhere',
      because: `The connector could not reach its source and does not run: ${seen}.`,
      wouldChange: 'That the source can be reached when it is created again.',
      evidence: [{ source: 'connector state', seen, says: 'out of reach' }],
      diedUnconnectedAt: later(connector.createdAt, tried) ?? connector.createdAt,
    };
  }
  return {
    kind: 'dead',
    because: `The connector does not run: ${seen}.`,
    wouldChange: 'Its state.',
    evidence: [{ source: 'connector state', seen, says: 'dead' }],
  };
}

function tasksInError(look: Look): Verdict | undefined {
  const errored = erroredTasks(look.signs);
  if (errored === undefined) return undefined;
  const { count, running } = errored;
  // A missing count of running tasks is not zero. https://kafka.apache.org/documentation/#sourceconnectorconfigs_tasks.max: 1 by default.
  const othersMayRun =
    running === undefined
      ? count < Number(look.connector.request.connectorConfiguration['tasks.max'] ?? '1')
      : running > 0;
  const evidence = [errored.evidence, ...look.evidence];
  const silentSince = errored.evidence.since;
  const since = silentSince === undefined ? {} : { silentSince };
  const [lost] = saying(look, 'position lost');
  if (lost?.since !== undefined) return positionLost(lost.since, look.signs.to, evidence, silentSince);
  const outOfReach = saying(look, 'out of reach');
  if (outOfReach.length > 0) {
    const verdict = outOfReachVerdict({ ...look, evidence }, outOfReach);
    const diedAt = diedUnconnectedAt(look);
    // A living task is nobody's to restart on a guess.
    if (diedAt === undefined || othersMayRun) return verdict;
    return {
      ...verdict,
      because: `Its task died because the source could not be reached: ${words(outOfReach)}.`,
      wouldChange: 'That the source can be reached when the task begins anew.',
      diedUnconnectedAt: diedAt,
    };
  }
  if (running !== undefined && running > 0) {
    const because = `${count} task(s) in error while ${running} still run.`;
    return { kind: 'partial', because, wouldChange: 'No task in error, or every task.', evidence, ...since };
  }
  if (othersMayRun) {
    return {
      kind: 'unknown',
      because: `${count} task(s) in error, and nobody can say whether others run.`,
      wouldChange: 'RunningTaskCount, published again.',
      evidence,
      ...since,
    };
  }
  const closedAt = closedBySourceAt(look);
  return {
    kind: 'dead',
    because: `Every task is in error (${count})${closedAt === undefined ? '' : '; the source had closed the connection'}.`,
    wouldChange: 'A task that runs.',
    evidence,
    ...since,
    ...(closedAt === undefined ? {} : { closedBySourceAt: closedAt }),
  };
}

function alive(look: Look): Verdict | undefined {
  const { signOfLife, policy, signs } = look;
  if (signOfLife === undefined || !isFresh(signOfLife, signs.to, policy.evidence.livelySeconds)) return undefined;
  return {
    kind: 'alive',
    because: `Records moved ${duration(secondsBetween(signOfLife, signs.to))} ago.`,
    wouldChange: `Silence for more than ${duration(policy.evidence.livelySeconds)}, and a proof that there should have been records.`,
    evidence: look.evidence,
  };
}

/** It goes on trying, at a position that its source no longer has. */
function withoutPosition(look: Look): Verdict | undefined {
  const [lost] = saying(look, 'position lost');
  if (lost?.since === undefined || saying(look, 'listening').length > 0) return undefined;
  return positionLost(lost.since, look.signs.to, look.evidence, look.signOfLife);
}

function elsewhere(look: Look): Verdict | undefined {
  const outOfReach = saying(look, 'out of reach');
  // A source that is heard is not out of reach, whatever an older line says.
  if (outOfReach.length === 0 || saying(look, 'listening').length > 0) return undefined;
  return outOfReachVerdict(look, outOfReach);
}

function outOfReachVerdict(look: Look, outOfReach: readonly Evidence[]): Verdict {
  return {
    kind: 'elsewhere',
    because: `The source cannot be reached: ${words(outOfReach)}. A restart would not cure that.`,
    wouldChange: `No attempt to reconnect for ${duration(triesSeconds)} while it stays silent.`,
    evidence: look.evidence,
    ...silence(look),
  };
}

function idle(look: Look): Verdict | undefined {
  const listening = saying(look, 'listening');
  const proofs = saying(look, 'dead');
  if (listening.length === 0) return undefined;
  if (proofs.length > 0) {
    return {
      kind: 'unknown',
      because: `The evidence contradicts itself: ${words(listening)}; but ${words(proofs)}.`,
      wouldChange: 'That one of the two changes.',
      evidence: look.evidence,
      ...silence(look),
    };
  }
  return {
    kind: 'idle',
    because: `No records, but it is listening: ${words(listening)}.`,
    wouldChange: 'That it listens no more.',
    evidence: look.evidence,
    ...silence(look),
  };
}

function dead(look: Look): Verdict | undefined {
  const proofs = saying(look, 'dead');
  if (proofs.length === 0) return undefined;
  if (saying(look, 'silent').length === 0 && !proofs.some((proof) => witnessed.includes(proof.source))) {
    return {
      kind: 'unknown',
      because: `A proof without a witness: ${words(proofs)}; but neither rates nor commits could be read, so nobody can say that no records flow.`,
      wouldChange: `To know next time: ${cures(look.signs, look.policy).join('; ')}.`,
      evidence: look.evidence,
      ...silence(look),
    };
  }
  return {
    kind: 'dead',
    because: `No sign of life, and a proof that there should be one: ${words(proofs)}.`,
    wouldChange: 'A record read, written or committed, or an event from the source.',
    evidence: look.evidence,
    ...silence(look),
    ...(proofs.every(({ source }) => source === learnedSource) ? { learnedOnly: true } : {}),
  };
}

/** Proofs that are themselves a silence that was watched. */
const witnessed = ['heartbeat', 'records in', 'committed offsets'];

function unknown(look: Look): Verdict {
  const past = look.evidence.find(({ source }) => source === learnedSource);
  return {
    kind: 'unknown',
    because: `Nothing that was seen tells whether it is dead or idle${past === undefined ? '' : `: ${past.seen}`}.`,
    wouldChange: `To know next time: ${cures(look.signs, look.policy).join('; ')}.`,
    evidence: look.evidence,
    ...silence(look),
  };
}

function saying(look: Look, says: Evidence['says']): readonly Evidence[] {
  return look.evidence.filter((line) => line.says === says);
}

function words(evidence: readonly Evidence[]): string {
  return evidence.map((line) => line.seen).join('; ');
}

/** Since when data stands still: the source's last event where its clock proves it (to the second), else the last record (to the minute). */
function silence(look: Look): { silentSince?: Instant } {
  const proofs = saying(look, 'dead');
  const clock = proofs.find((proof) => proof.source === 'event clock')?.since;
  const since = clock ?? look.signOfLife ?? proofs[0]?.since;
  return since === undefined ? {} : { silentSince: since };
}
