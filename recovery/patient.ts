import type { LiveConnector } from './connector.ts';
import { finish, refuse } from './decision.ts';
import type { Decision } from './decision.ts';
import { approvalInForce, heldBy, mustBeApproved, sayHeld, yourName } from './intervention.ts';
import type { Held } from './intervention.ts';
import type { Act, Journal, Recovery } from './journal.ts';
import { howOf } from './ladder.ts';
import type { Observation } from './observation.ts';
import type { Lift } from './outcome.ts';
import { refuseReplacement } from './othersLive.ts';
import type { Policy, Remedy } from './policy.ts';
import { nextRemedy, objectionsToRecreation } from './remedy.ts';
import type { Trigger } from './trigger.ts';
import { unreadObjection } from './unreadLog.ts';
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
  if (remedy === undefined || journal.recovery?.acts.some(isRefused) === true) {
    const refused = refusals(journal.recovery);
    return refuse(
      refused === undefined ? 'policy' : 'service',
      refused ?? 'nothing that was asked for can be done',
      verdict,
    );
  }
  return apply(remedy, by, patient);
}

/** For good: what a rebalance forbids is asked again. */
function isRefused(act: Act): boolean {
  return act.result === 'refused' && !(act.kind === 'restart' && act.busy === true);
}

/** One remedy through its guards: a restart, or a deletion with what it will be created from, or why not. */
export function apply(remedy: Remedy, because: string, patient: Patient): Decision {
  const { verdict, connector, observation, policy } = patient;
  const held = refuseHeld(patient);
  if (held !== undefined) return held;
  if (remedy !== 'recreate') {
    const others = remedy === 'replace-worker' ? refuseReplacement(patient) : undefined;
    if (others !== undefined) return finish(others);
    return { kind: 'restart', arn: connector.arn, ...howOf(remedy, verdict, connector, policy), reason: because };
  }
  const unapproved = approvalLacking(patient);
  const unread = unreadObjection(patient);
  // Its offsets are no objection where they will be pinned before anything is deleted.
  const isPinnedFirst = observation.pin?.kind === 'missing';
  const objections = [
    ...objectionsToRecreation(connector, observation, policy).filter(
      ({ objection }) => objection !== 'offsets' || !isPinnedFirst,
    ),
    ...(unapproved === undefined ? [] : [{ objection: 'approval', reason: unapproved } as const]),
    ...(unread === undefined ? [] : [{ objection: 'unread', reason: unread } as const]),
  ];
  const from =
    observation.saved?.kind === 'valid' ? (observation.recreateFrom ?? observation.saved.request) : undefined;
  if (isPinnedFirst && objections.length === 0 && from !== undefined)
    return { kind: 'pin', live: connector, request: from, reason: because };
  if (objections.length > 0 || from === undefined) {
    const reasons = objections.map((found) => found.reason).join('; and ');
    const codes = [...new Set(objections.map((found) => found.objection))];
    const lifts = [
      ...(unapproved === undefined ? [] : [liftByApproval(connector)]),
      ...(unread === undefined ? [] : [liftByAsking(connector)]),
    ];
    return finish({
      kind: 'refused',
      objections: codes,
      reason: `It is not deleted, for ${reasons}.${isPinnedFirst ? ' The topic of its offsets would be pinned first, so that they are kept.' : ''}`,
      ...(lifts.length === 0 ? {} : { lifts }),
      verdict,
    });
  }
  return {
    kind: 'delete',
    arn: connector.arn,
    version: connector.version,
    live: connector.request,
    recreateFrom: from,
    reason: because,
  };
}

/** What a person holds is neither restarted nor deleted. */
export function refuseHeld({ verdict, connector, observation, journal }: Patient): Decision | undefined {
  const held = heldBy(journal, observation.heldOnStack);
  if (held === undefined) return undefined;
  return finish({
    kind: 'refused',
    objections: ['held'],
    reason: `It is not touched, for ${sayHeld(held)}.`,
    lifts: [liftByRelease(held, connector.name)],
    verdict,
  });
}

/** How a person releases what is held. */
export function liftByRelease(held: Held, connector: string): Lift {
  const [says, whose] = held.on === 'stack' ? ['Release the stack', {}] : ['Release it', { connector }];
  return { says, input: { ...whose, do: 'release', who: yourName } };
}

/** Why its deletion waits for a person, if it does. */
function approvalLacking({ verdict, connector, observation, journal, policy, trigger }: Patient): string | undefined {
  if (approvalInForce(journal, connector, observation.at) !== undefined) return undefined;
  const why = mustBeApproved(verdict, connector, journal, policy, trigger);
  return why === undefined ? undefined : `${why}, and nobody has approved it`;
}

function liftByAsking({ name }: LiveConnector): Lift {
  return { says: 'Recreate it all the same', input: { connector: name, remedy: 'recreate', who: yourName } };
}

function liftByApproval({ name, arn, version }: LiveConnector): Lift {
  const input = { connector: name, do: 'approve', arn, version, who: yourName };
  return { says: 'Approve this deletion and the recreation that follows (the approval lasts an hour)', input };
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
