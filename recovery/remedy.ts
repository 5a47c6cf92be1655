import { restartsSoFar, vainCallsPerRemedy } from './attempts.ts';
import { backOff, failedInARow } from './backOff.ts';
import { drift } from './drift.ts';
import type { LiveConnector } from './connector.ts';
import type { Act, Journal, Recovery } from './journal.ts';
import { nextRung } from './ladder.ts';
import type { Observation } from './observation.ts';
import type { Objection } from './outcome.ts';
import { withOwnPin } from './ownPin.ts';
import { platformOf } from './platforms.ts';
import type { Policy, Remedy } from './policy.ts';
import type { OffsetSurvival } from './saved.ts';
import type { Trigger } from './trigger.ts';
import type { Instant } from './time.ts';
import { duration, plusSeconds, secondsBetween } from './time.ts';
import type { Verdict } from './verdict.ts';

/** The remedies of a recovery in their order: a person's word stands alone; the schedule's comes first. */
export function remediesOf(trigger: Trigger, policy: Policy): readonly Remedy[] {
  if (trigger.kind === 'person' && trigger.remedy !== undefined) return [trigger.remedy];
  return policy.remedies;
}

/**
 * The next remedy that has not been used up, gentlest first; `undefined`: everything allowed was tried, or the gentler one could not be tried
 * now, which is no reason for a harsher one.
 */
export function nextRemedy(
  verdict: Verdict,
  connector: LiveConnector,
  recovery: Recovery | undefined,
  trigger: Trigger,
  policy: Policy,
): Remedy | undefined {
  const acts = recovery?.acts ?? [];
  if (!platformOf(policy).recreates) return nextRung(remediesOf(trigger, policy), verdict, connector, acts, policy);
  const restart = restartsSoFar(acts, connector, policy);
  return remediesOf(trigger, policy).find((remedy) => {
    if (remedy === 'restart') return restart === 'open';
    // A person decides about a partial failure's living tasks; a machine never deletes them.
    if (verdict.kind === 'partial' || restart === 'kept from it') return false;
    return deletions(acts) < policy.limits.recreationsPerRecovery;
  });
}

/** Whether a right is missing to restart it, so that nobody knows whether a restart would help. */
export function isDeniedRestart({ state, arn }: LiveConnector, { trigger, acts }: Recovery, policy: Policy): boolean {
  const denied = acts.some((act) => act.kind === 'restart' && act.denied === true && act.arn === arn);
  return denied && state === 'RUNNING' && remediesOf(trigger, policy).includes('restart');
}

function deletions(acts: readonly Act[]): number {
  const lost = acts.filter((act) => act.kind === 'delete' && act.result === 'not-carried-out').length;
  if (lost >= vainCallsPerRemedy) return Infinity;
  return acts.filter((act) => act.kind === 'delete').length - lost;
}

/** Whether the policy takes the position for safe. */
function isKept(offsets: OffsetSurvival | undefined, policy: Policy): boolean {
  if (policy.offsets === 'may-be-lost' || offsets?.kind === 'kept') return true;
  return policy.offsets === 'pin-default-topic' && offsets?.kind === 'unknown' && offsets.pinsDefault === true;
}

/** Everything that forbids deleting and recreating this connector now; empty: it may be done. */
export function objectionsToRecreation(
  connector: LiveConnector,
  observation: Observation,
  policy: Policy,
): { readonly objection: Objection; readonly reason: string }[] {
  const objections: { objection: Objection; reason: string }[] = [];
  const object = (objection: Objection, reason: string) => objections.push({ objection, reason });
  const { saved, offsets, sweepSeenAt } = observation;
  switch (saved?.kind) {
    case undefined:
      object('saved-config', 'the saved config has not been read');
      break;
    case 'missing':
      object('saved-config', `there is no saved config to recreate it from (${saved.place})`);
      break;
    case 'invalid':
      object('saved-config', `the saved config is not a create request (${saved.place}): ${saved.faults.join(' ')}`);
      break;
    case 'unreadable':
      object('saved-config', `the saved config cannot be read (${saved.place}): ${saved.reason}`);
      break;
    case 'valid': {
      const fields = drift(withOwnPin(saved.request, connector.request), connector.request);
      if (fields.length > 0 && policy.drift === 'refuse') {
        object('drift', `the saved config differs from the live one in ${fields.join(', ')} (${saved.place})`);
      }
    }
  }
  if (saved?.kind === 'valid' && !isKept(offsets, policy)) {
    const unpinned = observation.pin?.kind === 'refused' ? `, and it cannot be pinned: ${observation.pin.reason}` : '';
    const reason = `${offsets?.reason ?? 'nobody could say whether they would be kept'}${unpinned}`;
    object('offsets', `its offsets ${offsets?.kind === 'lost' ? 'would be lost' : 'might be lost'}: ${reason}`);
  }
  const silence = sweepSeenAt === undefined ? undefined : secondsBetween(sweepSeenAt, observation.at);
  if (silence === undefined || silence > policy.sweepSeenWithinSeconds) {
    const seen = silence === undefined ? 'has never been seen' : `was last seen ${duration(silence)} ago`;
    object('sweep', `the sweep, which would finish an interrupted recreation, ${seen}`);
  }
  return objections;
}

