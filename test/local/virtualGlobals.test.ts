import { afterEach, expect, test } from 'vitest';
import { liveIn } from '../../local/virtualGlobals.ts';
import { VirtualClock } from '../../local/virtualClock.ts';

let giveBack: () => unknown = () => undefined;
afterEach(() => giveBack());

function live(): VirtualClock {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8));
  giveBack = liveIn(clock);
  return clock;
}

test('what reads the time reads the clock, and dates stay dates', async () => {
  const before = new Date(0);
  const clock = live();
  await clock.advanceBy(1500);
  expect(Date.now()).toBe(1_767_600_001_500);
  expect(new Date().toISOString()).toBe('2026-01-05T08:00:01.500Z');
  expect(new Date('2020-02-29T00:00:00Z').getTime()).toBe(1_582_934_400_000);
  expect(Date.UTC(1970, 0, 1)).toBe(0);
  expect(Date.parse('1970-01-01T00:00:01Z')).toBe(1000);
  expect(before).toBeInstanceOf(Date);
  expect(new Date()).toBeInstanceOf(before.constructor);
});

test('a timer comes when the clock gets there, with what it was given, and not when it was called off', async () => {
  const clock = live();
  const came: unknown[] = [];
  setTimeout((what: string) => came.push([what, Date.now()]), 60_000, 'late');
  const called = setTimeout(() => came.push('called off'), 1000);
  clearTimeout(called);
  await clock.advanceBy(59_999);
  expect(came).toEqual([]);
  await clock.advanceBy(1);
  expect(came).toEqual([['late', 1_767_600_060_000]]);
});

test('a timer without a delay does not hold the clock still', async () => {
  const clock = live();
  let times = 0;
  const again = () => {
    times += 1;
    setTimeout(again);
  };
  again();
  await clock.advanceBy(3);
  expect(times).toBe(4);
});

test('afterwards everything is the machine’s own again', async () => {
  const real = { Date, setTimeout, clearTimeout };
  live();
  expect(Date).not.toBe(real.Date);
  giveBack();
  expect({ Date, setTimeout, clearTimeout }).toEqual(real);
});
