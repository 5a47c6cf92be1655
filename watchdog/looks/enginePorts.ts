import type { Directions, Notifier, Ports, Recorder } from '../../recovery/ports.ts';
import type { Clock } from '../../recovery/ports.ts';
import type { Instant } from '../../recovery/time.ts';
import { s3Holds } from '../../store/holds.ts';
import type { Objects } from '../../store/objects.ts';
import { s3StandingOrders } from '../../store/standingOrders.ts';
import type { Cluster } from '../cluster.ts';
import type { KnownJournals } from './knownJournals.ts';

/** What the engine's ports are made of, beside what one cluster gives. */
export interface Surroundings {
  readonly objects: Objects;
  readonly journals: KnownJournals;
  readonly notifier: Notifier;
  readonly directions: Directions;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * The engine's ports on one cluster. The sweep is the watchdog's own rounds, and the stack is the cluster: its other connectors are who the breaker
 * reckons with.
 * @param roundAt when the last round over the cluster ended well
 */
export function enginePorts(
  cluster: Cluster,
  { objects, journals, notifier, directions, clock, newId }: Surroundings,
  recorder: Recorder,
  roundAt: () => Instant | undefined,
): Ports {
  return {
    ...cluster.ports,
    journals: journals.port,
    sweep: { lastSeenAt: async () => roundAt() },
    holds: s3Holds(objects),
    standingOrders: s3StandingOrders(objects),
    neighbours: journals.neighbours(() => cluster.watched()),
    notifier,
    directions,
    clock,
    recorder,
    newId,
  };
}
