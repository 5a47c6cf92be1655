import type { Patient } from './patient.ts';
import type { Signs } from './signs.ts';
import { plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Verdict } from './verdict.ts';
import { triesSeconds } from './reach.ts';
import { erroredTasks } from './tasks.ts';

/** The lines of one stack trace lie this far before the count of errors at most. */
const lastWordsSeconds = 60;
/** A log that cannot be read now may be read at the next look; a silence that lasts longer is people's to judge. */
const patienceSeconds = 600;

/**
 * Why the log may hold lines that forbid a deletion (attempts to reconnect, last words) and that nobody has read; `undefined`: it was read where
 * they would be, or there is none to read, which leaves it to the policy.
 */
export function unreadLog(signs: Signs): string | undefined {
  const { log, to } = signs;
  if (log.kind === 'not-watched') return undefined;
  if (log.kind === 'unreadable') return `its log could not be read (${log.reason})`;
  if (log.complete) return undefined;
  const errored = erroredTasks(signs)?.evidence.since;
  const needed = errored === undefined ? plusSeconds(to, -triesSeconds) : plusSeconds(errored, -lastWordsSeconds);
  if (log.wholeSince !== undefined && log.wholeSince <= needed) return undefined;
  return `its log is too long to be read back to ${needed}`;
}

/** Why its deletion waits for the next look at its log. */
export function unreadYet({ unread, silentSince }: Verdict, now: Instant): string | undefined {
  if (unread === undefined || silentSince === undefined) return undefined;
  return secondsBetween(silentSince, now) < patienceSeconds ? unread : undefined;
}

/** Why it is not deleted on what was read of its log. A person who asks knows more; what we created again has been deleted already. */
export function unreadObjection({ verdict, trigger, journal }: Patient): string | undefined {
  const isAsked = trigger.kind === 'person' && trigger.remedy !== undefined;
  const isOurs = journal.recovery?.acts.some(({ kind }) => kind === 'create') === true;
  if (verdict.unread === undefined || isAsked || isOurs) return undefined;
  return `${verdict.unread}, and lines in it may say that its source is away`;
}
