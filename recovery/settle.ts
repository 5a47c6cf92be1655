import type { LiveConnector, Operation, Sighting } from './connector.ts';
import type { Act, CreateAct, DeleteAct, Recovery, RestartAct } from './journal.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import { rebalanceSeconds } from './rebalance.ts';
import { lateStop, settleStop } from './stopAndResume.ts';
import { isInBetween } from './taskByTask.ts';
import type { Instant } from './time.ts';
import { plusSeconds, secondsBetween } from './time.ts';

/** How long the service's own lists and descriptions may lag behind an answer that it gave, and behind each other. */
export const staleSeconds = 60;
/** How long a connector that CreateConnector promised may stay out of the lists before it counts as gone. */
const promisedSeconds = 600;

/**
 * Brings the recovery's last act up to date with what is seen: whether it ended, failed, or never happened because its answer or
 * its call was lost. Whoever continues after a crash learns from here, never from memory.
 */
export function settle(recovery: Recovery, sighting: Sighting, at: Instant, policy: Policy): Recovery {
  const last = recovery.acts.at(-1);
  if (last === undefined) return recovery;
  const live = sighting.kind === 'present' ? sighting.connector : undefined;
  const late = lateDeletion(recovery, live);
  if (late !== undefined) {
    const acts = [...recovery.acts, { ...late, intendedAt: at, acceptedAt: at }];
    return settle({ ...recovery, acts }, sighting, at, policy);
  }
  const stop = lateStop(recovery, live, at);
  if (stop !== undefined) return { ...recovery, acts: [...recovery.acts, stop] };
  const lateOne = lateRestart(recovery, live, policy);
  if (lateOne !== undefined) {
    return settle({ ...recovery, acts: [...recovery.acts, lateOne] }, sighting, at, policy);
  }
  if (last.result !== undefined) {
    // The lists forgot it for a moment: it is not gone yet.
    if (last.kind === 'delete' && last.result === 'gone' && live?.arn === last.arn) {
      return replaceLast(recovery, settleDelete(withoutEnd(last), live, at));
    }
    // Deleted, and yet there under another ARN: our own create whose answer and record were lost, or a person who was faster.
    if (last.kind === 'delete' && last.result === 'gone' && live !== undefined && live.arn !== last.arn) {
      const adopted: CreateAct = {
        kind: 'create',
        intendedAt: last.endedAt ?? at,
        request: last.recreateFrom,
        arn: live.arn,
        seenAt: at,
      };
      return settle({ ...recovery, acts: [...recovery.acts, adopted] }, sighting, at, policy);
    }
    const retriable = last.kind === 'create' && (last.result === 'refused' || last.result === 'vanished');
    // What is still there under the old ARN is the deletion going on, not the new connector.
    if (!retriable || live === undefined || live.arn === deletedArn(recovery)) return recovery;
    return replaceLast(
      recovery,
      settleCreate({ kind: 'create', intendedAt: last.intendedAt, request: last.request }, live, at),
    );
  }
  switch (last.kind) {
    case 'restart':
      return replaceLast(recovery, settleRestart(last, live, at, policy));
    case 'delete': {
      const settled = replaceLast(recovery, settleDelete(last, live, at));
      return settled === recovery ? recovery : settle(settled, sighting, at, policy);
    }
    case 'create': {
      // What is still there under the old ARN is the deletion going on, not the new connector.
      const created = live?.arn === deletedArn(recovery) ? undefined : live;
      return replaceLast(recovery, settleCreate(last, created, at));
    }
  }
}

/**
 * A deletion of ours that was taken for not carried out, and whose connector is being deleted or gone after all: a call whose answer was
 * lost may act late. It was begun only once its backup was stored; what a person deletes besides cannot be told from it.
 */
function lateDeletion(recovery: Recovery, live: LiveConnector | undefined): DeleteAct | undefined {
  if (live !== undefined && live.state !== 'DELETING') return undefined;
  const last = recovery.acts.findLast((act) => act.kind !== 'restart');
  // A deletion under way, or what came of it, speaks for itself.
  if (last?.kind !== 'delete' || last.result === undefined || last.result === 'gone') return undefined;
  const lost = recovery.acts.findLast(
    (act): act is DeleteAct =>
      act.kind === 'delete' &&
      act.result === 'not-carried-out' &&
      act.backup !== undefined &&
      (live === undefined || live.arn === act.arn),
  );
  return lost === undefined ? undefined : withoutEnd(lost);
}

