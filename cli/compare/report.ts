import pc from 'picocolors';
import { duration } from '../../recovery/time.ts';
import { wrap } from '../demonstration/screen.ts';
import { phaseNames, phasesOf, sides, type SideResult } from './marks.ts';
import { sightNames, type Sights } from './sights.ts';

/** More rows than these are not merely on their way. */
const mayWait = 10;
const nameWidth = 34;

/** What is wrong with how one world fared; empty: data came back, and no row was lost. */
export function faultsOf({ marks, acts, rows }: SideResult): string[] {
  return [
    ...(marks.rowsAtMs === undefined ? ['data did not come back'] : []),
    ...(acts.length > 0 && marks.provedAtMs === undefined ? ['what was done was never proved to help'] : []),
    ...(rows.lost > 0 ? [`${rows.lost} rows were lost`] : []),
    ...(marks.rowsAtMs !== undefined && rows.waiting > mayWait ? [`${rows.waiting} rows still wait`] : []),
  ];
}

/** The closing table of one run. */
export function phaseTable(results: readonly SideResult[]): string {
  const columns = results.map(({ marks }) => phasesOf(marks));
  const line = (name: string, cells: readonly string[]) => row(name, cells);
  return [
    pc.bold('How long each phase took'),
    line(
      '',
      results.map(({ side }) => side),
    ),
    ...phaseNames.map((name) => {
      const text = line(
        name,
        columns.map((column) => seconds(column[name])),
      );
      return name === 'in all: data stood still' ? pc.bold(text) : text;
    }),
    line(
      'rows waiting meanwhile, at most',
      results.map(({ mostWaiting }) => String(mostWaiting)),
    ),
    '',
    pc.bold('What was said and done'),
    ...results.flatMap(({ side, detectedBy, reason, acts }) => [
      ...wrap(`detected by: ${detectedBy ?? 'nobody'}`, 110).map(
        (text, index) => `  ${(index === 0 ? side : '').padEnd(14)}${text}`,
      ),
      ...wrap(`done: ${acts.join(', ') || 'nothing'}${reason === undefined ? '' : `, because: ${reason}`}`, 110).map(
        (text) => `  ${''.padEnd(14)}${text}`,
      ),
    ]),
    '',
    pc.bold('Every row, counted by its key'),
    ...results.map(
      ({ side, rows }) =>
        `  ${side.padEnd(14)}${rows.written} written, ${rows.arrived} arrived, ${rows.duplicated} twice, ${rows.lost} lost, ${rows.waiting} on their way`,
    ),
  ].join('\n');
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(18)).join('')}`.trimEnd();
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : duration(Math.max(0, value));
}

/** What each world showed while nothing arrived: the one of MSK Connect, and the self-managed one. */
export function sightTable(sights: readonly Sights[]): string {
  const width = 50;
  return [
    pc.bold('What each showed to whoever looked, from the failure to the act'),
    `  ${''.padEnd(nameWidth)}${sides.map((side) => side.padEnd(width)).join('')}`.trimEnd(),
    ...sightNames.flatMap((name) => {
      const cells = sights.map((each) => wrap(each[name], width - 2));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, index) =>
        `  ${(index === 0 ? name : '').padEnd(nameWidth)}${cells.map((lines) => (lines[index] ?? '').padEnd(width)).join('')}`.trimEnd(),
      );
    }),
  ].join('\n');
}

/** One line for each world: whether it is as it should be. */
export function judgement(results: readonly SideResult[]): string {
  return results
    .map((result) => {
      const wrong = faultsOf(result);
      return wrong.length === 0
        ? `${pc.green('as promised')} ${result.side}: data came back, and no row was lost`
        : `${pc.red('NOT AS PROMISED')} ${result.side}: ${wrong.join('; ')}`;
    })
    .join('\n');
}
