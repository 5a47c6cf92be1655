import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Cell } from '../real/matrix/cell.ts';
import type { CellRecord } from '../real/matrix/record.ts';
import { readResults } from '../real/matrix/results.ts';
import { cells } from '../real/matrix/table.ts';
import { variants } from '../real/matrix/variants.ts';
import type { RecordedSample, Recording, Truth } from './recording.ts';

const folder = new URL('../../test/recordings/', import.meta.url);

/** What real workers showed: the cells of the table of failures, and the recordings of test/recordings that are no cell's. */
export function measured(): readonly Recording[] {
  return [...ofCells(), ...ofFiles()];
}

/** Recordings of test/recordings, by the name of their file, that show the same as a cell of docs/failures. */
export function cellOf(file: string): string | undefined {
  return /^matrix-(.+)$/.exec(file)?.[1];
}

function ofCells(): Recording[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  return [...readResults().values()]
    .filter(({ signals }) => signals.length > 0)
    .map((record) => {
      const cell = byId.get(record.cell);
      if (cell === undefined) throw new Error(`${record.cell} is no cell.`);
      return ofCell(cell, record);
    });
}

function ofCell({ variant, options, failure }: Cell, record: CellRecord): Recording {
  const { connectVersion, direction, database, hasKeepAlive } = variants[variant];
  const old = connectVersion === '2.7.1';
  const kind = direction === 'sink' ? 'sink' : database === 'postgres' ? 'postgresql' : old ? 'mysql' : 'mariadb';
  const samples = record.signals.map((signal): RecordedSample => ({
    atSeconds: signal.atSeconds,
    ...tasks(signal.taskState),
    connected: signal.connected,
    msSinceLastEvent: signal.msSinceLastEvent,
    pollRate: signal.pollRate,
    writeRate: signal.writeRate,
    commits: signal.commits,
  }));
  return {
    name: record.cell,
    origin: kind === 'sink' ? 'measured, its lag reckoned from its rate' : 'measured',
    kind,
    connectVersion,
    configuration: {
      ...(hasKeepAlive && options.keepAliveOff ? { 'connect.keep.alive': 'false' } : {}),
      ...(options.keepAliveSeconds === undefined
        ? {}
        : { 'connect.keep.alive.interval.ms': String(options.keepAliveSeconds * 1000) }),
      ...(options.heartbeats ? { 'heartbeat.interval.ms': '5000' } : {}),
    },
    states: record.states,
    samples: kind === 'sink' ? withLag(samples, options.rowsPerSecond) : samples,
    lines: record.log.map(({ atSeconds, line }) => ({ atSeconds, text: line })),
    truth: truthOf(record, options.rowsPerSecond === 0, failure),
  };
}

function tasks(state: string | undefined): Pick<RecordedSample, 'running' | 'errored'> {
  if (state === undefined || state === '') return {};
  return { running: state === 'RUNNING' ? 1 : 0, errored: state === 'FAILED' ? 1 : 0 };
}

/** A record a second is written; what was not read waits. */
function withLag(samples: readonly RecordedSample[], writtenPerSecond: number): RecordedSample[] {
  let waiting = 0;
  return samples.map((sample, index) => {
    const seconds = sample.atSeconds - (samples[index - 1]?.atSeconds ?? sample.atSeconds);
    waiting = Math.max(0, waiting + Math.round((writtenPerSecond - (sample.pollRate ?? 0)) * seconds));
    return { ...sample, lag: waiting };
  });
}

function truthOf({ figures, states }: CellRecord, quiet: boolean, failure: Cell['failure']): Recording['truth'] {
  const usual: Truth = quiet ? 'idle' : 'healthy';
  const { healedByItself = false, dataSeconds } = figures ?? {};
  const actSeconds = states.find(({ state }) => state === 'RESTARTING' || state === 'DELETING')?.atSeconds;
  const broken = brokenAs(failure, healedByItself);
  const back = dataSeconds === undefined ? [] : [{ fromSeconds: dataSeconds, is: usual }];
  // What is created while its source is away FAILS with it, and is tried again.
  const failed = states.find(({ state }) => state === 'FAILED')?.atSeconds;
  return [
    { fromSeconds: -Infinity, is: usual },
    { fromSeconds: 0, is: broken },
    ...(actSeconds === undefined || dataSeconds === undefined || actSeconds > dataSeconds
      ? []
      : [{ fromSeconds: actSeconds, is: 'restarting' as const }]),
    ...(failed === undefined ? [] : [{ fromSeconds: failed, is: 'its source away' as const }]),
    ...back,
  ];
}

