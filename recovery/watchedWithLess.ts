import { kinds } from './kinds.ts';
import { readEventClock } from './readings.ts';
import type { Series } from './signs.ts';
import { duration, plusSeconds } from './time.ts';
import type { Instant } from './time.ts';
import type { Scene } from './weigh.ts';

/**
 * What Debezium publishes of this connector is a dead task's. A restarted task finds its predecessor's metrics names taken, waits in vain
 * (12 times 5 s, twice), says `Failed to register metrics MBean, metrics will not be available` and goes on without metrics of its own: for as
 * long as that worker lives `Connected` and the event clock stay as the dead task left them, and so do the alarms on them (measured:
 * docs/evidence.md). They count for nothing then, and the connector is judged by what remains.
 */
export interface WatchedWithLess {
  /** The ARN of the connector whose worker it is: a recreation gives another worker, and ends it. */
  readonly of: string;
  /** Since when at the latest. */
  readonly since: Instant;
  /** Metrics that tell nothing any more, by name. */
  readonly lost: readonly string[];
  /** What still tells whether it lives, in a person's words. */
  readonly remains: readonly string[];
}

/** A new task has registered its metrics by then, or given up: twice twelve attempts, 5 s apart, with a minute to spare. */
const registeredSeconds = 180;

/**
 * Whether the metrics that show are a dead task's, by the log, by an event clock whose last event is older than the newest task, or because an
 * earlier look found so (`known`) and nothing has shown since that they are the living task's; `undefined`: nothing says so.
 *
 * `beganAt`: when the newest task began at the earliest; absent where nothing is known to have begun since.
 */
export function watchedWithLess(
  scene: Scene,
  beganAt: Instant | undefined,
  known: WatchedWithLess | undefined,
): WatchedWithLess | undefined {
  const { connector, signs } = scene;
  const lost = [
    ...(signs.connected.kind === 'read' ? ['Connected'] : []),
    ...(signs.msSinceLastEvent.kind === 'read' ? ['MilliSecondsSinceLastEvent'] : []),
  ];
  if (lost.length === 0) return undefined;
  const said = signs.log.kind === 'read' ? signs.log.metricsOrphaned.lastAt : undefined;
  const before = known?.of === connector.arn ? known.since : undefined;
  const found = said ?? predecessorsClockReadAt(scene, beganAt);
  const newest = [before, found].filter((at) => at !== undefined).toSorted();
  const since = newest[0];
  if (since === undefined || hasEventSince(signs.msSinceLastEvent, newest.at(-1) ?? since)) return undefined;
  return { of: connector.arn, since, lost, remains: whatRemains(scene) };
}

/** When an event clock was read whose last event came before the newest task began, so that it cannot be that task's. */
function predecessorsClockReadAt({ signs, actedAt }: Scene, beganAt: Instant | undefined): Instant | undefined {
  const newest = signs.msSinceLastEvent.kind === 'read' ? signs.msSinceLastEvent.samples.at(-1) : undefined;
  if (newest === undefined || newest.value < 0 || beganAt === undefined || actedAt === undefined) return undefined;
  if (newest.from < plusSeconds(actedAt, registeredSeconds)) return undefined;
  return plusSeconds(newest.to, -newest.value / 1000) < beganAt ? newest.from : undefined;
}

/** Only a living task hears an event. */
function hasEventSince(clock: Series, since: Instant): boolean {
  const read = readEventClock(clock, undefined);
  return read !== undefined && read.lastEventAt > since;
}

function whatRemains({ connector, signs, policy }: Scene): readonly string[] {
  const heartbeatSeconds = kinds[policy.kind].heartbeatSeconds(connector.request.connectorConfiguration);
  const limit = policy.evidence.recordsAtLeastEverySeconds;
  return [
    ...(signs.recordsIn.kind === 'read' ? ['the rate of records'] : []),
    ...(signs.log.kind === 'read' && signs.log.commits !== undefined ? ['offset commits in the worker log'] : []),
    ...(heartbeatSeconds === undefined ? [] : [`its heartbeat record, due every ${duration(heartbeatSeconds)}`]),
    ...(limit === undefined ? [] : [`its owner's word that a record comes at least every ${duration(limit)}`]),
    ...(signs.runningTasks.kind === 'read' ? ['the count of running tasks'] : []),
    ...(signs.erroredTasks.kind === 'read' ? ['the count of tasks in error'] : []),
  ];
}
