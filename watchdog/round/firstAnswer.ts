import type { Clock } from '../../recovery/ports.ts';
import { plusSeconds } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import { by } from './deadline.ts';
import { portErrorOf } from '../rest/askWorker.ts';

/** Who has not answered by then is not waited for: the next is asked beside it. */
const nextAfterSeconds = 0.5;

/**
 * The first answer of several who could give it, asked one after the other: the next one at once where one fails, and soon where one is slow. Never
 * throws: where nobody answered by `until`, the reason of the first who failed.
 */
export async function firstAnswer<W, T>(
  clock: Clock,
  until: Instant,
  whom: readonly W[],
  ask: (one: W) => Promise<T>,
): Promise<
  { readonly kind: 'answered'; readonly by: W; readonly value: T } | { readonly kind: 'none'; readonly reason?: string }
> {
  const failures: string[] = [];
  const answers: Promise<{ readonly kind: 'answered'; readonly by: W; readonly value: T }>[] = [];
  const soonest = () => Promise.any(answers).catch(() => undefined);
  for (const one of whom) {
    if (clock.now() >= until) break;
    const answer = ask(one).then((value) => ({ kind: 'answered', by: one, value }) as const);
    // One that fails while another is waited for is no unhandled rejection.
    answer.catch((error: unknown) => failures.push(portErrorOf(error).message));
    answers.push(answer);
    const next = plusSeconds(clock.now(), nextAfterSeconds);
    const first = await by(clock, next < until ? next : until, soonest());
    if (first !== undefined) return first;
  }
  const last = answers.length === 0 ? undefined : await by(clock, until, soonest());
  const reason = failures[0];
  return last ?? { kind: 'none', ...(reason === undefined ? {} : { reason }) };
}
