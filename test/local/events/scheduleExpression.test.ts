import { describe, expect, it } from 'vitest';
import { parseSchedule, ScheduleExpressionError } from '../../../local/events/scheduleExpression.ts';

function runs(expression: string, timeZone: string, from: string, count: number): string[] {
  const schedule = parseSchedule(expression, { timeZone, startMs: Date.parse('2026-01-01T00:00:30Z') });
  const found: string[] = [];
  let atMs = Date.parse(from);
  for (let run = 0; run < count; run += 1) {
    const next = schedule.next(atMs);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 19));
    atMs = next;
  }
  return found;
}

describe('a schedule expression', () => {
  it.each([
    [
      'weekdays are 1-7 from Sunday',
      'cron(0 2 ? * 2-6 *)',
      ['2026-03-30', '2026-03-31', '2026-04-01', '2026-04-02', '2026-04-03', '2026-04-06'],
    ],
    ['1 is Sunday', 'cron(0 2 ? * 1 *)', ['2026-03-29', '2026-04-05']],
    ['7 is Saturday', 'cron(0 2 ? * 7 *)', ['2026-03-28', '2026-04-04']],
    ['names of weekdays', 'cron(0 2 ? * SAT,SUN *)', ['2026-03-28', '2026-03-29', '2026-04-04']],
    ['the last Friday of a month', 'cron(0 2 ? * 6L *)', ['2026-04-24', '2026-05-29']],
    ['the second Tuesday of a month', 'cron(0 2 ? * 3#2 *)', ['2026-04-14', '2026-05-12']],
    ['the last day of a month', 'cron(0 2 L * ? *)', ['2026-03-31', '2026-04-30']],
    [
      'the weekday nearest to the 15th',
      'cron(0 2 15W * ? *)',
      ['2026-04-15', '2026-05-15', '2026-06-15', '2026-07-15', '2026-08-14'],
    ],
    ['months by name', 'cron(0 2 1 JAN,JUL ? *)', ['2026-07-01', '2027-01-01']],
    ['years', 'cron(0 2 1 6 ? 2027-2028)', ['2027-06-01', '2028-06-01']],
    ['every second year', 'cron(0 2 1 6 ? 2026/2)', ['2026-06-01', '2028-06-01']],
  ])('%s', (_name, expression, days) => {
    expect(runs(expression, 'UTC', '2026-03-28T00:00:00Z', days.length)).toEqual(days.map((day) => `${day}T02:00:00`));
  });

  it('takes steps from a minute on, and several parts', () => {
    expect(runs('cron(5/20 8-10/2,22 ? * * *)', 'UTC', '2026-03-28T08:30:00Z', 6)).toEqual([
      '2026-03-28T08:45:00',
      '2026-03-28T10:05:00',
      '2026-03-28T10:25:00',
      '2026-03-28T10:45:00',
      '2026-03-28T22:05:00',
      '2026-03-28T22:25:00',
    ]);
  });

  it('ends with its last year', () => {
    expect(runs('cron(0 2 31 12 ? 2026)', 'UTC', '2026-03-28T00:00:00Z', 3)).toEqual(['2026-12-31T02:00:00']);
  });

  it('keeps local time when the clocks change: skips what does not exist, runs once what exists twice', () => {
    expect(runs('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00',
      '2026-03-30T00:30:00',
      '2026-03-31T00:30:00',
    ]);
    expect(runs('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00',
      '2026-10-25T00:30:00',
      '2026-10-26T01:30:00',
    ]);
    expect(runs('cron(0 4 * * ? *)', 'America/New_York', '2026-03-07T00:00:00Z', 3)).toEqual([
      '2026-03-07T09:00:00',
      '2026-03-08T08:00:00',
      '2026-03-09T08:00:00',
    ]);
  });

  it('counts a rate from its start, days as 24 hours', () => {
    expect(runs('rate(1 minute)', 'UTC', '2026-01-01T00:02:00Z', 2)).toEqual([
      '2026-01-01T00:02:30',
      '2026-01-01T00:03:30',
    ]);
    expect(runs('rate(2 hours)', 'UTC', '2025-12-31T00:00:00Z', 2)).toEqual([
      '2026-01-01T00:00:30',
      '2026-01-01T02:00:30',
    ]);
    expect(runs('rate(1 day)', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T00:00:30',
      '2026-03-29T00:00:30',
      '2026-03-30T00:00:30',
    ]);
  });

  it('runs once at a local time', () => {
    expect(runs('at(2026-07-01T02:00:00)', 'Europe/Berlin', '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-07-01T00:00:00',
    ]);
    expect(runs('at(2026-01-01T02:00:00)', 'Europe/Berlin', '2026-03-28T00:00:00Z', 2)).toEqual([]);
  });

  it.each([
    ['cron(0 2 * * * *)', 'UTC', /exactly one of day of month and day of week/],
    ['cron(0 2 ? * ? *)', 'UTC', /exactly one of day of month and day of week/],
    ['cron(0 2 * * ?)', 'UTC', /six fields/],
    ['cron(60 2 * * ? *)', 'UTC', /60/],
    ['cron(0 2 ? * 8 *)', 'UTC', /8/],
    ['rate(1 minutes)', 'UTC', /singular/],
    ['rate(5 minute)', 'UTC', /plural/],
    ['rate(0 minutes)', 'UTC', /positive/],
    ['rate(5 seconds)', 'UTC', /minute/],
    ['at(2026-07-01)', 'UTC', /yyyy-mm-dd/],
    ['every day', 'UTC', /expected rate/],
    ['cron(0 2 * * ? *)', 'Mars/Olympus', /time zone/],
  ])('refuses %s in %s', (expression, timeZone, message) => {
    expect(() => parseSchedule(expression, { timeZone, startMs: 0 })).toThrow(ScheduleExpressionError);
    expect(() => parseSchedule(expression, { timeZone, startMs: 0 })).toThrow(message);
  });
});
