import type { LocalAccount } from './account.ts';
import type { AlarmSettings, StateOfAlarm } from './alarm.ts';
import { awsTime } from './alarmReason.ts';

/** An event as EventBridge carries it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** To the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function alarmEvent(
  alarm: AlarmSettings,
  state: StateOfAlarm,
  previous: StateOfAlarm,
  account: LocalAccount,
  id: string,
  mutedBy: readonly string[] = [],
): BusEvent {
  return {
    version: '0',
    id,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: account.accountId,
    time: `${new Date(state.atMs).toISOString().slice(0, 19)}Z`,
    region: account.region,
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: shown(state),
      previousState: shown(previous),
      ...(mutedBy.length === 0 ? {} : { muteDetail: { mutedBy: mutedBy.join(', ') } }),
      configuration: {
        ...(alarm.description === undefined ? {} : { description: alarm.description }),
        metrics: eventMetrics(alarm),
      },
    },
  };
}

/**
 * What an alarm publishes to a topic: subject and the classic JSON text.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmMessage(
  alarm: AlarmSettings,
  state: StateOfAlarm,
  previous: StateOfAlarm,
  account: LocalAccount,
  putAtMs: number,
): { readonly subject: string; readonly message: string } {
  const region = regionNames.get(account.region) ?? account.region;
  const message = JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account.accountId,
    AlarmConfigurationUpdatedTimestamp: awsTime(putAtMs),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: awsTime(state.atMs),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    Trigger: {
      ...triggerMetrics(alarm),
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missingData,
      EvaluateLowSampleCountPercentile: '',
    },
  });
  const subject = `${state.value}: "${alarm.name}" in ${region}`.replaceAll(/[^\x20-\x7e]/g, '?');
  return { subject: subject.length > 100 ? `${subject.slice(0, 97)}...` : subject, message };
}

/** The expression that is compared stands first; what it reads is marked as not returned. */
function eventMetrics(alarm: AlarmSettings): object[] {
  const series = alarm.series.map(({ id, metric, statistic }) => ({
    id,
    metricStat: { metric, period: alarm.periodSeconds, stat: statistic },
    returnData: alarm.math === undefined,
  }));
  const expressions = alarm.math?.expressions ?? [];
  return [
    ...expressions.map(({ id, expression, label }, index) => ({
      id,
      expression,
      ...(label === undefined ? {} : { label }),
      returnData: index === 0,
    })),
    ...series,
  ];
}

/** An alarm on one metric names it directly, one on metric math lists entries. */
function triggerMetrics(alarm: AlarmSettings): object {
  const named = alarm.series.map(({ id, metric, statistic }) => ({
    id,
    MetricName: metric.name,
    Namespace: metric.namespace,
    statistic,
    Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
  }));
  const [only] = named;
  if (!alarm.math && only) {
    return {
      MetricName: only.MetricName,
      Namespace: only.Namespace,
      StatisticType: 'Statistic',
      Statistic: only.statistic.toUpperCase(),
      Unit: null,
      Dimensions: only.Dimensions,
    };
  }
  return {
    Metrics: [
      ...(alarm.math?.expressions ?? []).map(({ id, expression, label }, index) => ({
        Id: id,
        Expression: expression,
        Label: label,
        ReturnData: index === 0,
      })),
      ...named.map(({ id, MetricName, Namespace, statistic, Dimensions }) => ({
        Id: id,
        MetricStat: { Metric: { Dimensions, MetricName, Namespace }, Period: alarm.periodSeconds, Stat: statistic },
        ReturnData: false,
      })),
    ],
  };
}

/** Alarms name the region as the console does. */
const regionNames: ReadonlyMap<string, string> = new Map([
  ['eu-central-1', 'EU (Frankfurt)'],
  ['eu-west-1', 'EU (Ireland)'],
  ['us-east-1', 'US East (N. Virginia)'],
  ['us-west-2', 'US West (Oregon)'],
]);

function shown(state: StateOfAlarm): object {
  return {
    value: state.value,
    reason: state.reason,
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: awsTime(state.atMs),
  };
}
