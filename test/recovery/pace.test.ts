import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnedLimit, learnPace } from '../../recovery/pace.ts';
import type { Pace, Span } from '../../recovery/pace.ts';

/** A Monday. */
const from = '2026-01-05T00:00:00.000Z';
const day = 1440;
const twoWeeks = 14 * day;

type Rates = (number | undefined)[];

function flowing(minutes: number): Rates {
  return Array.from({ length: minutes }, () => 5);
}

/** Two weeks of flow in which some minutes read otherwise: first minute, how many, and what. */
function twoWeeksWith(
  ...others: readonly (readonly [first: number, count: number, rate: number | undefined])[]
): Rates {
  const perMinute = flowing(twoWeeks);
  for (const [first, count, rate] of others) perMinute.fill(rate, first, first + count);
  return perMinute;
}

function paceOf(perMinute: Rates, { since = from, deaths = [] as readonly Span[] } = {}): Pace {
  return learnPace({ kind: 'read', from, perMinute }, since, deaths);
}

const longest = (perMinute: Rates, deaths: readonly Span[] = []) => paceOf(perMinute, { deaths }).longest?.seconds;
const limit = (perMinute: Rates, healSeconds = 110) => learnedLimit(paceOf(perMinute), healSeconds);

describe('the longest silence that a connector came out of', () => {
  it.each([
    { what: 'none, where it never stood still', past: twoWeeksWith(), seconds: undefined },
    { what: 'of a few', past: twoWeeksWith([100, 2, 0], [5000, 7, 0], [9000, 3, 0]), seconds: 420 },
    { what: 'not the one that lasts now', past: twoWeeksWith([100, 2, 0], [twoWeeks - 300, 300, 0]), seconds: 120 },
    { what: 'one that began before anybody looked', past: twoWeeksWith([0, 30, 0]), seconds: 1800 },
    { what: 'no minute that was not published', past: twoWeeksWith([100, 500, undefined]), seconds: undefined },
    { what: 'a restart in the midst of a busy day', past: twoWeeksWith([100, 3, undefined]), seconds: undefined },
    {
      what: 'a night with a restart in it: one silence, without the minutes of the restart',
      past: twoWeeksWith([100, 60, 0], [160, 4, undefined], [164, 80, 0]),
      seconds: 140 * 60,
    },
    {
      what: 'with a minute or two that came too late to be published',
      past: twoWeeksWith([100, 1, 0], [101, 2, undefined], [103, 1, 0]),
      seconds: 240,
    },
    { what: 'in which rates were too small for any record', past: twoWeeksWith([100, 9, 0.0004]), seconds: 540 },
    {
      what: 'none, where one of ten workers saw a record a minute',
      past: twoWeeksWith([100, 9, 0.0017]),
      seconds: undefined,
    },
  ])('$what', ({ past, seconds }) => {
    expect(longest(past)).toBe(seconds);
  });

  it('says when it was', () => {
    expect(paceOf(twoWeeksWith([day + 130, 4, 0])).longest).toEqual({
      seconds: 240,
      since: '2026-01-06T02:10:00.000Z',
    });
  });

  it('is no death of three hours that we ended, but is a shorter one of which nobody knows better', () => {
    const past = twoWeeksWith([day, 180, 0], [5000, 12, 0]);
    expect(longest(past)).toBe(10_800);
    const death = { from: '2026-01-06T00:20:00.000Z', to: '2026-01-06T03:01:00.000Z' };
    expect(longest(past, [death])).toBe(720);
    expect(longest(past, [{ from: '2026-01-07T00:20:00.000Z', to: '2026-01-07T03:01:00.000Z' }])).toBe(10_800);
  });

  it('is that of the connector as it is: what was before its last change says nothing', () => {
    const past = twoWeeksWith([100, 30, 0], [8000, 5, 0]);
    expect(paceOf(past, { since: '2026-01-06T00:00:00.000Z' }).longest?.seconds).toBe(300);
  });

  it('is the longest of any silences, however they lie', () => {
    const stretch = fc.record({ moving: fc.integer({ min: 1, max: 40 }), quiet: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 30 }), fc.integer({ min: 0, max: 900 }), (past, now) => {
        const perMinute: Rates = [];
        for (const { moving, quiet } of past) {
          for (let minute = 0; minute < moving; minute += 1) perMinute.push(0.5);
          for (let minute = 0; minute < quiet; minute += 1) perMinute.push(0);
        }
        perMinute.push(0.5);
        const expected = Math.max(...past.map(({ quiet }) => quiet)) * 60;
        for (let minute = 0; minute < now; minute += 1) perMinute.push(0);
        expect(longest(perMinute) ?? 0).toBe(expected);
      }),
    );
  });
});

