import { describe, expect, test } from 'vitest';
import {
  clustered,
  mcnemarExact,
  newcombePaired,
  studentsT,
  wider,
  wilson,
} from '../../../../cli/real/tls/intervals.ts';
import { checksApart, checksTogether, timesAsLong } from '../../../../cli/real/tls/sampleSize.ts';

describe('the interval of a share', () => {
  // Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (count, total, low, high) => {
    const interval = wilson(count, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('of nothing is refused', () => {
    expect(() => wilson(0, 0)).toThrow(RangeError);
  });
});

describe('the difference of two shares of the same checks', () => {
  // Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables, chapter 8: Cavo et al. 2012 and Bentur et al. 2009.
  test.each([
    [{ both: 59, onlyFirst: 6, onlySecond: 16, neither: 80 }, -0.1186, -0.0046],
    [{ both: 1, onlyFirst: 1, onlySecond: 7, neither: 12 }, -0.507, -0.026],
  ])('of %o', (pairs, low, high) => {
    const interval = newcombePaired(pairs);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  test('changes its sign with the order of the two', () => {
    const one = newcombePaired({ both: 4, onlyFirst: 3, onlySecond: 0, neither: 34 });
    const other = newcombePaired({ both: 4, onlyFirst: 0, onlySecond: 3, neither: 34 });
    expect(other.low).toBeCloseTo(-one.high, 10);
    expect(other.high).toBeCloseTo(-one.low, 10);
  });

  test('of checks that never failed still says no more than their number allows', () => {
    const { low, high } = newcombePaired({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 20 });
    // Wilson's 0 of 20 on either side.
    expect(low).toBeCloseTo(-0.1611, 4);
    expect(high).toBeCloseTo(0.1611, 4);
  });
});

describe('how likely a split is by chance', () => {
  test.each([
    // Cavo et al. 2012, as above.
    [6, 16, 0.052479],
    // Three heads of three coins, either way.
    [3, 0, 0.25],
    [1, 1, 1],
    [0, 0, 1],
  ])('%i and %i', (onlyFirst, onlySecond, probability) => {
    expect(mcnemarExact({ both: 9, onlyFirst, onlySecond, neither: 9 })).toBeCloseTo(probability, 6);
  });
});

describe('the difference where checks fail by the cluster', () => {
  test.each([
    [3, 3.182, 1],
    [5, 2.571, 2],
    [10, 2.228, 3],
    [30, 2.042, 3],
  ])('the quantile for %i degrees of freedom is that of the printed tables', (degrees, quantile, digits) => {
    expect(studentsT(degrees)).toBeCloseTo(quantile, digits);
  });

  test('is that of a mean for clusters of one size', () => {
    // Mean 0.1 of differences 0.2, 0, 0.2, 0, 0.1: standard deviation 0.1, error 0.1 / sqrt(5), t of 4 degrees 2.776.
    const clusters = [2, 0, 2, 0, 1].map((difference) => ({ checks: 10, difference }));
    const interval = clustered(clusters);
    expect(interval?.low).toBeCloseTo(0.1 - 0.12415, 3);
    expect(interval?.high).toBeCloseTo(0.1 + 0.12415, 3);
  });

  test.each([
    ['too few of them', [1, 0, 1]],
    ['no differences among them', [0, 0, 0, 0, 0]],
  ])('is not given for %s', (_, differences) => {
    expect(clustered(differences.map((difference) => ({ checks: 10, difference })))).toBeUndefined();
  });

  test('the one that says less is taken', () => {
    expect(wider({ low: 0, high: 1 }, { low: 0, high: 2 })).toEqual({ low: 0, high: 2 });
    expect(wider({ low: 0, high: 1 }, { low: 0, high: 0.5 })).toEqual({ low: 0, high: 1 });
    expect(wider({ low: 0, high: 1 }, undefined)).toEqual({ low: 0, high: 1 });
  });
});

describe('checks needed', () => {
  test('to tell 17.1 % from 9.8 % where the workers are checked apart', () => {
    // By hand: (1.96 * sqrt(0.23282) + 0.8416 * sqrt(0.23016))^2 / 0.073^2 = 341.7.
    expect(checksApart(0.171, 0.098)).toBe(342);
  });

  test('grow with the square of a smaller difference', () => {
    // Fleiss' example: 60 % against 70 %, 356 each.
    expect(checksApart(0.6, 0.7)).toBe(356);
  });

  test('a run whose error is as large as the difference must be eight times as long', () => {
    // (1.960 + 0.8416)^2 = 7.849
    expect(timesAsLong(0.073, 0.073)).toBeCloseTo(7.849, 3);
    expect(timesAsLong(0.0365, 0.073)).toBeCloseTo(7.849 / 4, 3);
  });

  test('are fewer where both workers mostly fail together', () => {
    // By hand: (1.96 * sqrt(0.073) + 0.8416 * sqrt(0.067671))^2 / 0.073^2 = 105.1.
    expect(checksTogether(0.073, 0)).toBe(106);
  });
});
