import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Side } from '../../../cli/compare/marks.ts';
import { sideBySide } from '../../../cli/compare/sideBySide.ts';
import type { SideWatch } from '../../../cli/compare/sideWatch.ts';
import { sightNames, type Sights } from '../../../cli/compare/sights.ts';
import type { World } from '../../../cli/compare/world.ts';
import { scaledClock } from '../../../local/scaledClock.ts';

const clock = scaledClock({ factor: 60 });
const ended: Side[] = [];
const struckAt = new Map<Side, number>();

afterEach(() => {
  ended.length = 0;
  struckAt.clear();
  vi.restoreAllMocks();
});

/** A world that breaks when it is told to, and is brought back ten seconds later; so many of its rows get lost. */
function world(side: Side, watch: SideWatch, given: { readonly lost?: number; readonly opens?: boolean } = {}): World {
  let failsAtMs = Infinity;
  const rows = (written: number, arrived: number, lost = 0) => ({ written, arrived, duplicated: 0, lost, waiting: 0 });
  return {
    open: async () => {
      if (given.opens === false) throw new Error('It does not open.');
    },
    async poll() {
      const nowMs = clock.now();
      watch.counted(nowMs, rows(10, 10));
      if (watch.marks === undefined && nowMs >= failsAtMs) watch.failed(nowMs, rows(10, 10), 'it broke');
      if (watch.marks === undefined || nowMs < failsAtMs + 10_000 || watch.proved) return;
      watch.detected(nowMs, 'noticed');
      watch.decided(nowMs, 'restart', 'it is dead');
      watch.called(nowMs, 'restart');
      watch.counted(nowMs, rows(20 + (given.lost ?? 0), 20, given.lost));
      watch.finished(nowMs, 'recovered', 'data flows');
    },
    healthy: true,
    waitsFor: 'nothing',
    strike: (atMs) => {
      failsAtMs = atMs;
      struckAt.set(side, atMs);
    },
    sights: async () => Object.fromEntries(sightNames.map((name) => [name, `${side} shows it`])) as Sights,
    drain: async () => watch.counted(clock.now(), rows(20 + (given.lost ?? 0), 20, given.lost)),
    end: async () => void ended.push(side),
  };
}

function run(make: (side: Side, watch: SideWatch) => World, signal = new AbortController().signal) {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const done = sideBySide({
    clock,
    introduction: 'Two worlds',
    make,
    breaksInMinuteMs: 7000,
    durations: [],
    lookEveryMs: 10,
    longestDelayMs: 0,
    signal,
  });
  return { done, output: () => stripVTControlCharacters(output) };
}

describe('both worlds side by side', () => {
  it('break at the same moment, are told with their world, and are well when both came back', async () => {
    const { done, output } = run((side, watch) => world(side, watch));
    expect(await done).toBe(true);
    expect(new Set(struckAt.values()).size).toBe(1);
    expect((struckAt.get('MSK Connect') ?? 0) % 60_000).toBe(7000);
    for (const told of ['MSK Connect   connector      it broke', 'self-managed  connector      it broke']) {
      expect(output()).toContain(told);
    }
    expect(output()).toContain('MSK Connect shows it');
    expect(output()).toContain('self-managed shows it');
    expect(ended).toEqual(['MSK Connect', 'self-managed']);
  }, 20_000);

  it('are not well when one of them lost a row', async () => {
    const { done, output } = run((side, watch) => world(side, watch, side === 'self-managed' ? { lost: 3 } : {}));
    expect(await done).toBe(false);
    expect(output()).toContain('self-managed: 3 rows were lost');
    expect(output()).toContain('MSK Connect: data came back, and no row was lost');
  }, 20_000);

  it('are both ended when one of them does not open', async () => {
    const { done } = run((side, watch) => world(side, watch, { opens: side === 'MSK Connect' }));
    await expect(done).rejects.toThrow('It does not open.');
    expect(ended).toEqual(['MSK Connect', 'self-managed']);
  });

  it('are both ended when it is interrupted', async () => {
    const stop = new AbortController();
    const { done } = run((side, watch) => world(side, watch), stop.signal);
    stop.abort(new Error('Interrupted.'));
    await expect(done).rejects.toThrow('Interrupted.');
    expect(ended).toEqual(['MSK Connect', 'self-managed']);
  });
});
