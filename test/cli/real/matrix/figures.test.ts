import { describe, expect, it } from 'vitest';
import { figuresOf, thinned, type Seen } from '../../../../cli/real/matrix/figures.ts';

const brokenAtMs = Date.UTC(2026, 0, 5, 12);
const at = (seconds: number) => brokenAtMs + seconds * 1000;

/** Rows 1 to 100 before the break, the rest from `second` on. */
function arrivals(second: number | undefined): Map<number, number> {
  const found = new Map<number, number>();
  for (let id = 1; id <= 100; id += 1) found.set(id, at(id - 101));
  if (second === undefined) return found;
  for (let id = 101; id <= 300; id += 1) found.set(id, at(second));
  return found;
}

const rows = { written: 300, arrived: 300, duplicated: 0, lost: 0, waiting: 0 };

const restarted: Seen = {
  brokenAtMs,
  writtenAtBreak: 100,
  arrivals: arrivals(182.5),
  rows,
  alarms: [
    { signal: 'event-clock', state: 'ALARM', atMs: at(-400) },
    { signal: 'lag', state: 'ALARM', atMs: at(90) },
    { signal: 'event-clock', state: 'OK', atMs: at(100) },
    { signal: 'event-clock', state: 'ALARM', atMs: at(150) },
    { signal: 'stalled-records', state: 'ALARM', atMs: at(260) },
  ],
  looking: ['event-clock', 'stalled-records'],
  decisions: [
    { decision: 'finish', atMs: at(140) },
    { decision: 'restart', atMs: at(156) },
  ],
  acts: [{ operation: 'RestartConnector', atMs: at(157), answer: 'accepted', by: 'product' }],
  outcomes: [{ outcome: 'recovered', atMs: at(240) }],
};

describe('the figures of a cell', () => {
  it('are counted from the break, and only an alarm that makes the function look detects', () => {
    expect(figuresOf(restarted)).toEqual({
      detectionSeconds: 150,
      decisionSeconds: 156,
      actSeconds: 157,
      dataSeconds: 182.5,
      provedSeconds: 240,
      healedByItself: false,
      rows,
    });
  });

  it('data that flowed before the act healed by itself', () => {
    expect(figuresOf({ ...restarted, arrivals: arrivals(80) })).toMatchObject({
      dataSeconds: 80,
      healedByItself: true,
    });
  });

  it('the row that was under way at the break is no data that flows again', () => {
    const onItsWay = new Map([...arrivals(undefined), [101, at(0.2)]]);
    expect(figuresOf({ ...restarted, arrivals: onItsWay })).not.toHaveProperty('dataSeconds');
    expect(figuresOf({ ...restarted, arrivals: onItsWay })).toMatchObject({ healedByItself: false });
  });

  it('an act that was refused is none', () => {
    const refused = [{ operation: 'RestartConnector', atMs: at(157), answer: 'refused: X', by: 'product' as const }];
    expect(figuresOf({ ...restarted, acts: refused })).not.toHaveProperty('actSeconds');
  });

  it('what was mended is told', () => {
    expect(figuresOf({ ...restarted, mendedAtMs: at(300) })).toMatchObject({ mendedSeconds: 300 });
  });
});

describe('the kept samples', () => {
  const samples = [0, 5, 10, 15, 20, 25, 30].map((atSeconds) => ({
    atSeconds,
    connected: 1,
    commitsSoFar: atSeconds === 25 || atSeconds === 30 ? 1 : atSeconds / 5,
    errorsSoFar: 0,
  }));

  it('are one in 15 s, and no commit between two is lost; a new worker counts anew', () => {
    expect(thinned(samples, 15)).toEqual([
      { atSeconds: 0, connected: 1, commits: 0, errors: 0 },
      { atSeconds: 15, connected: 1, commits: 3, errors: 0 },
      { atSeconds: 30, connected: 1, commits: 1, errors: 0 },
    ]);
  });

  it('go on in their rhythm after a gap', () => {
    expect(thinned([...samples.slice(0, 2), ...samples.slice(6)], 15).map(({ atSeconds }) => atSeconds)).toEqual([
      0, 30,
    ]);
  });
});
