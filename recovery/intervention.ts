import type { LiveConnector, Sighting } from './connector.ts';
import type { Journal } from './journal.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';
import { plusSeconds } from './time.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/** A person's word on one connector. */
export interface Command {
  readonly connector: string;
  readonly do: 'approve' | 'call-off' | 'hold' | 'release' | 'accept';
  readonly who: string;
  readonly why?: string;
  /** Of an approval: what the person was told of. Another connector under that name is then not approved. */
  readonly arn?: string;
  readonly version?: string;
}

/** A command as the journal keeps it. */
export interface Intervention {
  readonly did: Command['do'];
  readonly at: Instant;
  readonly who: string;
  readonly why?: string;
  /** Of an approval: what may be deleted. */
  readonly arn?: string;
  readonly version?: string;
  /** Of an acceptance: the tag of the saved config that it made or found. */
  readonly config?: string;
}

/** No restarts and no deletions until somebody releases it. What was deleted is created all the same. */
export interface Hold {
  readonly at: Instant;
  readonly who: string;
  readonly why?: string;
}

/** A hold as it bears on one connector. What cannot be read counts as a hold: somebody may have meant it. */
export type Held =
  | ({ readonly on: 'connector' | 'stack' } & Hold)
  | { readonly on: 'stack'; /** Why it cannot be read. */ readonly unreadable: string };

/** The deletion of exactly this, once, until then. Whatever was recreated or updated since is another. */
export interface Approval {
  readonly at: Instant;
  readonly until: Instant;
  readonly who: string;
  readonly why?: string;
  readonly arn: string;
  readonly version: string;
  /** The recovery that used it: no other may. */
  readonly usedBy?: string;
}

/** No recovery until it was seen alive or idle, or a person asks. */
export interface CallOff {
  readonly at: Instant;
  readonly who: string;
  readonly why?: string;
  /** The recovery that was under way: who ordered and who opened it may have had clocks that differ. */
  readonly of?: string;
}

/** What stands in a command for whoever runs it; as a name it is rejected. */
export const yourName = 'your name';

/** How many interventions a journal remembers. */
const mostInterventions = 10;
/** Long enough to be looked at again, too short to be forgotten. */
const approvalSeconds = 3600;

/** What came of a command. */
export interface Intervened {
  /** Absent where nothing changed: the same command again does nothing. */
  readonly journal?: Journal;
  /** What was done, or why not, in a sentence for whoever asked. */
  readonly done: string;
}

/**
 * A command carried out on a journal: pure. The same command again changes nothing.
 * @param sighting the connector as it is now; only an approval needs it
 * @param config the saved config that says what the live one does, and whether it is another now; only an acceptance has it
 * @param nothingIsDeleted whether that is so where the connector runs
 */
export function intervene(
  command: Command,
  journal: Journal,
  sighting: Sighting | undefined,
  at: Instant,
  config?: { readonly tag: string; readonly changed: boolean },
  nothingIsDeleted = false,
): Intervened {
  const { who, why } = command;
  const word = { at, who, ...(why === undefined ? {} : { why }) };
  switch (command.do) {
    case 'hold': {
      if (journal.hold !== undefined)
        return { done: `It is held already: ${sayHeld({ on: 'connector', ...journal.hold })}.` };
      const done = nothingIsDeleted
        ? 'Held: no restart until somebody releases it.'
        : 'Held: no restart and no deletion until somebody releases it. What was deleted is created all the same.';
      return { journal: noted({ ...journal, hold: word }, { did: 'hold', ...word }), done };
    }
    case 'release': {
      const { hold, ...rest } = journal;
      if (hold === undefined) return { done: 'It is not held.' };
      return {
        journal: noted(rest, { did: 'release', ...word }),
        done: `Released: ${by(hold)} had held it since ${hold.at}.`,
      };
    }
    case 'call-off': {
      const already = callOffInForce(journal);
      if (already !== undefined) return { done: `It is called off already, by ${by(already)} at ${already.at}.` };
      const calledOff = journal.recovery === undefined ? word : { ...word, of: journal.recovery.id };
      return {
        journal: noted({ ...journal, calledOff }, { did: 'call-off', ...word }),
        done: `Called off: nothing more is done until it was seen alive or idle, or a person asks.`,
      };
    }
    case 'accept': {
      // `accept` has stored it; here it is only written who did, unless that is written already.
      const done = 'Its live configuration is the saved one.';
      if (config === undefined) return { done };
      const before = journal.interventions?.find(({ did }) => did === 'accept');
      if (!config.changed && before?.config === config.tag) return { done };
      return { journal: noted(journal, { did: 'accept', ...word, config: config.tag }), done };
    }
    case 'approve':
      return approve(command, journal, sighting, at);
  }
}