function brokenAs(failure: Cell['failure'], healedByItself: boolean): Truth {
  switch (failure) {
    case 'idle':
      return 'idle';
    case 'binlog-purged':
      return 'its position gone';
    case 'broker-hangs':
    case 'broker-stopped':
    case 'worker-killed':
      return 'rebalancing';
    case 'password-changed':
      return 'refused by its source';
    case 'database-stopped':
    case 'database-killed':
    case 'database-hangs':
      return 'its source away';
    case 'hole-30s':
    case 'hole-60s':
    case 'hole-5min':
    case 'dropped-packets':
      return healedByItself ? 'its source away' : 'dead';
    case 'half-open':
    case 'reset':
    case 'failover':
    case 'task-exception':
      return healedByItself ? 'cut, and healing by itself' : 'dead';
  }
}

const phases: Readonly<Record<string, Truth>> = { healthy: 'healthy', idle: 'idle', halfopen: 'dead' };

function ofFiles(): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv') && cellOf(file.replace('.csv', '')) === undefined)
    .map((file) => ofFile(file.replace('.csv', '')));
}

function ofFile(name: string): Recording {
  const [head = '', ...rows] = readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n');
  const columns = head.split(',');
  const read = rows.map((row) => {
    const fields = row.split(',');
    const field = (column: string) => fields[columns.indexOf(column)] ?? '';
    const number = (column: string) => (field(column) === '' ? undefined : Number(field(column)));
    const sample: RecordedSample = {
      atSeconds: secondsOf(field('time')),
      ...tasks(field('task_state')),
      connected: number('connected'),
      msSinceLastEvent: number('ms_since_last_event'),
      pollRate: number('poll_rate'),
      writeRate: number('write_rate'),
      commits: number('offset_commits_since_last_row') ?? 0,
    };
    return { phase: field('phase'), sample };
  });
  const broken = read.findIndex(({ phase }) => phase === 'during' || phase === 'halfopen');
  // A phase begins right after the last row of the one before.
  const zero = read[Math.max(0, broken - 1)]?.sample.atSeconds ?? 0;
  const during: Truth = name.includes('half-open') ? 'dead' : name.includes('hangs') ? 'its source away' : 'idle';
  // Nothing was done about the half-open connections of MySQL: their rows `after` show them dead still.
  const after: Truth = name.includes('half-open') ? 'dead' : 'healthy';
  const isOf = (phase: string): Truth =>
    phases[phase] ?? (phase === 'during' ? during : phase === 'after' ? after : 'healthy');
  return {
    name,
    origin: 'measured',
    kind: name.startsWith('postgres') ? 'postgresql' : 'mysql',
    connectVersion: name.endsWith('2.7.1') ? '2.7.1' : '3.7.x',
    configuration: {
      ...(name.includes('no-keepalive') || name.includes('half-open') ? { 'connect.keep.alive': 'false' } : {}),
      ...(/(?<!no-)heartbeats/.test(name) ? { 'heartbeat.interval.ms': '5000' } : {}),
    },
    states: [],
    samples: read.map(({ sample }) => ({ ...sample, atSeconds: sample.atSeconds - zero })),
    lines: linesOf(name).map(({ atSeconds, text }) => ({ atSeconds: atSeconds - zero, text })),
    truth: read.flatMap(({ phase }, index) => {
      const before = read[index - 1];
      if (before?.phase === phase) return [];
      const fromSeconds = before === undefined ? -Infinity : before.sample.atSeconds - zero + 1;
      return [{ fromSeconds, is: isOf(phase) }];
    }),
  };
}

/** The worker's lines but for commits, which the rows count. */
function linesOf(name: string): { readonly atSeconds: number; readonly text: string }[] {
  const place = new URL(`${name}.log`, folder);
  if (!existsSync(place)) return [];
  return readFileSync(place, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [, time] = /\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d)/.exec(text) ?? [];
      if (time === undefined || /Committing offsets for|Finished commitOffsets/.test(text)) return [];
      return [{ atSeconds: secondsOf(time), text: text.replaceAll('orders-cdc-old', 'orders-cdc') }];
    });
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
