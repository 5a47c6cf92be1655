import type { LiveConnector, Sighting } from './connector.ts';
import { diagnose } from './diagnose.ts';
import type { Background } from './diagnose.ts';
import { kinds } from './kinds.ts';
import { askThePast } from './learned.ts';
import type { Act, Journal, Recovery } from './journal.ts';
import type { Observation } from './observation.ts';
import { asksThePast } from './paceEvidence.ts';
import type { Policy } from './policy.ts';
import { remembered } from './remembered.ts';
import type { Ports } from './ports.ts';
import { remediesOf } from './remedy.ts';
import { settle } from './settle.ts';
import type { LogSigns, Series, Signs } from './signs.ts';
import type { Instant } from './time.ts';
import { later, plusSeconds } from './time.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/** How far back signs of life are looked for, unless an act of ours, a slow heartbeat or a longer limit of the owner's says otherwise. */
const lookBackSeconds = 900;

const lastWordsMarginSeconds = 60;
/** Rates, lag and commits show a missing beat once a minute at most. */
const seenEverySeconds = 60;
/** The longest pause between two creations, and the time that a creation takes to fail. */
const longestLookBackSeconds = 10_800;

/**
 * Looks at one connector, reading only, and no more than the present step needs.
 * Gives the observation, and the recovery under way brought up to date with it.
 * @throws PortError
 */
export async function observe(
  ports: Ports,
  policy: Policy,
  journal: Journal,
  trigger: Trigger,
): Promise<{ readonly observation: Observation; readonly recovery: Recovery | undefined }> {
  const sighting = await ports.connectors.find(policy.connector);
  const at = ports.clock.now();
  const recovery = journal.recovery === undefined ? undefined : settle(journal.recovery, sighting, at, policy);
  const seen: Observation = { at, sighting };
  if (sighting.kind === 'absent') {
    if (recovery !== undefined) return { observation: seen, recovery };
    const newestBackup = await ports.savedConfigs.newestBackup(policy.connector);
    const saved = await ports.savedConfigs.read(policy.connector);
    return { observation: { ...seen, saved, ...(newestBackup === undefined ? {} : { newestBackup }) }, recovery };
  }
  const { connector } = sighting;
  if (recovery === undefined && (connector.state === 'DELETING' || journal.lookedAt === undefined)) {
    const newestBackup = await ports.savedConfigs.newestBackup(policy.connector);
    const open = newestBackup?.kind === 'read' && newestBackup.backup.closed === undefined;
    if (open) return { observation: { ...seen, newestBackup }, recovery };
  }
  // A recovery under way goes on with what it was opened for, whoever continues it.
  const asked = recovery?.trigger ?? trigger;
  if (!isToBeJudged(sighting, recovery)) return { observation: seen, recovery };
  const { signs, actedAt, background } = await look(ports, policy, connector, journal, recovery, at);
  const present = diagnose(connector, signs, policy, actedAt, background);
  const diagnosed = asksThePast(present, { connector, policy })
    ? diagnose(connector, signs, policy, actedAt, {
        ...background,
        learned: await askThePast(ports, connector, journal, policy, at),
      })
    : present;
  const { watchedWithLess: less } = diagnosed;
  const verdict = {
    ...remembered(diagnosed, journal, connector, signs),
    ...(less === undefined ? {} : { watchedWithLess: less }),
  };
  const heldOnStack = mayTouch(verdict, asked) ? await ports.holds.onStack() : undefined;
  const neighbours = asksTheStack(verdict, asked, policy) ? await ports.neighbours.of(policy.connector) : undefined;
  const judged: Observation = {
    ...seen,
    verdict,
    ...(heldOnStack === undefined ? {} : { heldOnStack }),
    ...(neighbours === undefined ? {} : { neighbours }),
  };
  if (!mayRecreate(verdict, asked, policy) && verdict.kind !== 'alive') return { observation: judged, recovery };
  const saved = await ports.savedConfigs.read(policy.connector);
  if (saved.kind !== 'valid' || !mayRecreate(verdict, asked, policy))
    return { observation: { ...judged, saved }, recovery };
  const [offsets, sweepSeenAt] = await Promise.all([
    ports.connectors.offsetSurvival(connector, saved.request),
    ports.sweep.lastSeenAt(),
  ]);
  return {
    observation: { ...judged, saved, offsets, ...(sweepSeenAt === undefined ? {} : { sweepSeenAt }) },
    recovery,
  };
}

/** Signs say something only when nobody is at work on the connector: neither we nor anybody else. */
function isToBeJudged(sighting: Sighting, recovery: Recovery | undefined): boolean {
  if (sighting.kind === 'absent') return false;
  const { state, operations } = sighting.connector;
  if (state !== 'RUNNING' && state !== 'FAILED') return false;
  if (operations.some((operation) => operation.state === 'in-progress')) return false;
  const last = recovery?.acts.at(-1);
  return last === undefined || last.result !== undefined;
}

/** Whether this look may end in a restart or a deletion. */
function mayTouch(verdict: Verdict, trigger: Trigger): boolean {
  const asked = trigger.kind === 'schedule' || (trigger.kind === 'person' && trigger.remedy !== undefined);
  return asked || verdict.kind === 'dead' || verdict.kind === 'partial' || verdict.diedUnconnectedAt !== undefined;
}

