import type {
  ComparisonOperator,
  Metric,
  MetricDataQuery,
  PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { LocalAccount } from './account.ts';
import { type AlarmMath, readMath } from './alarmMath.ts';
import { AwsError } from './awsError.ts';
import { isStatistic, type MetricId, type Statistic } from './metricStore.ts';
import type { AlarmState, MissingData } from './missingData.ts';

/** What an alarm watches and does, checked and completed. */
export interface AlarmSettings {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** One metric, or those that `math` reads. */
  readonly series: readonly AlarmSeries[];
  /** The metric math of the alarm, if it has any. */
  readonly math: AlarmMath | undefined;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  /** As it was put, for DescribeAlarms. */
  readonly put: PutMetricAlarmCommandInput;
}

/** A metric that an alarm reads. */
export interface AlarmSeries {
  /** Its id in events; made up, as by the API, where the alarm names its metric directly. */
  readonly id: string;
  readonly metric: MetricId;
  readonly statistic: Statistic;
}

/** A state with its reason, as the API shows it. */
export interface StateOfAlarm {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON; none at the start. */
  readonly reasonData: string | undefined;
  readonly atMs: number;
}

/** The comparisons with a fixed threshold, and how the state reasons word them. */
export const comparisons = {
  GreaterThanThreshold: { words: 'greater than', holds: (value: number, threshold: number) => value > threshold },
  GreaterThanOrEqualToThreshold: {
    words: 'greater than or equal to',
    holds: (value: number, threshold: number) => value >= threshold,
  },
  LessThanThreshold: { words: 'less than', holds: (value: number, threshold: number) => value < threshold },
  LessThanOrEqualToThreshold: {
    words: 'less than or equal to',
    holds: (value: number, threshold: number) => value <= threshold,
  },
} as const;

export type Comparison = keyof typeof comparisons;

const missingDataKinds: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/**
 * Reads PutMetricAlarm's input: one metric with a plain statistic, named directly or as the single entry of `Metrics`, or metric math.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @throws AwsError ValidationError; also for most metric math (`alarmMath.ts`), percentiles and anomaly bands, which AWS has and this has not
 */
export function readAlarm(
  input: PutMetricAlarmCommandInput,
  account: LocalAccount,
  newId: () => string,
): AlarmSettings {
  const { series, math, periodSeconds } = input.Metrics ? readMetrics(input.Metrics) : readMetric(input, newId());
  const { AlarmName: name, Threshold: threshold, EvaluationPeriods: evaluationPeriods } = input;
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  const missingData = input.TreatMissingData ?? 'missing';
  if (!name) throw invalid('AlarmName');
  if (periodSeconds === 0 || periodSeconds % 60 !== 0) throw invalid('Period: a multiple of 60 is expected');
  if (!evaluationPeriods || !datapointsToAlarm || datapointsToAlarm > evaluationPeriods) {
    throw invalid('EvaluationPeriods and DatapointsToAlarm');
  }
  if (threshold === undefined) throw invalid('Threshold');
  if (!isComparison(input.ComparisonOperator)) throw invalid(`ComparisonOperator '${input.ComparisonOperator}'`);
  if (!missingDataKinds.includes(missingData)) throw invalid(`TreatMissingData '${missingData}'`);
  return {
    name,
    arn: `arn:aws:cloudwatch:${account.region}:${account.accountId}:alarm:${name}`,
    description: input.AlarmDescription,
    series,
    math,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
    comparison: input.ComparisonOperator,
    missingData: missingData as MissingData,
    actionsEnabled: input.ActionsEnabled ?? true,
    alarmActions: input.AlarmActions ?? [],
    okActions: input.OKActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    put: input,
  };
}

type Watched = Pick<AlarmSettings, 'series' | 'math' | 'periodSeconds'>;

function readMetric(input: PutMetricAlarmCommandInput, id: string): Watched {
  return { series: [oneSeries(id, input, input.Statistic)], math: undefined, periodSeconds: input.Period ?? 0 };
}

function readMetrics(entries: readonly MetricDataQuery[]): Watched {
  const series: AlarmSeries[] = [];
  const periods = new Set<number>();
  for (const { Id, MetricStat } of entries) {
    if (!MetricStat) continue;
    series.push(oneSeries(Id ?? '', MetricStat.Metric ?? {}, MetricStat.Stat));
    periods.add(MetricStat.Period ?? 0);
  }
  const [periodSeconds = 0] = periods;
  if (periods.size > 1) throw invalid('Metrics: one period for all is expected');
  if (entries.some(({ MetricStat }) => !MetricStat)) {
    const ids = series.map(({ id }) => id);
    return { series, math: readMath(entries, ids), periodSeconds };
  }
  if (series.length !== 1) throw invalid('Metrics: several, and no expression for them');
  return { series, math: undefined, periodSeconds };
}

function oneSeries(id: string, metric: Metric, statistic: string | undefined): AlarmSeries {
  if (!metric.Namespace || !metric.MetricName) throw invalid('Namespace and MetricName');
  if (!isStatistic(statistic)) throw invalid(`statistic '${statistic}'`);
  const dimensions = Object.fromEntries((metric.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
  return { id, metric: { namespace: metric.Namespace, name: metric.MetricName, dimensions }, statistic };
}

function isComparison(operator: ComparisonOperator | undefined): operator is Comparison {
  return operator !== undefined && Object.hasOwn(comparisons, operator);
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationError', 400, `Invalid alarm: ${what}`);
}
