import { alarmDue } from './alarmed.ts';
import { announcementDue, announcerOf, mightBeOpen, openBreaker, turnOf } from './breaker.ts';
import type { OpenBreaker } from './breaker.ts';
import { sayOpen } from './composeBreaker.ts';
import { finish, heldSeconds, poll, refuse } from './decision.ts';
import type { Decision } from './decision.ts';
import { approvalInForce } from './intervention.ts';
import type { Journal } from './journal.ts';
import type { Patient } from './patient.ts';
import type { Remedy } from './policy.ts';
import { secondsBetween } from './time.ts';
import type { Trigger } from './trigger.ts';

/**
 * Those who fell silent at the same moment call within a minute of each other, for an alarm is evaluated once a minute. Before anything is
 * deleted, and before anybody is told that a source is away, they get the time to be seen.
 */
const othersAreSeenSeconds = 70;
/** A restart is gentle: it waits only for those who were called in the same moment. */
const calledAtOnceSeconds = 20;
/** A journal that cannot be read keeps nobody waiting for longer: a silence that was not seen since would not count either. */
const longestDoubtSeconds = 600;

/**
 * What becomes of a decision under the breaker: nothing is deleted while it is open, and nothing restarted but one connector at a time, to find
 * out whether the cause is over. What was deleted already is created all the same. Pure.
 *
 * Who waits writes that down first, so that those who look in the same moment see each other and choose the same one.
 */
export function heedStack(decision: Decision, patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy, trigger } = patient;
  const { breaker } = policy;
  if (breaker === undefined || verdict.kind === 'partial' || isAskedByName(trigger)) return decision;
  const remedy = remedyOf(decision);
  if (remedy === undefined && !isNewsOfSilence(decision, journal)) return decision;
  const { neighbours, at } = observation;
  if (neighbours === undefined)
    return remedy === undefined ? decision : poll(policy, 'the others of its stack have not been looked at yet');
  const open = openBreaker(journal, neighbours, breaker, at);
  const isApproved = decision.kind === 'delete' && approvalInForce(journal, connector, at) !== undefined;
  if (open === undefined || (open.over !== 'stack' && remedy === 'restart')) {
    const patience = trigger.kind === 'person' || isApproved ? undefined : untilOthersAreSeen(remedy, patient);
    return patience ?? decision;
  }
  if (isApproved) return { ...decision, forStack: true };
  return throughBreaker(decision, remedy, open, patient);
}

/** A person who names the remedy knows more than we see. */
function isAskedByName(trigger: Trigger): boolean {
  return trigger.kind === 'person' && trigger.remedy !== undefined;
}

function remedyOf(decision: Decision): Remedy | undefined {
  if (decision.kind === 'restart') return 'restart';
  return decision.kind === 'delete' ? 'recreate' : undefined;
}

/** What people would hear of each connector by itself, where the stack's message says it of all. */
function isNewsOfSilence(decision: Decision, { recovery }: Journal): boolean {
  if (decision.kind !== 'finish') return false;
  const { outcome } = decision;
  switch (outcome.kind) {
    case 'left-alone':
      return outcome.verdict?.kind === 'elsewhere' && outcome.verdict.positionLostAt === undefined;
    case 'refused':
      return outcome.objections.every((found) => found === 'limit' || found === 'approval');
    case 'acted-unproved':
    case 'gave-up':
      return recovery?.forStack === true;
    case 'recovered':
    case 'called-off':
    case 'captured':
      return false;
  }
}

/** The breaker is closed as far as anybody knows; others may be about to be seen silent. */
function untilOthersAreSeen(remedy: Remedy | undefined, patient: Patient): Decision | undefined {
  const { observation, journal, policy } = patient;
  const suspected = journal.stack?.suspected;
  if (suspected === undefined) return undefined;
  const silent = secondsBetween(suspected.since, observation.at);
  const rest = (remedy === 'restart' ? calledAtOnceSeconds : othersAreSeenSeconds) - silent;
  if (rest > 0) return wait(rest, policy, 'others of its stack that fell silent with it are about to be seen');
  const { breaker } = policy;
  const doubted =
    remedy === 'recreate' &&
    silent < longestDoubtSeconds &&
    breaker !== undefined &&
    mightBeOpen(journal, observation.neighbours ?? [], breaker, observation.at);
  return doubted ? poll(policy, 'not deleted yet: journals of its stack cannot be read') : undefined;
}

function throughBreaker(decision: Decision, remedy: Remedy | undefined, open: OpenBreaker, patient: Patient): Decision {
  const { verdict, connector, observation, journal, policy } = patient;
  const { at } = observation;
  const suspected = journal.stack?.suspected;
  // Silent it is not: its preventive restart is due.
  if (suspected === undefined)
    return remedy === undefined ? decision : refuse('breaker', `Not now: ${sayOpen(open)}`, verdict);
  const isOurs = journal.recovery?.acts.some((act) => act.kind === 'create') === true;
  const mayRecreate = remedy === 'recreate' && (policy.breaker?.probe === 'recreate' || isOurs);
  const probe = remedy === 'restart' || mayRecreate ? remedy : undefined;
  const approvable = remedy === 'recreate' || awaitsApproval(decision);
  const { stands } = suspected;
  if (stands === undefined || stands.remedy !== probe || (stands.approvable === true) !== approvable)
    return { kind: 'stand', ...(probe && { probe }), approvable, reason: sayOpen(open) };
  const rest = calledAtOnceSeconds - secondsBetween(stands.since, at);
  if (rest > 0) return wait(rest, policy, `who else waits is about to be seen: ${sayOpen(open)}`);
  const turn = turnOf(open, connector.name, at);
  if (announcementDue(open, turn, at) && announcerOf(open) === connector.name)
    return { kind: 'announce', open, turn, reason: sayOpen(open) };
  const isItsTurn = turn.kind === 'next' && turn.connector === connector.name;
  if (isItsTurn && (decision.kind === 'restart' || decision.kind === 'delete')) return { ...decision, forStack: true };
  if (decision.kind === 'finish') return { ...decision, outcome: { ...decision.outcome, byStack: true } };
  const reason = `It is not ${remedy === 'restart' ? 'restarted' : 'deleted'}: ${sayOpen(open)}`;
  if (isOurs && journal.recovery !== undefined) {
    // Rule 3: what we deleted and does not run is not given up; people go on being told.
    return alarmDue(journal.recovery, at)
      ? { kind: 'raise-alarm', reason: `${verdict.because} ${reason}` }
      : { kind: 'wait', seconds: heldSeconds, reason };
  }
  return finish({ kind: 'refused', objections: ['breaker'], reason, verdict, byStack: true });
}

function awaitsApproval(decision: Decision): boolean {
  return (
    decision.kind === 'finish' &&
    decision.outcome.kind === 'refused' &&
    decision.outcome.objections.includes('approval')
  );
}

function wait(rest: number, { waits }: Patient['policy'], reason: string): Decision {
  return { kind: 'wait', seconds: Math.min(waits.pollSeconds, Math.ceil(rest)), reason };
}