/** Whether the others bear on what is done: it is silent, or its preventive restart is due. */
function asksTheStack({ kind }: Verdict, { kind: asked }: Trigger, { breaker }: Policy): boolean {
  return breaker !== undefined && (kind === 'dead' || kind === 'elsewhere' || asked === 'schedule');
}

function mayRecreate(verdict: Verdict, trigger: Trigger, policy: Policy): boolean {
  const asked =
    trigger.kind === 'schedule'
      ? trigger.remedy === 'recreate'
      : trigger.kind === 'person' && trigger.remedy === 'recreate';
  const helpless = verdict.kind === 'dead' || verdict.diedUnconnectedAt !== undefined;
  return asked || (helpless && remediesOf(trigger, policy).includes('recreate'));
}

async function look(
  ports: Ports,
  policy: Policy,
  connector: LiveConnector,
  journal: Journal,
  recovery: Recovery | undefined,
  at: Instant,
): Promise<{ readonly signs: Signs; readonly actedAt: Instant | undefined; readonly background: Background }> {
  const actedAt = later(
    lastActAt(recovery) ?? journal.history.find((past) => past.actedAt !== undefined)?.actedAt,
    lastChangeAt(connector),
  );
  const beat = kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration) ?? 0;
  const { recordsAtLeastEverySeconds = 0, missedBeats, livelySeconds } = policy.evidence;
  // What proves a death must be seen whole: a silence that seems to begin where the look begins would never be long enough.
  const due = Math.max(recordsAtLeastEverySeconds, missedBeats * Math.max(beat, seenEverySeconds), livelySeconds);
  // What it died of must still be seen when the patience with its source ends.
  const seconds = Math.max(lookBackSeconds, 1.5 * due, policy.waits.outOfReachSeconds + lastWordsMarginSeconds);
  const start = later(plusSeconds(at, -seconds), later(actedAt, connector.createdAt)) ?? connector.createdAt;
  const restartedAt = lastRestartBeganAt(connector, recovery);
  const triedAt = lastTryBeganAt(recovery);
  const from =
    triedAt !== undefined
      ? (later(triedAt, plusSeconds(at, -longestLookBackSeconds)) ?? triedAt)
      : restartedAt !== undefined && restartedAt < start && start === actedAt
        ? restartedAt
        : start;
  const signs = await ports.signsOfLife.look(connector, from, at);
  const beganAt = newestTaskBeganAt(connector, recovery, actedAt, policy);
  const background = {
    ...(beganAt === undefined ? {} : { newestTaskBeganAt: beganAt }),
    ...(journal.watchedWithLess === undefined ? {} : { less: journal.watchedWithLess }),
  };
  return { signs: after(signs, start), actedAt, background };
}

/** When the newest task began at the earliest: with the call that ended at `actedAt`, or, where only its end is known, not longer before. */
function newestTaskBeganAt(
  connector: LiveConnector,
  recovery: Recovery | undefined,
  actedAt: Instant | undefined,
  policy: Policy,
): Instant | undefined {
  if (actedAt === undefined) return undefined;
  const ours = lastCarriedOut(recovery);
  if (ours?.endedAt === actedAt) return ours.intendedAt;
  const theirs = connector.operations.find(({ endedAt }) => endedAt === actedAt);
  return theirs?.startedAt ?? plusSeconds(actedAt, -policy.waits.restartSeconds);
}

/** When the last act began, if it was a restart: its new tasks speak, and may die, before the operation has ended. */
function lastRestartBeganAt(connector: LiveConnector, recovery: Recovery | undefined): Instant | undefined {
  const act = lastCarriedOut(recovery);
  if (act !== undefined) return act.kind === 'restart' ? act.intendedAt : undefined;
  const ended = lastChangeAt(connector);
  const newest = connector.operations.find(({ endedAt }) => endedAt !== undefined && endedAt === ended);
  return newest?.type === 'RESTART_CONNECTOR' ? newest.startedAt : undefined;
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
  const carriedOut = (act: Act) =>
    act.result !== 'refused' && act.result !== 'not-carried-out' && act.endedAt !== undefined;
  return recovery?.acts.findLast(carriedOut);
}

/** When somebody last changed or restarted it: the tasks that run now began then. */
function lastChangeAt(connector: LiveConnector): Instant | undefined {
  let newest: Instant | undefined;
  for (const operation of connector.operations) newest = later(newest, operation.endedAt);
  return newest;
}

/**
 * Without the samples that begin before `start`: a minute that contains the act mixes the dead task with the new one. So do commits that were
 * logged before; attempts to connect and what a task died of are kept, whichever task's they are, for they only ever forbid.
 */
function after(signs: Signs, start: Instant): Signs {
  const cut = (series: Series): Series =>
    series.kind === 'read'
      ? { kind: 'read', samples: series.samples.filter((sample) => sample.from >= start) }
      : series;
  return {
    ...signs,
    from: later(signs.from, start) ?? start,
    log: withoutCommitsBefore(signs.log, start),
    recordsIn: cut(signs.recordsIn),
    recordsOut: cut(signs.recordsOut),
    runningTasks: cut(signs.runningTasks),
    erroredTasks: cut(signs.erroredTasks),
    connected: cut(signs.connected),
    msSinceLastEvent: cut(signs.msSinceLastEvent),
    lag: cut(signs.lag),
  };
}

function withoutCommitsBefore(log: LogSigns, start: Instant): LogSigns {
  if (log.kind !== 'read' || log.commits?.lastAt === undefined || log.commits.lastAt >= start) return log;
  return { ...log, commits: { count: 0 } };
}
