import type { History } from './history.ts';
import type { HistoryRecord } from './record.ts';
import { brokenRules, type BrokenRule } from './rules/observer.ts';
import { runHistory } from './runHistory.ts';

export interface Judged {
  readonly record: HistoryRecord;
  readonly broken: readonly BrokenRule[];
}

/** Lives through a history and judges what is left of it. A product that throws where nobody expects it breaks the history, not the run. */
export async function judge(history: History, transport: HistoryRecord['transport']): Promise<Judged> {
  const record = await runHistory(history, transport);
  return { record, broken: brokenRules(record) };
}

const acts: ReadonlySet<string> = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

/** What is no hostility: what becomes of a connector by itself is why the product is there, and clocks are apart by nature. */
function isHostile(kind: string): boolean {
  return !kind.startsWith('turns-') && kind !== 'clocks-apart';
}

/**
 * Whether a history counts: after a fault had hit, the product acted on a connector or decided, with a reason, how its look ended. Else it was
 * never put to the test.
 */
export function counts({ hits, calls, logLines }: HistoryRecord): boolean {
  const first = hits.find(({ kind }) => isHostile(kind));
  if (first === undefined) return false;
  return (
    calls.some(({ by, operation, atMs }) => by === 'product' && atMs >= first.atMs && acts.has(operation)) ||
    logLines.some(({ atMs, event }) => atMs >= first.atMs && event === 'finished')
  );
}
