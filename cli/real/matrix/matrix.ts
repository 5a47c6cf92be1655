import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownProcesses, type OwnedProcesses } from '../../../local/real/ownedProcesses.ts';
import { provideSoftware } from '../../../local/real/software.ts';
import { duration } from '../../../recovery/time.ts';
import { UsageError } from '../../demonstration/startOptions.ts';
import type { Cell } from './cell.ts';
import { core } from './core.ts';
import { at } from './page.ts';
import type { CellRecord } from './record.ts';
import { crashOf, keepCrash, readResults, resultFile, writePage } from './results.ts';
import { strippedLine } from './telling.ts';
import { cells } from './table.ts';
import { variants } from './variants.ts';

export interface MatrixOptions {
  /** Every cell, and not the core alone. */
  readonly all: boolean;
  /** Only these, by id. Empty: the core, or all. */
  readonly cells: readonly string[];
  /** How many run side by side; each needs about 1.2 GB. */
  readonly jobs: number;
  /** Runs again what has a result. */
  readonly fresh: boolean;
}

/** Longer than any cell: its world could not be closed. */
const longestMinutes = 60;
/** For a cell to close its world. */
const graceMs = 30_000;
const lastWords = 6;

/**
 * Runs the cells of the table that have no result yet, each in a process and a world of its own, and writes each result when it is there.
 * Gives whether all that was chosen came out as was written beforehand.
 * @throws UsageError naming cells that do not exist
 */
export async function matrix(options: MatrixOptions, signal: AbortSignal): Promise<boolean> {
  const chosen = choose(options);
  const before = readResults();
  const due = chosen.filter(({ id }) => options.fresh || (before.get(id)?.status ?? 'crashed') === 'crashed');
  const known = chosen.length - due.length;
  say(
    `${chosen.length} ${chosen.length === 1 ? 'cell' : 'cells'}: ${due.length} to run, ${options.jobs} side by side; ${known} have a result already (--fresh runs them again)`,
  );
  // Looked for once and before anything: else each cell would find by itself that a program is missing.
  if (due.length > 0) await provideSoftware({ say, signal, postgres: due.some(standsOnPostgres) });
  const processes = await ownProcesses();
  const ranNow = new Map<string, CellRecord>();
  const waiting = [...due];
  try {
    const lane = async () => {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        signal.throwIfAborted();
        const record = await runInProcess(cell, processes, signal);
        ranNow.set(cell.id, record);
        writePage();
        say(`${cell.id}: ${judged(record)}`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.jobs, due.length) }, lane));
  } finally {
    await processes.close();
  }
  writePage();
  const results = readResults();
  const records = chosen.flatMap(({ id }) => ranNow.get(id) ?? results.get(id) ?? []);
  const passed = records.filter(({ status }) => status === 'passed').length;
  console.log(records.map((record) => `${record.status.padEnd(8)} ${record.cell}: ${judged(record)}`).join('\n'));
  console.log('docs/failures.md shows all of them; docs/failures/ holds each.');
  console.log(`${passed} passed, ${records.length - passed} failed`);
  return passed === chosen.length;
}

function standsOnPostgres({ variant }: Cell): boolean {
  return variants[variant].database === 'postgres';
}

function choose({ all, cells: wanted }: MatrixOptions): readonly Cell[] {
  if (wanted.length === 0) return all ? cells : core.map(({ cell }) => cell);
  const unknown = wanted.filter((id) => !cells.some((cell) => cell.id === id));
  if (unknown.length > 0) {
    throw new UsageError(`There is no cell ${unknown.join(', ')}; docs/failures.md names them all.`);
  }
  return cells.filter(({ id }) => wanted.includes(id));
}

async function runInProcess(cell: Cell, processes: OwnedProcesses, signal: AbortSignal): Promise<CellRecord> {
  const startedMs = Date.now();
  const words: string[] = [];
  const into = resultFile(cell.id);
  const before = readResults().get(cell.id);
  say(`${cell.id}: begins`);
  const child = processes.start({
    name: cell.id,
    command: process.execPath,
    args: [fileURLToPath(new URL('cellProcess.ts', import.meta.url)), '--cell', cell.id, '--into', into],
    onLine: (line) => {
      words.push(line);
      say(`${cell.id}: ${line}`);
    },
  });
  const end = () => void child.end(graceMs);
  signal.addEventListener('abort', end, { once: true });
  const late = setTimeout(end, longestMinutes * 60_000);
  const ended = await child.ended;
  clearTimeout(late);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  const record = existsSync(into) ? readResults().get(cell.id) : undefined;
  if (record !== undefined && record.status !== 'crashed' && record.brokenAt !== before?.brokenAt) return record;
  const why = words.slice(-lastWords).map((line) => strippedLine(line, []));
  const tookSeconds = Math.round((Date.now() - startedMs) / 1000);
  const crash = crashOf(cell.id, tookSeconds, `Its process ${ended}. ${why.join(' ')}`);
  keepCrash(crash, before);
  return crash;
}

function judged({ status, faults, figures, tookSeconds }: CellRecord): string {
  const seen =
    figures === undefined
      ? ''
      : `alarm ${at(figures.detectionSeconds)}, act ${at(figures.actSeconds)}, data ${at(figures.dataSeconds)}, ${figures.rows.lost} lost, ${figures.rows.duplicated} twice; `;
  return `${status} in ${duration(tookSeconds)}: ${seen}${faults.length === 0 ? 'as expected' : faults.join(' ')}`;
}

function say(text: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
}
