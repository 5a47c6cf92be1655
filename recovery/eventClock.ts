import { kinds } from './kinds.ts';
import { freshSeconds, isFresh, readEventClock } from './readings.ts';
import type { EventClock } from './readings.ts';
import type { Signs } from './signs.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** The event clock of a source that beats: of the tasks that run now, and published lately. */
export function freshClock(
  scene: Scene,
): { readonly clock: EventClock; readonly beatSeconds: number; readonly limitSeconds: number } | undefined {
  const { connector, signs, policy } = scene;
  const beatSeconds = kinds[policy.kind].eventClockBeatSeconds?.(connector.request.connectorConfiguration);
  const clock = ownClock(scene);
  if (beatSeconds === undefined || clock === undefined || !isFresh(clock.readAt, signs.to, freshSeconds))
    return undefined;
  return { clock, beatSeconds, limitSeconds: policy.evidence.missedBeats * beatSeconds };
}

function ownClock({ signs, actedAt, tasks, less }: Scene): EventClock | undefined {
  if (less !== undefined) return undefined;
  // Without a log nobody would know that they began anew all the same.
  if (tasks === undefined || actedAt === undefined || signs.log.kind !== 'read')
    return readEventClock(signs.msSinceLastEvent, actedAt);
  const clock = readEventClock(signs.msSinceLastEvent, tasks.begunAt);
  if (clock === undefined) return undefined;
  // Its silence counts from when it was left to itself again.
  const leftSeconds = Math.max(0, secondsBetween(actedAt, clock.readAt));
  return {
    readAt: clock.readAt,
    lastEventAt: later(clock.lastEventAt, actedAt) ?? actedAt,
    silentSince: later(clock.silentSince, actedAt) ?? actedAt,
    silentSeconds: Math.min(clock.silentSeconds, leftSeconds),
    lastReadSeconds: Math.min(clock.lastReadSeconds, leftSeconds),
  };
}

/** What the event clock says: whether the source, which beats by itself, is still heard. */
export function clockEvidence(scene: Scene): Evidence[] {
  const { signs, policy, actedAt, less } = scene;
  if (
    kinds[policy.kind].eventClockBeatSeconds === undefined ||
    signs.msSinceLastEvent.kind !== 'read' ||
    signs.msSinceLastEvent.samples.length === 0
  )
    return [];
  const clock = ownClock(scene);
  if (clock === undefined) {
    const seen =
      actedAt === undefined && less === undefined
        ? 'no event of the source counted yet'
        : 'no event of the source counted since its tasks began; what shows may be the value of the task before them';
    return [{ source: 'event clock', seen, says: 'nothing' }];
  }
  const fresh = freshClock(scene);
  if (fresh === undefined) {
    const seen = `the event clock was last published ${duration(secondsBetween(clock.readAt, signs.to))} ago`;
    return [{ source: 'event clock', seen, says: 'nothing' }];
  }
  const heard = `${duration(clock.silentSeconds)} since the last event of the source, whose own heartbeat comes every ${duration(fresh.beatSeconds)}`;
  // The clock of a task that never got its stream reads 0 for good (measured: docs/failures.md, binlog-purged).
  const disconnected = newestConnected(signs) === 0;
  const isOverdue = clock.silentSeconds > fresh.limitSeconds;
  // Overdue before somebody was at work on it, and not yet since: no proof of either.
  const heardSince = readEventClock(signs.msSinceLastEvent, actedAt) !== undefined;
  const isSpeaking = !disconnected && (actedAt === undefined || heardSince);
  const says = isOverdue ? 'dead' : isSpeaking ? 'listening' : 'nothing';
  const why = disconnected ? 'it is disconnected, and its clock says nothing' : 'it was not heard since';
  const seen = says === 'nothing' ? `${heard}, but ${why}` : heard;
  return [{ source: 'event clock', seen, since: clock.silentSince, says }];
}

/** Whether what Debezium publishes is known to be the present task's: after an act only an event newer than the act shows it. */
export function metricsAreOwn(scene: Scene): boolean {
  if (scene.less !== undefined) return false;
  return scene.actedAt === undefined || ownClock(scene) !== undefined;
}

/** What Debezium's `Connected` was lately; `undefined`: not published, or too long ago. */
function newestConnected(signs: Signs): number | undefined {
  const newest = signs.connected.kind === 'read' ? signs.connected.samples.at(-1) : undefined;
  return newest !== undefined && isFresh(newest.to, signs.to, freshSeconds) ? newest.value : undefined;
}