/**
 * A call may leave so late: its process stands still for as long as an invocation may live, 15 min, and a minute more on the way.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
const latestCallSeconds = 960;

/** For so long a deletion that nobody answered for may yet act. */
function lateSeconds({ waits }: Policy): number {
  return Math.max(waits.deleteSeconds, latestCallSeconds);
}

/** Whether a deletion of this very connector, whose answer was lost, may yet act: until then somebody has to be there to see it. */
export function deletionMayYetAct({ acts }: Recovery, arn: string, at: Instant, policy: Policy): boolean {
  return acts.some(
    (act) =>
      act.kind === 'delete' &&
      act.result === 'not-carried-out' &&
      act.backup !== undefined &&
      act.arn === arn &&
      secondsBetween(act.intendedAt, at) < lateSeconds(policy),
  );
}

/** As `deletionMayYetAct`, of a deletion of which only its open backup tells, for its journal was lost. */
export function promiseMayYetAct(
  backup: { readonly arn: string; readonly at: Instant },
  { sighting, at }: { readonly sighting: Sighting; readonly at: Instant },
  policy: Policy,
): boolean {
  if (sighting.kind === 'absent' || sighting.connector.arn !== backup.arn) return false;
  return sighting.connector.state !== 'DELETING' && secondsBetween(backup.at, at) < lateSeconds(policy);
}

/** A restart of ours that was taken for not carried out, and that the list of operations shows after all. */
function lateRestart(recovery: Recovery, live: LiveConnector | undefined, policy: Policy): RestartAct | undefined {
  const last = recovery.acts.at(-1);
  if (last?.kind !== 'restart' || (last.result !== 'not-carried-out' && last.result !== 'refused')) return undefined;
  const lost = recovery.acts.findLast(
    (act): act is RestartAct => act.kind === 'restart' && act.result === 'not-carried-out',
  );
  if (lost === undefined || live?.arn !== lost.arn) return undefined;
  const operation = restartOperation(lost, live, policy);
  if (operation === undefined) return undefined;
  const { endedAt: _endedAt, result: _result, reason: _reason, ...open } = lost;
  return { ...open, intendedAt: operation.startedAt, operationArn: operation.arn };
}

/** The operation that a restart of ours became, though its answer may have been lost. */
function restartOperation(act: RestartAct, live: LiveConnector, policy: Policy): Operation | undefined {
  return live.operations.find((candidate) =>
    act.operationArn === undefined
      ? candidate.type === platformOf(policy).restartOperation &&
        candidate.startedAt >= plusSeconds(act.intendedAt, -staleSeconds)
      : candidate.arn === act.operationArn,
  );
}

function withoutEnd(act: DeleteAct): DeleteAct {
  const { endedAt: _endedAt, result: _result, reason: _reason, backupClosedAt: _closed, ...open } = act;
  return open;
}

/** The ARN that the recovery's newest deletion named. */
export function deletedArn(recovery: Recovery): string | undefined {
  return recovery.acts.findLast((act) => act.kind === 'delete')?.arn;
}

function settleRestart(act: RestartAct, live: LiveConnector | undefined, at: Instant, policy: Policy): RestartAct {
  if (live === undefined || live.arn !== act.arn) {
    return { ...act, endedAt: at, result: 'failed', reason: 'the connector is no longer there under that ARN' };
  }
  if (act.by === 'stop-and-resume') return settleStop(act, live, at, policy);
  const operation = restartOperation(act, live, policy);
  const { listsOperations, name } = platformOf(policy);
  if (operation === undefined && !listsOperations) return settleUnlisted(act, live, at, policy);
  if (operation?.state === 'complete') {
    return { ...act, operationArn: operation.arn, endedAt: operation.endedAt ?? at, result: 'complete' };
  }
  if (operation?.state === 'failed') {
    const reason = `${name} says that the restart failed`;
    return { ...act, operationArn: operation.arn, endedAt: operation.endedAt ?? at, result: 'failed', reason };
  }
  const waited = secondsBetween(act.intendedAt, at);
  if (operation === undefined && live.state !== 'RESTARTING' && act.operationArn === undefined) {
    if (waited < staleSeconds) return act;
    return { ...act, endedAt: at, result: 'not-carried-out', reason: 'its answer was lost, and no restart was seen' };
  }
  if (waited < patienceSeconds(act, policy)) {
    return operation === undefined || act.operationArn !== undefined ? act : { ...act, operationArn: operation.arn };
  }
  return timedOut(act, at, policy);
}