function approve(command: Command, journal: Journal, sighting: Sighting | undefined, at: Instant): Intervened {
  if (sighting?.kind !== 'present') return { done: 'Nothing is approved: the connector does not exist.' };
  const { arn, version } = sighting.connector;
  const isOther =
    (command.arn !== undefined && command.arn !== arn) ||
    (command.version !== undefined && command.version !== version);
  if (isOther) {
    return {
      done: `Nothing is approved: it was recreated or changed since you were told. It is ${arn} in version ${version} now.`,
    };
  }
  const already = approvalInForce(journal, sighting.connector, at);
  if (already !== undefined) {
    return { done: `Its deletion is approved already, by ${by(already)}, until ${already.until}.` };
  }
  const { who, why } = command;
  const word = { at, who, ...(why === undefined ? {} : { why }) };
  const until = plusSeconds(at, approvalSeconds);
  return {
    journal: noted(
      { ...journal, approval: { ...word, until, arn, version } },
      { did: 'approve', ...word, arn, version },
    ),
    done: `Approved until ${until}: the deletion of ${arn} in version ${version}, if a fresh look finds it dead and nothing else forbids it.`,
  };
}

/** The journal with one more intervention, the newest first. */
function noted(journal: Journal, intervention: Intervention): Journal {
  return { ...journal, interventions: [intervention, ...(journal.interventions ?? [])].slice(0, mostInterventions) };
}

/** The approval under which this connector may be deleted now, if there is one. */
export function approvalInForce(journal: Journal, connector: LiveConnector, now: Instant): Approval | undefined {
  const { approval, recovery } = journal;
  if (approval === undefined || approval.until <= now) return undefined;
  if (approval.arn !== connector.arn || approval.version !== connector.version) return undefined;
  return approval.usedBy === undefined || approval.usedBy === recovery?.id ? approval : undefined;
}

/** The journal once a recovery begins a deletion: its approval serves no other. */
export function approvalUsed(journal: Journal, recoveryId: string, arn: string): Journal {
  const { approval } = journal;
  if (approval === undefined || approval.arn !== arn) return journal;
  return { ...journal, approval: { ...approval, usedBy: recoveryId } };
}

/** Why a person has to approve this deletion, if he has to: the owner's policy, or a proof that only the connector's own past makes one. */
export function mustBeApproved(
  { learnedOnly }: Verdict,
  connector: LiveConnector,
  journal: Journal,
  policy: Policy,
  trigger: Trigger,
): string | undefined {
  // Who asks for the recreation has approved it.
  if (trigger.kind === 'person' && trigger.remedy === 'recreate') return undefined;
  // What we created in this recovery stands for what was approved, and rule 3 wants it back.
  const isOurs = journal.recovery?.acts.some((act) => act.kind === 'create' && act.arn === connector.arn) === true;
  if (isOurs) return undefined;
  if (policy.deletions === 'after-approval') return 'its owner keeps deletions for people';
  return learnedOnly === true ? 'that it is dead rests on its own past alone' : undefined;
}

/** What holds this connector: its own hold before the stack's. */
export function heldBy(journal: Journal, onStack: Held | undefined): Held | undefined {
  return journal.hold === undefined ? onStack : { on: 'connector', ...journal.hold };
}

/** Who holds it since when, in words. */
export function sayHeld(held: Held): string {
  if ('unreadable' in held) {
    return `whether the stack is held cannot be read, which counts as held (${held.unreadable})`;
  }
  const what = held.on === 'stack' ? 'every connector' : 'it';
  return `${held.who} has held ${what} since ${held.at}${because(held)}`;
}

/** The call-off that keeps recoveries from this connector; a recovery that a person asked for afterwards is none of its business. */
export function callOffInForce({ calledOff, recovery }: Journal): CallOff | undefined {
  if (calledOff === undefined || recovery === undefined) return calledOff;
  // Without its name it was ordered while none was under way, or by a version before that knew only the times.
  const isOfAnother = calledOff.of === undefined ? recovery.openedAt > calledOff.at : calledOff.of !== recovery.id;
  return isOfAnother ? undefined : calledOff;
}

/** A person's name, and his reason if he gave one. */
export function by(word: { readonly who: string; readonly why?: string }): string {
  return `${word.who}${because(word)}`;
}

function because({ why }: { readonly why?: string }): string {
  return why === undefined ? '' : ` (${why})`;
}

/** What persons have ordered and still holds, a line each. */
export function inForce(journal: Journal, onStack: Held | undefined, now: Instant): readonly string[] {
  const { approval, hold } = journal;
  const off = callOffInForce(journal);
  return [
    ...(hold === undefined ? [] : [`held: ${sayHeld({ on: 'connector', ...hold })}`]),
    ...(onStack === undefined ? [] : [`held: ${sayHeld(onStack)}`]),
    ...(off === undefined
      ? []
      : [`called off by ${by(off)} at ${off.at}, until it is seen alive or idle or a person asks`]),
    ...(approval === undefined || approval.until <= now
      ? []
      : [
          `${approval.usedBy === undefined ? 'approved' : 'approved, and used'} by ${by(approval)} until ${approval.until}: the deletion of ${approval.arn} in version ${approval.version}`,
        ]),
  ];
}
