import { describe, expect, it } from 'vitest';
import { durationList } from '../../../cli/compare/durationList.ts';
import { durationsOf } from '../../../cli/compare/durations.ts';
import { faultsOfRuns, runsTable, type RunResult } from '../../../cli/compare/manyRuns.ts';
import type { SideResult } from '../../../cli/compare/marks.ts';
import { faultsOf, judgement, phaseTable } from '../../../cli/compare/report.ts';
import { statesInWords, valuesInWords } from '../../../cli/compare/sights.ts';

const rows = { written: 400, arrived: 399, duplicated: 3, lost: 0, waiting: 1 };
const msk: SideResult = {
  side: 'MSK Connect',
  marks: { failedAtMs: 0, detectedAtMs: 128_000, actedAtMs: 184_000, rowsAtMs: 200_000, provedAtMs: 280_000 },
  detectedBy: 'ALARM event-clock',
  reason: 'Verdict dead: silent.',
  acts: ['RestartConnector'],
  mostWaiting: 199,
  rows,
};
const selfManaged: SideResult = {
  side: 'self-managed',
  marks: { failedAtMs: 0, detectedAtMs: 150_000, actedAtMs: 151_000, rowsAtMs: 167_000, provedAtMs: 230_000 },
  detectedBy: 'looked at',
  acts: ['POST /connectors/orders-cdc/tasks/0/restart'],
  mostWaiting: 166,
  rows: { ...rows, duplicated: 0 },
};
// oxlint-disable-next-line no-control-regex -- colours are no matter here
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');

describe('the closing table', () => {
  it('puts the phases of both worlds side by side', () => {
    const lines = plain(phaseTable([msk, selfManaged]))
      .split('\n')
      .map((line) => line.trim().split(/\s{2,}/));
    expect(lines.slice(1, 8)).toEqual([
      ['MSK Connect', 'self-managed'],
      ['failure until it was detected', '2 min 8 s', '2 min 30 s'],
      ['detected until the act', '56 s', '1 s'],
      ['the act until data arrived', '16 s', '16 s'],
      ['in all: data stood still', '3 min 20 s', '2 min 47 s'],
      ['data arrived until it was proved', '80 s', '63 s'],
      ['rows waiting meanwhile, at most', '199', '166'],
    ]);
  });

  it('invents no figure for what was never seen', () => {
    const { detectedAtMs: _, actedAtMs: _act, provedAtMs: _proof, ...marks } = msk.marks;
    const table = plain(phaseTable([{ ...msk, marks, acts: [] }, selfManaged]));
    expect(table).toMatch(/failure until it was detected +- +2 min 30 s/);
    expect(table).toMatch(/in all: data stood still +3 min 20 s +2 min 47 s/);
    expect(table).toContain('done: nothing');
  });
});

describe('whether all is as promised', () => {
  it.each<[string, Partial<SideResult>, string[]]>([
    ['data came back', {}, []],
    ['it came back by itself, and nobody acted', { acts: [], marks: { failedAtMs: 0, rowsAtMs: 90_000 } }, []],
    ['it never came back', { marks: { failedAtMs: 0, actedAtMs: 1, provedAtMs: 2 } }, ['data did not come back']],
    [
      'an act that nobody proved',
      { marks: { failedAtMs: 0, actedAtMs: 1, rowsAtMs: 2 } },
      ['what was done was never proved to help'],
    ],
    ['a lost row', { rows: { ...rows, lost: 1 } }, ['1 rows were lost']],
    ['rows that still wait', { rows: { ...rows, waiting: 11 } }, ['11 rows still wait']],
  ])('%s', (_, given, faults) => {
    expect(faultsOf({ ...msk, ...given })).toEqual(faults);
    expect(plain(judgement([{ ...msk, ...given }]))).toMatch(
      faults.length === 0 ? /^as promised MSK Connect/ : /^NOT AS PROMISED MSK Connect/,
    );
  });
});

