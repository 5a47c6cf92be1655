import type { LocalClock } from './clock.ts';

/** What another process needs to live in the same time: virtual now = originMs + (real now - originRealMs) * factor. */
export interface TimeScale {
  /** The real moment, milliseconds since the epoch, at which the virtual time was `originMs`. */
  readonly originRealMs: number;
  readonly originMs: number;
  readonly factor: number;
}

/** The local services' time, running at a fixed multiple of real time. */
export interface ScaledClock extends LocalClock {
  readonly scale: TimeScale;
  /** Calls off every timer; what is asked for afterwards never comes, so that whoever is still at work can end quietly. */
  stop(): void;
}

/** More than this, and a process start (some 200 ms real) weighs like a minute of the story. */
export const largestFactor = 60;

/** What Node's setTimeout takes; beyond it a timer would fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * A clock that starts at `originMs` (default: now) and runs `factor` times as fast as real time. Given another's whole scale, it is in step with it.
 * @throws RangeError for a factor below 1 or above {@link largestFactor}.
 */
export function scaledClock(options: Pick<TimeScale, 'factor'> & Partial<TimeScale>): ScaledClock {
  const { factor } = options;
  if (!(factor >= 1 && factor <= largestFactor)) {
    throw new RangeError(`factor must lie between 1 and ${largestFactor}, got ${factor}`);
  }
  const originRealMs = options.originRealMs ?? Date.now();
  const scale: TimeScale = { originRealMs, originMs: options.originMs ?? originRealMs, factor };
  const pending = new Set<{ cancel(): void }>();
  let stopped = false;
  const now = () => scale.originMs + (Date.now() - scale.originRealMs) * factor;

  return {
    scale,
    now,
    at(whenMs, callback) {
      if (stopped) return () => undefined;
      let timer: NodeJS.Timeout | undefined;
      const entry = {
        cancel() {
          clearTimeout(timer);
          pending.delete(entry);
        },
      };
      const arm = () => {
        const realMs = Math.ceil((whenMs - now()) / factor);
        timer = setTimeout(
          () => {
            // Node may fire a millisecond early, which is a minute's sixtieth at full speed.
            if (now() < whenMs) return arm();
            pending.delete(entry);
            callback();
          },
          Math.min(Math.max(realMs, 0), longestTimeoutMs),
        );
      };
      pending.add(entry);
      arm();
      return () => entry.cancel();
    },
    stop() {
      stopped = true;
      for (const entry of pending) entry.cancel();
    },
  };
}
