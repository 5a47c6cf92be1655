import type { Sample } from '../../recovery/signs.ts';
import { plusSeconds } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';

/** What one sample that stands for several says: that something moved (`mean`), that it was small once (`least`), or large once (`most`). */
export type Speaks = 'mean' | 'least' | 'most';

/** For so long every reading is kept; older ones are put together. */
const everyReadingSeconds = 180;
/** Older readings become one sample for so long; the engine takes for a gap what is twice as long. */
const togetherSeconds = 60;

/**
 * Readings of one value over time, in bounded memory: each of the last minutes, and one sample a minute before that, for as long as anybody looks
 * back. Moments and numbers lie in rows of their own, for there are thousands of windows, and the moments are shared by all of them.
 */
export class Window {
  readonly #speaks: Speaks;
  readonly #keepSeconds: number;
  #at: Instant[] = [];
  #value: number[] = [];
  #old = emptyRows();
  /** The minute that is being put together. */
  #open: Minute | undefined;

  constructor(speaks: Speaks, keepSeconds: number) {
    this.#speaks = speaks;
    this.#keepSeconds = keepSeconds;
  }

  /** Takes in a reading; one that is not newer than the last is none. */
  add(at: Instant, value: number): void {
    const newest = this.#at.at(-1);
    if (newest !== undefined && at <= newest) return;
    this.#at.push(at);
    this.#value.push(value);
    const aged = firstFrom(this.#at, before(at, everyReadingSeconds));
    for (let index = 0; index < aged; index += 1) this.#putTogether(this.#at[index] ?? at, this.#value[index] ?? 0);
    if (aged > 0) {
      this.#at.splice(0, aged);
      this.#value.splice(0, aged);
    }
    const past = firstFrom(this.#old.to, before(at, this.#keepSeconds));
    if (past > 0) for (const row of Object.values(this.#old)) row.splice(0, past);
  }

  #putTogether(at: Instant, value: number): void {
    const open = this.#open;
    if (open !== undefined && open.from > before(at, togetherSeconds)) {
      open.to = at;
      open.least = Math.min(open.least, value);
      open.most = Math.max(open.most, value);
      open.sum += value;
      open.count += 1;
      return;
    }
    if (open !== undefined) {
      this.#old.from.push(open.from);
      this.#old.to.push(open.to);
      this.#old.value.push(this.#valueOf(open));
      if (this.#speaks === 'least') this.#old.greatest.push(open.most);
    }
    this.#open = { from: at, to: at, least: value, most: value, sum: value, count: 1 };
  }

  #valueOf({ least, most, sum, count }: Minute): number {
    if (this.#speaks === 'mean') return sum / count;
    return this.#speaks === 'least' ? least : most;
  }

  forget(): void {
    this.#at = [];
    this.#value = [];
    this.#old = emptyRows();
    this.#open = undefined;
  }

  /** Those that lie wholly between the two moments, oldest first. */
  between(from: Instant, to: Instant): Sample[] {
    const samples: Sample[] = [];
    const old = this.#old;
    for (let index = firstFrom(old.from, from); index < old.from.length; index += 1) {
      const begun = old.from[index] ?? to;
      const ended = old.to[index] ?? begun;
      if (ended > to) return samples;
      const value = old.value[index] ?? 0;
      if (this.#speaks !== 'least') samples.push({ from: begun, to: ended, value });
      else samples.push({ from: begun, to: ended, value, greatest: old.greatest[index] ?? value });
    }
    const open = this.#open;
    if (open !== undefined && open.from >= from && open.to <= to) {
      const value = this.#valueOf(open);
      if (this.#speaks !== 'least') samples.push({ from: open.from, to: open.to, value });
      else samples.push({ from: open.from, to: open.to, value, greatest: open.most });
    }
    for (let index = firstFrom(this.#at, from); index < this.#at.length; index += 1) {
      const at = this.#at[index] ?? to;
      if (at > to) return samples;
      samples.push({ from: at, to: at, value: this.#value[index] ?? 0 });
    }
    return samples;
  }
}

interface Minute {
  readonly from: Instant;
  to: Instant;
  least: number;
  most: number;
  sum: number;
  count: number;
}

interface Rows {
  readonly from: Instant[];
  readonly to: Instant[];
  readonly value: number[];
  /** Only where the least speaks. */
  readonly greatest: number[];
}

function emptyRows(): Rows {
  return { from: [], to: [], value: [], greatest: [] };
}

/** Where the moments, oldest first, are no longer before the one given. */
function firstFrom(moments: readonly Instant[], at: Instant): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What was reckoned lately, by the seconds: thousands of windows ask for the same few moments. */
const reckoned = new Map<number, Map<Instant, Instant>>();
const mostReckoned = 1000;

function before(at: Instant, seconds: number): Instant {
  const known = reckoned.get(seconds) ?? new Map<Instant, Instant>();
  const last = known.get(at);
  if (last !== undefined) return last;
  if (known.size >= mostReckoned) known.clear();
  const found = plusSeconds(at, -seconds);
  reckoned.set(seconds, known.set(at, found));
  return found;
}