/** What a worker had is handed out anew only after a rebalance, which waits for the worker to come back. */
function patienceSeconds({ by }: RestartAct, { waits }: Policy): number {
  return by === 'replace-worker' ? waits.restartSeconds + rebalanceSeconds : waits.restartSeconds;
}

function timedOut(act: RestartAct, at: Instant, policy: Policy): RestartAct {
  return { ...act, endedAt: at, result: 'timed-out', reason: `not ended after ${patienceSeconds(act, policy)} s` };
}

/**
 * A restart whose operation was forgotten with the process that made it up, or whose answer was lost: it has ended once nothing of it is seen to go
 * on, and did not happen where what it was for is FAILED as before.
 */
function settleUnlisted(act: RestartAct, live: LiveConnector, at: Instant, policy: Policy): RestartAct {
  const { tasks = [] } = live;
  const waited = secondsBetween(act.intendedAt, at);
  if (waited < staleSeconds) return act;
  const isOver = waited >= patienceSeconds(act, policy);
  // The state of a task is the last that its worker wrote, and one that was killed writes none.
  const isOnOld = act.by === 'replace-worker' && tasks.some(({ worker }) => worker === act.worker);
  if (isOnOld && !isOver) return act;
  if (live.state === 'RESTARTING' || live.state === 'UNASSIGNED' || tasks.some(isInBetween)) {
    return isOver ? timedOut(act, at, policy) : act;
  }
  const failed = tasks.some(({ id, state }) => state === 'FAILED' && (act.tasks?.includes(id) ?? true));
  if (act.operationArn === undefined && (failed || live.state === 'FAILED'))
    return { ...act, endedAt: at, result: 'not-carried-out', reason: 'its answer was lost, and no restart was seen' };
  return { ...act, endedAt: at, result: 'complete' };
}

function settleDelete(act: DeleteAct, live: LiveConnector | undefined, at: Instant): DeleteAct {
  if (live === undefined || live.arn !== act.arn) return { ...act, endedAt: at, result: 'gone' };
  if (live.state === 'DELETING') return act.acceptedAt === undefined ? { ...act, acceptedAt: at } : act;
  // Still there. Either the call was never made (a crash before it), or the description lags behind the answer.
  if (secondsBetween(act.acceptedAt ?? act.intendedAt, at) < staleSeconds) return act;
  return { ...act, endedAt: at, result: 'not-carried-out', reason: `the connector is still ${live.state}` };
}

function settleCreate(act: CreateAct, live: LiveConnector | undefined, at: Instant): CreateAct {
  if (live === undefined) {
    if (act.seenAt !== undefined) {
      if (secondsBetween(act.seenAt, at) < staleSeconds) return act;
      return { ...act, endedAt: at, result: 'vanished', reason: 'it was seen after its creation and is gone' };
    }
    const patience = act.arn === undefined ? staleSeconds : promisedSeconds;
    if (secondsBetween(act.intendedAt, at) < patience) return act;
    return { ...act, endedAt: at, result: 'vanished', reason: 'it was never seen after the call' };
  }
  const seen: CreateAct =
    act.arn === live.arn && act.seenAt !== undefined ? act : { ...act, arn: live.arn, seenAt: at };
  if (live.state === 'RUNNING') return { ...seen, endedAt: at, result: 'running' };
  if (live.state === 'FAILED')
    return { ...seen, endedAt: at, result: 'failed', reason: live.stateReason ?? 'state FAILED' };
  return seen;
}

function replaceLast(recovery: Recovery, act: Act): Recovery {
  if (act === recovery.acts.at(-1)) return recovery;
  return { ...recovery, acts: [...recovery.acts.slice(0, -1), act] };
}
