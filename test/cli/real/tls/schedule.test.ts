import { describe, expect, test } from 'vitest';
import { planComparison, type PlannedFault } from '../../../../cli/real/tls/schedule.ts';

const plan = planComparison({ minutes: 10, checks: 120, seed: 7 });

describe('what a comparison does and when', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planComparison({ minutes: 10, checks: 120, seed: 7 })).toEqual(plan);
    expect(planComparison({ minutes: 10, checks: 120, seed: 8 })).not.toEqual(plan);
  });

  test('a row is written at a random moment of each 5 s', () => {
    expect(plan.checksAtMs).toHaveLength(120);
    plan.checksAtMs.forEach((atMs, index) => {
      expect(atMs).toBeGreaterThanOrEqual(index * 5000);
      expect(atMs).toBeLessThanOrEqual((index + 1) * 5000);
    });
    expect(new Set(plan.checksAtMs.map((atMs) => atMs % 5000)).size).toBeGreaterThan(100);
  });

  test('nothing is broken in the first two minutes of ten and in the last half', () => {
    expect(plan.calmUntilMs).toBe(120_000);
    for (const { atMs } of plan.faults) {
      expect(atMs).toBeGreaterThanOrEqual(120_000);
      expect(atMs).toBeLessThanOrEqual(570_000);
    }
  });

  test('twelve faults in seven and a half minutes, in order of time', () => {
    expect(plan.faults.length).toBeGreaterThanOrEqual(12);
    expect(plan.faults.length).toBeLessThanOrEqual(13);
    expect(plan.faults.map(({ atMs }) => atMs)).toEqual(plan.faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  test.each([1, 2, 3, 4, 5])('seed %i: neither version bears more than the other', (seed) => {
    const { faults } = planComparison({ minutes: 30, checks: 120, seed });
    const borne = (version: 'TLSv1.3' | 'TLSv1.2') =>
      faults
        .filter(({ strikes }) => strikes.includes(version))
        .map(({ kind, lastsMs }) => `${kind} ${lastsMs}`)
        .toSorted();
    expect(borne('TLSv1.3')).toEqual(borne('TLSv1.2'));
  });

  test('a fault that strikes one worker has its like, of the same unit, for the other', () => {
    const units = new Map<number, PlannedFault[]>();
    for (const fault of plan.faults) units.set(fault.unit, [...(units.get(fault.unit) ?? []), fault]);
    const alone = [...units.values()].filter((faults) => faults.length === 2);
    expect(alone.length).toBeGreaterThan(0);
    for (const [one, other] of alone) {
      expect(one?.strikes).toHaveLength(1);
      expect(one?.strikes).not.toEqual(other?.strikes);
      expect([one?.kind, one?.lastsMs]).toEqual([other?.kind, other?.lastsMs]);
    }
  });

  test('all three kinds occur, together and alone, in the first nine units', () => {
    const { faults } = planComparison({ minutes: 30, checks: 120, seed: 3 });
    const seen = new Set(faults.map(({ kind, strikes }) => `${kind} ${strikes.length}`));
    expect([...seen].toSorted()).toEqual(['half-open 1', 'half-open 2', 'hole 1', 'hole 2', 'reset 1', 'reset 2']);
  });

  test('holes last from 5 s to a minute, the others are moments', () => {
    const holes = plan.faults.filter(({ kind }) => kind === 'hole').map(({ lastsMs }) => lastsMs);
    const moments = plan.faults.filter(({ kind }) => kind !== 'hole').map(({ lastsMs }) => lastsMs);

    expect(Math.min(...holes)).toBeGreaterThanOrEqual(5000);
    expect(Math.max(...holes)).toBeLessThanOrEqual(60_000);
    expect(new Set(moments)).toEqual(new Set([0]));
  });
});
