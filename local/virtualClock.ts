import type { LocalClock } from './clock.ts';

/** How many turns of the event loop a callback's promises get before the next one runs, unless more or fewer are asked for. */
const turnsToSettle = 2;

interface Due {
  readonly whenMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved by hand; callbacks run in the order of their time, then of their asking. */
export class VirtualClock implements LocalClock {
  #nowMs: number;
  #asked = 0;
  readonly #turns: number;
  /** Soonest last, so that the next one is popped. */
  readonly #due: Due[] = [];

  /**
   * @param startMs Milliseconds since the epoch.
   * @param turns How many turns of the event loop a callback's promises get: none where all that it starts is promises. @default 2
   */
  constructor(startMs = Date.UTC(2026, 0, 5, 8), turns = turnsToSettle) {
    this.#nowMs = startMs;
    this.#turns = turns;
  }

  now(): number {
    return this.#nowMs;
  }

  at(whenMs: number, callback: () => void): () => void {
    const due: Due = { whenMs: Math.max(whenMs, this.#nowMs), order: (this.#asked += 1), callback };
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#due[middle];
      if (other !== undefined && other.whenMs > due.whenMs) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, due);
    return () => {
      const place = this.#due.indexOf(due);
      if (place !== -1) this.#due.splice(place, 1);
    };
  }

  /** Moves to that moment, runs everything due until then, and lets promises settle after each callback. */
  async advanceTo(whenMs: number): Promise<void> {
    await settle(this.#turns);
    for (;;) {
      const next = this.#due.at(-1);
      if (next === undefined || next.whenMs > whenMs) break;
      this.#due.pop();
      this.#nowMs = Math.max(this.#nowMs, next.whenMs);
      next.callback();
      // oxlint-disable-next-line no-await-in-loop -- what a callback started may ask for the time that comes next
      await settle(this.#turns);
    }
    this.#nowMs = Math.max(this.#nowMs, whenMs);
  }

  async advanceBy(milliseconds: number): Promise<void> {
    await this.advanceTo(this.#nowMs + milliseconds);
  }

  /** Resolves when the clock has been moved that far. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.#nowMs + milliseconds, resolve);
    });
  }
}

async function settle(turns: number): Promise<void> {
  // A tick comes once no promise is left to settle, and costs no turn of the loop.
  if (turns === 0) return new Promise((resolve) => process.nextTick(resolve));
  for (let turn = 0; turn < turns; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other is the point
    await new Promise((resolve) => setImmediate(resolve));
  }
}
