import pc from 'picocolors';
import type { RowCount } from '../../local/connect/rowCount.ts';
import type { DeliveredMessage } from '../../local/aws/sns.ts';
import { duration } from '../../recovery/time.ts';
import type { Part } from './stage.ts';
import { wrap } from './screen.ts';
import { clockText, phases } from './story.ts';
import type { Fate } from './watch.ts';

/** One connector at the end of the run. */
export interface Ending {
  readonly cast: Part;
  readonly fate: Fate;
  readonly rows: RowCount;
  /** So many rows may still be on their way: 0 where they were waited for. @default 10 */
  readonly mayWait?: number;
}

/** Something that the run promises of a connector. */
export interface Promised {
  readonly what: string;
  /** What was seen instead; absent: it came about. */
  readonly instead?: string;
}

const acts: Readonly<Record<Part['expect'], readonly string[]>> = {
  restarted: ['RestartConnector'],
  recreated: ['DeleteConnector', 'CreateConnector'],
  'left alone': [],
};

/** Everything that the run promises of one connector, and what became of it. */
export function promises({ cast, fate, rows, mayWait = 10 }: Ending): Promised[] {
  const done = fate.acts.join(', ') || 'nothing';
  const expected = acts[cast.expect].join(', ') || 'nothing';
  const promised = (what: string, kept: boolean, instead: string): Promised => ({ what, ...(kept ? {} : { instead }) });
  return [
    promised(`done to it: ${expected}`, done === expected, `what was done to it: ${done}; expected: ${expected}`),
    promised('an alarm asks the Lambda to look', fate.alarms.length > 0, 'no alarm asked the Lambda to look'),
    ...(cast.expect === 'left alone'
      ? [promised('it is found idle', fate.verdicts.includes('idle'), 'the Lambda never found it idle')]
      : [
          promised('it recovers', fate.outcomes.includes('recovered'), 'the Lambda never said recovered'),
          promised('rows arrive again', fate.milestones.rowsAtMs !== undefined, 'no row arrived again'),
          promised('all rows arrive', rows.waiting <= mayWait, `${rows.waiting} rows still wait`),
        ]),
    promised('no row is lost', rows.lost === 0, `${rows.lost} rows were lost`),
  ];
}

/** What is not as it should be; empty: as expected. */
export function disappointments(ending: Ending): string[] {
  return promises(ending).flatMap(({ instead }) => instead ?? []);
}

/** The line that people and machines read alike: `N passed, N failed`, over all promises. */
export function closingLine(endings: readonly Ending[]): string {
  const all = endings.flatMap(promises);
  const failed = all.filter(({ instead }) => instead !== undefined).length;
  return `${all.length - failed} passed, ${failed} failed`;
}

/** The closing table: how long each phase took, and every row counted by key. */
export function closingTable(endings: readonly Ending[]): string {
  const recovered = endings.filter(({ cast }) => cast.expect !== 'left alone');
  const columns = recovered.map(
    ({ fate }) => new Map(phases(fate.milestones).map(({ name, seconds }) => [name, seconds])),
  );
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const width = Math.max(...names.map((name) => name.length), 22);
  const heading = `${''.padEnd(width)}  ${recovered.map(({ cast }) => `${cast.name} (${cast.expect})`.padStart(26)).join('')}`;
  const rows = names.map((name) => {
    const cells = columns.map((column) => {
      const seconds = column.get(name);
      return (seconds === undefined ? '-' : duration(seconds)).padStart(26);
    });
    const text = `${name.padEnd(width)}  ${cells.join('')}`;
    return name === 'data stood still' ? pc.bold(text) : text;
  });
  const counts = endings.map(
    ({ cast, rows: count }) =>
      `  ${cast.name.padEnd(12)} ${count.written} rows written, ${count.arrived} arrived, ${count.duplicated} twice, ${count.lost} lost, ${count.waiting} on their way`,
  );
  return [
    pc.bold('How long each phase took'),
    heading,
    ...rows,
    '',
    pc.bold('Every row, counted by its key'),
    ...counts,
  ].join('\n');
}

/** The e-mails as they would have been sent. */
export function mailbox(mails: readonly DeliveredMessage[], startMs: number): string {
  const letters = mails.map(({ atMs, to, subject, message }) => {
    const head = `${pc.bold(subject ?? '')}\n${pc.dim(`${clockText(atMs - startMs)}, to ${to.join(', ')}`)}`;
    const body = message
      .trimEnd()
      .split('\n')
      .flatMap((line) => wrap(line, 116))
      .map((line) => `  | ${line}`);
    return `${head}\n${body.join('\n')}`;
  });
  return [pc.bold(`What the e-mails say (${mails.length})`), ...letters].join('\n\n');
}

/** One line per connector: what was promised, and whether it came about. */
export function judgement(endings: readonly Ending[]): string {
  return endings
    .map((ending) => {
      const wrong = disappointments(ending);
      const { cast } = ending;
      const promise = {
        restarted: 'was silent, was restarted, and data was seen flowing again',
        recreated: 'was silent, was deleted and recreated from its saved config, and data was seen flowing again',
        'left alone': 'was only idle: its alarm fired, the Lambda looked, and left it alone',
      }[cast.expect];
      return wrong.length === 0
        ? `${pc.green('as promised')}   ${cast.name} ${promise}`
        : `${pc.red('NOT AS PROMISED')} ${cast.name}: ${wrong.join('; ')}`;
    })
    .join('\n');
}