describe('the silence that lasts now', () => {
  it.each([
    { what: 'is none while records move', past: twoWeeksWith(), begins: undefined },
    {
      what: 'begins after the last record',
      past: twoWeeksWith([twoWeeks - 20, 20, 0]),
      begins: '2026-01-18T23:40:00.000Z',
    },
    {
      what: 'is seen though its newest minutes are not published yet',
      past: twoWeeksWith([twoWeeks - 20, 20, 0], [twoWeeks - 3, 3, undefined]),
      begins: '2026-01-18T23:40:00.000Z',
    },
    {
      what: 'is seen over two minutes that came too late',
      past: twoWeeksWith([twoWeeks - 20, 20, 0], [twoWeeks - 10, 2, undefined]),
      begins: '2026-01-18T23:40:00.000Z',
    },
    {
      what: 'begins after a longer time of which nobody knows anything',
      past: twoWeeksWith([twoWeeks - 20, 20, 0], [twoWeeks - 10, 3, undefined]),
      begins: '2026-01-18T23:53:00.000Z',
    },
    {
      what: 'ends with the smallest rate, which may be a record',
      past: twoWeeksWith([twoWeeks - 20, 20, 0], [twoWeeks - 10, 1, 0.0004]),
      begins: '2026-01-18T23:51:00.000Z',
    },
  ])('$what', ({ past, begins }) => {
    expect(paceOf(past).quiet?.from).toBe(begins);
  });
});

