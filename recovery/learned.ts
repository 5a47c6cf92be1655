import type { LiveConnector } from './connector.ts';
import type { Journal } from './journal.ts';
import { learnPace } from './pace.ts';
import type { Span } from './pace.ts';
import type { Learned } from './paceEvidence.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import { later } from './time.ts';
import type { Instant } from './time.ts';

/** Asks a connector's past how long it may be quiet. Never throws: what cannot be read is said to be so. */
export async function askThePast(
  { past }: Pick<Ports, 'past'>,
  connector: LiveConnector,
  journal: Journal,
  policy: Policy,
  at: Instant,
): Promise<Learned> {
  const rates = await past.rates(connector, at);
  if (rates.kind === 'unreadable') return rates;
  return {
    kind: 'learned',
    pace: learnPace(rates, countedSince(connector, journal, policy) ?? rates.from, deaths(journal)),
  };
}

/**
 * Since when its metrics, which bear its name alone, speak for the connector as it is: from its creation, unless we made it again from the
 * configuration that it had, and from the last change of its configuration; `undefined`: as far back as they go.
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_ConnectorOperationSummary.html — the types of operations
 */
function countedSince(connector: LiveConnector, journal: Journal, policy: Policy): Instant | undefined {
  const { createdAt } = connector;
  const isOurs = journal.history.some(
    ({ acts, openedAt, endedAt }) => acts.includes('create') && openedAt <= createdAt && createdAt <= endedAt,
  );
  let since = isOurs && policy.drift === 'refuse' ? undefined : createdAt;
  for (const { type, startedAt, endedAt } of connector.operations) {
    if (type === 'UPDATE_CONNECTOR_CONFIGURATION') since = later(since, endedAt ?? startedAt);
  }
  return since;
}

/** Of deaths that the journal does not know, or that people ended, nobody can tell that they were no silence it came out of. */
function deaths({ history }: Journal): readonly Span[] {
  return history
    .filter(({ verdict, outcome }) => verdict === 'dead' && outcome === 'recovered')
    .map(({ openedAt, endedAt }) => ({ from: openedAt, to: endedAt }));
}
