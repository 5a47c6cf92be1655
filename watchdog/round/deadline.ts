import type { Clock } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';

/** What `promise` gives, or `undefined` where it has not by `until`; it goes on then, and nobody listens. */
export async function by<T>(clock: Clock, until: Instant, promise: Promise<T>): Promise<T | undefined> {
  const left = Math.max(0, secondsBetween(clock.now(), until));
  return Promise.race([promise, clock.sleep(left).then(() => undefined)]);
}

/** Milliseconds until then; 0, when it is past. */
export function msUntil(clock: Pick<Clock, 'now'>, until: Instant): number {
  return Math.max(0, 1000 * secondsBetween(clock.now(), until));
}
