import { Cron } from 'croner';

/** When a schedule is due. */
export interface Schedule {
  /** The first moment after `afterMs`, milliseconds since the epoch; undefined: never again. */
  next(afterMs: number): number | undefined;
}

/** Not a schedule expression. */
export class ScheduleExpressionError extends Error {
  constructor(expression: string, why: string, options?: ErrorOptions) {
    super(`Invalid schedule expression ${expression}: ${why}`, options);
    this.name = 'ScheduleExpressionError';
  }
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(5 minutes)`, `cron(0 2 ? * MON-FRI *)`, `at(2026-01-31T02:00:00)`.
 * @param startMs From when a rate counts: a day is 24 hours, whatever the clocks do. The first run is at once, as Scheduler does
 *   without a start date; EventBridge rules begin one rate later.
 * @throws ScheduleExpressionError
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(
  expression: string,
  options: { readonly timeZone?: string; readonly startMs: number },
): Schedule {
  const timeZone = options.timeZone ?? 'UTC';
  const [, kind = '', body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  try {
    // Said here, for Cron would only notice when it is asked for a run.
    Intl.DateTimeFormat('en', { timeZone });
    switch (kind) {
      case 'rate':
        return rate(body, options.startMs);
      case 'cron':
        return cron(body, timeZone);
      case 'at':
        return once(body, timeZone);
      default:
        throw new Error('expected rate(...), cron(...) or at(...)');
    }
  } catch (error) {
    throw new ScheduleExpressionError(expression, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function rate(body: string, startMs: number): Schedule {
  const [, count = '', unit = '', plural = ''] = /^(\d+) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const stepMs = Number(count) * (unitMs[unit] ?? 0);
  if (!(stepMs > 0)) throw new Error('expected a positive number and minute(s), hour(s) or day(s)');
  if ((Number(count) === 1) !== (plural === '')) throw new Error('1 takes the singular, more the plural');
  return {
    next: (afterMs) =>
      afterMs < startMs ? startMs : startMs + (Math.floor((afterMs - startMs) / stepMs) + 1) * stepMs,
  };
}

/**
 * Six fields: minutes, hours, day of month, month, day of week (1-7 = SUN-SAT), year; one of the day fields is `?`.
 * Across a change of the clocks: a time that does not exist is skipped, one that exists twice runs once.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
function cron(body: string, timeZone: string): Schedule {
  const fields = body.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (
    fields.length !== 6 ||
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined
  ) {
    throw new Error('expected six fields');
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error('exactly one of day of month and day of week must be ?');
  }
  // Croner takes 8 for Monday.
  if (dayOfWeek.split(/[,-]/).some((part) => /^([089]|\d\d)/.test(part))) {
    throw new Error(`weekdays are 1 to 7 or SUN to SAT, got ${dayOfWeek}`);
  }
  const any = (field: string) => (field === '?' ? '*' : field);
  // Croner takes a step from a range only: AWS's `0/10` is `0-59/10`.
  const stepped = (field: string, last: number) => field.replaceAll(/(^|,)(\d+)\//g, `$1$2-${last}/`);
  const pattern = [
    '0',
    stepped(minutes, 59),
    stepped(hours, 23),
    stepped(any(dayOfMonth), 31),
    stepped(month, 12),
    stepped(any(dayOfWeek), 7),
    stepped(year, 2199),
  ].join(' ');
  const job = new Cron(pattern, { paused: true, timezone: timeZone, alternativeWeekdays: true, mode: '7-part' });
  return {
    next(afterMs) {
      let run = job.nextRun(new Date(afterMs));
      // Croner moves a time that does not exist to the hour after the gap; AWS skips it.
      while (run !== null && !job.match(run)) run = job.nextRun(run);
      return run?.getTime();
    },
  };
}

function once(body: string, timeZone: string): Schedule {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body)) throw new Error('expected yyyy-mm-ddThh:mm:ss');
  const at = new Cron(body, { paused: true, timezone: timeZone }).nextRun(new Date(0))?.getTime();
  return { next: (afterMs) => (at !== undefined && at > afterMs ? at : undefined) };
}
