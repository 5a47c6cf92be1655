import type { Sample } from '../recovery/signs.ts';
import { plusSeconds } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';

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
    const recentFrom = before(at, everyReadingSeconds);
    const aged = this.#at.findIndex((one) => one >= recentFrom);
    for (let index = 0; index < aged; index += 1) this.#putTogether(this.#at[index] ?? at, this.#value[index] ?? 0);
    this.#at.splice(0, aged);
    this.#value.splice(0, aged);
    const keptFrom = before(at, this.#keepSeconds);
    const past = this.#old.to.findIndex((one) => one >= keptFrom);
    if (past > 0) for (const row of Object.values(this.#old)) row.splice(0, past);
  }

  #putTogether(at: Instant, value: number): void {
    const { from, to, least, most, sum, count } = this.#old;
    const last = from.length - 1;
    if (last < 0 || (from[last] ?? '') <= before(at, togetherSeconds)) {
      from.push(at);
      to.push(at);
      least.push(value);
      most.push(value);
      sum.push(value);
      count.push(1);
      return;
    }
    to[last] = at;
    least[last] = Math.min(least[last] ?? value, value);
    most[last] = Math.max(most[last] ?? value, value);
    sum[last] = (sum[last] ?? 0) + value;
    count[last] = (count[last] ?? 0) + 1;
  }

  forget(): void {
    this.#at = [];
    this.#value = [];
    this.#old = emptyRows();
  }

  /** Those that lie wholly between the two moments, oldest first. */
  between(from: Instant, to: Instant): Sample[] {
    const samples: Sample[] = [];
    const old = this.#old;
    for (let index = firstFrom(old.from, from); index < old.from.length; index += 1) {
      const begun = old.from[index] ?? to;
      const ended = old.to[index] ?? begun;
      if (ended > to) break;
      const most = old.most[index] ?? 0;
      if (this.#speaks === 'mean')
        samples.push({ from: begun, to: ended, value: (old.sum[index] ?? 0) / (old.count[index] ?? 1) });
      else if (this.#speaks === 'most') samples.push({ from: begun, to: ended, value: most });
      else samples.push({ from: begun, to: ended, value: old.least[index] ?? 0, greatest: most });
    }
    for (const [index, at] of this.#at.entries()) {
      if (at >= from && at <= to) samples.push({ from: at, to: at, value: this.#value[index] ?? 0 });
    }
    return samples;
  }
}

interface Rows {
  readonly from: Instant[];
  readonly to: Instant[];
  readonly least: number[];
  readonly most: number[];
  readonly sum: number[];
  readonly count: number[];
}

function emptyRows(): Rows {
  return { from: [], to: [], least: [], most: [], sum: [], count: [] };
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
