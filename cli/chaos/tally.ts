import type { HistoryRecord } from './record.ts';
import type { BrokenRule } from './rules/observer.ts';
import { counts } from './judge.ts';

/** Figures of many histories; plain data, so that threads can hand it over. */
export interface Tally {
  histories: number;
  counted: number;
  calls: number;
  virtualMinutes: number;
  /** Histories in which a fault of that kind really hit. */
  readonly faults: Record<string, number>;
  /** How often the product decided so. */
  readonly decisions: Record<string, number>;
  readonly failures: Failure[];
  /** Of histories that both transports lived through. */
  compared: number;
  readonly differences: { readonly seed: number; readonly what: string }[];
}

export interface Failure {
  readonly seed: number;
  readonly transport: HistoryRecord['transport'];
  readonly broken: readonly BrokenRule[];
}

export function emptyTally(): Tally {
  return {
    histories: 0,
    counted: 0,
    calls: 0,
    virtualMinutes: 0,
    faults: {},
    decisions: {},
    failures: [],
    compared: 0,
    differences: [],
  };
}

/** Adds one history; gives whether it counts. */
export function addHistory(tally: Tally, record: HistoryRecord, broken: readonly BrokenRule[]): boolean {
  const isCounted = counts(record);
  tally.histories += 1;
  tally.counted += isCounted ? 1 : 0;
  tally.calls += record.calls.length;
  tally.virtualMinutes += (record.endMs - record.startMs) / 60_000;
  for (const kind of new Set(record.hits.map((hit) => hit.kind))) add(tally.faults, kind, 1);
  for (const line of record.logLines) {
    const { event } = line;
    if (event.startsWith('decided.') && event !== 'decided.finish') add(tally.decisions, event.slice(8), 1);
    if (event === 'finished') add(tally.decisions, `finish: ${String(line.fields['outcome'])}`, 1);
  }
  addFailure(tally, record, broken);
  return isCounted;
}

export function addFailure(tally: Tally, { seed, transport }: HistoryRecord, broken: readonly BrokenRule[]): void {
  if (broken.length > 0) tally.failures.push({ seed, transport, broken });
}

/** Adds all of `more` to `tally`. */
export function addTally(tally: Tally, more: Tally): void {
  tally.histories += more.histories;
  tally.counted += more.counted;
  tally.calls += more.calls;
  tally.virtualMinutes += more.virtualMinutes;
  tally.compared += more.compared;
  for (const [kind, count] of Object.entries(more.faults)) add(tally.faults, kind, count);
  for (const [kind, count] of Object.entries(more.decisions)) add(tally.decisions, kind, count);
  tally.failures.push(...more.failures);
  tally.differences.push(...more.differences);
}

function add(table: Record<string, number>, key: string, more: number): void {
  table[key] = (table[key] ?? 0) + more;
}
