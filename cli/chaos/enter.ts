import type { VirtualClock } from '../../local/virtualClock.ts';
import { liveIn } from '../../local/virtualGlobals.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { clockOfCallers } from './callers.ts';

/** From here on the thread's own time and chance are the history's. Gives the way back. */
export function enter(clock: VirtualClock, seed: number): () => void {
  const giveTimeBack = liveIn(clockOfCallers(clock));
  const { random } = Math;
  const { stackTraceLimit } = Error;
  // Services refuse often, and nobody reads where.
  Error.stackTraceLimit = 1;
  // The SDK's strategy draws its pauses from here: a number of the moment, the same whoever asks, so that both transports pause alike.
  Math.random = () => seededRandom(seed ^ Math.trunc(clock.now()))();
  return () => {
    Math.random = random;
    Error.stackTraceLimit = stackTraceLimit;
    giveTimeBack();
  };
}
