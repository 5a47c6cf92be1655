import type { LiveConnector, Operation } from './connector.ts';

/** The type of the operation by which an edge shows that a worker group hands out its tasks anew, and answers 409 to whoever asks for something. */
export const rebalance = 'REBALANCE';

/** A worker that lost its group may wait `scheduled.rebalance.max.delay.ms`, 5 min by default, before its tasks are handed out; with a margin. */
export const rebalanceSeconds = 330;

/** The rebalance that is under way in its worker group, if there is one. */
export function rebalanceOf({ operations }: LiveConnector): Operation | undefined {
  return operations.find(({ type, state }) => type === rebalance && state === 'in-progress');
}
