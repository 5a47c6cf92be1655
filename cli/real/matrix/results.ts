import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { between } from '../../documents/between.ts';
import { core } from './core.ts';
import { faultsOf } from './judge.ts';
import { coreTable } from './coreTable.ts';
import { failuresPage } from './page.ts';
import { readRecord, recordText } from './record.ts';
import type { CellRecord } from './record.ts';
import { cells, impossible } from './table.ts';

const folder = new URL('../../../docs/failures/', import.meta.url);
const page = new URL('../../../docs/failures.md', import.meta.url);
const readme = new URL('../../../README.md', import.meta.url);

/** Every result that there is, by the cell's id. @throws Error naming a file that is none */
export function readResults(): ReadonlyMap<string, CellRecord> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const records = files.map((name) => readRecord(readFileSync(new URL(name, folder), 'utf8'), `docs/failures/${name}`));
  return new Map(records.map((record) => [record.cell, record]));
}

export function resultFile(cell: string): string {
  return fileURLToPath(new URL(`${cell}.json`, folder));
}

/** What there is to say of a cell that did not run to its end. */
export function crashOf(cell: string, tookSeconds: number, why: string): CellRecord {
  return {
    schema: 1,
    cell,
    tookSeconds,
    status: 'crashed',
    faults: [why],
    alarms: [],
    verdicts: [],
    outcomes: [],
    acts: [],
    states: [],
    mails: [],
    signals: [],
    log: [],
  };
}

/** Keeps it where nothing was measured before: what was measured once is not lost to a machine that lacks something today. */
export function keepCrash(crash: CellRecord, before: CellRecord | undefined): void {
  if (before !== undefined && before.status !== 'crashed') return;
  writeFileSync(resultFile(crash.cell), recordText(crash));
}

/** Judges every result by what is expected today, and writes those over whose judgement changed: what was seen stays as it was. */
function judgeAnew(): void {
  for (const [id, record] of readResults()) {
    const cell = cells.find((each) => each.id === id);
    if (cell === undefined || record.status === 'crashed') continue;
    const faults = faultsOf(record, cell.expects);
    if (faults.join() === record.faults.join()) continue;
    const status = faults.length === 0 ? 'passed' : 'failed';
    writeFileSync(resultFile(id), recordText({ ...record, status, faults }));
  }
}

/** Makes `docs/failures.md` anew from all results, and the README's table of the core. */
export function writePage(): void {
  judgeAnew();
  const records = readResults();
  replace(page, failuresPage({ cells, core, impossible, records }));
  replace(readme, between(readFileSync(readme, 'utf8'), 'failures', coreTable({ core, records })));
}

/** Never half written, whoever reads it meanwhile. */
function replace(file: URL, text: string): void {
  const part = new URL(`${file.href}.${process.pid}`);
  writeFileSync(part, text);
  renameSync(part, file);
}
