import type { LiveConnector } from './connector.ts';
import { finish, poll } from './decision.ts';
import type { Decision } from './decision.ts';
import type { Recovery } from './journal.ts';
import type { Policy } from './policy.ts';
import { rebalanceOf, rebalanceSeconds } from './rebalance.ts';
import { duration, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Trigger } from './trigger.ts';

/**
 * While a worker group hands out its tasks anew, Kafka Connect answers 409 to whoever asks for something: that is no failure of the connector, so
 * it is waited for. A rebalance that does not end is for people. `undefined`: there is none.
 */
export function decideRebalance(
  connector: LiveConnector,
  now: Instant,
  recovery: Recovery | undefined,
  policy: Policy,
  trigger: Trigger,
): Decision | undefined {
  const rebalance = rebalanceOf(connector);
  if (rebalance === undefined) return undefined;
  const lasts = secondsBetween(rebalance.startedAt, now);
  const seen = `its worker group has been rebalancing for ${duration(lasts)}`;
  if (lasts <= rebalanceSeconds) {
    const isAwaited = recovery !== undefined || trigger.kind === 'person';
    return isAwaited ? poll(policy, seen) : finish({ kind: 'left-alone', reason: `Left alone: ${seen}.` });
  }
  const because = `A rebalance of its worker group does not end: ${seen}, longer than one may take (scheduled.rebalance.max.delay.ms, 5 min by default). Meanwhile nothing can be restarted.`;
  return finish({
    kind: 'left-alone',
    reason: because,
    verdict: {
      kind: 'elsewhere',
      because,
      wouldChange:
        'That the rebalance ends: look at the workers, whether each has joined the group, and at their logs.',
      evidence: [{ source: 'rebalance', seen, since: rebalance.startedAt, says: 'silent' }],
    },
  });
}
