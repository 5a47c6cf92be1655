import { describe, expect, it } from 'vitest';
import { cell } from '../../../../cli/real/matrix/core.ts';
import { failuresPage } from '../../../../cli/real/matrix/page.ts';
import { readRecord, recordText, type CellRecord } from '../../../../cli/real/matrix/record.ts';

const restarted = cell('half-open', 'mariadb-3.7', { keepAliveOff: true });
const deleted = cell('reset', 'mysql-2.7.1');
const notRun = cell('idle', 'mariadb-3.7');

function record(id: string, changes: Partial<CellRecord> = {}): CellRecord {
  return {
    schema: 1,
    cell: id,
    brokenAt: '2026-01-05T12:00:00.000Z',
    tookSeconds: 400,
    status: 'passed',
    faults: [],
    figures: {
      detectionSeconds: 149.6,
      decisionSeconds: 155,
      actSeconds: 156,
      dataSeconds: 172.4,
      healedByItself: false,
      rows: { written: 412, arrived: 412, duplicated: 3, lost: 0, waiting: 0 },
    },
    alarms: [{ signal: 'event-clock', state: 'ALARM', atSeconds: 149.6 }],
    verdicts: [{ verdict: 'dead', atSeconds: 155 }],
    outcomes: [{ outcome: 'recovered', atSeconds: 200, reason: 'Data flows again.' }],
    acts: [{ operation: 'RestartConnector', atSeconds: 156, answer: 'accepted', by: 'product' }],
    states: [],
    mails: [{ subject: '[connector-recovery] orders-cdc: back: restarted, and data flows again', atSeconds: 201 }],
    signals: [{ atSeconds: 0, connectorState: 'RUNNING', taskState: 'RUNNING', connected: 1, commits: 1, errors: 0 }],
    log: [],
    ...changes,
  };
}

function pageOf(records: readonly CellRecord[]): string {
  return failuresPage({
    cells: [restarted, deleted, notRun],
    core: [{ cell: restarted, why: 'It is what the product is for.' }],
    impossible: [{ id: 'x', failure: 'failover', variant: 'postgres-3.7', why: 'there is no binlog' }],
    records: new Map(records.map((each) => [each.cell, each])),
  });
}

describe('docs/failures.md', () => {
  it('says of each cell that ran what came of it', () => {
    expect(pageOf([record(restarted.id)])).toContain(
      '| half-open | mariadb-3.7 | keep-alive off | product | 150 s | 155 s | 156 s | 172 s | no | RestartConnector | dead | yes | 412 | 0 | 0 | 3 | yes |',
    );
  });

  it('says which alarm fired when, and what people were told', () => {
    expect(pageOf([record(restarted.id)])).toContain(
      `| ${restarted.id} | - | 150 s | - | - | - | - | - | recovered (200 s) | back: restarted, and data flows again |`,
    );
  });

  it('says plainly which alarms show a dead stream, and which do not', () => {
    expect(pageOf([record(restarted.id)])).toContain(
      'Of the 1 cells in which the stream was dead until somebody acted, that alarm had fired before the act in so many: `connected` 0, `event-clock` 1, `offset-commits` 0,',
    );
  });

  it('says what came about otherwise than expected', () => {
    const page = pageOf([record(deleted.id, { status: 'failed', faults: ['1 rows were lost; expected: 0.'] })]);
    expect(page).toContain('Otherwise than expected:\n\n- `reset-mysql-2.7.1-product`: 1 rows were lost; expected: 0.');
    expect(page).toContain('| **no** |');
  });

  it('names what was not run, what cannot be, and what the core is', () => {
    const page = pageOf([record(restarted.id)]);
    expect(page).toContain(`- ${notRun.id}`);
    expect(page).toContain('| failover | postgres-3.7 | n/a: there is no binlog |');
    expect(page).toContain(
      '| It is what the product is for. | RestartConnector; alarm within 3 min; no act before 110 s; found dead; ends with recovered; rows arrive in the end; no row lost |',
    );
    expect(page).toContain('Of 3 cells 1 were run, and 1 of them came out as was written beforehand.');
  });

  it('a cell that crashed has a line, and no figures', () => {
    const { figures: _figures, brokenAt: _at, ...rest } = record(restarted.id);
    const page = pageOf([
      { ...rest, status: 'crashed', faults: ['Its process ended.'], acts: [], signals: [], verdicts: [] },
    ]);
    expect(page).toContain(
      '| half-open | mariadb-3.7 | keep-alive off | product | - | - | - | - | - | nothing | - | - | - | - | - | - | did not run to its end |',
    );
  });
});

describe('the file of a cell', () => {
  it('reads back as it was written, a line for each sample', () => {
    const written = record(restarted.id);
    const text = recordText(written);
    expect(readRecord(text, 'a.json')).toEqual(written);
    expect(text.split('\n').filter((line) => line.includes('"connectorState"'))).toHaveLength(1);
  });

  it.each([
    { text: '{', fault: 'docs/failures/a.json is not JSON.' },
    { text: '{"schema":2}', fault: 'docs/failures/a.json is no record of a cell: schema:' },
  ])('$text is none', ({ text, fault }) => {
    expect(() => readRecord(text, 'docs/failures/a.json')).toThrow(fault);
  });
});