describe('how long it may be quiet', () => {
  it.each([
    { what: 'ten minutes at least, however busy it is', past: twoWeeksWith(), seconds: 600 },
    { what: 'ten minutes for twice four', past: twoWeeksWith([9000, 4, 0]), seconds: 600 },
    { what: 'twice the longest silence', past: twoWeeksWith([9000, 45, 0]), seconds: 5400 },
    { what: 'twelve hours for six', past: twoWeeksWith([9000, 360, 0]), seconds: 43_200 },
  ])('$what', ({ past, seconds }) => {
    expect(limit(past)).toMatchObject({ kind: 'limit', seconds });
  });

  it('never less than the failure may need to heal by itself', () => {
    expect(limit(twoWeeksWith(), 2400)).toMatchObject({ kind: 'limit', seconds: 2400 });
    expect(limit(twoWeeksWith([9000, 30, 0]), 2400)).toMatchObject({ kind: 'limit', seconds: 3600 });
    expect(limit(twoWeeksWith(), 50_000)).toMatchObject({ kind: 'none' });
  });

  const officeHours = flowing(twoWeeks).map((rate, minute) => {
    const hour = Math.floor(minute / 60) % 24;
    const weekday = Math.floor(minute / day) % 7;
    return weekday < 5 && hour >= 8 && hour < 18 ? rate : 0;
  });
  const closedOnWeekends = flowing(twoWeeks).map((rate, minute) => (Math.floor(minute / day) % 7 < 5 ? rate : 0));
  const batches = flowing(twoWeeks).map((rate, minute) => (minute % day < 10 ? rate : 0));
  const everyQuarter = flowing(twoWeeks).map((rate, minute) => (minute % 15 === 0 ? rate : 0));

  it.each([
    {
      what: 'more than six hours of silence once',
      past: twoWeeksWith([9000, 361, 0]),
      says: 'never more than 6 h 1 min in 14 days (2026-01-11, 06:00 UTC), so its past sets no limit',
    },
    { what: 'office hours', past: officeHours, says: 'its past sets no limit' },
    { what: 'weekends without a record', past: closedOnWeekends, says: 'its past sets no limit' },
    { what: 'one burst a day', past: batches, says: 'its past sets no limit' },
    { what: 'no record ever', past: twoWeeksWith([0, twoWeeks, 0]), says: 'only 0 days of its past were seen' },
    {
      what: 'nothing published',
      past: twoWeeksWith([0, twoWeeks, undefined]),
      says: 'only 0 days of its past were seen',
    },
    {
      what: 'seven days and 23 hours',
      past: flowing(8 * day - 60),
      says: 'only 7 days of its past were seen, and it takes 8 days with every hour of a week among them',
    },
    {
      what: 'two weeks of which one half was never published',
      past: twoWeeksWith([0, 7 * day, undefined]),
      says: 'only 7 days',
    },
    {
      what: 'twelve days without their weekends',
      past: twoWeeksWith([5 * day, 2 * day, undefined], [12 * day, 2 * day, undefined]),
      says: 'no whole week of its past was seen',
    },
    { what: 'a silence that lasts for seven days now', past: twoWeeksWith([7 * day, 7 * day, 0]), says: 'only 7 days' },
  ])('unknown after $what', ({ past, says }) => {
    expect(limit(past)).toEqual({ kind: 'none', because: expect.stringContaining(says) });
  });

  it('is learned from eight days', () => {
    expect(limit(flowing(8 * day))).toMatchObject({
      kind: 'limit',
      seconds: 600,
      because: 'never for a whole minute in 8 days',
    });
  });

  it('of a job every quarter of an hour: twice its pause', () => {
    expect(limit(everyQuarter)).toMatchObject({ kind: 'limit', seconds: 1680 });
  });

  const pasts = fc.array(
    fc.record({
      first: fc.integer({ min: 0, max: twoWeeks - 1 }),
      count: fc.integer({ min: 1, max: 500 }),
      rate: fc.constantFrom(0, 0.0004, undefined),
    }),
    { maxLength: 20 },
  );
  const built = (changes: readonly { first: number; count: number; rate: number | undefined }[]) =>
    twoWeeksWith(...changes.map(({ first, count, rate }) => [first, count, rate] as const));

  it('is never less than twice any silence of that past, ten minutes, and the time to heal; and never more than twelve hours', () => {
    fc.assert(
      fc.property(pasts, fc.integer({ min: 0, max: 4000 }), (changes, healSeconds) => {
        const past = [...built(changes), 5];
        const found = limit(past, healSeconds);
        if (found.kind === 'none') return;
        expect(found.seconds).toBeGreaterThanOrEqual(Math.max(600, healSeconds));
        expect(found.seconds).toBeLessThanOrEqual(43_200);
        let zeros = 0;
        for (const rate of past) {
          if (rate === 0) zeros += 1;
          else if (rate !== undefined && rate > 0.001) zeros = 0;
          expect(2 * zeros * 60).toBeLessThanOrEqual(found.seconds);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is never shorter for one silence more', () => {
    fc.assert(
      fc.property(
        pasts,
        fc.integer({ min: 0, max: twoWeeks - 600 }),
        fc.integer({ min: 1, max: 500 }),
        (changes, first, count) => {
          const before = [...built(changes), 5];
          const after = [...before];
          after.fill(0, first, first + count);
          const [one, other] = [limit(before), limit(after)];
          if (one.kind === 'none' || other.kind === 'none') return;
          expect(other.seconds).toBeGreaterThanOrEqual(one.seconds);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not grow with the silence that lasts now', () => {
    fc.assert(
      fc.property(pasts, fc.integer({ min: 1, max: 5000 }), (changes, minutes) => {
        const past = [...built(changes), 5];
        const silent: Rates = [...past, ...Array.from({ length: minutes }, () => 0)];
        expect(limit(silent)).toEqual(limit(past));
      }),
      { numRuns: 40 },
    );
  });
});
