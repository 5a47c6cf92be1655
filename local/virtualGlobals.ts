import type { LocalClock } from './clock.ts';

/**
 * From here on, `Date`, `setTimeout` and `clearTimeout` of this thread follow that clock: product code and the SDK (its signatures, its
 * retries) live in virtual time and do not know. Gives the way back.
 *
 * One scheduler for both worlds, and that is why no library does this: a fake clock of its own would have to be kept in step with the one that
 * the local services run on, and the order of what is due at the same moment would depend on which of the two is moved first. Promises,
 * `setImmediate` and sockets stay real, so do intervals and `performance`, which nobody uses here.
 */
export function liveIn(clock: LocalClock): () => void {
  const real = { Date, setTimeout, clearTimeout };
  const virtualNow = () => Math.floor(clock.now());
  // A plain function with the real prototype: dates stay dates, and making one costs no more than it does anyway.
  function VirtualDate(...args: []): Date | string {
    if (new.target === undefined) return new real.Date(virtualNow()).toString();
    return args.length === 0 ? new real.Date(virtualNow()) : new real.Date(...args);
  }
  Object.defineProperties(VirtualDate, {
    ...Object.getOwnPropertyDescriptors(real.Date),
    now: { value: virtualNow, configurable: true, writable: true },
  });
  const virtualSetTimeout = (callback: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) => {
    // At least 1 ms, as Node has it: a loop of timers must not hold the clock still.
    return new VirtualTimeout(clock.at(clock.now() + Math.max(1, milliseconds), () => callback(...args)));
  };
  const virtualClearTimeout = (timer: unknown) => {
    if (timer instanceof VirtualTimeout) timer.callOff();
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { Date: VirtualDate, setTimeout: virtualSetTimeout, clearTimeout: virtualClearTimeout });
  return () => Object.assign(globalThis, real);
}

/** What `setTimeout` gives; it holds no process open. */
class VirtualTimeout {
  readonly callOff: () => void;

  constructor(callOff: () => void) {
    this.callOff = callOff;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }
}
