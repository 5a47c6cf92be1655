import { describe, expect, test } from 'vitest';
import { comparisonLines } from '../../../../cli/real/tls/comparisonReport.ts';
import {
  afterSharedFaults,
  allArrived,
  byPhase,
  checkOf,
  clustersOf,
  delaysOf,
  failuresWithin,
  type Check,
} from '../../../../cli/real/tls/outcome.ts';
import type { Plan } from '../../../../cli/real/tls/schedule.ts';

function check(plannedAtMs: number, tls13: number | undefined, tls12: number | undefined): Check {
  return { plannedAtMs, delayMs: { 'TLSv1.3': tls13, 'TLSv1.2': tls12 } };
}

const plan: Plan = {
  lastsMs: 100_000,
  calmUntilMs: 20_000,
  checksAtMs: [],
  faults: [
    { kind: 'hole', atMs: 30_000, lastsMs: 10_000, strikes: ['TLSv1.3', 'TLSv1.2'], unit: 0 },
    { kind: 'half-open', atMs: 50_000, lastsMs: 0, strikes: ['TLSv1.2'], unit: 1 },
    { kind: 'half-open', atMs: 70_000, lastsMs: 0, strikes: ['TLSv1.3'], unit: 1 },
  ],
};
const checks = [
  check(5_000, 100, 200),
  check(15_000, 300, 100),
  check(31_000, 9_000, 9_500),
  check(51_000, 100, 80_000),
  check(71_000, 60_000, 100),
  check(90_000, 3_000, undefined),
];

describe('a row that was waited for', () => {
  test('takes from its commit to its arrival through each worker', () => {
    const arrivals = { 'TLSv1.3': new Map([[1, 1_250]]), 'TLSv1.2': new Map<number, number>() };

    expect(checkOf(0, 1, 1_000, arrivals)).toEqual(check(0, 250, undefined));
  });

  test('that was seen before its commit was answered took no time', () => {
    const arrivals = { 'TLSv1.3': new Map([[1, 999]]), 'TLSv1.2': new Map([[1, 1_000]]) };

    expect(checkOf(0, 1, 1_000, arrivals)).toEqual(check(0, 0, 0));
  });

  test('is waited for until it came through both', () => {
    const both = new Map([
      [1, 5],
      [2, 6],
    ]);

    expect(allArrived(2, { 'TLSv1.3': both, 'TLSv1.2': new Map([[1, 5]]) })).toBe(false);
    expect(allArrived(2, { 'TLSv1.3': both, 'TLSv1.2': both })).toBe(true);
  });
});

describe('failures', () => {
  test.each([
    [1_000, { both: 2, onlyFirst: 1, onlySecond: 1, neither: 2 }],
    [9_200, { both: 0, onlyFirst: 1, onlySecond: 3, neither: 2 }],
    [70_000, { both: 0, onlyFirst: 0, onlySecond: 2, neither: 4 }],
    [600_000, { both: 0, onlyFirst: 0, onlySecond: 1, neither: 5 }],
  ])('within %i ms, together and alone', (deadlineMs, pairs) => {
    expect(failuresWithin(checks, deadlineMs)).toEqual(pairs);
  });

  test('after a fault that struck both are told apart from those after one that struck one alone', () => {
    const shared = afterSharedFaults(checks, plan);

    expect(shared.map(({ plannedAtMs }) => plannedAtMs)).toEqual([31_000]);
  });

  test('of two faults alike, one for each worker, are weighed together', () => {
    expect(clustersOf(checks, plan, 9_200)).toEqual([
      { checks: 2, difference: 0 },
      { checks: 1, difference: -1 },
      { checks: 3, difference: -1 },
    ]);
  });
});

test('rows that never arrive are the slowest', () => {
  expect(delaysOf(checks, 'TLSv1.2')).toEqual({
    count: 6,
    neverArrived: 1,
    leastMs: 100,
    // Between 200 and 9500.
    medianMs: 4_850,
    p95Ms: Number.POSITIVE_INFINITY,
    mostMs: Number.POSITIVE_INFINITY,
  });
  expect(delaysOf([], 'TLSv1.2')).toBeUndefined();
});

test('the calm time ends with the plan, whatever was seen', () => {
  const { calm, disturbed } = byPhase(checks, plan);

  expect(calm.map(({ plannedAtMs }) => plannedAtMs)).toEqual([5_000, 15_000]);
  expect(disturbed).toHaveLength(4);
});

describe('the report', () => {
  const text = comparisonLines(checks, plan, 5_000).join('\n');

  test('claims no difference where the interval holds zero', () => {
    expect(text).toContain('At the deadline of this run, 5 s: no difference between the versions is shown');
  });

  test('names the version that failed more often where it does not', () => {
    const many = Array.from({ length: 60 }, (_, n) => check(n * 1_000, 100, n % 3 === 0 ? 50_000 : 100));

    expect(comparisonLines(many, { ...plan, faults: [] }, 5_000).join('\n')).toMatch(
      /At the deadline of this run, 5 s: TLS 1\.2 failed more often; a difference of -\d+\.\d to -\d+\.\d points/,
    );
  });

  test('shows the shares for other deadlines too, and marks its own', () => {
    expect(text.match(/^[* ] +[\d.]+ s {3}/gm)?.map((each) => each.trim())).toEqual([
      '2 s',
      '*      5 s',
      '10 s',
      '20 s',
      '30 s',
      '60 s',
      '90 s',
      '120 s',
    ]);
  });

  test('says what the original’s hour can tell, and what it would take', () => {
    expect(text).toContain('7 and 4 of 41 checks');
    expect(text).toContain('p = 0.25');
    expect(text).toContain('takes 342 checks of each version');
  });

  test('counts apart what the faults that struck both brought', () => {
    expect(text).toContain(
      'Of the 1 rows after a fault that struck both at once and before the next fault: 1 late for both, 0 for TLS 1.3 alone, 0 for TLS 1.2 alone.',
    );
  });

  test('tells when each fault struck whom', () => {
    expect(text).toContain('    30  hole for 10 s, both');
    expect(text).toContain('    50  half-open, TLS 1.2 alone');
  });
});
