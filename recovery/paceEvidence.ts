import { kinds } from './kinds.ts';
import { learnedLimit } from './pace.ts';
import type { LearnedLimit, Pace } from './pace.ts';
import type { Policy } from './policy.ts';
import { freshSeconds, isFresh, readSeries } from './readings.ts';
import type { LiveConnector } from './connector.ts';
import type { Signs } from './signs.ts';
import { duration, later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence, Ripening, Verdict } from './verdict.ts';

/** What was learned from a connector's past, or why it could not be read. */
export type Learned =
  { readonly kind: 'learned'; readonly pace: Pace } | { readonly kind: 'unreadable'; readonly reason: string };

/** Names the evidence that rests on the connector's own past alone. */
export const learnedSource = 'learned silence';

/** What of a look bears on its silence. `learned` is absent where nobody asked the past. */
export interface QuietScene {
  readonly connector: LiveConnector;
  readonly signs: Signs;
  readonly policy: Policy;
  readonly actedAt: Instant | undefined;
  readonly learned?: Learned | undefined;
}

/**
 * Whether its past can matter: it is silent by what was published, nobody can tell why, no better proof can come, and its owner neither set a limit
 * nor forbade to learn one.
 */
export function asksThePast(
  verdict: Verdict,
  { connector, policy }: Pick<QuietScene, 'connector' | 'policy'>,
): boolean {
  const { learnQuiet, recordsAtLeastEverySeconds } = policy.evidence;
  if (!learnQuiet || recordsAtLeastEverySeconds !== undefined) return false;
  if (verdict.kind !== 'unknown' || verdict.ripens !== undefined) return false;
  if (kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration) !== undefined) return false;
  const { evidence } = verdict;
  return (
    evidence.some(({ source, says }) => source === 'records in' && says === 'silent') &&
    evidence.every(({ says }) => says === 'silent' || says === 'nothing')
  );
}

/**
 * What its own past says of the silence that lasts now. Listening wins, and so does any better proof: beside them nothing is said.
 * A silence counts only from a record on that the present tasks moved: after a restart without one, nobody knows whether there was any to move.
 */
export function paceEvidence(scene: QuietScene, others: readonly Evidence[]): Evidence[] {
  const { learned } = scene;
  if (learned === undefined) return [];
  if (others.some(({ says }) => says !== 'silent' && says !== 'nothing')) return [];
  if (learned.kind === 'unreadable') {
    const seen = `how long it may be quiet could not be learned: ${learned.reason}`;
    return [{ source: learnedSource, seen, says: 'nothing' }];
  }
  const quiet = quietNow(scene, learned.pace);
  if (quiet === undefined) return [];
  const { since, seconds, limit } = quiet;
  const so = `quiet for ${duration(seconds)}`;
  if (limit.kind === 'none') {
    return [{ source: learnedSource, seen: `${so}; ${limit.because}`, since, says: 'nothing' }];
  }
  if (!hasMoved(scene, learned.pace)) {
    const seen = `${so}, but no record moved since its tasks began, so its past says nothing of it`;
    return [{ source: learnedSource, seen, since, says: 'nothing' }];
  }
  if (seconds < limit.seconds) {
    const seen = `${so}; ${limit.because}, so only ${duration(limit.seconds)} would be a proof`;
    return [{ source: learnedSource, seen, since, says: 'silent' }];
  }
  return [{ source: learnedSource, seen: `${so}; ${limit.because}`, since, says: 'dead' }];
}

/** Rates are published once a minute; then they are delivered. */
const seenSeconds = 75;

/** When the silence that lasts now would be a proof; `undefined`: never. */
export function paceRipens(scene: QuietScene, evidence: readonly Evidence[]): Ripening | undefined {
  const { learned } = scene;
  const line = evidence.find(({ source, says }) => source === learnedSource && says === 'silent');
  if (line === undefined || learned?.kind !== 'learned') return undefined;
  const quiet = quietNow(scene, learned.pace);
  if (quiet === undefined || quiet.limit.kind === 'none') return undefined;
  return {
    at: plusSeconds(quiet.since, quiet.limit.seconds + seenSeconds),
    because: `no record has moved since ${quiet.since}; it was quiet ${quiet.limit.because}`,
  };
}

/** The silence that was published up to now, over what was looked at and the past before that. */
function quietNow(
  { signs, policy, actedAt }: QuietScene,
  pace: Pace,
): { readonly since: Instant; readonly seconds: number; readonly limit: LearnedLimit } | undefined {
  const reading = readSeries(signs.recordsIn);
  if (reading?.zeroSince === undefined || !isFresh(reading.newest.at, signs.to, freshSeconds)) return undefined;
  const { quiet } = pace;
  // The past may have been read some minutes ago: it continues only where the two meet.
  const meets = quiet !== undefined && quiet.from <= reading.zeroSince && quiet.to >= reading.zeroSince;
  const since = later(meets ? quiet.from : reading.zeroSince, actedAt) ?? reading.zeroSince;
  return {
    since,
    seconds: secondsBetween(since, reading.newest.at),
    limit: learnedLimit(pace, policy.waits.healSeconds),
  };
}

function hasMoved({ connector, actedAt }: QuietScene, { movedAt }: Pace): boolean {
  const began = later(actedAt, connector.createdAt) ?? connector.createdAt;
  return movedAt !== undefined && movedAt >= began;
}
