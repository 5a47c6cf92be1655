import type { LiveConnector } from './connector.ts';
import { finish, poll, refuse, refuseByLimit } from './decision.ts';
import type { Decision } from './decision.ts';
import { backOff } from './backOff.ts';
import { refuseHopeless } from './hopeless.ts';
import { approvalInForce } from './intervention.ts';
import { isFinal } from './ladder.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import { apply, byRequest, refusals, refuseHeld } from './patient.ts';
import type { Patient } from './patient.ts';
import { limitOfTheDay, limitOnRecoveries, nextRemedy } from './remedy.ts';
import { awaitsProof } from './standing.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { decideUnreached, tooEarlyToDelete } from './unreached.ts';
import type { Ripening } from './verdict.ts';

/** No act of ours has touched it yet. */
export function triage(patient: Patient): Decision {
  const { verdict, connector, observation, policy, trigger } = patient;
  const asked = trigger.kind === 'schedule' || (trigger.kind === 'person' && trigger.remedy !== undefined);
  const ripens = trigger.kind === 'alarm' || trigger.kind === 'sweep' ? verdict.ripens : undefined;
  if (ripens !== undefined && isSoon(ripens, observation.at)) {
    const reason = `${ripens.because}; unless something comes, it will be a proof at ${ripens.at}`;
    return { kind: 'wait', seconds: untilNextLook(ripens, observation.at, policy), reason };
  }
  switch (verdict.kind) {
    case 'dead':
      return treat(patient);
    case 'partial':
      return verdict.deadTasks === undefined ? treatPartial(patient) : treat(patient);
    case 'elsewhere':
      return decideUnreached(patient);
    case 'alive':
      if (asked) return byRequest(patient);
      if (isYetUnproved(patient)) {
        const reason = `${verdict.because} The tasks that were restarted have yet to take a record.`;
        return finish({ kind: 'left-alone', reason, verdict: { ...verdict, kind: 'unknown' } });
      }
      if (observation.saved?.kind === 'missing') {
        const reason = `it lives and there is no saved config (${observation.saved.place}): keep the live one`;
        return { kind: 'capture', request: connector.request, reason };
      }
      return finish({ kind: 'left-alone', reason: verdict.because, verdict });
    case 'idle':
    case 'unknown':
      if (asked) return byRequest(patient);
      if (verdict.kind === 'unknown' && trigger.kind !== 'person' && isNew(connector, observation.at)) {
        const age = duration(secondsBetween(connector.createdAt, observation.at));
        return poll(policy, `it was created ${age} ago, and what would tell is yet to come`);
      }
      return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  }
}

/**
 * How far ahead a proof may lie to be waited for; the next sweep that would look again is 300 s away. The earliest look comes after 20 s of
 * silence, and the slowest proof that an alarm of ours points at is ripe after 255 s.
 */
const longestRipeningSeconds = 240;

/** What is waited for last is a datapoint, which may come at any moment; the data have stood still for minutes. */
const lastStretchPollSeconds = 3;

/** A poll, or less where the verdict is known to change before that. */
function untilNextLook({ silentAt }: Ripening, now: Instant, policy: Policy): number {
  const seconds = silentAt === undefined ? 0 : Math.floor(secondsBetween(now, silentAt)) + 1;
  return Math.min(policy.waits.pollSeconds, seconds > 0 ? seconds : lastStretchPollSeconds);
}

export function isSoon(ripens: Ripening, now: Instant): boolean {
  const seconds = secondsBetween(now, ripens.at);
  return seconds > 0 && seconds <= longestRipeningSeconds;
}

/** A worker publishes its first metrics and commits a minute or two after its start; sooner nobody can tell, which is no news. */
const newSeconds = 300;

function isNew(connector: LiveConnector, now: Instant): boolean {
  return secondsBetween(connector.createdAt, now) < newSeconds;
}

function treat(patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy, trigger } = patient;
  const { recovery } = journal;
  const hopeless = refuseHopeless(patient);
  if (hopeless !== undefined) return finish(hopeless);
  // A person's word on this very connector, seen dead once more: nothing gentler is tried first, and no limit keeps it.
  const isApproved =
    policy.remedies.includes('recreate') && approvalInForce(journal, connector, observation.at) !== undefined;
  const isLimited = trigger.kind !== 'person' && recovery === undefined && !isApproved;
  const rest = isLimited ? shortRest(patient) : undefined;
  if (rest !== undefined) return rest;
  const limit = isLimited ? limitOnRecoveries(journal, policy, observation.at) : undefined;
  if (limit !== undefined) return refuseByLimit(limit, verdict, policy);
  const silent = verdict.silentSince === undefined ? undefined : secondsBetween(verdict.silentSince, observation.at);
  if (silent !== undefined && silent < policy.waits.healSeconds && !isFinal(verdict, connector)) {
    return poll(
      policy,
      `silent for ${duration(silent)}; this kind of failure may heal itself within ${duration(policy.waits.healSeconds)}`,
    );
  }
  const allowed: Policy = isApproved ? { ...policy, remedies: ['recreate'] } : policy;
  const remedy = nextRemedy(verdict, connector, recovery, trigger, allowed);
  const early = remedy === 'recreate' ? tooEarlyToDelete(verdict, observation.at) : undefined;
  if (early !== undefined) return poll(policy, `${early}: not deleted yet`);
  if (remedy === undefined) {
    const reason = refusals(recovery) ?? 'the policy allows no remedy that could help';
    return recovery === undefined ? refuse('policy', reason, verdict) : finish({ kind: 'gave-up', reason, verdict });
  }
  return apply(remedy, verdict.because, patient);
}

/** People were told that we acted and that no data was seen of some tasks, and they have shown none since: that others live is not what is awaited. */
function isYetUnproved({ verdict, journal: { standing } }: Patient): boolean {
  return standing !== undefined && awaitsProof(standing) && (verdict.unprovedTasks?.length ?? 0) > 0;
}

/** A pause that is over within this is waited out; people hear of a longer one. */
const shortRestSeconds = 300;

/** The pause before the next act, where it is over soon and no other limit holds. */
function shortRest({ observation, journal, policy }: Patient): Decision | undefined {
  const rest = backOff(journal, policy, observation.at);
  if (rest === undefined || limitOfTheDay(journal, policy, observation.at) !== undefined) return undefined;
  const seconds = Math.ceil(secondsBetween(observation.at, rest.until));
  return seconds > shortRestSeconds ? undefined : { kind: 'wait', seconds, reason: rest.because };
}

/** Some tasks live: restart the failed ones, never recreate. */
function treatPartial(patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy, trigger } = patient;
  if (!platformOf(policy).restartsSingleTasks(policy.connectVersion)) {
    const reason = `${verdict.because} Connect ${policy.connectVersion} cannot restart single tasks, and a recreation would stop the living ones`;
    return refuse('policy', reason, verdict);
  }
  const limit = trigger.kind === 'person' ? undefined : limitOnRecoveries(journal, policy, observation.at);
  if (limit !== undefined) return refuseByLimit(limit, verdict, policy);
  if (nextRemedy(verdict, connector, journal.recovery, trigger, policy) !== 'restart') {
    const refused = refusals(journal.recovery);
    return refuse(refused === undefined ? 'policy' : 'service', refused ?? 'the policy allows no restart', verdict);
  }
  return refuseHeld(patient) ?? { kind: 'restart', arn: connector.arn, onlyFailedTasks: true, reason: verdict.because };
}
