import { describe, expect, test } from 'vitest';
import { Arrivals } from '../../../../local/real/rows/arrivals.ts';

/** The ids in the order in which their records arrived. */
function arrived(...ids: readonly number[]): Arrivals {
  const arrivals = new Arrivals();
  ids.forEach((id, n) => arrivals.arrive(id, 1000 + n));
  return arrivals;
}

describe('what became of the rows', () => {
  test.each([
    ['nothing written, nothing arrived', [], 0, { written: 0, arrived: 0, duplicated: 0, lost: 0, waiting: 0 }],
    [
      'written, and nothing has arrived yet: all wait',
      [],
      3,
      { written: 3, arrived: 0, duplicated: 0, lost: 0, waiting: 3 },
    ],
    ['all arrived', [1, 2, 3], 3, { written: 3, arrived: 3, duplicated: 0, lost: 0, waiting: 0 }],
    [
      'the last two wait: no later one has arrived',
      [1, 2, 3],
      5,
      { written: 5, arrived: 3, duplicated: 0, lost: 0, waiting: 2 },
    ],
    [
      'the third is lost: the fourth has arrived',
      [1, 2, 4],
      5,
      { written: 5, arrived: 3, duplicated: 0, lost: 1, waiting: 1 },
    ],
    [
      'the first two are lost, as after a new start at the present',
      [3],
      3,
      { written: 3, arrived: 1, duplicated: 0, lost: 2, waiting: 0 },
    ],
    [
      'out of order, none is lost in the end',
      [2, 3, 1],
      3,
      { written: 3, arrived: 3, duplicated: 0, lost: 0, waiting: 0 },
    ],
    [
      'one twice, one three times',
      [1, 2, 2, 3, 1, 1],
      3,
      { written: 3, arrived: 3, duplicated: 3, lost: 0, waiting: 0 },
    ],
    [
      'a snapshot again: all twice',
      [1, 2, 3, 1, 2, 3],
      4,
      { written: 4, arrived: 3, duplicated: 3, lost: 0, waiting: 1 },
    ],
    [
      'a row that arrived before its commit was confirmed is not counted',
      [1, 2, 3],
      2,
      { written: 2, arrived: 2, duplicated: 0, lost: 0, waiting: 0 },
    ],
    ['but one that it overtook is lost', [1, 3], 2, { written: 2, arrived: 1, duplicated: 0, lost: 1, waiting: 0 }],
    [
      'and one far beyond does not make rows before it arrive',
      [9],
      2,
      { written: 2, arrived: 0, duplicated: 0, lost: 2, waiting: 0 },
    ],
  ])('%s', (_, ids, written, count) => {
    expect(arrived(...ids).count(written)).toEqual(count);
  });
});

test('the time of a row is that of its first arrival', () => {
  const arrivals = arrived(1, 2, 1);

  expect([...arrivals.firstAtMs]).toEqual([
    [1, 1000],
    [2, 1001],
  ]);
});
