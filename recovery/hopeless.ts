import type { LiveConnector } from './connector.ts';
import { yourName } from './intervention.ts';
import type { Journal } from './journal.ts';
import { wasDone } from './messageParts.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Trigger } from './trigger.ts';
import type { Incurable, Verdict } from './verdict.ts';

/** What a person has to mend, by what the trace tells of. */
const mend: Readonly<Record<Incurable['what'], string>> = {
  credentials: 'Its credentials are refused: give it valid ones',
  authorization: 'A right is missing: grant what the trace names',
  'unknown-topic': 'A topic does not exist and is not created by itself: create it, or correct its name',
  serialization:
    'A record cannot be read or written as its converter expects: correct the converter, skip the record (errors.tolerance), or mend it',
  schema: 'A schema does not fit: mend it in the registry or in the schema history',
  'record-too-large':
    "A record is larger than is allowed: raise max.request.size and the topic's max.message.bytes, or make it smaller",
  configuration: 'Its configuration is refused: correct it',
  plugin: 'A class is missing on the worker: install the plugin, and restart the worker',
};

/**
 * The verdict as it is to be acted on: what no restart cures is tried all the same where a person asks, or where its configuration is another than
 * the one that people were told of; once, for what is dead of it afterwards is as hopeless as before.
 */
export function tryHopeless(verdict: Verdict, connector: LiveConnector, journal: Journal, trigger: Trigger): Verdict {
  const { incurable, ...rest } = verdict;
  if (incurable === undefined) return verdict;
  const isTried = journal.recovery?.acts.some(wasDone) === true;
  const isChanged = journal.incurable !== undefined && journal.incurable.version !== connector.version;
  if (isTried || (!isChanged && trigger.kind !== 'person')) return verdict;
  return { ...rest, deadTasks: [...(verdict.deadTasks ?? []), ...incurable.tasks].toSorted((a, b) => a - b) };
}

/** That nothing is done for what no restart cures; `undefined`: there is something that one may cure. */
export function refuseHopeless({ verdict, policy }: { verdict: Verdict; policy: Policy }): Outcome | undefined {
  const { incurable, deadTasks = [] } = verdict;
  if (incurable === undefined || (deadTasks.length > 0 && incurable.tasks.length > 0)) return undefined;
  const { connector, remedies } = policy;
  return {
    kind: 'refused',
    objections: ['incurable'],
    reason: `No restart cures it. ${mend[incurable.what]}. It says: ${incurable.trace}`,
    lifts: [
      { says: 'Once it is mended, restart it', input: { connector, remedy: remedies[0] ?? 'restart', who: yourName } },
    ],
    verdict,
  };
}

/** What the journal remembers of it: with which configuration it was hopeless. */
export function hopelessAfter(
  outcome: Outcome,
  connector: LiveConnector | undefined,
  before: Journal['incurable'],
  at: string,
): Journal['incurable'] {
  if (outcome.kind === 'refused' && outcome.objections.includes('incurable') && connector !== undefined)
    return before?.version === connector.version ? before : { version: connector.version, since: at };
  const { verdict } = outcome;
  return verdict?.kind === 'alive' || verdict?.kind === 'idle' ? undefined : before;
}
