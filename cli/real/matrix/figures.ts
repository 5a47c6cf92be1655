import type { RowCount } from '../../../local/connect/rowCount.ts';
import type { CellFigures, CellRecord } from './record.ts';

/** What was seen of one cell, in the world's own time. */
export interface Seen {
  readonly brokenAtMs: number;
  readonly mendedAtMs?: number;
  /** Rows written when it was broken; the one under way may arrive at once. */
  readonly writtenAtBreak: number;
  /** When each row first arrived, by its id. */
  readonly arrivals: ReadonlyMap<number, number>;
  readonly rows: RowCount;
  readonly alarms: readonly { readonly signal: string; readonly state: string; readonly atMs: number }[];
  /** Signals whose alarm makes the function look; the others go to people only. */
  readonly looking: readonly string[];
  readonly decisions: readonly { readonly decision: string; readonly atMs: number }[];
  readonly acts: readonly {
    readonly operation: string;
    readonly atMs: number;
    readonly answer: string;
    readonly by: 'product' | 'person';
  }[];
  readonly outcomes: readonly { readonly outcome: string; readonly atMs: number }[];
}

const deeds = new Set(['restart', 'delete', 'create']);

/** The figures of a cell out of what was seen. */
export function figuresOf(seen: Seen): CellFigures {
  const { brokenAtMs } = seen;
  const after = (atMs: number | undefined) => (atMs === undefined ? undefined : (atMs - brokenAtMs) / 1000);
  const first = <Item extends { readonly atMs: number }>(
    items: readonly Item[],
    wanted: (item: Item) => boolean,
  ): number | undefined =>
    after(
      items
        .filter((item) => item.atMs >= brokenAtMs && wanted(item))
        .map(({ atMs }) => atMs)
        .toSorted((a, b) => a - b)[0],
    );
  const actSeconds = first(seen.acts, ({ answer }) => answer === 'accepted');
  const dataSeconds = after(firstRowAfter(seen));
  return defined({
    detectionSeconds: first(seen.alarms, ({ state, signal }) => state === 'ALARM' && seen.looking.includes(signal)),
    decisionSeconds: first(seen.decisions, ({ decision }) => deeds.has(decision)),
    actSeconds,
    dataSeconds,
    provedSeconds: first(seen.outcomes, ({ outcome }) => outcome === 'recovered'),
    mendedSeconds: after(seen.mendedAtMs),
    healedByItself: dataSeconds !== undefined && (actSeconds === undefined || dataSeconds < actSeconds),
    rows: { ...seen.rows },
  });
}

/**
 * When the first row arrived of which it is certain that it was written after the break: the writer counts a row once its commit was
 * answered, so the one after the last counted may have been on its way.
 */
export function firstRowAfter({
  arrivals,
  writtenAtBreak,
  brokenAtMs,
}: Pick<Seen, 'arrivals' | 'writtenAtBreak' | 'brokenAtMs'>): number | undefined {
  let first: number | undefined;
  for (const [id, atMs] of arrivals) {
    if (id <= writtenAtBreak + 1 || atMs < brokenAtMs) continue;
    if (first === undefined || atMs < first) first = atMs;
  }
  return first;
}

function defined(figures: { [Key in keyof CellFigures]: CellFigures[Key] | undefined }): CellFigures {
  const entries = Object.entries(figures)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'number' ? Math.round(value * 10) / 10 : value]);
  return Object.fromEntries(entries) as CellFigures;
}

/** Seconds since the break, rounded to a tenth, for what is listed in a record. */
export function sinceBreak(atMs: number, brokenAtMs: number): number {
  return Math.round((atMs - brokenAtMs) / 100) / 10;
}

/** Every `everySeconds` one sample; commits and errors are added up, so that none is lost between two. */
export function thinned(
  samples: readonly (Omit<CellRecord['signals'][number], 'commits' | 'errors'> & {
    /** Lines of the log so far. */
    readonly commitsSoFar: number;
    readonly errorsSoFar: number;
  })[],
  everySeconds: number,
): CellRecord['signals'] {
  const kept: CellRecord['signals'] = [];
  let before = samples[0];
  let dueSeconds = samples[0]?.atSeconds ?? 0;
  for (const sample of samples) {
    if (sample.atSeconds < dueSeconds) continue;
    const { commitsSoFar, errorsSoFar, ...shown } = sample;
    kept.push({
      ...shown,
      // A new worker counts from nothing again.
      commits: commitsSoFar - (before === undefined || commitsSoFar < before.commitsSoFar ? 0 : before.commitsSoFar),
      errors: errorsSoFar - (before === undefined || errorsSoFar < before.errorsSoFar ? 0 : before.errorsSoFar),
    });
    before = sample;
    while (dueSeconds <= sample.atSeconds) dueSeconds += everySeconds;
  }
  return kept;
}
