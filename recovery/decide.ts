import type { LiveConnector } from './connector.ts';
import { decideAfterDeletion } from './afterDeletion.ts';
import type { Decision } from './decision.ts';
import type { Journal, Recovery } from './journal.ts';
import type { Observation } from './observation.ts';
import type { Objection, Outcome } from './outcome.ts';
import type { Policy, Remedy } from './policy.ts';
import { limitOnRecoveries, nextRemedy, objectionsToRecreation } from './remedy.ts';
import { duration, secondsBetween } from './time.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/**
 * The next act for one connector, or to wait, or to finish: a pure function of what is seen and what is written, so that every rule
 * is a row in a test and every decision can be replayed from a journal. `journal.recovery` must have been settled (`settle`).
 */
export function decide(observation: Observation, journal: Journal, policy: Policy, trigger: Trigger): Decision {
  const { recovery } = journal;
  const last = recovery?.acts.at(-1);
  if (recovery !== undefined && last !== undefined) {
    if (last.kind === 'restart' && last.result === undefined) return wait(policy, 'the restart is under way');
    if (last.kind === 'delete' || last.kind === 'create') {
      const pending = decideAfterDeletion(recovery, observation, policy);
      if (pending !== undefined) return pending;
    }
  }
  if (observation.sighting.kind === 'absent') return decideAbsent(observation, journal, trigger);
  const { connector } = observation.sighting;
  const busy = inHands(connector);
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
  if (busy !== undefined) return leaveAlone(recovery, busy, observation.verdict);
  if (observation.verdict === undefined) return wait(policy, 'it has not been looked at yet');
  return recovery !== undefined && recovery.acts.some(isEffective)
    ? verify(observation.verdict, connector, observation, recovery, policy)
    : triage(observation.verdict, connector, observation, journal, policy, recovery?.trigger ?? trigger);
}

/** Rule 5: what somebody paused, updates or deletes is his; an operation in progress is a lock. */
function inHands(connector: LiveConnector): string | undefined {
  if (connector.state !== 'RUNNING' && connector.state !== 'FAILED')
    return `it is ${connector.state}, and not by our doing`;
  const operation = connector.operations.find((candidate) => candidate.state === 'in-progress');
  return operation === undefined ? undefined : `an operation is in progress on it: ${operation.type}`;
}

function isEffective(act: Recovery['acts'][number]): boolean {
  return act.result !== 'refused' && act.result !== 'not-carried-out';
}

/** No act of ours has touched it yet. */
function triage(
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): Decision {
  const asked = trigger.kind === 'schedule' || (trigger.kind === 'person' && trigger.remedy !== undefined);
  switch (verdict.kind) {
    case 'dead':
      return treat(verdict, connector, observation, journal, policy, trigger);
    case 'partial':
      return treatPartial(verdict, connector, observation, journal, policy, trigger);
    case 'elsewhere':
      return finish({ kind: 'left-alone', reason: verdict.because, verdict });
    case 'alive':
      if (asked) return byRequest(verdict, connector, observation, journal, policy, trigger);
      if (observation.saved?.kind === 'missing') {
        const reason = `it lives and there is no saved config (${observation.saved.place}): keep the live one`;
        return { kind: 'capture', request: connector.request, reason };
      }
      return finish({ kind: 'left-alone', reason: verdict.because, verdict });
    case 'idle':
    case 'unknown':
      if (asked) return byRequest(verdict, connector, observation, journal, policy, trigger);
      return finish({ kind: 'left-alone', reason: verdict.because, verdict });
  }
}

/** The schedule and a person may restart a living connector, through the same guards as everything else. */
function byRequest(
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): Decision {
  const remedy =
    trigger.kind === 'schedule'
      ? nextRemedy(verdict, connector, journal.recovery, trigger, {
          ...policy,
          remedies: trigger.remedy === undefined ? [] : [trigger.remedy],
        })
      : nextRemedy(verdict, connector, journal.recovery, trigger, policy);
  const by = trigger.kind === 'schedule' ? 'the preventive restart is due' : 'a person asked for it';
  if (remedy === undefined || journal.recovery?.acts.some((act) => act.result === 'refused') === true) {
    const refused = refusals(journal.recovery);
    return refuse(
      refused === undefined ? 'policy' : 'service',
      refused ?? 'nothing that was asked for can be done',
      verdict,
    );
  }
  return apply(remedy, by, verdict, connector, observation, policy);
}

