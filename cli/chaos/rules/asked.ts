import type { Casebook, Deed } from './casebook.ts';

/** An event that waited for its invocation in Lambda's queue, or was retried, may be so old. */
const queuedMs = 15 * 60_000;

/**
 * Whether the schedule or a person asked for what is done: an invocation with such an event began since the recovery was opened, or shortly
 * before. Read from the events, not from what the product says of its own reasons.
 */
export function wasAsked({ record, journals, name }: Casebook, deed: Deed): boolean {
  const opened = journals.find(({ journal }) => journal.recovery?.id === deed.recovery)?.call.atMs ?? deed.call.atMs;
  return record.invocations.some(
    ({ event, startMs }) => startMs >= opened - queuedMs && startMs <= deed.call.atMs && asks(event, name),
  );
}

function asks(event: unknown, name: string): boolean {
  if (typeof event !== 'object' || event === null) return false;
  const field = (key: string): unknown => Reflect.get(event, key);
  if (field('connector') !== name || field('dryRun') === true) return false;
  return (
    field('source') === 'connector-recovery.schedule' || field('remedy') !== undefined || field('do') === 'approve'
  );
}
