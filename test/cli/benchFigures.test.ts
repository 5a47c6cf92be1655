import { describe, expect, it } from 'vitest';
import { limitsHold, table } from '../../cli/bench/figures.ts';
import type { Figure } from '../../cli/bench/figures.ts';
import { median, percentile, spread } from '../../cli/bench/statistics.ts';

describe('spread', () => {
  it.each([
    [[3], { median: 3, p95: 3, maximum: 3 }],
    [[4, 1, 3, 2], { median: 2.5, p95: 4, maximum: 4 }],
    [Array.from({ length: 100 }, (_, index) => 100 - index), { median: 50.5, p95: 95, maximum: 100 }],
  ])('of %j', (values, expected) => {
    expect(spread(values)).toEqual(expected);
  });

  it('does not sort numbers as texts', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(percentile([10, 9, 100], 50)).toBe(10);
  });

  it('has nothing to say of no values', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

describe('the table', () => {
  const figures: readonly Figure[] = [
    { group: 'bundle', name: 'size', value: 488_567, unit: 'bytes', measured: 'as deployed', limit: 550_000 },
    { group: 'bundle', name: 'load time', value: 70.25, unit: 'ms', measured: 'median of 9', limit: 70 },
    { group: 'wall time', name: 'npm start', value: 'left out', unit: '', measured: '--no-start', limit: 60 },
  ];

  it('names each figure with its unit, its limit and how it was measured', () => {
    expect(table(figures).split('\n')).toEqual([
      'figure        value  unit   limit                 measured',
      '---------  --------  -----  --------------------  -----------',
      'bundle',
      'size        488,567  bytes  at most 550,000: met  as deployed',
      'load time     70.25  ms     at most 70: MISSED    median of 9',
      'wall time',
      'npm start  left out                               --no-start',
    ]);
  });

  it('tells whether every limit holds; one that is met exactly does, one of what was left out is none', () => {
    expect(limitsHold(figures)).toBe(false);
    expect(limitsHold(figures.filter(({ name }) => name !== 'load time'))).toBe(true);
    expect(limitsHold([{ group: 'g', name: 'n', value: 70, unit: 'ms', measured: 'm', limit: 70 }])).toBe(true);
  });
});
