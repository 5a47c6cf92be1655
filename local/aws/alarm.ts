import type { ComparisonOperator, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { LocalAccount } from './account.ts';
import { AwsError } from './awsError.ts';
import { isStatistic, type MetricId, type Statistic } from './metricStore.ts';
import type { AlarmState, MissingData } from './missingData.ts';

/** What an alarm watches and does, checked and completed. */
export interface AlarmSettings {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly metric: MetricId;
  readonly statistic: Statistic;
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
  /** An id for the metric in events; the API makes one up where the alarm has none. */
  readonly metricEntryId: string;
  /** As it was put, for DescribeAlarms. */
  readonly put: PutMetricAlarmCommandInput;
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
 * Reads PutMetricAlarm's input: one metric with a plain statistic, named directly or as the single entry of `Metrics`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @throws AwsError ValidationError; also for metric math, percentiles and anomaly bands, which AWS has and this has not
 */
export function readAlarm(
  input: PutMetricAlarmCommandInput,
  account: LocalAccount,
  newId: () => string,
): AlarmSettings {
  const [entry, ...others] = input.Metrics ?? [];
  if (others.length > 0 || (entry && !entry.MetricStat)) throw invalid('metric math is not local business');
  const stat = entry?.MetricStat;
  const metric = stat ? stat.Metric : input;
  const statistic = stat ? stat.Stat : input.Statistic;
  const periodSeconds = stat ? stat.Period : input.Period;
  const { AlarmName: name, Threshold: threshold, EvaluationPeriods: evaluationPeriods } = input;
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  const missingData = input.TreatMissingData ?? 'missing';
  if (!name) throw invalid('AlarmName');
  if (!metric?.Namespace || !metric.MetricName) throw invalid('Namespace and MetricName');
  if (!isStatistic(statistic)) throw invalid(`statistic '${statistic}'`);
  if (!periodSeconds || periodSeconds % 60 !== 0) throw invalid('Period: a multiple of 60 is expected');
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
    metric: {
      namespace: metric.Namespace,
      name: metric.MetricName,
      dimensions: Object.fromEntries((metric.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? ''])),
    },
    statistic,
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
    metricEntryId: entry?.Id ?? newId(),
    put: input,
  };
}

function isComparison(operator: ComparisonOperator | undefined): operator is Comparison {
  return operator !== undefined && Object.hasOwn(comparisons, operator);
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationError', 400, `Invalid alarm: ${what}`);
}
