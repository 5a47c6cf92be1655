import { describe, expect, test } from 'vitest';
import { isTimeZone, scheduleFault } from '../../settings/schedule.ts';

describe('a schedule that EventBridge Scheduler takes', () => {
  test.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(7 days)',
    'cron(0 2 ? * SUN *)',
    'cron(0 2 1 * ? *)',
    'cron(0/15 9-17 ? * MON-FRI *)',
    'cron(15 10 ? * 6L 2026-2030)',
    'cron(0 2 L * ? *)',
    'cron(0 2 LW * ? *)',
    'cron(0 2 15W * ? *)',
    'cron(0 2 ? JAN,JUL 2#1 *)',
    'cron(0 2 ? * fri-mon *)',
  ])('%s', (expression) => {
    expect(scheduleFault(expression)).toBeUndefined();
  });
});

describe('a schedule that it refuses', () => {
  test.each([
    ['at(2026-11-20T13:00:00)', 'cron(minutes'],
    ['rate(0 days)', 'at least 1'],
    ['rate(1 week)', 'cron(minutes'],
    ['0 2 * * *', 'cron(minutes'],
    ['cron(0 2 * * *)', 'there are 5'],
    ['cron(60 2 ? * SUN *)', '"minutes" a value from 0 to 59'],
    ['cron(0 24 ? * SUN *)', '"hours" a value from 0 to 23'],
    ['cron(0 2 32 * ? *)', '"day of month"'],
    ['cron(0 2 ? 13 SUN *)', '"month" a value from 1 to 12 or JAN-DEC'],
    ['cron(0 2 ? * 0 *)', '"day of week" a value from 1 to 7 or SUN-SAT'],
    ['cron(0 2 ? * SUNDAY *)', '"day of week"'],
    ['cron(0 2 ? * SUN 1969)', '"year"'],
    ['cron(0/0 2 ? * SUN *)', '"minutes"'],
    ['cron(0 2 * * * *)', 'exactly one'],
    ['cron(0 2 ? * ? *)', 'exactly one'],
    ['cron(0 2 1 * SUN *)', 'exactly one'],
  ])('%s', (expression, expected) => {
    expect(scheduleFault(expression)).toContain(expected);
  });
});

test.each([
  ['UTC', true],
  ['Asia/Seoul', true],
  ['Mars/Olympus', false],
  ['+09:00', false],
  ['', false],
])('time zone %j: %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});
