import type { LiveConnector } from './connector.ts';
import { decideAfterDeletion } from './afterDeletion.ts';
import { backOff } from './backOff.ts';
import { decideCalledOff } from './calledOff.ts';
import { finish, poll, refuse } from './decision.ts';
import type { Decision } from './decision.ts';
import { refuseHopeless, tryHopeless } from './hopeless.ts';
import type { Journal, Recovery, RestartAct } from './journal.ts';
import { isFinal } from './ladder.ts';
import { restartWords, sayTasks } from './messageParts.ts';
import type { Observation } from './observation.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import type { Backup } from './ports.ts';
import { decideRebalance } from './decideRebalance.ts';
import { provedWithinSeconds } from './provable.ts';
import { nextRemedy } from './remedy.ts';
import type { SavedConfig } from './saved.ts';
import { heedStack } from './stackHold.ts';
import { decideStopped, stopMayYetAct } from './stopAndResume.ts';
import { deletionMayYetAct, promiseMayYetAct, staleSeconds } from './settle.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { apply, refusals } from './patient.ts';
import type { Patient } from './patient.ts';
import { triage } from './triage.ts';
import type { Trigger } from './trigger.ts';
import { isOfAll, tried, untold } from './untold.ts';
import { tooEarlyToDelete, tryAgain } from './unreached.ts';
import type { Verdict } from './verdict.ts';

/**
 * The next act for one connector, or to wait, or to finish: a pure function of what is seen and what is written, so that every rule
 * is a row in a test and every decision can be replayed from a journal. `journal.recovery` must have been settled (`settle`).
 */
export function decide(observation: Observation, journal: Journal, policy: Policy, trigger: Trigger): Decision {
  const { recovery } = journal;
  const last = recovery?.acts.at(-1);
  const stopped = recovery === undefined ? undefined : decideStopped(recovery, observation, journal, policy);
  if (stopped !== undefined) return stopped;
  const calledOff = decideCalledOff(observation, journal, policy, trigger);
  if (calledOff !== undefined) return calledOff;
  if (recovery !== undefined && last !== undefined) {
    if (last.kind === 'restart' && last.result === undefined) return poll(policy, 'the restart is under way');
    if (last.kind === 'delete' || last.kind === 'create') {
      const pending = decideAfterDeletion(recovery, observation, policy);
      if (pending !== undefined) return pending;
    }
  }
  if (observation.sighting.kind === 'absent') return decideAbsent(observation, journal, policy, trigger);
  const { connector } = observation.sighting;
  const forgotten = recovery === undefined ? decideForgotten(connector, observation, policy) : undefined;
  if (forgotten !== undefined) return forgotten;
  const rebalancing = decideRebalance(connector, observation.at, recovery, policy, trigger);
  if (rebalancing !== undefined) return toTheEnd(rebalancing, observation, recovery, policy);
  const busy = inHands(connector, policy);
  if (busy !== undefined && last?.kind === 'restart' && last.result === 'timed-out') {
    const verdict: Verdict = {
      kind: 'unknown',
      because: `The restart does not end: ${busy}.`,
      wouldChange: 'Its end.',
      evidence: [],
    };
    return finish({
      kind: 'gave-up',
      reason: `The restart has not ended after ${duration(policy.waits.restartSeconds)}.`,
      verdict,
    });
  }
  if (connector.state === 'RESTARTING' && last?.kind === 'restart' && justEnded(last, observation.at)) {
    return poll(policy, 'the restart has just ended, and the description of the connector lags behind');
  }
  if (busy !== undefined)
    return toTheEnd(leaveAlone(recovery, busy, observation.verdict), observation, recovery, policy);
  if (observation.verdict === undefined) return poll(policy, 'it has not been looked at yet');
  if (last?.kind === 'restart' && wasRefusedForNow(last, observation.at, policy))
    return poll(policy, `asked again in a moment, for it was refused: ${last.reason ?? 'a rebalance is under way'}`);
  const asked = recovery?.trigger ?? trigger;
  const verdict = tryHopeless(observation.verdict, connector, journal, asked);
  const patient: Patient = { verdict, connector, observation, journal, policy, trigger: asked };
  const decision =
    recovery !== undefined && recovery.acts.some(isEffective) ? verify(patient, recovery) : triage(patient);
  return toTheEnd(heedStack(decision, patient), observation, recovery, policy);
}

/** Rule 3: while a deletion whose answer was lost may yet act, no recovery ends: somebody has to be there to recreate. */
function toTheEnd(
  decision: Decision,
  { sighting, at }: Observation,
  recovery: Recovery | undefined,
  policy: Policy,
): Decision {
  if (decision.kind !== 'finish' || recovery === undefined || sighting.kind === 'absent') return decision;
  if (stopMayYetAct(recovery, at)) return poll(policy, 'an answer to a stop was lost, and it may act late');
  return deletionMayYetAct(recovery, sighting.connector.arn, at, policy)
    ? poll(policy, 'an answer to DeleteConnector was lost, and it may act late')
    : decision;
}

