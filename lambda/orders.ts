import { composeIntervention } from '../recovery/composeIntervention.ts';
import type { Journals, Ports } from '../recovery/ports.ts';
import { PortError } from '../recovery/ports.ts';
import { awaitsRelease } from '../recovery/standing.ts';
import { commandStack } from './holds.ts';
import type { StackCommand } from './holds.ts';
import { callsAtOnce, inBatches } from './inBatches.ts';
import type { Objects } from './objects.ts';
import type { HandOver } from './sweepPlan.ts';

/** What came of a person's word on the whole stack. */
export interface OrderedOnStack {
  readonly done: string;
  /** Connectors that the hold kept from something, and that should be looked at now. */
  readonly next: readonly HandOver[];
}

/** Carries out a person's word on the whole stack, and tells others once. @throws PortError when it could not be written */
export async function orderOnStack(
  command: StackCommand,
  connectors: readonly { readonly name: string }[],
  stackBucket: Objects,
  ports: Ports,
): Promise<OrderedOnStack> {
  const at = ports.clock.now();
  const { changed, done } = await commandStack(stackBucket, command, at);
  ports.recorder.note('ordered', { command, done, changed });
  if (!changed) return { done, next: [] };
  const next =
    command.do === 'release' ? await waiting(connectors, ports.journals, `${command.who} released the stack`) : [];
  try {
    await ports.notifier.tell(composeIntervention(command, done, at, ports));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    ports.recorder.note('port.error', { code: error.code, reason: error.message });
    return { done: `${done} Others could not be told: ${error.message}`, next };
  }
  return { done, next };
}

/** Those of which people were told that they are dead and held. What cannot be read now the sweep sees within minutes. */
async function waiting(
  connectors: readonly { readonly name: string }[],
  journals: Journals,
  why: string,
): Promise<readonly HandOver[]> {
  const found = await inBatches(connectors, callsAtOnce, async ({ name }): Promise<readonly HandOver[]> => {
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
