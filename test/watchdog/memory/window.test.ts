import { describe, expect, test } from 'vitest';
import { PositionMemory } from '../../../watchdog/memory/positionMemory.ts';
import { Window } from '../../../watchdog/memory/window.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8) + 1000 * seconds).toISOString();

describe('readings of one value', () => {
  test('the last minutes are kept reading by reading', () => {
    const window = new Window('mean', 3600);
    for (let second = 0; second <= 60; second += 10) window.add(at(second), second);

    expect(window.between(at(0), at(60))).toEqual(
      [0, 10, 20, 30, 40, 50, 60].map((second) => ({ from: at(second), to: at(second), value: second })),
    );
  });

  test.each([
    { speaks: 'mean', value: 20, more: {} },
    { speaks: 'least', value: 10, more: { greatest: 30 } },
    { speaks: 'most', value: 30, more: {} },
  ] as const)('older ones are put together: what speaks is the $speaks', ({ speaks, value, more }) => {
    const window = new Window(speaks, 3600);
    for (const [second, reading] of [
      [0, 10],
      [20, 20],
      [40, 30],
      [60, 99],
      [400, 0],
    ] as const)
      window.add(at(second), reading);

    expect(window.between(at(0), at(59))).toEqual([{ from: at(0), to: at(40), value, ...more }]);
  });

  test('only what lies wholly in the window that is asked for is given', () => {
    const window = new Window('mean', 3600);
    for (let second = 0; second <= 600; second += 10) window.add(at(second), 1);

    // The minute that begins at 60 contains the moment 75: what it says mixes before and after.
    expect(window.between(at(75), at(125))).toEqual([]);
    expect(window.between(at(120), at(170))).toEqual([{ from: at(120), to: at(170), value: 1 }]);
    expect(window.between(at(595), at(1000))).toEqual([{ from: at(600), to: at(600), value: 1 }]);
  });

  test('a reading that is not newer is none', () => {
    const window = new Window('mean', 3600);
    window.add(at(10), 1);
    window.add(at(10), 2);
    window.add(at(5), 3);

    expect(window.between(at(0), at(20))).toEqual([{ from: at(10), to: at(10), value: 1 }]);
  });

  test('a day of it takes no more room than what anybody looks back on', () => {
    const window = new Window('mean', 3600);
    for (let second = 0; second <= 86_400; second += 10) window.add(at(second), 1);

    const all = window.between(at(0), at(86_400));

    // An hour by minutes, and three minutes by tens of seconds.
    expect(all.length).toBeLessThanOrEqual(61 + 19);
    expect(all[0]?.from).toBe(at(86_400 - 3600));
  });

  test('between two samples there is never a gap where readings came', () => {
    const window = new Window('mean', 3600);
    for (let second = 0; second <= 3600; second += 10) window.add(at(second), 1);

    const all = window.between(at(0), at(3600));
    const gaps = all.slice(1).map((sample, index) => Date.parse(sample.from) - Date.parse(all[index]?.to ?? ''));

    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000);
  });
});

describe('committed offsets, read again and again', () => {
  function positionAfter(...readings: readonly (readonly [seconds: number, offsets: string])[]) {
    const memory = new PositionMemory();
    for (const [seconds, offsets] of readings) memory.add(at(seconds), offsets);
    return memory;
  }

  test.each([
    {
      what: 'read once: nothing is known of a movement',
      readings: [[0, 'a']],
      position: { kind: 'read', since: at(0), readAt: at(0) },
    },
    {
      what: 'the same again: they stand still since they were first read',
      readings: [
        [0, 'a'],
        [10, 'a'],
        [20, 'a'],
      ],
      position: { kind: 'read', since: at(0), readAt: at(20) },
    },
    {
      what: 'another: they moved when that was read',
      readings: [
        [0, 'a'],
        [10, 'b'],
        [20, 'b'],
      ],
      position: { kind: 'read', since: at(0), movedAt: at(10), movedAfter: at(0), readAt: at(20) },
    },
    {
      what: 'after a gap nobody knows what happened in it',
      readings: [
        [0, 'a'],
        [10, 'b'],
        [300, 'b'],
      ],
      position: { kind: 'read', since: at(300), readAt: at(300) },
    },
  ] as const)('$what', ({ readings, position }) => {
    const last = readings.at(-1)?.[0] ?? 0;

    expect(positionAfter(...readings).get(at(last))).toEqual(position);
  });

  test('what was read too long ago is nothing', () => {
    expect(positionAfter([0, 'a']).get(at(121))).toBeUndefined();
  });

  test('what was forgotten on purpose begins anew', () => {
    const memory = positionAfter([0, 'a'], [10, 'b']);

    memory.forget();
    memory.add(at(20), 'b');

    expect(memory.get(at(20))).toEqual({ kind: 'read', since: at(20), readAt: at(20) });
  });
});
