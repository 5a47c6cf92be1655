import pc from 'picocolors';
import { duration } from '../../recovery/time.ts';
import { percentile, median } from '../bench/statistics.ts';
import { phaseNames, phasesOf, sides, type SideResult } from './marks.ts';
import { faultsOf } from './report.ts';

/** What came of one seed. */
export type RunResult =
  | { readonly kind: 'ran'; readonly seed: number; readonly results: readonly SideResult[] }
  | { readonly kind: 'failed'; readonly seed: number; readonly reason: string };

/** What is wrong with many runs; empty: nothing. */
export function faultsOfRuns(runs: readonly RunResult[]): string[] {
  return runs.flatMap((run) =>
    run.kind === 'failed'
      ? [`seed ${run.seed}: ${run.reason}`]
      : run.results.flatMap((result) => faultsOf(result).map((fault) => `seed ${run.seed}, ${result.side}: ${fault}`)),
  );
}

/** Medians and 95th percentiles of each phase. A phase that some runs did not have says in how many it was. */
export function runsTable(runs: readonly RunResult[]): string {
  const results = runs.flatMap((run) => (run.kind === 'ran' ? run.results : []));
  const ofSide = sides.map((side) => results.filter((result) => result.side === side));
  const cells = (pick: (result: SideResult) => number | undefined, show: (value: number) => string) =>
    ofSide.map((those) => {
      const values = those.map(pick).filter((value) => value !== undefined);
      if (values.length === 0) return '-';
      const share = values.length === those.length ? '' : ` (${values.length})`;
      return `${show(median(values))} / ${show(percentile(values, 95))}${share}`;
    });
  const line = (name: string, each: readonly string[]) =>
    `  ${name.padEnd(36)}${each.map((cell) => cell.padStart(30)).join('')}`.trimEnd();
  const total = (pick: (result: SideResult) => number) =>
    ofSide.map((those) => those.reduce((sum, result) => sum + pick(result), 0).toLocaleString('en-US'));
  return [
    pc.bold(`${runs.length.toLocaleString('en-US')} ${runs.length === 1 ? 'run' : 'runs'}: median / 95th percentile`),
    line('', sides),
    ...phaseNames.map((name) => {
      const text = line(
        name,
        cells(
          ({ marks }) => phasesOf(marks)[name],
          (value) => exact(Math.max(0, value)),
        ),
      );
      return name === 'in all: data stood still' ? pc.bold(text) : text;
    }),
    line(
      'rows waiting meanwhile, at most',
      cells(
        ({ mostWaiting }) => mostWaiting,
        (value) => String(Math.round(value)),
      ),
    ),
    '',
    pc.bold('All runs together'),
    line(
      'runs in which somebody acted',
      total(({ acts }) => (acts.length > 0 ? 1 : 0)),
    ),
    line(
      'calls that act',
      total(({ acts }) => acts.length),
    ),
    line(
      'rows written',
      total(({ rows }) => rows.written),
    ),
    line(
      'rows that arrived twice',
      total(({ rows }) => rows.duplicated),
    ),
    line(
      'rows lost',
      total(({ rows }) => rows.lost),
    ),
    line(
      'runs in which data did not come back',
      total(({ marks }) => (marks.rowsAtMs === undefined ? 1 : 0)),
    ),
  ].join('\n');
}

/** Virtual time is exact, and a fraction of a second is no nothing. */
function exact(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}