/** State and operations are two answers of the service, and the state may be the older one. */
function justEnded(act: RestartAct, at: Instant): boolean {
  return act.result === 'complete' && act.endedAt !== undefined && secondsBetween(act.endedAt, at) < staleSeconds;
}

/** Refused a moment ago for a rebalance, which takes seconds or minutes: nothing but time helps. */
function wasRefusedForNow({ busy, endedAt }: RestartAct, at: Instant, { waits }: Policy): boolean {
  return busy === true && endedAt !== undefined && secondsBetween(endedAt, at) < waits.pollSeconds;
}

/** Rule 5: what somebody paused, updates or deletes is his; an operation in progress is a lock. */
function inHands(connector: LiveConnector, policy: Policy): string | undefined {
  if (!platformOf(policy).judged.includes(connector.state)) return `it is ${connector.state}, and not by our doing`;
  const operation = connector.operations.find((candidate) => candidate.state === 'in-progress');
  return operation === undefined ? undefined : `an operation is in progress on it: ${operation.type}`;
}

function isEffective(act: Recovery['acts'][number]): boolean {
  return act.result !== 'refused' && act.result !== 'not-carried-out';
}

/** After an act: proved by data, or judged anew from evidence that is newer than the act. */
function verify(patient: Patient, recovery: Recovery): Decision {
  const { verdict, connector, observation, policy } = patient;
  const last = recovery.acts.findLast(isEffective);
  const waited = secondsBetween(last?.endedAt ?? recovery.openedAt, observation.at);
  const what = last?.kind === 'restart' ? restartWords(last) : 'the recreation';
  const patienceSeconds = provedWithinSeconds(policy, connector.request.connectorConfiguration);
  const unproved = last?.kind === 'restart' ? tried(verdict.unprovedTasks, last, recovery) : [];
  // Where nothing tells the tasks' records apart, they are those of restarted tasks only where all were restarted.
  const provesAll =
    verdict.tellsNoneApart !== undefined && last?.kind === 'restart' && isOfAll(last, recovery, connector);
  const unseen =
    last?.kind === 'restart' && verdict.kind === 'alive' && !provesAll
      ? tried(verdict.unseenTasks, last, recovery)
      : [];
  if (unproved.length > 0 && waited < patienceSeconds)
    return poll(policy, `waiting for ${sayTasks(unproved)} to take a record after ${what}`);
  if (unproved.length > 0) {
    const reason = `${sayTasks(unproved)} took none of the records that wait for it in the ${duration(waited)} after ${what}, while others go on.`;
    const evidence = [{ source: sayTasks(unproved), seen: reason, says: 'silent' } as const, ...verdict.evidence];
    // Others are alive, so it is partly so.
    return finish({
      kind: 'acted-unproved',
      reason,
      verdict: { ...verdict, kind: 'partial', because: reason, evidence },
    });
  }
  if (unseen.length > 0 && waited < patienceSeconds)
    return poll(policy, `waiting for ${sayTasks(unseen)} to take a record after ${what}; others go on`);
  if (unseen.length > 0 && verdict.tellsNoneApart !== undefined) return finish(untold(unseen, verdict));
  if (verdict.kind === 'alive') {
    const nothing = unseen.length === 0 ? '' : ` Nothing has come for ${sayTasks(unseen)} since.`;
    const reason = `Data flows again after ${what}: ${verdict.because}${nothing}`;
    return finish({ kind: 'recovered', reason, verdict });
  }
  const isOurs = recovery.acts.some((act) => act.kind === 'create');
  // Rule 3: what we created again and does not run is still what we deleted. Why it FAILED nobody may be able to read.
  const doesNotStart =
    verdict.kind === 'elsewhere' ? verdict.diedUnconnectedAt !== undefined : connector.state === 'FAILED';
  if (isOurs && doesNotStart) return tryAgain(patient, recovery, last?.endedAt ?? recovery.openedAt);
  const hopeless = refuseHopeless(patient);
  if (hopeless !== undefined) return finish(hopeless);
  if (verdict.kind === 'dead' || (verdict.kind === 'partial' && verdict.deadTasks !== undefined)) {
    // Rule 8: nothing harsher before the time in which it heals by itself. FAILED is final.
    if (waited < policy.waits.healSeconds && !isFinal(verdict, connector))
      return poll(policy, `${what} ended ${duration(waited)} ago; it may need longer`);
    const remedy = nextRemedy(verdict, connector, recovery, recovery.trigger, policy);
    if (remedy === undefined) {
      const reason = `${what} did not help, and everything that is allowed has been tried`;
      return finish({ kind: 'gave-up', reason: refusals(recovery) ?? reason, verdict });
    }
    const early = remedy === 'recreate' ? tooEarlyToDelete(verdict, observation.at) : undefined;
    if (early !== undefined) return poll(policy, `${early}: not deleted yet`);
    const rest = recovery.trigger.kind === 'person' ? undefined : backOff(patient.journal, policy, observation.at);
    if (rest !== undefined) {
      const seconds = Math.ceil(secondsBetween(observation.at, rest.until));
      return { kind: 'wait', seconds, reason: `${what} did not help: ${rest.because}` };
    }
    return apply(remedy, `${what} did not help: ${verdict.because}`, patient);
  }
  // What its predecessor said before it went says nothing of it.
  const lostAt = verdict.positionLostAt;
  const isLost = lostAt !== undefined && lostAt > (last?.endedAt ?? recovery.openedAt);
  if (!isLost && waited < patienceSeconds) return poll(policy, `waiting for data after ${what}`);
  if (lostAt !== undefined)
    return finish({ kind: 'gave-up', reason: `${what} could not help: ${verdict.because}`, verdict });
  const after = `${duration(waited)} after ${what}`;
  const notSeen =
    verdict.kind === 'partial' ? `Some tasks are in error ${after}.` : `No record was seen in the ${after}.`;
  return finish({ kind: 'acted-unproved', reason: `${notSeen} ${verdict.because}`, verdict });
}

