import type { ConnectorState } from '../../recovery/connector.ts';
import type { Journal } from '../../recovery/journal.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import type { KnownJournal } from './knownJournals.ts';

/** What a round makes of one connector. */
export interface Judged {
  /** As `<cluster>/<connector>`. */
  readonly connector: string;
  /** `undefined`: it does not exist. */
  readonly state: ConnectorState | undefined;
  /** Absent where there is nothing to judge: it is paused, stopped, gone, or in somebody's hands. */
  readonly verdict?: Verdict;
  readonly journal: KnownJournal['found'];
  /** Since when this process has seen the same of it. */
  readonly since: Instant;
  /** Of this process, the last look at it that ended. */
  readonly lastLook?: LastLook;
  /** Another watchdog sees more of it: what we cannot tell, that one may. */
  readonly isSeenBetterElsewhere?: true;
  /** Why it need not wait any more for the breaker that holds it. */
  readonly freeOfBreaker?: string;
}

/** A look that ended, and what was seen when it began. */
export interface LastLook {
  readonly endedAt: Instant;
  readonly seen: string;
}

/** A connector that is handed to the engine now, and why. */
export interface Look {
  readonly connector: string;
  readonly why: string;
}

/** A recovery under way that waits for something goes on as soon; the engine itself watches what happens from moment to moment. */
const underWayAgainSeconds = 60;
/** What merely lasts. */
const lastingAgainSeconds = 300;
/**
 * Nothing is done about what nobody can tell, but how long it lasts is written down. Well within the quarter of an hour that a look goes back, or the
 * same silence would be taken for another each time.
 */
const unknownAgainSeconds = 600;
/** What has just begun to be watched tells little, and soon more. */
const unknownForSeconds = 300;
/** A lease that ended this moment may be in somebody's clock that goes slow; `recover` has the last word. */
const skewSeconds = 10;

/**
 * Which connectors the engine looks at now, in the order in which it should: whom it has not looked at for longest first, for not all may find
 * a place at once. Pure.
 *
 * At once whatever is dead or partly so for the first time, a recovery that nobody continues, and what has changed since the last look; what lasts,
 * every few minutes. What is plainly alive or idle, with nothing unfinished in its journal, never.
 */
export function planLooks(round: readonly Judged[], now: Instant): readonly Look[] {
  return round
    .flatMap((one) => {
      const why = whyNow(one, now);
      return why === undefined ? [] : [{ one, why }];
    })
    .toSorted((a, b) => waitsSince(a.one).localeCompare(waitsSince(b.one)))
    .map(({ one: { connector }, why }) => ({ connector, why }));
}

/** Never looked at comes before any time; among those, the longest silent first. */
function waitsSince({ lastLook, verdict, since }: Judged): string {
  return lastLook === undefined ? `0 ${verdict?.silentSince ?? since}` : `1 ${lastLook.endedAt}`;
}

/** What one look has to tell from another: a change of it is a reason for the next. */
export function seenOf({ state, verdict }: Pick<Judged, 'state' | 'verdict'>): string {
  if (verdict === undefined) return state ?? 'absent';
  const { kind, diedUnconnectedAt, incurable } = verdict;
  return [
    kind,
    ...(diedUnconnectedAt === undefined ? [] : ['died']),
    ...(incurable === undefined ? [] : ['incurable']),
  ].join('/');
}

function whyNow(one: Judged, now: Instant): string | undefined {
  const { journal: found, lastLook, verdict } = one;
  if (found.kind === 'unreadable') return undefined;
  const journal = found.kind === 'read' ? found.journal : undefined;
  if (journal?.lease !== undefined && secondsBetween(journal.lease.until, now) < skewSeconds) return undefined;
  const changed = lastLook !== undefined && lastLook.seen !== seenOf(one);
  const sinceLook = lastLook === undefined ? Infinity : secondsBetween(lastLook.endedAt, now);
  const again = (seconds: number) => changed || sinceLook >= seconds;

  if (journal?.recovery !== undefined)
    return again(underWayAgainSeconds) ? `recovery ${journal.recovery.id} is not finished` : undefined;
  if (one.freeOfBreaker !== undefined) return one.freeOfBreaker;
  // One that another process looked at a moment ago need not be looked at again for the same.
  const sinceAny = Math.min(
    sinceLook,
    journal?.lookedAt === undefined ? Infinity : secondsBetween(journal.lookedAt, now),
  );
  const ordered = orderedSince(journal, lastLook);
  if (ordered !== undefined) return ordered;
  const lasts = (seconds: number) => changed || sinceAny >= seconds;
  if (verdict !== undefined && needsTheEngine(verdict)) {
    // Of a connector that was well so far the first look comes at once, whoever looked when.
    const isNews = journal?.standing === undefined && lastLook === undefined;
    return isNews || lasts(againOf(journal)) ? `it was seen to be ${wordFor(verdict)}` : undefined;
  }
  const unfinished = whatIsUnfinished(journal);
  if (unfinished !== undefined) return lasts(lastingAgainSeconds) ? unfinished : undefined;
  if (found.kind === 'broken') return lasts(lastingAgainSeconds) ? found.reason : undefined;
  if (verdict?.kind === 'elsewhere')
    return lasts(lastingAgainSeconds) ? `it was seen to be ${wordFor(verdict)}` : undefined;
  if (one.isSeenBetterElsewhere === true) return undefined;
  if (verdict?.kind !== 'unknown' || secondsBetween(one.since, now) < unknownForSeconds) return undefined;
  return lasts(unknownAgainSeconds) ? 'nothing tells whether it is dead or idle' : undefined;
}

/** While nothing stands it only waits for a moment that the engine named. */
function againOf(journal: Journal | undefined): number {
  return journal?.standing === undefined ? underWayAgainSeconds : lastingAgainSeconds;
}

/** For people: the verdict itself is told beside it. */
function wordFor({ kind }: Verdict): string {
  return kind === 'partial' ? 'dead in part' : kind === 'elsewhere' ? 'silent for a reason that lies elsewhere' : kind;
}

function needsTheEngine({ kind, diedUnconnectedAt, incurable }: Verdict): boolean {
  return kind === 'dead' || kind === 'partial' || diedUnconnectedAt !== undefined || incurable !== undefined;
}

function whatIsUnfinished(journal: Journal | undefined): string | undefined {
  const { standing, untold, calledOff, stack } = journal ?? {};
  if (standing !== undefined) return `${standing.key} stands since ${standing.since}`;
  if (untold?.[0] !== undefined) return `people could not be told since ${untold[0].at}`;
  if (calledOff !== undefined) return `called off since ${calledOff.at}`;
  return stack?.suspected === undefined ? undefined : `silent since ${stack.suspected.since}, as the others were told`;
}

/** A person's word that no look has followed yet. */
function orderedSince(journal: Journal | undefined, lastLook: LastLook | undefined): string | undefined {
  const newest = journal?.interventions?.[0];
  if (newest === undefined) return undefined;
  const isFollowed = newest.at < (journal?.lookedAt ?? '') || newest.at < (lastLook?.endedAt ?? '');
  return isFollowed ? undefined : `${newest.who} ordered: ${newest.did}`;
}
