import type { Journal } from './journal.ts';
import { wasDone } from './messageParts.ts';
import type { Observation } from './observation.ts';
import type { Remedy } from './policy.ts';
import { awaitsProof, isYetUntold } from './standing.ts';
import { secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import { isSoon } from './triage.ts';
import type { Verdict } from './verdict.ts';

/** That a connector looks dead, as the others of its stack read it. */
export interface Suspicion {
  readonly since: Instant;
  /** When it was last seen so. */
  readonly seenAt: Instant;
  /** `ripening`: a sign of life is overdue, and it is no proof yet. */
  readonly verdict: 'dead' | 'elsewhere' | 'ripening';
  /** The database that it reads, as its configuration names it. */
  readonly host?: string;
  /** It waits for the breaker, and since when. */
  readonly stands?: {
    readonly since: Instant;
    /** By which it would find out whether the cause is over, if it were its turn; absent: by none. */
    readonly remedy?: Remedy;
    /** It would be recreated if a person approved it. */
    readonly approvable?: true;
  };
}

/** What a connector's journal says to the others of its stack. */
export interface InStack {
  readonly suspected?: Suspicion;
  /** When its silence last ended after an act: whatever the cause was, it is over. */
  readonly cameBack?: { readonly at: Instant; readonly host?: string };
  /** When it told people of the breaker for all. */
  readonly announced?: Announced;
}

/** That people were told of the breaker: when last, after how many probes in vain, and how often for this outage. */
export interface Announced {
  readonly at: Instant;
  readonly probes: number;
  readonly times?: number;
}

/** A silence that was interrupted for longer is another one. */
const sameSilenceSeconds = 600;
/** What is read by others need not be written at every poll. */
const writtenEverySeconds = 30;

/**
 * What the journal says to the stack after this look. Dead, elsewhere, and what will soon be a proof are suspicions; alive, idle and partial end
 * them; that nobody can tell changes nothing. While an act of ours waits for its proof, nothing but data ends them. The same object where
 * nothing need be written.
 */
export function inStackAfter(observation: Observation, journal: Journal): InStack | undefined {
  const { at, verdict, sighting } = observation;
  const { stack } = journal;
  if (verdict === undefined || sighting.kind === 'absent') return stack;
  const before = stack?.suspected;
  const host = hostOf(sighting.connector.request.connectorConfiguration);
  const isUnproved = verdict.kind === 'unknown' ? awaitsData(journal) : verdict.kind === 'idle' && isTreated(journal);
  const kind = suspicious(verdict, at) ?? (isUnproved ? before?.verdict : undefined);
  if (kind === undefined) {
    const isUntold = journal.standing !== undefined && isYetUntold(verdict, journal.standing);
    const isBack = verdict.kind === 'alive' && !isUntold && wasTreatedForSilence(journal);
    if (!isBack && (before === undefined || verdict.kind === 'unknown')) return stack;
    const { suspected: _suspected, ...rest } = stack ?? {};
    return isBack ? { ...rest, cameBack: { at, ...(host && { host }) } } : rest;
  }
  const isSame =
    before !== undefined && (awaitsData(journal) || secondsBetween(before.seenAt, at) <= sameSilenceSeconds);
  // That a beat is overdue once more takes nothing back of what was proved.
  const found = isSame && kind === 'ripening' ? before.verdict : kind;
  if (isSame && before.verdict === found && secondsBetween(before.seenAt, at) < writtenEverySeconds) return stack;
  const now = { seenAt: at, verdict: found, ...(host && { host }) };
  return { ...stack, suspected: isSame ? { ...before, ...now } : { since: at, ...now } };
}

function isTreated({ recovery }: Journal): boolean {
  return recovery?.acts.some(wasDone) === true;
}

/** We acted, and no data was seen since. */
function awaitsData(journal: Journal): boolean {
  return isTreated(journal) || (journal.standing !== undefined && awaitsProof(journal.standing));
}

function wasTreatedForSilence(journal: Journal): boolean {
  if (!awaitsData(journal)) return false;
  const kind = isTreated(journal) ? journal.recovery?.verdict.kind : journal.history[0]?.verdict;
  return kind === 'dead' || kind === 'elsewhere';
}

function suspicious(verdict: Verdict, now: Instant): Suspicion['verdict'] | undefined {
  if (verdict.kind === 'dead') return 'dead';
  // A position that is gone is a cause of its own.
  if (verdict.kind === 'elsewhere') return verdict.positionLostAt === undefined ? 'elsewhere' : undefined;
  return verdict.ripens !== undefined && isSoon(verdict.ripens, now) ? 'ripening' : undefined;
}

/** Debezium's name of it; a place-holder of a config provider names it as well. */
function hostOf(configuration: Readonly<Record<string, string>>): string | undefined {
  const host = configuration['database.hostname']?.trim().toLowerCase();
  return host === '' ? undefined : host;
}
