import type { LocalClock } from '../../../local/clock.ts';

/** Resolves at that moment of the clock. */
export function untilMs(clock: LocalClock, whenMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.at(whenMs, resolve);
  });
}
