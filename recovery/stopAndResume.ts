import { alarmDue } from './alarmed.ts';
import type { LiveConnector } from './connector.ts';
import { poll } from './decision.ts';
import type { Decision } from './decision.ts';
import { callOffInForce } from './intervention.ts';
import type { Act, Journal, Recovery, RestartAct } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import { seenTooLongAgo } from './seenTooLongAgo.ts';
import { isInBetween } from './taskByTask.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** How long what was asked for may take to show in the states, and a call whose answer was lost to act. */
const shownSeconds = 60;
/** A process may stand still for so long between what it wrote and its call. */
const latestCallSeconds = 960;
/** After so many calls in vain a call-off ends it all the same. */
const vainCalls = 3;

/**
 * What we stopped is resumed until it runs, whatever holds it: a stop is no end. It is resumed as well where it was never seen STOPPED, for what
 * was asked may yet be carried out. `undefined`: nothing of ours is stopped.
 */
export function decideStopped(
  recovery: Recovery,
  { sighting, at }: Observation,
  journal: Journal,
  policy: Policy,
): Decision | undefined {
  const act = recovery.acts.at(-1);
  if (act === undefined || !isOpenStop(act) || sighting.kind === 'absent') return undefined;
  const { state } = sighting.connector;
  const { resumes, arn, intendedAt } = act;
  const stopped = duration(secondsBetween(act.stoppedAt ?? intendedAt, at));
  if (resumes === undefined) {
    if (state === 'STOPPED')
      return { kind: 'resume', arn, reason: 'it is stopped: its tasks have given up what they held' };
    if (secondsBetween(intendedAt, at) < shownSeconds) return poll(policy, 'its stop is under way');
    return { kind: 'resume', arn, reason: 'it was not seen STOPPED, and may yet be' };
  }
  const { times, lastAt, acceptedAt = '', reason } = resumes;
  const since = secondsBetween(lastAt, at);
  const isAccepted = acceptedAt >= lastAt;
  if (isAccepted && (state !== 'STOPPED' || since < shownSeconds)) return poll(policy, 'it is being resumed');
  if (times >= vainCalls && callOffInForce(journal) !== undefined) return undefined;
  if ((times > 1 || reason !== undefined) && alarmDue(recovery, at)) {
    const why = reason === undefined ? 'it was asked to run, and does not' : `the call was refused: ${reason}`;
    return { kind: 'raise-alarm', reason: `It was stopped by us ${stopped} ago and does not run again: ${why}.` };
  }
  if (since < policy.waits.pollSeconds) return poll(policy, 'the last call to resume it is a moment ago');
  return { kind: 'resume', arn, reason: `it was stopped ${stopped} ago and does not run again` };
}

/** Whether this act stopped a connector that does not run again yet. */
export function isOpenStop(act: Act): act is RestartAct & { readonly by: 'stop-and-resume' } {
  return act.kind === 'restart' && act.by === 'stop-and-resume' && act.result === undefined;
}

/** Whether a stop whose answer was lost, and that was never seen, may yet act: until then somebody has to be there to resume it. */
export function stopMayYetAct({ acts }: Recovery, at: Instant): boolean {
  return acts.some((act) => isUnseenStop(act) && secondsBetween(act.intendedAt, at) < latestCallSeconds);
}

/** Whether something of this recovery is stopped by us, or may yet be, and has to be resumed whatever else is the matter. */
export function owesResume(recovery: Recovery, at: Instant): boolean {
  const last = recovery.acts.at(-1);
  return (last !== undefined && isOpenStop(last)) || stopMayYetAct(recovery, at);
}

function isUnseenStop(act: Act): act is RestartAct & { readonly by: 'stop-and-resume' } {
  if (act.kind !== 'restart' || act.by !== 'stop-and-resume' || act.result === 'refused') return false;
  return act.operationArn === undefined && act.stoppedAt === undefined;
}

