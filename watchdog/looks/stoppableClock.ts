import type { Clock } from '../../recovery/ports.ts';

/** Whoever waited was woken because the process ends. */
export class Stopped extends Error {
  constructor() {
    super('The watchdog stops.');
    this.name = 'Stopped';
  }
}

/**
 * A clock that can be stopped: from then on whoever sleeps, or goes to sleep, is woken by `Stopped`. The engine sleeps only between its steps, so
 * nothing that it has begun is torn.
 */
export class StoppableClock implements Clock {
  readonly #clock: Clock;
  readonly #sleepers = new Set<(reason: Stopped) => void>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): string {
    return this.#clock.now();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @throws Stopped */
  async sleep(seconds: number): Promise<void> {
    if (this.#isStopped) throw new Stopped();
    const woken = Promise.withResolvers<never>();
    this.#sleepers.add(woken.reject);
    try {
      await Promise.race([this.#clock.sleep(seconds), woken.promise]);
    } finally {
      this.#sleepers.delete(woken.reject);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const wake of this.#sleepers) wake(new Stopped());
  }
}