function treat(
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): Decision {
  const { recovery } = journal;
  const limit =
    trigger.kind === 'person' || recovery !== undefined
      ? undefined
      : limitOnRecoveries(journal, policy, observation.at);
  if (limit !== undefined) return refuse('limit', limit, verdict);
  const silent = verdict.silentSince === undefined ? undefined : secondsBetween(verdict.silentSince, observation.at);
  if (silent !== undefined && silent < policy.waits.healSeconds) {
    return wait(
      policy,
      `silent for ${duration(silent)}; this kind of failure may heal itself within ${duration(policy.waits.healSeconds)}`,
    );
  }
  const remedy = nextRemedy(verdict, connector, recovery, trigger, policy);
  if (remedy === undefined) {
    const reason = refusals(recovery) ?? 'the policy allows no remedy that could help';
    return recovery === undefined
      ? refuse('policy', reason, verdict)
      : giveUp(recovery, reason, verdict, observation, policy);
  }
  return apply(remedy, verdict.because, verdict, connector, observation, policy);
}

/** Some tasks live: restart the failed ones, never recreate. */
function treatPartial(
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): Decision {
  if (policy.connectVersion.startsWith('2.')) {
    const reason = `${verdict.because} Connect ${policy.connectVersion} cannot restart single tasks, and a recreation would stop the living ones`;
    return refuse('policy', reason, verdict);
  }
  const limit = trigger.kind === 'person' ? undefined : limitOnRecoveries(journal, policy, observation.at);
  if (limit !== undefined) return refuse('limit', limit, verdict);
  if (nextRemedy(verdict, connector, journal.recovery, trigger, policy) !== 'restart') {
    const refused = refusals(journal.recovery);
    return refuse(refused === undefined ? 'policy' : 'service', refused ?? 'the policy allows no restart', verdict);
  }
  return { kind: 'restart', arn: connector.arn, onlyFailedTasks: true, reason: verdict.because };
}

function apply(
  remedy: Remedy,
  because: string,
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  policy: Policy,
): Decision {
  if (remedy === 'restart') return { kind: 'restart', arn: connector.arn, onlyFailedTasks: false, reason: because };
  const objections = objectionsToRecreation(connector, observation, policy);
  if (objections.length > 0 || observation.saved?.kind !== 'valid') {
    const reasons = objections.map((found) => found.reason).join('; and ');
    const codes = [...new Set(objections.map((found) => found.objection))];
    return finish({ kind: 'refused', objections: codes, reason: `It is not deleted, for ${reasons}.`, verdict });
  }
  return {
    kind: 'delete',
    arn: connector.arn,
    version: connector.version,
    live: connector.request,
    recreateFrom: observation.saved.request,
    reason: because,
  };
}

/** After an act: proved by data, or judged anew from evidence that is newer than the act. */
function verify(
  verdict: Verdict,
  connector: LiveConnector,
  observation: Observation,
  recovery: Recovery,
  policy: Policy,
): Decision {
  const last = recovery.acts.findLast(isEffective);
  const waited = secondsBetween(last?.endedAt ?? recovery.openedAt, observation.at);
  const what = last?.kind === 'restart' ? 'the restart' : 'the recreation';
  if (verdict.kind === 'alive')
    return finish({ kind: 'recovered', reason: `Data flows again after ${what}: ${verdict.because}`, verdict });
  if (verdict.kind === 'dead') {
    // Rule 8: nothing harsher before the time in which it heals by itself. FAILED is final.
    if (waited < policy.waits.healSeconds && connector.state !== 'FAILED')
      return wait(policy, `${what} ended ${duration(waited)} ago; it may need longer`);
    const remedy = nextRemedy(verdict, connector, recovery, recovery.trigger, policy);
    if (remedy === undefined) {
      const reason = `${what} did not help, and everything that is allowed has been tried`;
      return giveUp(recovery, refusals(recovery) ?? reason, verdict, observation, policy);
    }
    return apply(remedy, `${what} did not help: ${verdict.because}`, verdict, connector, observation, policy);
  }
  if (waited < policy.waits.verifySeconds) return wait(policy, `waiting for data after ${what}`);
  const unseen = `No record was seen in the ${duration(waited)} after ${what}. ${verdict.because}`;
  return finish({ kind: 'acted-unproved', reason: unseen, verdict });
}