/** A stop of ours that acts late, once it had been undone and taken for ended: it is to be resumed once more; `undefined`: there is none. */
export function lateStop({ acts }: Recovery, live: LiveConnector | undefined, at: Instant): RestartAct | undefined {
  const last = acts.at(-1);
  if (live?.state !== 'STOPPED' || last === undefined || isOpenStop(last)) return undefined;
  const lost = acts.findLast(isUnseenStop);
  if (lost === undefined || live.arn !== lost.arn || secondsBetween(lost.intendedAt, at) >= latestCallSeconds)
    return undefined;
  const { arn, by, onlyFailedTasks } = lost;
  return { kind: 'restart', intendedAt: at, arn, by, onlyFailedTasks, stoppedAt: at };
}

/** Brings a stop of ours up to date with what is seen: it ends once the connector has its tasks again. */
export function settleStop(act: RestartAct, live: LiveConnector, at: Instant, policy: Policy): RestartAct {
  const { state, tasks = [] } = live;
  if (state === 'STOPPED') return act.stoppedAt === undefined ? { ...act, stoppedAt: at } : act;
  if (state === 'PAUSED') return { ...act, endedAt: at, result: 'failed', reason: 'somebody paused it meanwhile' };
  const { resumes, stoppedAt } = act;
  const isResumed = resumes?.acceptedAt !== undefined && resumes.acceptedAt >= resumes.lastAt;
  // Who resumed it, if not we, has done what we were about to do.
  const askedAt = resumes?.lastAt ?? stoppedAt;
  if (askedAt === undefined || (resumes !== undefined && !isResumed)) return act;
  const since = secondsBetween(askedAt, at);
  if (stoppedAt === undefined && since < shownSeconds) return act;
  const isUp = (state === 'RUNNING' || state === 'FAILED') && tasks.length > 0 && !tasks.some(isInBetween);
  if (isUp && stoppedAt === undefined && act.operationArn === undefined)
    return {
      ...act,
      endedAt: at,
      result: 'not-carried-out',
      reason: 'its answer was lost, and it was never seen STOPPED',
    };
  if (isUp) return { ...act, endedAt: at, result: 'complete' };
  if (since < policy.waits.restartSeconds) return act;
  const reason = `it was resumed, and has no running task after ${policy.waits.restartSeconds} s`;
  return { ...act, endedAt: at, result: 'timed-out', reason };
}

/**
 * Resumes what the recovery's last act stopped. It is written before it is called, and its answer after. What was seen (`seenAt`) too long ago is
 * looked at again first: somebody may have paused it meanwhile, and a resume would undo that.
 * @throws LeaseLost, PortError
 */
export async function resume(
  { arn }: Extract<Decision, { kind: 'resume' }>,
  seenAt: Instant,
  recovery: Recovery,
  held: HeldJournal,
  ports: Ports,
): Promise<void> {
  const act = recovery.acts.at(-1);
  if (ports.workers === undefined || act?.kind !== 'restart' || act.by !== 'stop-and-resume')
    throw new Error('Only what was stopped, and whose workers are reached, is resumed.');
  const { reason: _before, ...before } = act.resumes ?? { times: 0 };
  const asked = { ...before, times: before.times + 1, lastAt: ports.clock.now() };
  const write = async (resumes: NonNullable<RestartAct['resumes']>) =>
    held.write({
      ...held.journal,
      recovery: { ...recovery, acts: [...recovery.acts.slice(0, -1), { ...act, resumes }] },
    });
  const unasked = held.journal;
  await write(asked);
  const tooOld = seenTooLongAgo(seenAt, ports);
  if (tooOld !== undefined) {
    await held.write(unasked);
    throw tooOld;
  }
  const answer = await ports.workers.resume(arn);
  await write(
    answer.kind === 'started'
      ? { ...asked, acceptedAt: ports.clock.now() }
      : { ...asked, reason: `${answer.code}: ${answer.reason}` },
  );
}
