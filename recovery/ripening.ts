import { unreadLag } from './lag.ts';
import { lastSignOfLife, readSeries } from './readings.ts';
import { duration, later, plusSeconds } from './time.ts';
import type { Ripening } from './verdict.ts';
import { freshClock } from './eventClock.ts';
import { quietHeartbeats } from './heartbeats.ts';
import type { Scene } from './weigh.ts';

/** A minute's smallest value passes a limit up to a minute after the clock does; then come the next sample (15 s) and its delivery. */
const clockReadSeconds = 90;
/** Kafka's rates remember 60 s, and are published once a minute: so long after the last record a rate may still be above zero. */
const rateSeconds = 120;
/** And they remember at least 30 s, so that a rate of zero is older than it looks. */
const rateForgetsSeconds = 30;
const deliverySeconds = 15;

/**
 * What is silent for longer than it should be, and when that would be a proof of death; `undefined`: nothing is overdue, or what is overdue
 * would prove nothing. The moment is reckoned from the silence's beginning, so it never moves away while nothing is seen.
 */
export function ripening(scene: Scene): Ripening | undefined {
  const found = [ofClock(scene), ofHeartbeats(scene), ofLag(scene)].filter((one) => one !== undefined);
  return found.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0];
}

/** The database's own beat is overdue. */
function ofClock(scene: Scene): Ripening | undefined {
  const { signs, policy } = scene;
  const fresh = freshClock(scene);
  if (fresh === undefined || fresh.clock.lastReadSeconds <= fresh.beatSeconds) return undefined;
  // It will be a proof only beside somebody who says that no records flow.
  const witnessed =
    readSeries(signs.recordsIn) !== undefined || (signs.log.kind === 'read' && signs.log.commits !== undefined);
  if (!witnessed) return undefined;
  const { clock, beatSeconds, limitSeconds } = fresh;
  const proved = limitSeconds + clockReadSeconds;
  const noSignOfLife = rateSeconds + policy.evidence.livelySeconds + deliverySeconds;
  return {
    at: plusSeconds(clock.lastEventAt, Math.max(proved, noSignOfLife)),
    because:
      clock.silentSeconds > limitSeconds
        ? `${policy.evidence.missedBeats} beats of the database are missing, and ${stillLively(scene)}; the last beat was heard at ${clock.lastEventAt}`
        : `a beat of the database is overdue: it is heard every ${duration(beatSeconds)}, and was last heard at ${clock.lastEventAt}`,
  };
}

/** The proof is there, and what was seen last speaks against it until it is older. In times of day, lest each look is news. */
function stillLively({ signs, policy }: Scene): string {
  const reading = readSeries(signs.recordsIn);
  const last = lastSignOfLife(signs);
  if (last === undefined || (reading !== undefined && reading.zeroSince === undefined))
    return 'the rate of records is to fall to 0: it remembers a minute, and is published once a minute';
  return `${duration(policy.evidence.livelySeconds)} without a sign of life are to pass: the last was seen at ${last}`;
}

/** The connector's own heartbeat record is overdue. */
function ofHeartbeats(scene: Scene): Ripening | undefined {
  const quiet = quietHeartbeats(scene);
  if (quiet === undefined || quiet.mayBeFirstSnapshot) return undefined;
  const { since, seconds, beatSeconds, limitSeconds } = quiet;
  if (seconds + rateForgetsSeconds <= beatSeconds) return undefined;
  const proved = plusSeconds(since, limitSeconds + deliverySeconds);
  const noSignOfLife = plusSeconds(since, scene.policy.evidence.livelySeconds + deliverySeconds);
  return {
    at: later(proved, noSignOfLife) ?? proved,
    because: `a heartbeat record is overdue: one is due every ${duration(beatSeconds)}, and none has come since ${since}`,
  };
}

/** Records wait that a sink does not read. They may be read and not committed yet, and then nothing waits soon; or more and more of them will. */
function ofLag(scene: Scene): Ripening | undefined {
  const unread = unreadLag(scene);
  if (unread === undefined) return undefined;
  const { since, seenSince, limitSeconds, waiting } = unread;
  const proved = plusSeconds(seenSince, limitSeconds + deliverySeconds);
  const noSignOfLife = plusSeconds(since, scene.policy.evidence.livelySeconds + deliverySeconds);
  return {
    at: later(proved, noSignOfLife) ?? proved,
    because: `${waiting} ${waiting === 1 ? 'record waits' : 'records wait'} and none has been read since ${since}`,
  };
}
