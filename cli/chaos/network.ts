import type { VirtualClock } from '../../local/virtualClock.ts';

interface Waiting {
  readonly stamp: number;
  readonly go: () => void;
}

/** How long a call is on its way. */
const travelMs = 1;

/**
 * Brings calls to the services one after the other, a millisecond apart, in the order in which they were sent. What is sent at the same moment
 * would else arrive in the order in which promises happen to settle, which differs between the SDK's clients and the direct ones.
 */
export class Network {
  readonly #clock: VirtualClock;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  #stamps = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** The place of a call that is sent now. */
  stamp(): number {
    return (this.#stamps += 1);
  }

  /** Resolves when it is that call's turn. */
  turn(stamp: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ stamp, go });
      this.#run();
    });
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#clock.at(this.#clock.now() + travelMs, () => {
      this.#isRunning = false;
      let first = 0;
      for (const [index, { stamp }] of this.#waiting.entries()) {
        if (stamp < (this.#waiting[first]?.stamp ?? Infinity)) first = index;
      }
      const [next] = this.#waiting.splice(first, 1);
      if (this.#waiting.length > 0) this.#run();
      next?.go();
    });
  }
}
