import { flushSeconds } from './movement.ts';
import type { Policy } from './policy.ts';
import { isFresh } from './readings.ts';
import type { Position } from './signs.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** Offsets that were last read longer ago say nothing of the present: they are read every few seconds, and a worker may be slow. */
const positionFreshSeconds = 60;

/** How long committed offsets have stood still, as far as that was watched. */
export interface Standstill {
  readonly since: Instant;
  readonly seconds: number;
  /** They were seen to move while they were watched. */
  readonly everMoved: boolean;
}

/** How often offsets are committed. */
export function flushSecondsOf({ evidence }: Policy): number {
  return evidence.flushSeconds ?? flushSeconds;
}

/**
 * How long these offsets have stood still; `undefined`: nobody knows, for they were not read, or not lately. An absence of movement counts only as
 * far as they were read without a gap.
 */
export function standstill(position: Position | undefined, now: Instant): Standstill | undefined {
  if (position?.kind !== 'read' || !isFresh(position.readAt, now, positionFreshSeconds)) return undefined;
  const since = later(position.since, position.movedAt) ?? position.since;
  return { since, seconds: secondsBetween(since, position.readAt), everMoved: everMoved(position) };
}

/** Whether these offsets were ever seen to move: what has committed once is past its first snapshot. */
export function everMoved(position: Position | undefined): boolean {
  return position?.kind === 'read' && (position.movedAt !== undefined || position.movedBefore === true);
}

/** What the committed offsets say, as they were read again and again. */
export function standstillEvidence({ signs, policy }: Scene): Evidence[] {
  const { position } = signs;
  if (position?.kind !== 'read') return [];
  const { livelySeconds, recordsAtLeastEverySeconds: limit } = policy.evidence;
  const source = 'committed offsets';
  const { movedAt } = position;
  if (movedAt !== undefined && isFresh(movedAt, signs.to, livelySeconds)) {
    const seen = `committed offsets moved ${duration(secondsBetween(movedAt, signs.to))} ago`;
    return [{ source, seen, since: movedAt, says: 'alive' }];
  }
  const still = standstill(position, signs.to);
  if (still === undefined) {
    const seen = `committed offsets were last read ${duration(secondsBetween(position.readAt, signs.to))} ago`;
    return [{ source, seen, says: 'nothing' }];
  }
  const seen = `committed offsets have stood still for ${duration(still.seconds)}`;
  // What came at the last moment is committed a flush later.
  if (limit !== undefined && still.seconds > limit + flushSecondsOf(policy)) {
    const promised = `where its owner says that a record comes at least every ${duration(limit)}`;
    return [{ source, seen: `${seen}, ${promised}`, since: still.since, says: 'dead' }];
  }
  return [{ source, seen, since: still.since, says: still.seconds > livelySeconds ? 'silent' : 'nothing' }];
}
