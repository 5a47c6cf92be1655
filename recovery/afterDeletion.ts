import { alarmDue, alarmedSoFar } from './alarmed.ts';
import { poll } from './decision.ts';
import type { Decision } from './decision.ts';
import type { CreateAct, DeleteAct, Recovery } from './journal.ts';
import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';
import { deletedArn } from './settle.ts';
import { duration, secondsBetween } from './time.ts';

/** MSK Connect may hold a deleted connector's name for a while; being refused for it is no news yet. */
const nameHeldSeconds = 300;
/** Between attempts to create again: doubling up to this. */
const longestPauseSeconds = 300;

/**
 * Rule 3: what was deleted is recreated, and until it is, people are told again and again.
 * `undefined`: the deletion or creation is over (or never happened) and the connector is to be judged as any other.
 */
export function decideAfterDeletion(
  recovery: Recovery,
  observation: Observation,
  policy: Policy,
): Decision | undefined {
  const last = recovery.acts.at(-1);
  if (last?.kind === 'delete') return afterDelete(last, recovery, observation, policy);
  if (last?.kind === 'create') return afterCreate(last, recovery, observation, policy);
  return undefined;
}

function afterDelete(
  act: DeleteAct,
  recovery: Recovery,
  observation: Observation,
  policy: Policy,
): Decision | undefined {
  if (act.result === 'refused' || act.result === 'not-carried-out') return undefined;
  if (act.result === 'gone' && observation.sighting.kind === 'absent') {
    return { kind: 'create', request: act.recreateFrom, reason: 'it is gone; create it again from what was kept' };
  }
  const since = act.acceptedAt ?? act.intendedAt;
  const waited = secondsBetween(since, observation.at);
  if (waited > policy.waits.deleteSeconds && alarmDue(recovery, observation.at)) {
    return { kind: 'raise-alarm', reason: `Its deletion was begun ${duration(waited)} ago and has not ended.` };
  }
  return poll(policy, 'the deletion is under way');
}

function afterCreate(
  act: CreateAct,
  recovery: Recovery,
  observation: Observation,
  policy: Policy,
): Decision | undefined {
  const { at, sighting } = observation;
  switch (act.result) {
    case 'running':
    case 'failed':
      return undefined;
    case undefined: {
      const waited = secondsBetween(act.intendedAt, at);
      if (waited > policy.waits.createSeconds && alarmDue(recovery, at)) {
        const state = sighting.kind === 'present' ? sighting.connector.state : 'not found';
        return {
          kind: 'raise-alarm',
          reason: `Its creation was begun ${duration(waited)} ago and has not ended; its state: ${state}.`,
        };
      }
      // A call that was not answered may be under way; that the connector does not exist stays true meanwhile.
      if (
        alarmedSoFar(recovery) !== undefined &&
        act.arn === undefined &&
        sighting.kind === 'absent' &&
        alarmDue(recovery, at)
      )
        return { kind: 'raise-alarm', reason: 'It is deleted, and the last call to create it was not answered.' };
      return poll(policy, 'the creation is under way');
    }
    case 'refused':
    case 'vanished':
      break;
  }
  if (act.seenAt !== undefined) {
    const verdict = {
      kind: 'unknown',
      because: 'The connector does not exist.',
      wouldChange: 'That it exists.',
      evidence: [],
    } as const;
    const reason = 'It had been created again, and somebody deleted it since. It is not created once more.';
    return { kind: 'finish', outcome: { kind: 'refused', objections: ['absent'], reason, verdict }, reason };
  }
  if (sighting.kind === 'present') {
    if (sighting.connector.arn === deletedArn(recovery))
      return poll(policy, 'the deleted connector still holds its name');
    return undefined;
  }
  const since = act.refusals?.since ?? act.endedAt ?? at;
  const nameHeld = act.reason?.startsWith('ConflictException') === true && secondsBetween(since, at) < nameHeldSeconds;
  const pause = Math.min(policy.waits.pollSeconds * 2 ** ((act.refusals?.times ?? 1) - 1), longestPauseSeconds);
  const rested = secondsBetween(act.endedAt ?? at, at);
  // The next attempt comes before the next alarm: a notifier that fails must not keep a connector from coming back.
  if (rested >= pause) {
    const request =
      recovery.acts.findLast((candidate): candidate is DeleteAct => candidate.kind === 'delete')?.recreateFrom ??
      act.request;
    return { kind: 'create', request, reason: 'it does not exist yet; try again' };
  }
  if (!nameHeld && alarmDue(recovery, at)) {
    const failed = act.result === 'refused' ? 'CreateConnector has refused to create it again' : 'it has not come back';
    const lasting = secondsBetween(since, at);
    return {
      kind: 'raise-alarm',
      reason: `It is deleted, and ${failed}${lasting < 1 ? '' : ` for ${duration(lasting)}`}: ${act.reason ?? 'no reason given'}`,
    };
  }
  return { kind: 'wait', seconds: Math.ceil(pause - rested), reason: 'until the next attempt to create it' };
}
