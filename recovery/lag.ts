import { kinds } from './kinds.ts';
import { tasksBackAt } from './notYet.ts';
import { freshSeconds, isFresh, readSeries } from './readings.ts';
import type { Sample, Signs } from './signs.ts';
import { standstill } from './standstill.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** What a sink's lag says beside the rate at which it reads. */
export function lagEvidence(scene: Scene): Evidence[] {
  const last = freshLag(scene);
  if (last === undefined) return [];
  if (last.value === 0) return [{ source: 'lag', seen: 'nothing waits to be read', says: 'listening' }];
  const unread = unreadLag(scene);
  if (unread !== undefined && unread.grown > 0 && unread.seconds >= unread.limitSeconds) {
    const seen = `${unread.grown} more records wait than ${duration(unread.seconds)} ago, and none was read`;
    return [{ source: 'lag', seen, since: unread.since, says: 'dead' }];
  }
  return [{ source: 'lag', seen: `${last.value} records wait to be read`, says: 'nothing' }];
}

/**
 * Records that wait while none is read, and how long their growth must be seen to be a proof; `undefined`: nothing waits, or some are read, or
 * nobody can say.
 */
export function unreadLag(scene: Scene):
  | {
      /** Since when none is read. */
      readonly since: Instant;
      readonly waiting: number;
      /** By how many records more than when some were first seen to wait since then, and how long ago that is. */
      readonly grown: number;
      readonly seenSince: Instant;
      readonly seconds: number;
      readonly limitSeconds: number;
    }
  | undefined {
  const { signs, policy } = scene;
  const last = freshLag(scene);
  const unreadSince = noneReadSince(signs);
  if (last === undefined || last.value === 0 || signs.lag.kind !== 'read' || unreadSince === undefined)
    return undefined;
  const since = later(unreadSince, tasksBackAt(signs)) ?? unreadSince;
  // A record that came and was read between two looks at the rate waits until it is committed: only what waits at every look adds up.
  const nothingWaited = signs.lag.samples.findLastIndex(({ value }) => value === 0);
  const before = signs.lag.samples.slice(nothingWaited + 1).find(({ to }) => to >= since);
  if (before === undefined) return undefined;
  return {
    since,
    waiting: last.value,
    grown: last.value - before.value,
    seenSince: before.to,
    seconds: secondsBetween(before.to, last.to),
    // Lag is published once a minute.
    limitSeconds: policy.evidence.missedBeats * 60,
  };
}

/** Since when no record is read, by the rate, or, where none is published, by committed offsets that stand still. */
function noneReadSince(signs: Signs): Instant | undefined {
  const reading = readSeries(signs.recordsIn);
  if (reading === undefined) return standstill(signs.position, signs.to)?.since;
  return isFresh(reading.newest.at, signs.to, freshSeconds) ? reading.zeroSince : undefined;
}

function freshLag({ signs, policy }: Scene): Sample | undefined {
  if (!kinds[policy.kind].lagIsProof || signs.lag.kind !== 'read') return undefined;
  const last = signs.lag.samples.at(-1);
  return last !== undefined && isFresh(last.to, signs.to, freshSeconds) ? last : undefined;
}
