export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One period of an alarm's evaluation range. */
export type Point = 'breaching' | 'within' | 'missing';

export interface Evaluation {
  /** `retain`: the alarm stays as it is. */
  readonly state: AlarmState | 'retain';
  /** Periods that had no value and were counted as `TreatMissingData` says. */
  readonly filled: number;
}

/** More periods are looked at than have to be evaluated: 5 for 3 in the documentation's examples; two more in general is [inferred]. */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/**
 * Which state an alarm's datapoints ask for: newest first, as many as the evaluation range.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(
  points: readonly Point[],
  alarm: { readonly evaluationPeriods: number; readonly datapointsToAlarm: number; readonly missingData: MissingData },
): Evaluation {
  const { evaluationPeriods, datapointsToAlarm, missingData } = alarm;
  const real = points.filter((point) => point !== 'missing');
  const breaching = real.slice(0, evaluationPeriods).filter((point) => point === 'breaching').length;
  const filled = Math.max(0, evaluationPeriods - real.length);
  // With as many real datapoints as have to be evaluated, missing ones in between do not matter.
  if (breaching >= datapointsToAlarm) return { state: 'ALARM', filled: 0 };
  if (filled === 0) return { state: 'OK', filled: 0 };
  switch (missingData) {
    case 'breaching':
      return { state: breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK', filled };
    case 'notBreaching':
      return { state: 'OK', filled };
    case 'ignore':
      // The table's rows keep the state only where no real datapoint is within the threshold.
      return { state: real.includes('within') ? 'OK' : 'retain', filled };
    case 'missing':
      return { state: withoutFilling(points, real, datapointsToAlarm), filled };
  }
}

/**
 * "Avoiding premature transitions": breaching datapoints alone raise the alarm only when the oldest is as old as Datapoints to Alarm.
 * By the table's row `0 - X - -`, any datapoint within the threshold in the range turns that off.
 */
function withoutFilling(
  points: readonly Point[],
  real: readonly Point[],
  datapointsToAlarm: number,
): AlarmState | 'retain' {
  if (real.length === 0) return 'INSUFFICIENT_DATA';
  if (real.includes('within')) return 'OK';
  // "does not go immediately into ALARM": that it stays as it is meanwhile is [inferred].
  return points.lastIndexOf('breaching') + 1 >= datapointsToAlarm ? 'ALARM' : 'retain';
}
