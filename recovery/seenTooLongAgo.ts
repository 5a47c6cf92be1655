import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** What was seen longer ago is not acted on: the process may have stood still meanwhile, and somebody else, or the connector itself, may have mended it. */
const longestLookSeconds = 60;

/** Why nothing is done to a connector for what was seen of it at that moment, if it is too old for that. */
export function seenTooLongAgo(seenAt: Instant, ports: Pick<Ports, 'clock'>): PortError | undefined {
  const age = secondsBetween(seenAt, ports.clock.now());
  if (age <= longestLookSeconds) return undefined;
  const reason = `nothing was done, for what it was decided on had been seen ${duration(age)} before; the services answer too slowly, or the process stood still`;
  return new PortError('unexpected', reason);
}
