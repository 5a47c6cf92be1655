import type { Journal, PastRecovery } from './journal.ts';
import { wasDone } from './messageParts.ts';
import type { Policy } from './policy.ts';
import { later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** What came back and died again within this was not cured. */
const curedAfterSeconds = 3600;

/** The recoveries in a row, newest first, that brought nothing back, or nothing that held for an hour; an hour of health forgives them all. */
export function failedInARow({ history }: Pick<Journal, 'history'>, now: Instant): readonly PastRecovery[] {
  const failed: PastRecovery[] = [];
  let diedBy = now;
  for (const past of history) {
    // What found its source away, or the cause of the whole stack not over, says nothing of the connector.
    if (past.probe === true || past.forStack === true) continue;
    const backAt = past.outcome === 'recovered' ? past.endedAt : past.aliveAt;
    if (backAt !== undefined && secondsBetween(backAt, diedBy) >= curedAfterSeconds) return failed;
    if (past.outcome === 'left-alone' || past.outcome === 'called-off') return failed;
    failed.push(past);
    diedBy = past.openedAt;
  }
  return failed;
}

/**
 * The pause before the next act, where the policy says how they grow: after the first act in a row that brought nothing that held, the second, and
 * so on, in this recovery and in those before it. `undefined`: there is none, or it is over.
 */
export function backOff(
  journal: Journal,
  { limits }: Policy,
  now: Instant,
): { readonly until: Instant; readonly because: string } | undefined {
  const { backOffSeconds = [] } = limits;
  const { recovery } = journal;
  const done = recovery?.acts.filter(wasDone) ?? [];
  const before = failedInARow(journal, recovery?.openedAt ?? now);
  const times = before.reduce((sum, { acts }) => sum + acts.length, done.length);
  const pause = backOffSeconds[Math.min(times, backOffSeconds.length) - 1];
  let lastAt: Instant | undefined;
  for (const at of [...done.map(({ endedAt }) => endedAt), ...before.map(({ actedAt, endedAt }) => actedAt ?? endedAt)])
    lastAt = later(lastAt, at);
  if (pause === undefined || lastAt === undefined) return undefined;
  const until = plusSeconds(lastAt, pause);
  if (until <= now) return undefined;
  const acts = times === 1 ? 'the last act has' : `${times} acts in a row have`;
  return { until, because: `${acts} brought nothing that held; no other before ${until}` };
}
