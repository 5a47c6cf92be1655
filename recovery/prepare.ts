import type { Decision } from './decision.ts';
import type { HeldJournal } from './lease.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import type { Verdict } from './verdict.ts';

type Decided<K extends Decision['kind']> = Extract<Decision, { kind: K }>;

/**
 * Pins the offsets topic in a worker configuration, so that the connector finds its place when it is created again. Gives the outcome where that
 * was refused; `undefined`: it is pinned, and may be deleted once it has been looked at again.
 * @throws PortError
 */
export async function pin(
  { live, request }: Decided<'pin'>,
  verdict: Verdict | undefined,
  { journal }: HeldJournal,
  ports: Pick<Ports, 'connectors' | 'recorder'>,
): Promise<Outcome | undefined> {
  const made = await ports.connectors.makePin(live, request);
  ports.recorder.note('pinned', { connector: journal.connector, recovery: journal.recovery?.id, pin: made });
  if (made.kind === 'pinned') return undefined;
  if (verdict === undefined) throw new Error('A topic is pinned only for a connector that was judged.');
  const why = made.kind === 'refused' ? made.reason : 'nobody could say why';
  const reason = `It is not deleted, for its offsets topic could not be pinned: ${why}.`;
  return { kind: 'refused', objections: ['offsets'], reason, verdict };
}

/** Keeps the configuration of a living connector that has none saved. @throws PortError */
export async function capture(
  { request }: Decided<'capture'>,
  verdict: Verdict | undefined,
  { journal }: HeldJournal,
  { savedConfigs }: Pick<Ports, 'savedConfigs'>,
): Promise<Outcome> {
  const { place } = await savedConfigs.capture(journal.connector, request);
  if (verdict === undefined) throw new Error('A connector is captured only after it was seen to live.');
  return { kind: 'captured', reason: `Its live configuration is kept in ${place}.`, verdict };
}

/**
 * Closes a backup whose journal was lost, and whose promise is over.
 * @throws LeaseLost, PortError
 */
export async function closeForgotten(
  { backup, reason }: Decided<'close-backup'>,
  held: HeldJournal,
  { savedConfigs, clock }: Pick<Ports, 'savedConfigs' | 'clock'>,
): Promise<void> {
  // An open backup may be the promise of somebody who took over meanwhile: who lost the lease must not close it.
  await held.write(held.journal);
  await savedConfigs.writeBackup({ ...backup, closed: { at: clock.now(), why: reason } });
}
