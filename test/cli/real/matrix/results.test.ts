import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { core } from '../../../../cli/real/matrix/core.ts';
import { faultsOf } from '../../../../cli/real/matrix/judge.ts';
import { matrix } from '../../../../cli/real/matrix/matrix.ts';
import { coreTable } from '../../../../cli/real/matrix/coreTable.ts';
import { failuresPage } from '../../../../cli/real/matrix/page.ts';
import { crashOf, keepCrash, readResults } from '../../../../cli/real/matrix/results.ts';
import { between } from '../../../../cli/documents/between.ts';
import { cells, impossible } from '../../../../cli/real/matrix/table.ts';
import { UsageError } from '../../../../cli/demonstration/startOptions.ts';

const folder = new URL('../../../../docs/failures/', import.meta.url);
const results = readResults();
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

describe('npm run real -- --matrix', () => {
  it('refuses a cell that is not in the table before anything is started', async () => {
    const options = { all: false, cells: ['half-open-oracle'], jobs: 1, fresh: false };
    await expect(matrix(options, new AbortController().signal)).rejects.toThrow(
      new UsageError('There is no cell half-open-oracle; docs/failures.md names them all.'),
    );
  });
});

describe('what was measured', () => {
  it('docs/failures.md says what the files in docs/failures/ say', () => {
    const page = readFileSync(new URL('../failures.md', folder), 'utf8');
    expect(page).toBe(failuresPage({ cells, core, impossible, records: results }));
  });

  it('the table of the README says what they say of the core', () => {
    const readme = readFileSync(new URL('../../README.md', folder), 'utf8');
    expect(between(readme, 'failures', coreTable({ core, records: results }))).toBe(readme);
  });

  it('a cell that cannot be run today keeps what was measured of it', () => {
    const id = 'half-open-mariadb-3.7-no-keepalive-product';
    const crash = crashOf(id, 1, 'Its process ended with code 1. mariadbd is missing');
    keepCrash(crash, results.get(id));
    expect(readResults().get(id)).toEqual(results.get(id));
  });

  it.each(files)('$name is of a cell of the table, and is named after it', ({ name }) => {
    const id = name.replace(/\.json$/, '');
    expect(cells.map((cell) => cell.id)).toContain(id);
    expect(results.get(id)?.cell).toBe(id);
  });

  it.each(files)('$name is judged by what is expected today', ({ name }) => {
    const id = name.replace(/\.json$/, '');
    const cell = cells.find((each) => each.id === id);
    const record = results.get(id);
    if (cell === undefined || record?.status === 'crashed' || record === undefined) return;
    expect(faultsOf(record, cell.expects)).toEqual(record.faults);
    expect(record.status).toBe(record.faults.length === 0 ? 'passed' : 'failed');
  });

  it.each(files)('$name names no place, no port and no password of the machine', ({ text }) => {
    expect(text).not.toMatch(/\/(?:tmp|root|home|work|Users|var)\//);
    expect(text).not.toMatch(/\d{1,3}(?:\.\d{1,3}){3}:\d/);
    expect(text).not.toMatch(/password[=:]\s*(?!\(secret)\S/i);
  });
});
