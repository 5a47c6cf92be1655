import { type AlarmSettings, comparisons } from './alarm.ts';
import { evaluate, type Evaluation, type Point } from './missingData.ts';

/** A period of the evaluation range; newest first in lists. */
export interface Datapoint {
  readonly startMs: number;
  readonly value: number | undefined;
  /** Of one metric only: metric math has none. */
  readonly sampleCount: number | undefined;
}

/** How an alarm stands by its datapoints. */
export function judge(alarm: AlarmSettings, datapoints: readonly Datapoint[]): Evaluation {
  const points = datapoints.map(({ value }): Point => {
    if (value === undefined) return 'missing';
    return comparisons[alarm.comparison].holds(value, alarm.threshold) ? 'breaching' : 'within';
  });
  return evaluate(points, alarm);
}

/**
 * StateReason in the real wording, such as `Threshold Crossed: 1 out of the last 1 datapoints [0.0 (21/11/26 04:00:00)] was less than the
 * threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function stateReason(
  alarm: AlarmSettings,
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA',
  datapoints: readonly Datapoint[],
  filled: number,
): string {
  if (state === 'INSUFFICIENT_DATA') {
    const unknown = alarm.evaluationPeriods;
    return `Insufficient Data: ${counted(unknown, 'datapoint')} ${was(unknown)} unknown.`;
  }
  const treated = `treated as [${alarm.missingData === 'breaching' ? 'Breaching' : 'NonBreaching'}]`;
  const evaluated = datapoints.filter(({ value }) => value !== undefined).slice(0, alarm.evaluationPeriods);
  if (evaluated.length === 0) {
    return (
      `Threshold Crossed: no datapoints were received for ${counted(alarm.evaluationPeriods, 'period')} and ` +
      `${counted(filled, 'missing datapoint')} ${was(filled)} ${treated}.`
    );
  }
  const { holds, words } = comparisons[alarm.comparison];
  const alarming = state === 'ALARM';
  const telling = evaluated.filter(({ value }) => holds(value ?? 0, alarm.threshold) === alarming);
  const listed = telling.map(({ value, startMs }) => `${decimal(value ?? 0)} (${shortTime(startMs)})`).join(', ');
  const needed = alarming ? alarm.datapointsToAlarm : alarm.evaluationPeriods - alarm.datapointsToAlarm + 1;
  const comparison = `${was(telling.length)} ${alarming ? '' : 'not '}${words} the threshold (${decimal(alarm.threshold)})`;
  if (filled > 0 && (alarm.missingData === 'breaching' || alarm.missingData === 'notBreaching')) {
    return (
      `Threshold Crossed: ${counted(telling.length, 'datapoint')} [${listed}] ${comparison} and ` +
      `${counted(filled, 'missing datapoint')} ${was(filled)} ${treated}.`
    );
  }
  return (
    `Threshold Crossed: ${telling.length} out of the last ${evaluated.length} datapoints [${listed}] ${comparison} ` +
    `(minimum ${counted(needed, 'datapoint')} for ${alarming ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

/** StateReasonData: JSON in the real fields; recent datapoints oldest first, evaluated ones newest first. */
export function stateReasonData(alarm: AlarmSettings, datapoints: readonly Datapoint[], nowMs: number): string {
  const real = datapoints.filter(({ value }) => value !== undefined).slice(0, alarm.evaluationPeriods);
  const oldest = real.at(-1);
  // With too few real ones the newest missing periods are among those evaluated.
  const missing = datapoints.filter(({ value }) => value === undefined).slice(0, alarm.evaluationPeriods - real.length);
  const evaluated = [...real, ...missing].toSorted((a, b) => b.startMs - a.startMs);
  return JSON.stringify({
    version: '1.0',
    queryDate: awsTime(nowMs),
    ...(oldest ? { startDate: awsTime(oldest.startMs) } : {}),
    ...(alarm.math ? {} : { statistic: alarm.series[0]?.statistic }),
    period: alarm.periodSeconds,
    recentDatapoints: real.map(({ value }) => value).toReversed(),
    threshold: alarm.threshold,
    evaluatedDatapoints: evaluated.map(({ startMs, value, sampleCount }) => ({
      timestamp: awsTime(startMs),
      ...(value === undefined ? {} : { sampleCount, value }),
    })),
  });
}

/** `2026-11-21T04:00:00.000+0000`, as alarms write times. */
export function awsTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

/** `21/11/26 04:00:00` */
function shortTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

/** Java's way to write a double: `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}
