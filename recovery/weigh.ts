import type { LiveConnector } from './connector.ts';
import { clockEvidence } from './eventClock.ts';
import { heartbeatEvidence } from './heartbeats.ts';
import { kinds } from './kinds.ts';
import { commitEvidence, recordEvidence } from './movement.ts';
import { positionEvidence, reachEvidence } from './reach.ts';
import { standstillEvidence } from './standstill.ts';
import { taskEvidence } from './tasks.ts';
import type { Policy } from './policy.ts';
import { lagEvidence } from './lag.ts';
import { paceEvidence } from './paceEvidence.ts';
import type { Learned } from './paceEvidence.ts';
import type { Signs } from './signs.ts';
import type { Instant } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';

/** What there is to weigh: one look at one connector. */
export interface Scene {
  readonly connector: LiveConnector;
  readonly signs: Signs;
  readonly policy: Policy;
  /** When our last act ended: what is older says nothing. */
  readonly actedAt: Instant | undefined;
  /** When the tasks that run now began, where what was done last left them as they were. */
  readonly tasks?: { readonly begunAt: Instant | undefined };
  /** What Debezium publishes is a dead task's, and counts for nothing. */
  readonly less?: WatchedWithLess;
  /** What its own past says of how long it may be quiet, where it was asked. */
  readonly learned?: Learned;
}

/** Puts each signal into words and says what it speaks for. No signal decides alone; `diagnose` does, from all of them. */
export function weigh(scene: Scene): Evidence[] {
  const seen = [
    ...recordEvidence(scene),
    ...commitEvidence(scene),
    ...standstillEvidence(scene),
    ...clockEvidence(scene),
    ...heartbeatEvidence(scene),
    ...positionEvidence(scene),
    ...reachEvidence(scene),
    ...taskEvidence(scene),
    ...lagEvidence(scene),
  ];
  return [...seen, ...paceEvidence(scene, seen)];
}

/** What to switch on so that next time it can be known. */
export function cures(signs: Signs, policy: Policy): string[] {
  const found = new Set<string>([kinds[policy.kind].cure]);
  for (const channel of [signs.recordsIn, signs.msSinceLastEvent, signs.log]) {
    if (channel.kind === 'not-watched') found.add(channel.cure);
    if (channel.kind === 'unreadable') found.add(`make readable: ${channel.reason}`);
  }
  const { position } = signs;
  if (position?.kind === 'not-watched') found.add(position.cure);
  if (position?.kind === 'unreadable') found.add(`make readable: ${position.reason}`);
  return [...found];
}
