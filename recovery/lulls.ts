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
  /** When one of that order was seen last; what is older than two weeks is forgotten. */
  readonly longestSeenAt?: Instant;
}

/** A silence this much longer than any before it is news again; so much is never too long. The limits that are learned from its past are such. */
const timesTheLongest = 2;
const leastSeconds = 600;
/** How far back its past is asked, too. */
const rememberedSeconds = 14 * 86_400;

/**
 * Whether a silence of which people were told what to switch on is worth telling once more: it lasts longer than twice the longest that it came
 * out of by itself. Behind a lull that was told once a real death would otherwise stay untold for ever.
 * @param lulls as they are after this look
 */
export function outlastsLulls({ now, longestSeconds = 0 }: Lulls, at: Instant): boolean {
  if (now === undefined || now.told === true) return false;
  return secondsBetween(now.since, at) > Math.max(leastSeconds, timesTheLongest * longestSeconds);
}

/**
 * What is known of its silences after this look.
 * @param tasksBegunAt when its tasks were last begun anew, by whomever: what that ended it did not come out of by itself
 */
export function lullsAfter(
  outcome: Outcome,
  journal: Journal,
  tasksBegunAt: Instant | undefined,
  at: Instant,
): Lulls | undefined {
  const lulls = journal.lulls === undefined ? undefined : aged(journal.lulls, at);
  const { verdict } = outcome;
  // What does not exist is not silent.
  if (verdict === undefined || isAbsent(outcome)) return lulls;
  const wasBegunAnew = lulls?.now !== undefined && tasksBegunAt !== undefined && tasksBegunAt > lulls.now.since;
  if (verdict.kind !== 'unknown') {
    const isOver = verdict.kind === 'alive' || outcome.kind === 'recovered';
    if (!isOver || lulls?.now === undefined) return lulls;
    const isOurs = journal.recovery !== undefined && journal.recovery.acts.length > 0;
    return isOurs || wasBegunAnew ? without(lulls) : ended(lulls, at);
  }
  const { silentSince } = verdict;
  const lasts = lulls?.now !== undefined && (silentSince === undefined || silentSince <= lulls.now.seenAt);
  if (lasts && lulls?.now !== undefined) return { ...lulls, now: { ...lulls.now, seenAt: at } };
  const before = lulls === undefined ? {} : wasBegunAnew ? without(lulls) : ended(lulls, at);
  return { ...before, now: { since: silentSince ?? at, seenAt: at } };
}

function isAbsent(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.objections.includes('absent');
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

/** A silence half as long as the longest shows that they are still of that order. */
function ended(lulls: Lulls, at: Instant): Lulls {
  const { now, longestSeconds = 0 } = lulls;
  const seconds = now === undefined ? 0 : secondsBetween(now.since, now.seenAt);
  if (now === undefined || seconds === 0 || seconds < longestSeconds / 2) return without(lulls);
  return aged({ longestSeconds: Math.max(longestSeconds, seconds), longestSeenAt: now.seenAt }, at);
}

function without({ now: _now, ...others }: Lulls): Lulls {
  return others;
}

/** A journal of an earlier version does not say when the longest was: it is taken for as young as this look. */
function aged({ longestSeconds, longestSeenAt, ...rest }: Lulls, at: Instant): Lulls {
  if (longestSeconds === undefined) return rest;
  if (longestSeenAt === undefined) return { ...rest, longestSeconds, longestSeenAt: at };
  return secondsBetween(longestSeenAt, at) < rememberedSeconds ? { ...rest, longestSeconds, longestSeenAt } : rest;
}
