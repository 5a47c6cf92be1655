import pc from 'picocolors';
import type { RowCount } from '../../local/connect/simulated/kafka.ts';
import type { DeliveredMessage } from '../../local/aws/sns.ts';
import { duration } from '../../recovery/time.ts';
import type { Cast } from './connectors.ts';
import { wrap } from './screen.ts';
import { clockText, phases } from './story.ts';
import type { Fate } from './watch.ts';

/** One connector at the end of the run. */
export interface Ending {
  readonly cast: Cast;
  readonly fate: Fate;
  readonly rows: RowCount;
}

/** What is not as it should be; empty: as expected. */
export function disappointments({ cast, fate, rows }: Ending): string[] {
  const found: string[] = [];
  const done = fate.acts.join(', ') || 'nothing';
  const expected = {
    restarted: ['RestartConnector'],
    recreated: ['DeleteConnector', 'CreateConnector'],
    'left alone': [],
  }[cast.expect];
  if (done !== (expected.join(', ') || 'nothing'))
    found.push(`what was done to it: ${done}; expected: ${expected.join(', ') || 'nothing'}`);
  if (cast.expect === 'left alone') {
    if (fate.alarms.length === 0) found.push('no alarm asked the Lambda to look');
    if (!fate.verdicts.includes('idle')) found.push('the Lambda never found it idle');
  } else {
    if (!fate.outcomes.includes('recovered')) found.push('the Lambda never said recovered');
    if (fate.milestones.rowsAtMs === undefined) found.push('no row arrived again');
    if (rows.waiting > 10) found.push(`${rows.waiting} rows still wait`);
  }
  if (rows.lost > 0) found.push(`${rows.lost} rows were lost`);
  return found;
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
