import { alarmDue } from './alarmed.ts';
import { finish, heldSeconds, refuseByLimit } from './decision.ts';
import type { Decision } from './decision.ts';
import { heldBy, sayHeld } from './intervention.ts';
import type { Act, Recovery } from './journal.ts';
import { wasDone } from './messageParts.ts';
import { apply, byRequest, liftByRelease } from './patient.ts';
import type { Patient } from './patient.ts';
import type { Remedy } from './policy.ts';
import { cooldown, cooldownOfProbes, isDeniedRestart, limitOfTheDay, nextRemedy } from './remedy.ts';
import { duration, later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { unreadYet } from './unreadLog.ts';
import type { Verdict } from './verdict.ts';
import { triesSeconds } from './reach.ts';

/**
 * A day of an absent database must not cost more than a dozen recreations, each of which leaves 31 partitions behind: MSK Connect makes topics of 1, 25
 * and 5 anew for each connector, and does not delete them.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html
 */
const longestPauseSeconds = 7200;

/** A database that is restarted or failed over is back within minutes; what is created before that only fails. A reset says nothing of it. */
const sourceRestartsSeconds = 300;

/** Why it is too early to delete it: its source may be starting anew, or its log could not be read this time. */
export function tooEarlyToDelete(verdict: Verdict, now: Instant): string | undefined {
  return sourceStartsAnew(verdict, now) ?? unreadYet(verdict, now);
}

/** Why it is too early to create anything for this source: it ended the connection a moment ago. */
function sourceStartsAnew({ closedBySourceAt }: Verdict, now: Instant): string | undefined {
  if (closedBySourceAt === undefined) return undefined;
  const closed = secondsBetween(closedBySourceAt, now);
  if (closed >= sourceRestartsSeconds) return undefined;
  return `its source closed the connection ${duration(closed)} ago and may be starting anew`;
}

/**
 * Its source is out of reach. As long as somebody tries to reach it, people are told and nothing is touched. Where its task died of it nobody
 * tries any more, and nothing would ever say that the source is back: then an act has to find out. A restart is gentle and may do so soon;
 * a recreation waits for `waits.outOfReachSeconds`. A person who asks knows more than we see.
 */
export function decideUnreached(patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy, trigger } = patient;
  const diedAt = verdict.diedUnconnectedAt;
  const isAsked = trigger.kind === 'person' && trigger.remedy !== undefined;
  // A person may have changed the saved config, so that it takes a new snapshot.
  if (verdict.positionLostAt !== undefined && isAsked) return byRequest(patient);
  if (diedAt === undefined) return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  if (isAsked) return byRequest(patient);
  const remedy = nextRemedy(verdict, connector, journal.recovery, trigger, {
    ...policy,
    remedies: policy.remedies.filter(findsOut),
  });
  if (remedy === undefined) return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  const patienceSeconds = remedy !== 'recreate' ? triesSeconds : policy.waits.outOfReachSeconds;
  const silent = secondsBetween(diedAt, observation.at);
  const next = `Nobody tries any more; a ${remedy === 'recreate' ? 'recreation' : 'restart'} will find out whether it is back`;
  if (silent < patienceSeconds) {
    const reason = `${verdict.because} ${next}, not before ${plusSeconds(diedAt, patienceSeconds)}.`;
    return finish({ kind: 'left-alone', reason, verdict });
  }
  if (trigger.kind !== 'person' && journal.recovery === undefined) {
    const isProbe = remedy !== 'recreate';
    const limit = isProbe ? undefined : limitOfTheDay(journal, policy, observation.at);
    if (limit !== undefined) return refuseByLimit(limit, verdict, policy);
    const resting = (isProbe ? cooldownOfProbes : cooldown)(journal, policy, observation.at);
    if (resting !== undefined)
      return finish({ kind: 'left-alone', reason: `${verdict.because} ${next}: ${resting}.`, verdict });
  }
  return apply(remedy, `${verdict.because} Nobody has tried for ${duration(silent)}.`, patient);
}

/** Whether a new task finds out more by this than by what is gentler: a stuck thread or its worker is no reason why a source is away. */
function findsOut(remedy: Remedy): boolean {
  return remedy !== 'stop-and-resume' && remedy !== 'replace-worker';
}

/**
 * What we created again does not run: it could not reach its source, was refused by it, or FAILED for a reason that nobody can read. That is no
 * reason to give up what we deleted: people are told as of one that is not back, and it is tried again with growing pauses, whatever the limit
 * on attempts. Measured: a network that was away for five minutes, and a password that was changed for as long.
 *
 * `triedAt`: when the last attempt ended, a creation or a restart of what was created.
 */
export function tryAgain(patient: Patient, recovery: Recovery, triedAt: Instant): Decision {
  const { verdict, connector, observation, policy } = patient;
  const { at } = observation;
  const attempts = recovery.acts.filter(isAttempt);
  const pause = Math.min(policy.waits.outOfReachSeconds * 2 ** (attempts.length - 1), longestPauseSeconds);
  // A restart that was refused was an attempt, too: it is not called for at every poll.
  const lastAt = later(triedAt, attempts.at(-1)?.endedAt) ?? triedAt;
  const dueAt =
    later(plusSeconds(lastAt, pause), verdict.kind === 'elsewhere' ? undefined : restsUntil(attempts)) ?? at;
  const held = heldBy(patient.journal, observation.heldOnStack);
  if (held !== undefined) {
    // What a person holds we do not touch; but it is what we deleted, so this recovery does not end.
    const reason = `${verdict.because} It is not tried again, for ${sayHeld(held)}.`;
    return alarmDue(recovery, at)
      ? { kind: 'raise-alarm', reason, lifts: [liftByRelease(held, patient.connector.name)] }
      : { kind: 'wait', seconds: heldSeconds, reason };
  }
  if (dueAt <= at) {
    const untried = nextRemedy(verdict, connector, recovery, recovery.trigger, policy);
    // Whether a restart would help is still to be found out where a right is missing for it; people are told which.
    const remedy = untried ?? (isDeniedRestart(connector, recovery, policy) ? 'restart' : 'recreate');
    const ago = duration(secondsBetween(lastAt, at));
    return apply(remedy, `${verdict.because} It was tried last ${ago} ago; another try.`, patient);
  }
  const next = `The next attempt comes at ${dueAt}.`;
  if (alarmDue(recovery, at)) return { kind: 'raise-alarm', reason: `${verdict.because} ${next}` };
  const seconds = Math.ceil(secondsBetween(at, dueAt));
  return { kind: 'wait', seconds, reason: `until the next attempt to create it: ${next}` };
}

/** What FAILED so often in a day for a reason that nobody can read is for a person: each attempt leaves 31 partitions behind (`longestPauseSeconds`). */
const unexplainedADay = 6;

/** When the next attempt may come; `undefined`: there were few. */
function restsUntil(attempts: readonly Act[]): Instant | undefined {
  const first = attempts.filter(({ kind }) => kind === 'create').at(-unexplainedADay);
  return attempts.length < unexplainedADay || first?.endedAt === undefined
    ? undefined
    : plusSeconds(first.endedAt, 86_400);
}

function isAttempt(act: Act, index: number, acts: readonly Act[]): boolean {
  if (act.kind === 'create') return true;
  const isOfOurs = acts.slice(0, index).some(({ kind }) => kind === 'create');
  return act.kind === 'restart' && isOfOurs && (wasDone(act) || act.denied === true);
}
