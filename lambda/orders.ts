import { composeIntervention } from '../recovery/composeIntervention.ts';
import type { Ports } from '../recovery/ports.ts';
import { PortError } from '../recovery/ports.ts';
import { commandStack } from './holds.ts';
import type { StackCommand } from './holds.ts';
import type { Objects } from './objects.ts';

/** What came of a person's word, for his own eyes. */
export interface OnStack {
  readonly done: string;
  readonly changed: boolean;
}

/** Carries out a person's word on the whole stack, and tells others once. @throws PortError when it could not be written */
export async function orderOnStack(command: StackCommand, stackBucket: Objects, ports: Ports): Promise<OnStack> {
  const at = ports.clock.now();
  const { changed, done } = await commandStack(stackBucket, command, at);
  ports.recorder.note('ordered', { command, done, changed });
  if (!changed) return { done, changed };
  try {
    await ports.notifier.tell(composeIntervention(command, done, at, ports));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    ports.recorder.note('port.error', { code: error.code, reason: error.message });
    return { done: `${done} Others could not be told: ${error.message}`, changed };
  }
  return { done, changed };
}
