import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { core } from './core.ts';
import { faultsOf } from './judge.ts';
import { failuresPage } from './page.ts';
import { readRecord, recordText } from './record.ts';
import type { CellRecord } from './record.ts';
import { cells, impossible } from './table.ts';

const folder = new URL('../../../docs/failures/', import.meta.url);
const page = new URL('../../../docs/failures.md', import.meta.url);

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

/** What is there of a cell that did not run to its end. */
export function writeCrash(cell: string, tookSeconds: number, why: string): void {
  const crashed: CellRecord = {
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
  writeFileSync(resultFile(cell), recordText(crashed));
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

/** Makes `docs/failures.md` anew from all results. */
export function writePage(): void {
  judgeAnew();
  const text = failuresPage({ cells, core, impossible, records: readResults() });
  const part = new URL(`failures.md.${process.pid}`, page);
  writeFileSync(part, text);
  renameSync(part, page);
}
