import { afterEach, describe, expect, it } from 'vitest';
import { scaledClock, type ScaledClock } from '../../../local/scaledClock.ts';

const clocks: ScaledClock[] = [];
const clockAt = (factor: number) => {
  const clock = scaledClock({ factor, originMs: 1_000_000 });
  clocks.push(clock);
  return clock;
};
afterEach(() => clocks.splice(0).forEach((clock) => clock.stop()));

const realMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a scaled clock', () => {
  it.each([0, 0.5, -1, 61, Number.NaN, Infinity])('refuses the factor %s', (factor) => {
    expect(() => scaledClock({ factor })).toThrow(/between 1 and 60/);
  });

  it('starts at its origin and runs at its factor', async () => {
    const clock = clockAt(50);
    expect(clock.now()).toBeLessThan(1_002_000);
    await realMs(100);
    expect(clock.now()).toBeGreaterThanOrEqual(1_004_900);
    expect(clock.now()).toBeLessThan(1_020_000);
  });

  it('calls back at or after the moment, in order, a moment that has passed at once', async () => {
    const clock = clockAt(60);
    const called: string[] = [];
    const atMs = await new Promise<number>((resolve) => {
      clock.at(1_006_000, () => {
        called.push('late');
        resolve(clock.now());
      });
      clock.at(1_003_000, () => called.push('soon'));
      clock.at(0, () => called.push('past'));
    });
    expect(called).toEqual(['past', 'soon', 'late']);
    expect(atMs).toBeGreaterThanOrEqual(1_006_000);
  });

  it('does not call back what was called off, nor anything once stopped', async () => {
    const clock = clockAt(60);
    const called: string[] = [];
    const callOff = clock.at(1_001_000, () => called.push('called off'));
    clock.at(1_003_000, () => called.push('stopped'));
    callOff();
    clock.stop();
    clock.at(1_001_000, () => called.push('asked too late'));
    await realMs(100);
    expect(called).toEqual([]);
  });
});
