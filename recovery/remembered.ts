import type { LiveConnector } from './connector.ts';
import type { Journal } from './journal.ts';
import { positionLost, positionLostKey } from './positionLost.ts';
import type { Signs } from './signs.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Verdict } from './verdict.ts';

/** What stands once people were told that its source is out of reach, untouched or after a restart that was to find out. */
const awayKeys = ['elsewhere/left-alone', 'elsewhere/acted-unproved'];

/**
 * A dead task says its last words once, and soon they lie further back than anybody looks. So what people were told of it stands as long as
 * nothing has changed since: neither the connector nor the death.
 */
export function remembered(verdict: Verdict, journal: Journal, connector: LiveConnector, signs: Signs): Verdict {
  const { standing } = journal;
  const isOver = connector.state === 'FAILED' || verdict.evidence.some(({ says }) => says === 'errored');
  if (standing === undefined || verdict.kind !== 'dead' || !isOver) return verdict;
  const died = signs.log.kind === 'read' ? signs.log.taskFailures.lastAt : undefined;
  let changedAt = later(connector.createdAt, died);
  for (const { endedAt } of connector.operations) changedAt = later(changedAt, endedAt);
  if (changedAt !== undefined && changedAt > standing.since) return verdict;
  if (standing.key === positionLostKey)
    return positionLost(standing.since, signs.to, verdict.evidence, verdict.silentSince);
  if (!awayKeys.includes(standing.key)) return verdict;
  return {
    kind: 'elsewhere',
    because: `Its source was out of reach ${duration(secondsBetween(standing.since, signs.to))} ago, its task died of it, and nothing has happened since.`,
    wouldChange: 'That the source can be reached when the task begins anew.',
    evidence: verdict.evidence,
    diedUnconnectedAt: standing.since,
    ...(verdict.silentSince === undefined ? {} : { silentSince: verdict.silentSince }),
  };
}
