import type { LiveConnector } from './connector.ts';
import { finish, refuse } from './decision.ts';
import type { Decision } from './decision.ts';
import type { Journal, Recovery } from './journal.ts';
import type { Observation } from './observation.ts';
import type { Policy, Remedy } from './policy.ts';
import { nextRemedy, objectionsToRecreation } from './remedy.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/** A connector that exists and was looked at, with all that bears on what to do for it. */
export interface Patient {
  readonly verdict: Verdict;
  readonly connector: LiveConnector;
  readonly observation: Observation;
  readonly journal: Journal;
  readonly policy: Policy;
  /** What the recovery under way was opened for; else why we were called. */
  readonly trigger: Trigger;
}

/** The schedule and a person may restart a living connector, through the same guards as everything else. */
export function byRequest(patient: Patient): Decision {
  const { verdict, connector, journal, policy, trigger } = patient;
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
  return apply(remedy, by, patient);
}

/** One remedy through its guards: a restart, or a deletion with what it will be created from, or why not. */
export function apply(
  remedy: Remedy,
  because: string,
  patient: Pick<Patient, 'verdict' | 'connector' | 'observation' | 'policy'>,
): Decision {
  const { verdict, connector, observation, policy } = patient;
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

/** Why acts were refused by the service or never carried out, for people. */
export function refusals(recovery: Recovery | undefined): string | undefined {
  const failed = recovery?.acts.filter((act) => act.result === 'refused' || act.result === 'not-carried-out') ?? [];
  if (failed.length === 0) return undefined;
  const words = failed.map((act) => {
    const how = act.result === 'refused' ? 'was refused' : 'could not be carried out';
    return `${act.kind} ${how}: ${act.reason ?? 'no reason given'}`;
  });
  return [...new Set(words)].join('; ');
}