/** Nothing is left to try. While a deletion whose answer was lost may yet act, somebody has to be there to recreate. */
function giveUp(
  recovery: Recovery,
  reason: string,
  verdict: Verdict,
  observation: Observation,
  policy: Policy,
): Decision {
  const mayYetAct = recovery.acts.some(
    (act) =>
      act.kind === 'delete' &&
      act.result === 'not-carried-out' &&
      act.backup !== undefined &&
      secondsBetween(act.intendedAt, observation.at) < policy.waits.deleteSeconds,
  );
  if (mayYetAct) return wait(policy, 'an answer to DeleteConnector was lost, and it may act late');
  return finish({ kind: 'gave-up', reason, verdict });
}

function decideAbsent(observation: Observation, journal: Journal, trigger: Trigger): Decision {
  const backup = observation.newestBackup;
  if (journal.recovery === undefined && backup !== undefined && backup.closed === undefined) {
    const { arn, version, recreateFrom } = backup;
    const act = {
      kind: 'delete',
      intendedAt: backup.at,
      arn,
      version,
      backup: backup.recoveryId,
      recreateFrom,
      acceptedAt: backup.at,
    } as const;
    const reason = 'its journal knows nothing of it, but its backup says that we were about to delete and recreate it';
    return { kind: 'take-up', recoveryId: backup.recoveryId, act, reason };
  }
  if (
    trigger.kind === 'person' &&
    trigger.remedy === 'recreate' &&
    observation.saved?.kind === 'valid' &&
    journal.recovery === undefined
  ) {
    return {
      kind: 'create',
      request: observation.saved.request,
      reason: 'a person asked for it, and it does not exist',
    };
  }
  const reason =
    'The connector does not exist, and it was not this product that deleted it. It is not created unasked.';
  const verdict: Verdict = {
    kind: 'unknown',
    because: 'The connector does not exist.',
    wouldChange: 'That it exists.',
    evidence: [{ source: 'connector state', seen: 'not found', says: 'nothing' }],
  };
  return refuse('absent', reason, verdict);
}

function leaveAlone(recovery: Recovery | undefined, why: string, verdict: Verdict | undefined): Decision {
  const reason =
    recovery === undefined ? `Left alone: ${why}.` : `Somebody took it in hand during the recovery: ${why}.`;
  return finish({ kind: 'left-alone', reason, ...(verdict === undefined ? {} : { verdict }) });
}

/** Why acts were refused by the service or never carried out, for people. */
function refusals(recovery: Recovery | undefined): string | undefined {
  const failed = recovery?.acts.filter((act) => act.result === 'refused' || act.result === 'not-carried-out') ?? [];
  if (failed.length === 0) return undefined;
  const words = failed.map((act) => {
    const how = act.result === 'refused' ? 'was refused' : 'could not be carried out';
    return `${act.kind} ${how}: ${act.reason ?? 'no reason given'}`;
  });
  return [...new Set(words)].join('; ');
}

function wait(policy: Policy, reason: string): Decision {
  return { kind: 'wait', seconds: policy.waits.pollSeconds, reason };
}

function refuse(objection: Objection, reason: string, verdict: Verdict): Decision {
  return finish({ kind: 'refused', objections: [objection], reason, verdict });
}

function finish(outcome: Outcome): Decision {
  return { kind: 'finish', outcome, reason: outcome.reason };
}
