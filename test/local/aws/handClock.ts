import type { LocalClock } from '../../../local/clock.ts';

/** A clock that stands until it is moved; what falls due on the way is called in order, at its time. */
export class HandClock implements LocalClock {
  #now: number;
  #due: { readonly whenMs: number; readonly callback: () => void }[] = [];

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  at(whenMs: number, callback: () => void): () => void {
    const entry = { whenMs, callback };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((each) => each !== entry);
    };
  }

  moveSeconds(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const [next] = this.#due.toSorted((a, b) => a.whenMs - b.whenMs);
      if (!next || next.whenMs > end) break;
      this.#due = this.#due.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.whenMs);
      next.callback();
    }
    this.#now = end;
  }
}
