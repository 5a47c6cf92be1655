import { drift } from './drift.ts';
import type { Command } from './intervention.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import { recover } from './recover.ts';
import type { Instant } from './time.ts';

/** What came of accepting a live configuration. */
export interface Accepted {
  /** The saved config that says the same as the live one, and whether it is another now; absent: nothing is accepted. */
  readonly config?: { readonly tag: string; readonly changed: boolean };
  /** In a sentence, without any value of the configuration. */
  readonly done: string;
}

/**
 * Makes the live configuration of a healthy connector its saved config: what it will be created from when it has to be. Whether it is healthy a
 * look finds out that touches nothing. The one before stays among the bucket's versions.
 * @throws PortError
 */
export async function accept(
  { who }: Command,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Accepted> {
  const { connector } = policy;
  const refused = (why: string): Accepted => ({ done: `Nothing is accepted: ${why}.` });
  const stored = await ports.journals.read(connector);
  if ('kind' in stored) return refused(`its journal cannot be understood (${stored.reason})`);
  if (stored.journal?.recovery !== undefined) return refused('a recovery is under way');
  const ended = await recover({ kind: 'person', connector, who, dryRun: true }, policy, ports, budget);
  if (ended.kind !== 'dry-run') return refused('it could not be looked at');
  const { sighting, verdict } = ended.observation;
  if (sighting.kind === 'absent') return refused('the connector does not exist');
  const { request, state } = sighting.connector;
  if (state !== 'RUNNING') return refused(`it is ${state}, and only what runs well is kept`);
  if (verdict?.kind !== 'alive' && verdict?.kind !== 'idle') {
    return refused(`it was not seen to be healthy (${verdict?.because ?? 'it could not be judged'})`);
  }
  const before = await ports.savedConfigs.read(connector);
  const replaced = await ports.savedConfigs.replace(connector, request);
  switch (replaced.kind) {
    case 'same':
      return {
        config: { tag: replaced.tag, changed: false },
        done: `The saved config says the same already (${replaced.place}).`,
      };
    case 'lost':
      return refused(`somebody else wrote ${replaced.place} at this moment; look at it and order again`);
    case 'no-versions':
      return refused(`${replaced.place} lies in a bucket without versions, and the saved config would be gone`);
    case 'unfit':
      return refused(`the live configuration cannot be a saved config: ${replaced.faults.join(' ')}`);
    case 'stored': {
      const fields = before.kind === 'valid' ? drift(before.request, request) : [];
      const changed = fields.length === 0 ? '' : ` It differs in ${fields.join(', ')}.`;
      const kept = replaced.before === undefined ? '' : ` The one before stays as version ${replaced.before}.`;
      return {
        config: { tag: replaced.tag, changed: true },
        done: `The live configuration is the saved config now: ${replaced.place}.${changed}${kept}`,
      };
    }
  }
}
