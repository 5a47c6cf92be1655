import { probesInVain } from './breaker.ts';
import { composeBreaker } from './composeBreaker.ts';
import type { Decision } from './decision.ts';
import type { HeldJournal } from './lease.ts';
import type { Ports } from './ports.ts';
import type { InStack, Suspicion } from './suspicion.ts';
import { withUntold } from './telling.ts';
import type { Telling } from './telling.ts';

/** Writes what the others of the stack are to read, if it is news. @throws LeaseLost, PortError */
export async function sayToStack(stack: InStack | undefined, held: HeldJournal): Promise<void> {
  if (stack !== held.journal.stack) await held.write({ ...held.journal, ...(stack && { stack }) });
}

/** Writes down that it waits for the breaker. @throws LeaseLost, PortError */
export async function stand(
  { probe: remedy, approvable }: Extract<Decision, { kind: 'stand' }>,
  held: HeldJournal,
  ports: Ports,
): Promise<void> {
  const { stack } = held.journal;
  if (stack?.suspected === undefined) throw new Error('Only who is silent waits for the breaker.');
  const stands = { since: ports.clock.now(), ...(remedy && { remedy }), ...(approvable && { approvable }) };
  await sayToStack({ ...stack, suspected: { ...stack.suspected, stands } }, held);
}

/** Tells people of the breaker, for all. What the notifier refuses to take is told at a later look. @throws LeaseLost, PortError */
export async function announce(
  { open, turn }: Extract<Decision, { kind: 'announce' }>,
  held: HeldJournal,
  telling: Telling,
  ports: Ports,
): Promise<void> {
  const { journal } = held;
  const message = composeBreaker(open, turn, journal.connector, ports);
  const at = ports.clock.now();
  const isTold = await telling.tell(message);
  const before = open.announced;
  const announced = { at, probes: probesInVain(open), times: before === undefined ? 1 : (before.times ?? 1) + 1 };
  await held.write({
    ...journal,
    stack: { ...journal.stack, announced },
    ...(isTold ? {} : { untold: withUntold(journal.untold, at, message) }),
  });
}

/** What stays written for the others when a look ends: it waits for the breaker only if that is what it ended with. */
export function atTheEnd(stack: InStack | undefined, isHeld: boolean): InStack | undefined {
  if (stack?.suspected?.stands === undefined || isHeld) return stack;
  const { stands: _stands, ...suspected }: Suspicion = stack.suspected;
  return { ...stack, suspected };
}
