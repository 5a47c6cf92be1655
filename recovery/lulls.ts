import type { Journal } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** Silences of which nobody can tell whether they are lulls or deaths: the one that lasts, and what those before it were like. */
export interface Lulls {
  /** The silence that was seen last. */
  readonly now?: {
    readonly since: Instant;
    readonly seenAt: Instant;
    /** People were told of this one. */
    readonly told?: true;
  };
  /** How long the longest lasted that it came out of by itself. */
  readonly longestSeconds?: number;
}

/** A silence this much longer than any before it is news again; so much is never too long. The limits that are learned from its past are such. */
const timesTheLongest = 2;
const leastSeconds = 600;

/**
 * Whether a silence of which people were told what to switch on is worth telling once more: it lasts longer than twice the longest that it came
 * out of by itself. Behind a lull that was told once a real death would otherwise stay untold for ever.
 */
export function outlastsLulls(outcome: Outcome, journal: Journal, at: Instant): boolean {
  const { now, longestSeconds } = lullsAfter(outcome, journal, at) ?? {};
  if (now === undefined || now.told === true || longestSeconds === undefined) return false;
  return secondsBetween(now.since, at) > Math.max(leastSeconds, timesTheLongest * longestSeconds);
}

/** What is known of its silences after this look. */
export function lullsAfter(outcome: Outcome, journal: Journal, at: Instant): Lulls | undefined {
  const { lulls } = journal;
  const { verdict } = outcome;
  if (verdict === undefined) return lulls;
  if (verdict.kind !== 'unknown') {
    const isOver = verdict.kind === 'alive' || outcome.kind === 'recovered';
    if (!isOver || lulls?.now === undefined) return lulls;
    // What an act of ours ended, it did not come out of by itself.
    return journal.recovery !== undefined && journal.recovery.acts.length > 0 ? without(lulls) : ended(lulls);
  }
  const { silentSince } = verdict;
  const lasts = lulls?.now !== undefined && (silentSince === undefined || silentSince <= lulls.now.seenAt);
  if (lasts && lulls?.now !== undefined) return { ...lulls, now: { ...lulls.now, seenAt: at } };
  return { ...(lulls === undefined ? {} : ended(lulls)), now: { since: silentSince ?? at, seenAt: at } };
}

/** With the mark that people heard of the silence that lasts. */
export function lullTold(lulls: Lulls | undefined): Lulls | undefined {
  return lulls?.now === undefined ? lulls : { ...lulls, now: { ...lulls.now, told: true } };
}

/** How this silence compares with those before it, for people; `undefined`: there was none. */
export function comparedWithLulls({ now, longestSeconds }: Lulls): string | undefined {
  if (now === undefined || longestSeconds === undefined) return undefined;
  return `Silent for ${duration(secondsBetween(now.since, now.seenAt))}; the longest silence that it came out of by itself lasted ${duration(longestSeconds)}.`;
}

function ended({ now, longestSeconds = 0 }: Lulls): Lulls {
  if (now === undefined) return longestSeconds === 0 ? {} : { longestSeconds };
  return { longestSeconds: Math.max(longestSeconds, secondsBetween(now.since, now.seenAt)) };
}

function without({ longestSeconds }: Lulls): Lulls {
  return longestSeconds === undefined ? {} : { longestSeconds };
}
