import { table } from '../../documents/between.ts';
import { duration } from '../../../recovery/time.ts';
import type { Cell, CellOptions, Expectation, ImpossibleCell } from './cell.ts';
import type { CoreCell } from './core.ts';
import { failures } from './failures.ts';
import type { Signal } from '../../../settings/connectorSettings.ts';
import { allSignals } from '../../../settings/signals.ts';
import { failureEnds, signalWords } from './signalWords.ts';
import type { CellRecord } from './record.ts';
import { variants } from './variants.ts';

interface Ran {
  readonly cell: Cell;
  readonly record: CellRecord;
}

export interface PageInput {
  readonly cells: readonly Cell[];
  readonly core: readonly CoreCell[];
  readonly impossible: readonly ImpossibleCell[];
  readonly records: ReadonlyMap<string, CellRecord>;
}

/** `docs/failures.md`, whole. */
export function failuresPage({ cells, core, impossible, records }: PageInput): string {
  const ran = cells.flatMap((cell) => {
    const record = records.get(cell.id);
    return record === undefined ? [] : [{ cell, record }];
  });
  const why = new Map(core.map((one) => [one.cell.id, one.why]));
  const passed = ran.filter(({ record }) => record.status === 'passed').length;
  return [
    '# Failures: what each signal showed, and what became of it',
    introduction(ran.length, passed, cells.length),
    '## What came of each',
    'Seconds are counted from the moment of the break. `-`: it did not come about. Rows are counted by key, every row written against every record in the topic: lost, when a later one arrived; waiting, when it had not come at the end and no later one had.',
    [
      '- **set**: what is otherwise than by default, which is keep-alive on, a row a second, pinned offsets, no heartbeats.',
      '- **allowed**: `product`, the product as its defaults are; `watch`, it looks and is allowed no remedy; `restart` or `recreate`, a person asks the function for it a minute after the break; `product-then-by-hand`, the product, and then a person who deletes and creates it through MSK Connect.',
      '- **right**: whether the verdict was what it had to be; `-` where more than one may be.',
    ].join('\n'),
    table(
      [
        'failure',
        'connector',
        'set',
        'allowed',
        'alarm',
        'decided',
        'acted',
        'data flows',
        'healed by itself',
        'what was done',
        'verdicts',
        'right',
        'rows written',
        'lost',
        'waiting',
        'twice',
        'as expected',
      ],
      ran.map(({ cell, record }) => cameOf(cell, record)),
    ),
    otherwise(ran),
    '## What each signal showed',
    'From the break until something was done to it, or it healed. The state of connector and task is what the worker’s own REST interface says; MSK Connect shows less. Errors are lines of the worker log.',
    table(
      [
        'cell',
        'connector',
        'task',
        '`Connected`',
        'ms since last event',
        'ms behind source',
        'poll rate',
        'write rate',
        'offset commits',
        'errors in the log',
      ],
      ran.filter(({ record }) => record.signals.length > 0).map(({ cell, record }) => showed(cell, record)),
    ),
    '## Which alarm fired when',
    'Seconds after the break at which it went to ALARM; `-`: it did not. `lag` only tells people; each of the others makes the function look.',
    table(
      ['cell', ...allSignals, 'how the function ended', 'e-mails'],
      ran.filter(({ record }) => record.status !== 'crashed').map(({ cell, record }) => fired(cell, record)),
    ),
    originalSignals(ran),
    '## The core, and why each is in it',
    'What `npm run real -- --matrix` runs; what must come about was written before they ran.',
    table(
      ['cell', 'why', 'must come about'],
      core.map(({ cell }) => [cell.id, why.get(cell.id) ?? '', expected(cell.expects)]),
    ),
    '## The failures and the connectors',
    table(
      ['failure', 'what is done'],
      Object.values(failures).map(({ id, about }) => [id, about]),
    ),
    table(
      ['connector', 'what it is'],
      Object.values(variants).map(({ id, about }) => [id, about]),
    ),
    '## Not possible',
    table(
      ['failure', 'connector', 'why not'],
      impossible.map(({ failure, variant, why: reason }) => [failure, variant, `n/a: ${reason}`]),
    ),
    notRun(cells, records),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** The core in short, for the README. */
export function coreTable({ core, records }: Pick<PageInput, 'core' | 'records'>): string {
  return table(
    [
      'what was broken',
      'connector',
      'otherwise than by default',
      'alarm',
      'acted',
      'data flows',
      'what the product did',
      'rows lost',
      'twice',
    ],
    core.map(({ cell }) => {
      const record = records.get(cell.id);
      const figures = record?.figures;
      const at = (seconds: number | undefined) => (seconds === undefined ? '-' : `${Math.round(seconds)} s`);
      return [
        cell.failure,
        cell.variant,
        settings(cell.options),
        at(figures?.detectionSeconds),
        at(figures?.actSeconds),
        at(figures?.dataSeconds),
        record === undefined ? '-' : whatItDid(cell, record),
        figures === undefined ? '-' : String(figures.rows.lost),
        figures === undefined ? '-' : String(figures.rows.duplicated),
      ];
    }),
  );
}

const actWords: Readonly<Record<string, string>> = {
  RestartConnector: 'restarted',
  DeleteConnector: 'deleted',
  CreateConnector: 'created again',
};

function whatItDid({ failure, remedy }: Cell, { acts, figures }: CellRecord): string {
  const done = (who: 'product' | 'person') =>
    acts
      .filter(({ answer, by }) => answer === 'accepted' && by === who)
      .map(({ operation }) => actWords[operation] ?? operation)
      .join(', ');
  const byPerson = done('person') === '' ? '' : `; then a person: ${done('person')}`;
  if (done('product') !== '') return `${done('product')}${byPerson}`;
  if (remedy === 'watch') return 'told people, allowed no more';
  if (byPerson !== '') return `refused, and told why${byPerson}`;
  if (failure === 'idle') return 'left alone: nothing was wrong';
  return figures?.healedByItself === true ? 'left alone: it healed by itself' : 'left alone';
}

function introduction(ran: number, passed: number, all: number): string {
  return [
    'Generated by `npm run real -- --matrix` from the files in `docs/failures/`: real Kafka Connect workers, a real Debezium, a real database, and the product as it is deployed, with its defaults.',
    `Of ${all} cells ${ran} were run, and ${passed} of them came out as was written beforehand. Each has its own broker, database, worker and account; a sample was taken every 5 s, of which one in 15 s is kept.`,
    '',
    'Mind: MSK Connect is played. Its own waiting for a restart, a deletion or a creation is seconds here and minutes on AWS, so "data flows" is later there by that much. Workers, logs, metrics, rows, alarms’ periods and the function’s patience are what they would be; CloudWatch’s delay of delivery is the local one’s.',
  ].join('\n');
}

function cameOf(cell: Cell, record: CellRecord): string[] {
  const { figures } = record;
  const at = (seconds: number | undefined) => (seconds === undefined ? '-' : `${Math.round(seconds)} s`);
  const acts = record.acts.filter(({ answer }) => answer === 'accepted');
  return [
    cell.failure,
    cell.variant,
    settings(cell.options),
    cell.remedy,
    at(figures?.detectionSeconds),
    at(figures?.decisionSeconds),
    at(figures?.actSeconds),
    at(figures?.dataSeconds),
    figures === undefined ? '-' : figures.healedByItself ? 'yes' : 'no',
    acts.length === 0
      ? 'nothing'
      : acts.map(({ operation, by }) => `${operation}${by === 'person' ? ' (a person)' : ''}`).join(', '),
    [...new Set(record.verdicts.map(({ verdict }) => verdict))].join(', ') || '-',
    right(cell, record),
    figures === undefined ? '-' : String(figures.rows.written),
    figures === undefined ? '-' : String(figures.rows.lost),
    figures === undefined ? '-' : String(figures.rows.waiting),
    figures === undefined ? '-' : String(figures.rows.duplicated),
    { passed: 'yes', failed: '**no**', crashed: 'did not run to its end' }[record.status],
  ];
}

function otherwise(ran: readonly Ran[]): string {
  const found = ran.filter(({ record }) => record.faults.length > 0);
  if (found.length === 0) return '';
  return [
    'Otherwise than expected:\n',
    ...found.map(({ cell, record }) => `- \`${cell.id}\`: ${record.faults.join(' ')}`),
  ].join('\n');
}

function showed(cell: Cell, record: CellRecord): string[] {
  const words = signalWords(record, failureEnds(record));
  return [
    cell.id,
    words.connector,
    words.task,
    words.connected,
    words.msSinceLastEvent,
    words.msBehindSource,
    words.pollRate,
    words.writeRate,
    words.commits,
    words.errors,
  ];
}

function fired(cell: Cell, record: CellRecord): string[] {
  const outcomes = record.outcomes.map(({ outcome, atSeconds }) => `${outcome} (${Math.round(atSeconds)} s)`);
  const mails = record.mails.map(({ subject }) => subject.replace(/^\[connector-recovery\] [^:]+: /, ''));
  return [
    cell.id,
    ...allSignals.map((signal) => {
      const at = alarmSeconds(record, signal);
      return at === undefined ? '-' : `${Math.round(at)} s`;
    }),
    outcomes.slice(0, 4).join(', ') || 'it was not called',
    [...new Set(mails)].join('; ') || 'none',
  ];
}

function alarmSeconds({ alarms }: CellRecord, signal: string): number | undefined {
  return alarms.find((each) => each.signal === signal && each.state === 'ALARM' && each.atSeconds >= 0)?.atSeconds;
}

/** What the signals that the original design relied on showed of streams that stood still for good: while they did. */
function originalSignals(ran: readonly Ran[]): string {
  const dead = ran.filter(
    ({ cell, record }) => cell.expects.verdict === 'dead' && record.figures?.healedByItself === false,
  );
  if (dead.length === 0) return '';
  const count = (signal: Signal) =>
    dead.filter(({ record }) => (alarmSeconds(record, signal) ?? Infinity) <= failureEnds(record)).length;
  const words = allSignals.map((signal) => `\`${signal}\` ${count(signal)}`);
  return `Of the ${dead.length} cells in which the stream was dead until somebody acted, that alarm had fired before the act in so many: ${words.join(', ')}.`;
}

/** Whether the verdicts were: what was to be said was said, and no healthy or healing connector was called dead. */
function right({ expects }: Cell, record: CellRecord): string {
  const said = record.verdicts.map(({ verdict }) => verdict);
  if (record.status === 'crashed') return '-';
  if (expects.verdict !== undefined) return said.includes(expects.verdict) ? 'yes' : '**no**';
  const wrong = expects.neverVerdict ?? (expects.healsByItself === true ? 'dead' : undefined);
  if (wrong !== undefined) return said.includes(wrong) ? '**no**' : 'yes';
  return '-';
}

/** What is set otherwise than Debezium's defaults, a row a second and pinned offsets. */
function settings(options: CellOptions): string {
  const said = [
    ...(options.keepAliveOff ? ['keep-alive off'] : []),
    ...(options.keepAliveSeconds === undefined ? [] : [`keep-alive interval ${options.keepAliveSeconds} s`]),
    ...(options.nongracefulDisconnect === undefined
      ? []
      : [`use.nongraceful.disconnect ${options.nongracefulDisconnect ? 'on' : 'off'}`]),
    ...(options.tls ? ['TLS'] : []),
    ...(options.rowsPerSecond === 0 ? ['no rows'] : []),
    ...(options.heartbeats ? ['heartbeats'] : []),
    ...(options.pinned ? [] : ['offsets not pinned']),
  ];
  return said.join(', ') || 'nothing';
}

function expected(expects: Expectation): string {
  const acts = expects.acts
    .map((sequence) => (sequence.length === 0 ? 'not touched' : sequence.join(', ')))
    .join(', or ');
  const { lost } = expects;
  return [
    acts,
    ...(expects.detectedWithinSeconds === undefined ? [] : [`alarm within ${duration(expects.detectedWithinSeconds)}`]),
    ...(expects.notBeforeSeconds === undefined ? [] : [`no act before ${duration(expects.notBeforeSeconds)}`]),
    ...(expects.verdict === undefined ? [] : [`found ${expects.verdict}`]),
    ...(expects.neverVerdict === undefined ? [] : [`never found ${expects.neverVerdict}`]),
    ...(expects.outcome === undefined ? [] : [`ends with ${expects.outcome}`]),
    ...(expects.healsByItself === true ? ['heals by itself'] : []),
    ...(expects.dataFlows === undefined ? [] : [expects.dataFlows ? 'rows arrive in the end' : 'rows stay away']),
    lost.most === 0
      ? 'no row lost'
      : `${lost.most === Infinity ? 'rows may be' : `at most ${lost.most} rows`} lost (${lost.because ?? ''})`,
  ].join('; ');
}

function notRun(cells: readonly Cell[], records: ReadonlyMap<string, CellRecord>): string {
  const left = cells.filter(({ id }) => !records.has(id));
  if (left.length === 0) return '';
  return [
    '## Not run yet',
    '`npm run real -- --matrix --all` runs them, and takes up where it was interrupted.',
    left.map(({ id }) => `- ${id}`).join('\n'),
  ].join('\n\n');
}
