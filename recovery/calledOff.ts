import { finish, poll } from './decision.ts';
import type { Decision } from './decision.ts';
import { by, callOffInForce } from './intervention.ts';
import type { CallOff } from './intervention.ts';
import type { Journal, Recovery } from './journal.ts';
import { isAway } from './alarmed.ts';
import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';
import { deletionMayYetAct, promiseMayYetAct } from './settle.ts';
import { isOpenStop } from './stopAndResume.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/**
 * What a person called off ends, and nothing else begins until the connector was seen alive or idle, or a person asks.
 * `undefined`: nothing is called off, or it is over: the connector is to be judged as any other.
 */
export function decideCalledOff(
  observation: Observation,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): Decision | undefined {
  const off = callOffInForce(journal);
  if (off === undefined) return undefined;
  const { recovery } = journal;
  if (recovery === undefined) {
    if (asksForMore(trigger, observation)) return undefined;
    const { newestBackup } = observation;
    // Its journal was lost; an open backup is a promise to create it again.
    if (newestBackup?.kind === 'read' && newestBackup.backup.closed === undefined)
      return promiseMayYetAct(newestBackup.backup, observation, policy)
        ? poll(
            policy,
            'it is called off; whether a deletion of which only its backup tells is yet carried out is to be seen',
          )
        : { kind: 'close-backup', backup: newestBackup.backup, reason: `called off by ${by(off)}` };
    if (isInHands(observation) || showsLife(observation.verdict)) return undefined;
  }
  if (recovery !== undefined && mayYetDelete(recovery, observation, policy))
    return poll(policy, 'it is called off; whether the deletion was carried out is yet to be seen');
  const { verdict } = observation;
  const reason = `${sayOff(off)} ${whatStays(recovery, observation)} It stays off until it was seen alive or idle, or a person asks.`;
  return finish({ kind: 'called-off', reason, ...(verdict === undefined ? {} : { verdict }) });
}

/**
 * Whether a person asks for what was called off. A look at one that does not exist is no such wish: to create it takes the word `recreate`, as
 * ever.
 */
export function asksForMore(trigger: Trigger, { sighting }: Observation): boolean {
  return trigger.kind === 'person' && (sighting.kind === 'present' || trigger.remedy === 'recreate');
}

function sayOff(off: CallOff): string {
  return `Called off by ${by(off)} at ${off.at}.`;
}

/** Alive or idle, and nothing is overdue that would soon speak against it. */
export function showsLife(verdict: Verdict | undefined): boolean {
  return (verdict?.kind === 'alive' || verdict?.kind === 'idle') && verdict.ripens === undefined;
}

/** Somebody is at work on it: it is left to him as ever. */
function isInHands({ sighting, verdict }: Observation): boolean {
  return sighting.kind === 'present' && verdict === undefined;
}

/** Whether a deletion of ours is under way of which nobody can say yet that it will be carried out, or that it will not. */
function mayYetDelete(recovery: Recovery, { at, sighting }: Observation, policy: Policy): boolean {
  const last = recovery.acts.at(-1);
  if (last?.kind === 'delete' && last.result === undefined && last.acceptedAt === undefined) return true;
  return sighting.kind === 'present' && deletionMayYetAct(recovery, sighting.connector.arn, at, policy);
}

/** Whether this connector is deleted by our doing and nothing was created again that anybody knows of. */
export function staysDeleted(recovery: Recovery | undefined): boolean {
  if (recovery === undefined || !isAway(recovery)) return false;
  const last = recovery.acts.at(-1);
  return last?.kind !== 'create' || last.arn === undefined;
}

function whatStays(recovery: Recovery | undefined, { sighting }: Observation): string {
  const last = recovery?.acts.at(-1);
  if (recovery === undefined || last === undefined)
    return sighting.kind === 'absent' ? 'It does not exist, and is not created.' : 'Nothing is done to it.';
  if (staysDeleted(recovery)) {
    return last.kind === 'create' && last.result === undefined
      ? 'It is deleted; a call to create it again was not answered, and may be carried out yet. No other is made.'
      : 'It is deleted, and is not created again.';
  }
  if (last.kind === 'create' && last.result === 'failed')
    return 'It was created again and is FAILED; it is not tried once more.';
  if (last.kind === 'create') return 'It was created again; whether data flows, nobody looks.';
  if (isOpenStop(last))
    return 'We stopped it, and it does not run again: it was asked to, in vain. It is not asked once more.';
  if (last.kind === 'restart' && last.result === undefined)
    return 'The restart that was begun goes on by itself; nothing follows.';
  return 'Nothing more is done to it.';
}
