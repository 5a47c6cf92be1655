import { alarmDue } from './alarmed.ts';
import { finish, refuse } from './decision.ts';
import type { Decision } from './decision.ts';
import type { CreateAct, Recovery } from './journal.ts';
import { apply, byRequest } from './patient.ts';
import type { Patient } from './patient.ts';
import { cooldown, limitOnRecoveries, nextRemedy } from './remedy.ts';
import { duration, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { triesSeconds } from './weigh.ts';

/** A day of an absent database must not cost more than a dozen recreations, each of which leaves 31 partitions behind. */
const longestPauseSeconds = 7200;

/**
 * Its source is out of reach. As long as somebody tries to reach it, people are told and nothing is touched. Where its task died of it nobody
 * tries any more, and nothing would ever say that the source is back: then an act has to find out. A restart is gentle and may do so soon;
 * a recreation waits for `waits.outOfReachSeconds`. A person who asks knows more than we see.
 */
export function decideUnreached(patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy, trigger } = patient;
  const diedAt = verdict.diedUnconnectedAt;
  if (diedAt === undefined) return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  if (trigger.kind === 'person' && trigger.remedy !== undefined) return byRequest(patient);
  const remedy = nextRemedy(verdict, connector, journal.recovery, trigger, policy);
  if (remedy === undefined) return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  const patienceSeconds = remedy === 'restart' ? triesSeconds : policy.waits.outOfReachSeconds;
  const silent = secondsBetween(diedAt, observation.at);
  const next = `Nobody tries any more; a ${remedy === 'restart' ? 'restart' : 'recreation'} will find out whether it is back`;
  if (silent < patienceSeconds) {
    const reason = `${verdict.because} ${next}, not before ${plusSeconds(diedAt, patienceSeconds)}.`;
    return finish({ kind: 'left-alone', reason, verdict });
  }
  if (trigger.kind !== 'person' && journal.recovery === undefined) {
    const resting = cooldown(journal, policy, observation.at);
    if (resting !== undefined)
      return finish({ kind: 'left-alone', reason: `${verdict.because} ${next}: ${resting}.`, verdict });
    const limit = limitOnRecoveries(journal, policy, observation.at);
    if (limit !== undefined) return refuse('limit', limit, verdict);
  }
  return apply(remedy, `${verdict.because} Nobody has tried for ${duration(silent)}.`, patient);
}

/**
 * What we created again could not reach its source: FAILED, or its task died of it. That is no reason to give up what we deleted: people are
 * told as of one that is not back, and it is tried again with growing pauses, whatever the limit on attempts, for none of them was one.
 */
export function tryAgain(patient: Patient, recovery: Recovery, creation: CreateAct): Decision {
  const { verdict, connector, observation, policy } = patient;
  const { at } = observation;
  const attempts = recovery.acts.filter((act) => act.kind === 'create').length;
  const pause = Math.min(policy.waits.outOfReachSeconds * 2 ** (attempts - 1), longestPauseSeconds);
  const endedAt: Instant = creation.endedAt ?? creation.intendedAt;
  const waited = secondsBetween(endedAt, at);
  if (waited >= pause) {
    const remedy = nextRemedy(verdict, connector, recovery, recovery.trigger, policy) ?? 'recreate';
    return apply(remedy, `${verdict.because} It was created again ${duration(waited)} ago; another try.`, patient);
  }
  const next = `The next attempt comes at ${plusSeconds(endedAt, pause)}.`;
  if (alarmDue(recovery, at)) return { kind: 'raise-alarm', reason: `${verdict.because} ${next}` };
  return { kind: 'wait', seconds: Math.ceil(pause - waited), reason: `until the next attempt to create it: ${next}` };
}
