import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { faultsOf, judge, roundLine, summary, type Round } from '../../cli/demonstration/cyclesRounds.ts';

const seconds = (count: number) => count * 1000;
/** A round that was detected, decided on, cured and proved after so many seconds each, counted from the failure. */
const round = (number: number, silent: number, steps: readonly number[]): Round => {
  const [alarm, decided, rows, proved] = steps.map((step) => seconds(silent + step));
  return {
    number,
    milestones: {
      silentAtMs: seconds(silent),
      ...(alarm === undefined ? {} : { alarmAtMs: alarm }),
      ...(decided === undefined ? {} : { decidedAtMs: decided }),
      ...(rows === undefined ? {} : { rowsAtMs: rows }),
      ...(proved === undefined ? {} : { provedAtMs: proved }),
    },
  };
};
const rows = { written: 900, arrived: 900, duplicated: 0, lost: 0, waiting: 0 };
const end = (at: number, over: object = {}) => ({ atMs: seconds(at), interrupted: false, rows, ...over });
const healed = round(1, 100, [240, 241, 260, 360]);

describe('how a run of rounds is judged', () => {
  it.each<[string, readonly Round[], ReturnType<typeof end>, readonly string[]]>([
    ['every round recovered and proved', [healed, round(2, 700, [200, 202, 222, 300])], end(1100), []],
    ['a last round that is still under way', [healed, round(2, 700, [200])], end(1000), []],
    [
      'a last round that has been silent for longer than any recovery',
      [healed, round(2, 700, [200])],
      end(1601),
      ['round 2 was not recovered'],
    ],
    [
      'rows came but nobody proved it before the next failure',
      [round(1, 100, [240, 241, 260]), round(2, 700, [240, 241, 260, 300])],
      end(1100),
      ['round 1 was not recovered'],
    ],
    ['rows were lost', [healed], end(1000, { rows: { ...rows, lost: 2 } }), ['2 rows were lost']],
    ['no round was finished', [round(1, 100, [240])], end(400), ['no round was finished']],
    ['no round was finished, for somebody interrupted it', [], end(400, { interrupted: true }), []],
    [
      'interrupted after a failure that was not cured',
      [round(1, 100, []), healed],
      end(600, { interrupted: true }),
      ['round 1 was not recovered'],
    ],
  ])('%s', (_case, all, at, faults) => {
    expect(faultsOf(judge(all, at))).toEqual(faults);
  });
});

describe('what is shown', () => {
  it('tells a round in one line', () => {
    expect(stripVTControlCharacters(roundLine(healed, 0))).toBe(
      'round 1: failure at 01:40, detected after 4 min, decided after 1 s, data after 19 s; data stood still for 4 min 20 s',
    );
  });

  it('closes with the rounds, the least, middle and greatest of each phase, and the rows', () => {
    const all = [
      healed,
      round(2, 700, [200, 202, 222, 300]),
      round(3, 1300, [250, 253, 280, 330]),
      round(4, 1900, [9]),
    ];
    expect(stripVTControlCharacters(summary(judge(all, end(2000)))).split('\n')).toEqual([
      '3 rounds finished, 3 recovered and proved; round 4 was still under way',
      '                                           min        median           max',
      '  failure until detected            3 min 20 s         4 min    4 min 10 s',
      '  detected until decided                   1 s           2 s           3 s',
      '  decided until rows arrived              19 s          20 s          27 s',
      '  rows arrived until proved               50 s          78 s         100 s',
      '  data stood still                  3 min 42 s    4 min 20 s    4 min 40 s',
      '  rows, counted by their key: 900 written, 900 arrived, 0 twice, 0 lost, 0 on their way',
      'as promised every finished round was recovered, and no row was lost',
    ]);
  });

  it('says so when it was interrupted before anything happened', () => {
    const result = judge([], { atMs: 0, interrupted: true });
    expect(stripVTControlCharacters(summary(result)).split('\n')).toEqual([
      'Interrupted. 0 rounds finished, 0 recovered and proved',
      'as promised nothing was lost',
    ]);
  });
});