function decideAbsent(observation: Observation, journal: Journal, policy: Policy, trigger: Trigger): Decision {
  const backup = observation.newestBackup;
  const verdict: Verdict = {
    kind: 'unknown',
    because: 'The connector does not exist.',
    wouldChange: 'That it exists.',
    evidence: [{ source: 'connector state', seen: 'not found', says: 'nothing' }],
  };
  if (journal.recovery === undefined && backup?.kind === 'read' && backup.backup.closed === undefined) {
    return takeUp(backup.backup);
  }
  const asked = trigger.kind === 'person' && trigger.remedy === 'recreate' && journal.recovery === undefined;
  const wanted = asked && platformOf(policy).recreates;
  if (wanted && observation.saved?.kind === 'valid') {
    const because = 'a person asked for it, and it does not exist';
    const { request } = observation.saved;
    const { pin } = observation;
    if (pin?.kind === 'pinned') {
      const { workerConfiguration } = pin;
      const keeps = `on ${workerConfiguration.workerConfigurationArn}, which pins the topic of its offsets`;
      return { kind: 'create', request: { ...request, workerConfiguration }, reason: `${because}; ${keeps}` };
    }
    if (pin?.kind === 'refused' && policy.offsets !== 'may-be-lost') {
      const reason = `The connector does not exist, and is not created from the saved config as it is, for its offsets might be lost: ${pin.reason}. A saved config that names the worker configuration with its offset.storage.topic says which.`;
      return refuse('offsets', reason, verdict);
    }
    return { kind: 'create', request, reason: because };
  }
  if (journal.recovery === undefined && backup?.kind === 'broken') {
    const reason = `The connector does not exist, and whether this product deleted it cannot be told: its newest backup is broken (${backup.reason}). It is not created on a guess.`;
    return refuse('absent', reason, verdict);
  }
  const reason = wanted
    ? `The connector does not exist, and there is no saved config to create it from: ${sayUnsaved(observation.saved)}.`
    : 'The connector does not exist, and it was not this product that deleted it. It is not created unasked.';
  return refuse('absent', reason, verdict);
}

function sayUnsaved(saved: SavedConfig | undefined): string {
  switch (saved?.kind) {
    case 'invalid':
      return `it is not a create request (${saved.place}): ${saved.faults.join(' ')}`;
    case 'unreadable':
      return `it cannot be read (${saved.place}): ${saved.reason}`;
    case 'missing':
      return `there is nothing at ${saved.place}`;
    case 'valid':
    case undefined:
      return 'it has not been read';
  }
}

/** A backup that is still open though the journal knows of no recovery: the journal was lost. */
function decideForgotten(connector: LiveConnector, observation: Observation, policy: Policy): Decision | undefined {
  const found = observation.newestBackup;
  if (found?.kind !== 'read' || found.backup.closed !== undefined) return undefined;
  if (connector.state === 'DELETING' && connector.arn === found.backup.arn) return takeUp(found.backup);
  if (promiseMayYetAct(found.backup, observation, policy)) {
    const reason = 'an open backup without a recovery in the journal: its deletion may be under way and not yet show';
    return poll(policy, reason);
  }
  const reason = 'an open backup without a recovery in the journal, and the connector is there: its promise is over';
  return { kind: 'close-backup', backup: found.backup, reason };
}

function takeUp(backup: Backup): Decision {
  const { arn, version, recreateFrom, recoveryId, at } = backup;
  const reason = 'its journal knows nothing of it, but its backup says that we were about to delete and recreate it';
  const act = { kind: 'delete', intendedAt: at, arn, version, recreateFrom, acceptedAt: at } as const;
  return { kind: 'take-up', recoveryId, act, reason };
}

function leaveAlone(recovery: Recovery | undefined, why: string, verdict: Verdict | undefined): Decision {
  const reason =
    recovery === undefined ? `Left alone: ${why}.` : `Somebody took it in hand during the recovery: ${why}.`;
  return finish({ kind: 'left-alone', reason, ...(verdict === undefined ? {} : { verdict }) });
}
