/** A moment: ISO 8601 in UTC with milliseconds, exactly as `Date.toISOString()` writes it, so that text order is time order. */
export type Instant = string;

/** Seconds from `from` to `to`; negative when `to` lies before. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The moment `seconds` after `at` (before it, when negative). */
export function plusSeconds(at: Instant, seconds: number): Instant {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

/** The later of two moments; an absent one loses. */
export function later(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a > b ? a : b;
}
