import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { AwsError } from './awsError.ts';

/** A series over the periods of an evaluation range, newest first; `undefined` where it has no value. */
export type Values = readonly (number | undefined)[];

/** An expression as alarms and their events list it. */
export interface MathExpression {
  readonly id: string;
  readonly expression: string;
  readonly label: string | undefined;
}

/** The metric math of an alarm. */
export interface AlarmMath {
  /** The one that is compared, then the one that it reads, if there is any. */
  readonly expressions: readonly MathExpression[];
  /** What is compared, from the values of the alarm's metrics by their ids. */
  readonly reckon: (metrics: ReadonlyMap<string, Values>) => Values;
}

interface Form {
  readonly reads: readonly string[];
  readonly reckon: (series: readonly Values[]) => Values;
}

/**
 * Reads the expressions among an alarm's `Metrics`: `SUM([a, b])`, or `IF(a, 0, IF(b > DIFF(b), b, 0))` over metrics or over one such sum.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws AwsError ValidationError for any other expression, and where ids and metrics do not match
 */
export function readMath(entries: readonly MetricDataQuery[], metricIds: readonly string[]): AlarmMath {
  const expressions = entries.filter(({ Expression }) => Expression !== undefined);
  const [compared, ...others] = expressions.filter(({ ReturnData }) => ReturnData !== false);
  const [inner, ...more] = expressions.filter(({ ReturnData }) => ReturnData === false);
  if (!compared || others.length > 0) throw invalid('Metrics: one entry with ReturnData is expected');
  if (more.length > 0) throw invalid('the local alarms know one expression inside another, and no more');
  const outerForm = readForm(compared.Expression ?? '');
  const innerForm = inner === undefined ? undefined : readForm(inner.Expression ?? '');
  const innerId = inner?.Id ?? '';
  const ids = [...metricIds, ...(inner === undefined ? [] : [innerId])];
  const unknown = [
    ...outerForm.reads.filter((id) => !ids.includes(id)),
    ...(innerForm?.reads ?? []).filter((id) => !metricIds.includes(id)),
  ];
  const unread = ids.filter((id) => !outerForm.reads.includes(id) && innerForm?.reads.includes(id) !== true);
  if (unknown.length > 0) throw invalid(`Metrics: nothing has the id '${unknown.join(', ')}'`);
  if (unread.length > 0) throw invalid(`Metrics: no expression reads '${unread.join(', ')}'`);
  const pick = (wanted: readonly string[], from: ReadonlyMap<string, Values>) => wanted.map((id) => from.get(id) ?? []);
  return {
    expressions: [compared, ...(inner === undefined ? [] : [inner])].map(({ Id, Expression, Label }) => ({
      id: Id ?? '',
      expression: Expression ?? '',
      label: Label,
    })),
    reckon: (metrics) => {
      if (innerForm === undefined) return outerForm.reckon(pick(outerForm.reads, metrics));
      const all = new Map([...metrics, [innerId, innerForm.reckon(pick(innerForm.reads, metrics))]]);
      return outerForm.reckon(pick(outerForm.reads, all));
    },
  };
}

function readForm(expression: string): Form {
  const summands = /^SUM\(\[([\w, ]+)\]\)$/.exec(expression)?.[1];
  if (summands !== undefined) return { reads: summands.split(',').map((id) => id.trim()), reckon: sum };
  const stalled = /^IF\((\w+), 0, IF\((\w+) > DIFF\(\2\), \2, 0\)\)$/.exec(expression);
  const [, condition, waiting] = stalled ?? [];
  if (condition !== undefined && waiting !== undefined) {
    return { reads: [condition, waiting], reckon: ([moving = [], left = []]) => stillWaiting(moving, left) };
  }
  throw invalid(`the local alarms know SUM([...]) and IF(a, 0, IF(b > DIFF(b), b, 0)) only, not '${cut(expression)}'`);
}

/** What there is: "missing values are treated as 0". That a period in which every series is missing has no value either is [inferred]. */
function sum(series: readonly Values[]): Values {
  return (series[0] ?? []).map((_, age) => {
    const found = series.map((values) => values[age]).filter((value) => value !== undefined);
    return found.length === 0 ? undefined : found.reduce((total, value) => total + value, 0);
  });
}

/** `IF(moving, 0, IF(waiting > DIFF(waiting), waiting, 0))`: 0 while something moves; else what waits, if something waited before, too. */
function stillWaiting(moving: Values, waiting: Values): Values {
  return moving.map((value, age) => {
    // A condition without a value drops the datapoint; so does the series of a false one.
    if (value === undefined) return undefined;
    if (value !== 0) return 0;
    const now = waiting[age];
    if (now === undefined) return undefined;
    const before = waiting.slice(age + 1).find((one) => one !== undefined);
    // The oldest value has no difference, and a comparison takes what is missing on one of its sides for 0.
    const difference = before === undefined ? 0 : now - before;
    return now > difference ? now : 0;
  });
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationError', 400, `Invalid alarm: ${what}`);
}