/** What fails all day is tried four times a day, whatever the limit of a day. */
const longestCooldownSeconds = 21_600;

/**
 * What forbids opening another recovery so soon after the last; `undefined`: nothing. Where the policy names no pauses of its own, it doubles with each recovery in a row that brought
 * nothing back, or nothing that held for an hour; an hour of health forgives them all.
 */
export function cooldown(journal: Journal, policy: Policy, now: Instant): string | undefined {
  const { cooldownSeconds, backOffSeconds } = policy.limits;
  if (backOffSeconds !== undefined) return backOff(journal, policy, now)?.because;
  const failed = failedInARow(journal, now).length;
  const seconds = Math.min(
    cooldownSeconds * 2 ** Math.max(0, failed - 1),
    Math.max(cooldownSeconds, longestCooldownSeconds),
  );
  const tooSoon = resting(journal, seconds, now);
  return tooSoon === undefined || failed < 2
    ? tooSoon
    : `${tooSoon}, for ${failed} in a row have brought nothing that held`;
}

/** Whether this recovery is a restart, and nothing harsher, by which we find out unasked whether a source that was out of reach is back. */
export function isProbe({ verdict, trigger, acts }: Recovery): boolean {
  return verdict.kind === 'elsewhere' && trigger.kind !== 'person' && acts.every((act) => act.kind === 'restart');
}

/** Whether this recovery is a restart, and nothing harsher, that is to find out for the whole stack whether the cause is over. */
export function isProbeForStack({ forStack, acts }: Recovery): boolean {
  return forStack === true && acts.every((act) => act.kind === 'restart');
}

/**
 * What forbids another restart that is to find out whether a source is back. Each of them is gentle and none is an attempt that failed, so the
 * limit of a day does not hold for them: the cooldown doubles with each.
 */
export function cooldownOfProbes(journal: Journal, policy: Policy, now: Instant): string | undefined {
  const own = journal.history.filter(({ forStack }) => forStack !== true);
  const others = own.findIndex(({ probe }) => probe !== true);
  const probes = others < 0 ? own.length : others;
  const seconds = policy.limits.cooldownSeconds * 2 ** Math.max(0, probes - 1);
  return resting(journal, Math.min(seconds, Math.max(longestProbePauseSeconds, policy.limits.cooldownSeconds)), now);
}

/** A source that comes back at night is not left waiting until the morning. */
const longestProbePauseSeconds = 7200;

function resting(journal: Journal, seconds: number, now: Instant): string | undefined {
  // What it tried for the whole stack is paced by the breaker.
  const newest = journal.history.find(({ forStack }) => forStack !== true);
  if (newest === undefined || secondsBetween(newest.endedAt, now) >= seconds) return undefined;
  const until = plusSeconds(newest.endedAt, seconds);
  return `the last recovery ended ${duration(secondsBetween(newest.endedAt, now))} ago; no other before ${until}`;
}

/** What forbids opening another recovery on an alarm or a sweep; `undefined`: nothing. */
export function limitOnRecoveries(journal: Journal, policy: Policy, now: Instant): string | undefined {
  return limitOfTheDay(journal, policy, now) ?? cooldown(journal, policy, now);
}

/** What keeps failing ends with a person, who hears it before any pause; `undefined`: there were not so many. */
export function limitOfTheDay(journal: Journal, policy: Policy, now: Instant): string | undefined {
  const today = journal.history.filter(
    ({ endedAt, probe }) => probe !== true && secondsBetween(endedAt, now) < 86_400,
  ).length;
  if (today >= policy.limits.recoveriesPerDay) return `${today} recoveries in 24 h; what keeps failing needs a person`;
  return undefined;
}
