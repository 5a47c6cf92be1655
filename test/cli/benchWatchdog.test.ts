import { describe, expect, it } from 'vitest';
import { figuresOfDay, figuresOfRounds, slope } from '../../cli/bench/watchdog/figures.ts';

function valuesOf(figures: readonly { readonly name: string; readonly value: number | string }[]) {
  return Object.fromEntries(figures.map(({ name, value }) => [name, value]));
}

describe('rounds of the watchdog', () => {
  const round = { tookMs: 1500, cpuMs: 100, connectors: 500, offsetsRead: 250, judged: 500, slowest: 'slow' };

  it('are told by their middle and their longest, the first one apart', () => {
    const rounds = [
      { ...round, tookMs: 1900, offsetsRead: 90 },
      { ...round, tookMs: 1400 },
      { ...round, tookMs: 1700, cpuMs: 300, offsetsRead: 240 },
      round,
    ];
    expect(valuesOf(figuresOfRounds({ rounds, faults: [] }))).toEqual({
      'a round, median': 1.5,
      'a round, maximum': 1.7,
      'the first round': 1.9,
      'time of the processor in a round, median': 0.1,
      'sources whose offsets were read in a round, least': 240,
    });
  });

  it('have a limit of two seconds', () => {
    const [limited] = figuresOfRounds({ rounds: [round, round], faults: [] }).filter(
      ({ limit }) => limit !== undefined,
    );
    expect(limited).toMatchObject({ name: 'a round, maximum', limit: 2 });
  });

  it.each([
    ['were not all seen', { ...round, connectors: 499 }],
    ['were not all judged', { ...round, judged: 0 }],
  ])('say nothing where connectors %s', (_what, blind) => {
    expect(() => figuresOfRounds({ rounds: [round, blind], faults: ['store.unreadable'] })).toThrow('store.unreadable');
  });
});

describe('a day of the watchdog', () => {
  const day = (heapOf: (hour: number) => number, hours = 24) =>
    Array.from({ length: hours }, (_, index) => ({
      hour: index + 1,
      rounds: 360 * (index + 1),
      heapBytes: heapOf(index + 1),
      verdicts: { alive: 500 },
      faults: [],
    }));
  const filling = (hour: number) => (hour < 4 ? 50e6 * hour : 200e6);

  it('is flat where the heap stays as it is once all that is remembered is there', () => {
    expect(valuesOf(figuresOfDay(day(filling)))).toEqual({
      'heap after 1 h': 50,
      'heap after 4 h': 200,
      'heap after 6 h': 200,
      'heap after 12 h': 200,
      'heap after 18 h': 200,
      'heap after 24 h': 200,
      'slope of the heap': 0,
      'growth of the heap': 0,
    });
  });

  it('is not where a megabyte stays behind each hour', () => {
    const figures = figuresOfDay(day((hour) => filling(hour) + 1e6 * hour));
    expect(valuesOf(figures)['slope of the heap']).toBeCloseTo(1, 10);
    const growth = figures.find(({ name }) => name === 'growth of the heap');
    expect(growth?.limit).toBe(2);
    expect(growth?.value).toBeCloseTo(9.8, 1);
  });

  it('says nothing of fewer hours than the watchdog remembers, or of connectors that were not well', () => {
    expect(() => figuresOfDay(day(filling, 4))).toThrow('4 were lived through');
    const unwell = day(filling).map((one) => (one.hour === 7 ? { ...one, verdicts: { alive: 499, dead: 1 } } : one));
    expect(() => figuresOfDay(unwell)).toThrow('Hour 7');
  });
});

describe('the slope', () => {
  it.each([
    [
      [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
      2,
    ],
    [
      [
        [0, 1],
        [1, 0],
        [2, 1],
        [3, 0],
      ],
      -0.2,
    ],
  ] as const)('of %j is %d', (points, expected) => {
    expect(slope(points)).toBeCloseTo(expected, 10);
  });
});
