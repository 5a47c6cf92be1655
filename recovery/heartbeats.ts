import { kinds } from './kinds.ts';
import { commitEvidence, flushSeconds } from './movement.ts';
import { tasksBackAt } from './notYet.ts';
import { freshSeconds, isFresh, readSeries } from './readings.ts';
import { everMoved, flushSecondsOf, standstill } from './standstill.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** Younger connectors may be taking their first snapshot, in which no heartbeat is due. */
const firstSnapshotSeconds = 86_400;

/** A heartbeat record that should have been made, or at least committed, was not. */
export function heartbeatEvidence(scene: Scene): Evidence[] {
  const quiet = quietHeartbeats(scene);
  if (quiet === undefined || quiet.seconds < quiet.limitSeconds) return [];
  if (quiet.mayBeFirstSnapshot) {
    return [
      { source: 'heartbeat', seen: 'no heartbeat seen yet; it may be taking its first snapshot', says: 'nothing' },
    ];
  }
  const seen = `no heartbeat record for ${duration(quiet.seconds)}, where one is due every ${duration(quiet.beatSeconds)}`;
  return [{ source: 'heartbeat', seen, since: quiet.since, says: 'dead' }];
}

/** How long no heartbeat record of a connector that makes them has been seen, and how long is a proof; `undefined`: none is missing. */
export function quietHeartbeats(scene: Scene):
  | {
      readonly since: Instant;
      readonly seconds: number;
      readonly beatSeconds: number;
      readonly limitSeconds: number;
      readonly mayBeFirstSnapshot: boolean;
    }
  | undefined {
  const { connector, signs, policy, actedAt } = scene;
  const beatSeconds = kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration);
  const quiet = beatSeconds === undefined ? undefined : quietOfHeartbeats(scene);
  if (beatSeconds === undefined || quiet === undefined) return undefined;
  return {
    since: quiet.since,
    seconds: secondsBetween(quiet.since, quiet.until),
    beatSeconds,
    // A rate is published once a minute and offsets are flushed once a minute, or as the worker says: no beat can be seen to be missing sooner.
    limitSeconds: policy.evidence.missedBeats * Math.max(beatSeconds, quiet.seenEverySeconds),
    mayBeFirstSnapshot:
      !quiet.everSeen && actedAt === undefined && secondsBetween(connector.createdAt, signs.to) < firstSnapshotSeconds,
  };
}

/** A zero that was reported outranks a line that is missing; log and committed offsets speak only where no rate was published. */
function quietOfHeartbeats(scene: Scene):
  | {
      readonly since: Instant;
      readonly until: Instant;
      readonly everSeen: boolean;
      /** How often a heartbeat can be seen on this channel at most. */
      readonly seenEverySeconds: number;
    }
  | undefined {
  const { signs } = scene;
  const reading = readSeries(signs.recordsIn);
  if (reading !== undefined) {
    if (reading.zeroSince === undefined || !isFresh(reading.newest.at, signs.to, freshSeconds)) return undefined;
    const since = later(reading.zeroSince, tasksBackAt(signs)) ?? reading.zeroSince;
    const everSeen = reading.lastAboveZero !== undefined || everMoved(signs.position);
    return { since, until: reading.newest.at, everSeen, seenEverySeconds: flushSeconds };
  }
  const [commits] = commitEvidence(scene);
  if (commits?.says !== 'silent' || commits.since === undefined || signs.log.kind !== 'read')
    return quietOfPosition(scene);
  const until = signs.log.newestLineAt ?? commits.since;
  const since = later(commits.since, tasksBackAt(signs)) ?? commits.since;
  return { since, until, everSeen: signs.log.commits?.lastAt !== undefined, seenEverySeconds: flushSeconds };
}

/** Committed offsets that stand still are missing heartbeats only where a heartbeat moves them. */
function quietOfPosition({ connector, signs, policy }: Scene): ReturnType<typeof quietOfHeartbeats> {
  const { position } = signs;
  const still = standstill(position, signs.to);
  const { heartbeatMovesPosition } = kinds[policy.kind];
  if (position?.kind !== 'read' || still === undefined) return undefined;
  if (!heartbeatMovesPosition(connector.request.connectorConfiguration)) return undefined;
  const since = later(still.since, tasksBackAt(signs)) ?? still.since;
  return { since, until: position.readAt, everSeen: still.everMoved, seenEverySeconds: flushSecondsOf(policy) };
}
