import { describe, expect, it } from 'vitest';
import type { CellRecord } from '../../../../cli/real/matrix/record.ts';
import { recordingOf } from '../../../../cli/real/matrix/recording.ts';

const record: CellRecord = {
  schema: 1,
  cell: 'reset-mysql-2.7.1-product',
  brokenAt: '2026-01-05T12:00:00.500Z',
  tookSeconds: 400,
  status: 'passed',
  faults: [],
  figures: {
    actSeconds: 20,
    dataSeconds: 30,
    healedByItself: false,
    rows: { written: 2, arrived: 2, duplicated: 0, lost: 0, waiting: 0 },
  },
  alarms: [],
  verdicts: [],
  outcomes: [],
  acts: [],
  states: [],
  mails: [],
  signals: [
    {
      atSeconds: -5.5,
      connectorState: 'RUNNING',
      taskState: 'RUNNING',
      connected: 1,
      msSinceLastEvent: 0,
      msBehindSource: 9,
      pollRate: 1,
      writeRate: 0.5,
      commits: 1,
      errors: 0,
    },
    { atSeconds: 9.5, connectorState: 'RUNNING', taskState: 'FAILED', commits: 0, errors: 4 },
    { atSeconds: 24.5, connectorState: 'RUNNING', taskState: 'RUNNING', connected: 1, commits: 0, errors: 0 },
  ],
  log: [{ atSeconds: 0.1, line: 'Caused by: java.net.SocketException: Connection reset' }],
};

describe('a cell as test data', () => {
  it('has a row for each sample, parted at the break and at the act; what was gone is empty', () => {
    expect(recordingOf(record).csv.split('\n')).toEqual([
      'time,phase,connector_state,task_state,connected,ms_since_last_event,ms_behind_source,poll_rate,write_rate,offset_commits_since_last_row,error_lines_since_last_row',
      '11:59:55,before,RUNNING,RUNNING,1,0,9,1,0.5,1,0',
      '12:00:10,during,RUNNING,FAILED,,,,,,0,4',
      '12:00:25,after,RUNNING,RUNNING,1,,,,,0,0',
      '',
    ]);
  });

  it('has each line of the log with its time', () => {
    expect(recordingOf(record).log).toBe('12:00:00 Caused by: java.net.SocketException: Connection reset\n');
  });

  it('cannot be made of a cell that crashed', () => {
    const { brokenAt: _at, ...crashed } = record;
    expect(() => recordingOf(crashed)).toThrow('reset-mysql-2.7.1-product did not run to its end.');
  });
});
