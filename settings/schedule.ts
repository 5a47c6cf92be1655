/**
 * EventBridge Scheduler's recurring expressions, checked before a deployment finds out.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  /** Whether `?`, `L`, `W` and `#` have a meaning here. */
  readonly special?: RegExp;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const cronFields: readonly CronField[] = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', from: 1, to: 12, words: months },
  {
    name: 'day of week',
    from: 1,
    to: 7,
    words: days,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  },
  { name: 'year', from: 1970, to: 2199 },
];

/** Says what is wrong with a `cron(...)` or `rate(...)` expression; `undefined` when nothing is. */
export function scheduleFault(expression: string): string | undefined {
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate) return Number(rate[1]) > 0 ? undefined : 'a rate of at least 1';
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (!cron) return 'cron(minutes hours day-of-month month day-of-week year) or rate(number minutes|hours|days)';
  const parts = (cron[1] ?? '').trim().split(/\s+/);
  if (parts.length !== cronFields.length) {
    return `six fields in cron(...): ${cronFields.map((field) => field.name).join(', ')}; there are ${parts.length}`;
  }
  for (const [index, field] of cronFields.entries()) {
    const fault = fieldFault(field, (parts[index] ?? '').toUpperCase());
    if (fault) return fault;
  }
  if ((parts[2] === '?') === (parts[4] === '?')) {
    return 'a ? in exactly one of day of month and day of week';
  }
  return undefined;
}

function fieldFault(field: CronField, text: string): string | undefined {
  if (field.special?.test(text)) return undefined;
  const expected = `in the field "${field.name}" a value from ${field.from} to ${field.to}${field.words ? ` or ${field.words[0]}-${field.words.at(-1)}` : ''}, *, a list, a range or a step`;
  const value = (word: string): number | undefined => {
    const spoken = field.words?.indexOf(word) ?? -1;
    const number = spoken >= 0 ? spoken + field.from : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    return number >= field.from && number <= field.to ? number : undefined;
  };
  for (const item of text.split(',')) {
    const [range = '', step, ...more] = item.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return expected;
    if (range === '*') continue;
    const ends = range.split('-');
    if (ends.length > 2 || ends.some((end) => value(end) === undefined)) return expected;
  }
  return undefined;
}

/** Whether this machine's time zone database, the one that EventBridge Scheduler's names come from as well, knows the name. */
export function isTimeZone(name: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0 && !/^[+-]/.test(name)
    );
  } catch {
    return false;
  }
}
