import { kinds } from './kinds.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import { flushSecondsOf } from './standstill.ts';

/** A source that beats so seldom is not waited for. */
const longestSeconds = 1800;

/**
 * How long after an act data is waited for, before it ends as unproved. Where harsher remedies follow that take nothing away, at least until a proof
 * that it did not help could have been seen, or none of them would ever be reached: two commits, or the beats that must be missed, and three polls.
 */
export function provedWithinSeconds(policy: Policy, configuration: Readonly<Record<string, string>>): number {
  const { waits, evidence, kind } = policy;
  if (platformOf(policy).recreates) return waits.verifySeconds;
  const { heartbeatSeconds, eventClockBeatSeconds } = kinds[kind];
  const beat = Math.max(heartbeatSeconds(configuration) ?? 0, eventClockBeatSeconds?.(configuration) ?? 0);
  const flush = flushSecondsOf(policy);
  const proof = Math.max(evidence.livelySeconds, 2 * flush, evidence.missedBeats * Math.max(beat, flush));
  return Math.max(waits.verifySeconds, Math.min(longestSeconds, proof + 3 * waits.pollSeconds));
}