describe('many runs', () => {
  const run = (seed: number, shift: number): RunResult => ({
    kind: 'ran',
    seed,
    results: [{ ...msk, marks: { ...msk.marks, detectedAtMs: 128_000 + shift } }, selfManaged],
  });
  const three = [run(1, 0), run(2, 20_000), run(3, 40_000)];

  it('gives median and 95th percentile of each world', () => {
    const table = plain(runsTable(three));
    expect(table).toMatch(/failure until it was detected +2 min 28 s \/ 2 min 48 s +2 min 30 s \/ 2 min 30 s/);
    expect(table).toMatch(/rows that arrived twice +9 +0/);
  });

  it('shows fractions of a second where all is short', () => {
    const quick = (seed: number, actedAtMs: number): RunResult => ({
      kind: 'ran',
      seed,
      results: [msk, { ...selfManaged, marks: { ...selfManaged.marks, actedAtMs } }],
    });
    const table = plain(runsTable([quick(1, 150_200), quick(2, 150_420), quick(3, 150_900)]));
    expect(table).toMatch(/detected until the act +56 s \/ 56 s +0\.4 s \/ 0\.9 s/);
  });

  it('says of how many runs a figure is where not all have it', () => {
    const one: RunResult = {
      kind: 'ran',
      seed: 4,
      results: [{ ...msk, acts: [], marks: { failedAtMs: 0, rowsAtMs: 90_000 } }, selfManaged],
    };
    expect(plain(runsTable([...three, one]))).toMatch(/failure until it was detected +2 min 28 s \/ 2 min 48 s \(3\)/);
  });

  it('names the seed of whatever went wrong', () => {
    expect(faultsOfRuns([...three, { kind: 'failed', seed: 9, reason: 'it fell over' }])).toEqual([
      'seed 9: it fell over',
    ]);
    const lossy: RunResult = { kind: 'ran', seed: 5, results: [msk, { ...selfManaged, rows: { ...rows, lost: 2 } }] };
    expect(faultsOfRuns([lossy])).toEqual(['seed 5, self-managed: 2 rows were lost']);
  });
});

describe('the durations behind the figures', () => {
  const listed = (failure: 'half-open' | 'failed-task' | 'heals-itself', connectVersion: '3.7.x' | '2.7.1') =>
    plain(durationList(durationsOf({ failure, connectVersion })));

  it('names deletion and creation where there is no other way, and the restart where there is', () => {
    expect(listed('half-open', '2.7.1')).toMatch(/DeleteConnector, until it is gone +180 to 300 s {2}reported/);
    expect(listed('half-open', '2.7.1')).not.toContain('RestartConnector');
    expect(listed('half-open', '3.7.x')).toMatch(
      /RestartConnector, until the operation has ended +42 to 78 s {2}inferred/,
    );
    expect(listed('half-open', '3.7.x')).not.toContain('DeleteConnector');
  });

  it('gives the range of whatever is drawn, and where it is from', () => {
    const stuck = listed('half-open', '3.7.x');
    expect(stuck).toMatch(/both +from the restart of a stuck task to its data +11 to 17 s {2}measured: docs/);
    expect(stuck).toMatch(/MSK Connect +the exporter, first after +0 to 15 s {2}chosen/);
    expect(stuck).toMatch(/MSK Connect +MSK Connect's own metrics, first after +0 to 60 s {2}chosen/);
    expect(stuck).toMatch(/self-managed +the watchdog polls, first after +0 to 10 s {2}chosen/);
    expect(stuck).toMatch(/self-managed +REST and metrics answer within +0\.005 to 0\.5 s {2}inferred/);
    expect(stuck).toMatch(/both +the last row before the failure came, earlier by +0 to 1 s {2}chosen/);
    const failed = listed('failed-task', '3.7.x');
    expect(failed).toMatch(/both +from the restart of a task that ended to its data +1 to 2 s {2}measured: docs/);
  });

  it('names what both worlds have in common once', () => {
    expect(listed('half-open', '3.7.x')).toMatch(
      /both +the workers flush their offsets, every +60 s {2}Kafka's default/,
    );
    expect(listed('half-open', '3.7.x')).toMatch(
      /both +the database beats on an idle connection, every +48 s {2}measured/,
    );
  });
});

describe('what each could see, in words', () => {
  it.each([
    [[], 'not looked at'],
    [['RUNNING'], 'RUNNING (1 look)'],
    [['RUNNING', 'RUNNING', 'FAILED'], 'RUNNING, then FAILED (3 looks)'],
  ])('states %j', (states, words) => expect(statesInWords(states)).toBe(words));

  it.each([
    [[], 'no value'],
    [[1, 1, 1], '1 all the while (3 values)'],
    [[10, 60], '10 to 60 (2 values)'],
  ])('values %j', (values, words) => expect(valuesInWords(values)).toBe(words));
});
