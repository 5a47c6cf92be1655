import { composeIntervention } from '../recovery/composeIntervention.ts';
import type { Journals, Ports } from '../recovery/ports.ts';
import { PortError } from '../recovery/ports.ts';
import { awaitsRelease } from '../recovery/standing.ts';
import { stands } from '../recovery/telling.ts';
import { secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';
import { commandStack, orderTold, untoldOrders } from './holds.ts';
import type { StackCommand, UntoldOrder } from './holds.ts';
import { callsAtOnce, inBatches } from './inBatches.ts';
import type { Objects } from './objects.ts';

/** A connector that is to be looked at now, and why. */
export interface Lookout {
  readonly connector: string;
  readonly why: string;
}

/** What came of a person's word on the whole stack. */
export interface OrderedOnStack {
  readonly done: string;
  /** Connectors that the hold kept from something, and that should be looked at now. */
  readonly next: readonly Lookout[];
}

/** Carries out a person's word on the whole stack, and tells others once. @throws PortError when it could not be written */
export async function orderOnStack(
  command: StackCommand,
  connectors: readonly { readonly name: string }[],
  stackBucket: Objects,
  ports: Ports,
): Promise<OrderedOnStack> {
  const at = ports.clock.now();
  const { changed, done } = await commandStack(stackBucket, command, at, ports.directions.nothingIsDeleted);
  ports.recorder.note('ordered', { command, done, changed });
  const next =
    changed && command.do === 'release'
      ? await waiting(connectors, ports.journals, `${command.who} released the stack`)
      : [];
  try {
    // Also where nothing changed: whoever ordered it before may not have come to tell it.
    await tell(await untoldOrders(stackBucket), stackBucket, ports);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    ports.recorder.note('port.error', { code: error.code, reason: error.message });
    return { done: `${done} Others could not be told: ${error.message}`, next };
  }
  return { done, next };
}

/** An invocation that carries out an order tells it within this time; what waits for longer is left to the sweep. */
const tellsWithinSeconds = 60;

/**
 * Tells what nobody came to tell of orders on the whole stack.
 * @throws PortError where the notifier's refusal stands, so that those who watch our errors hear of it; what may pass waits for the next sweep
 */
export async function tellLateOrders(
  stackBucket: Objects,
  ports: Pick<Ports, 'notifier' | 'directions' | 'recorder'>,
  now: Instant,
): Promise<void> {
  try {
    const late = (await untoldOrders(stackBucket)).filter(({ at }) => secondsBetween(at, now) > tellsWithinSeconds);
    await tell(late, stackBucket, ports);
  } catch (error) {
    if (!(error instanceof PortError) || stands(error)) throw error;
    ports.recorder.note('port.error', { code: error.code, reason: error.message });
  }
}

async function tell(
  orders: readonly UntoldOrder[],
  stackBucket: Objects,
  ports: Pick<Ports, 'notifier' | 'directions'>,
): Promise<void> {
  for (const order of orders) {
    const { did, who, why, done, at } = order;
    const told = { do: did, who, ...(why === undefined ? {} : { why }) };
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await ports.notifier.tell(composeIntervention(told, done, at, ports));
    // oxlint-disable-next-line no-await-in-loop -- each is written as told before the next is said
    await orderTold(stackBucket, order);
  }
}

/** Those of which people were told that they are dead and held. What cannot be read now the sweep sees within minutes. */
async function waiting(
  connectors: readonly { readonly name: string }[],
  journals: Journals,
  why: string,
): Promise<readonly Lookout[]> {
  const found = await inBatches(connectors, callsAtOnce, async ({ name }): Promise<readonly Lookout[]> => {
    try {
      const stored = await journals.read(name);
      const standing = 'kind' in stored ? undefined : stored.journal?.standing;
      return standing !== undefined && awaitsRelease(standing) ? [{ connector: name, why }] : [];
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return [];
    }
  });
  return found.flat();
}
