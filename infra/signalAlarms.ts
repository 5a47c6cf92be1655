import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { commitsMetricName, ownNamespace } from '../settings/alarmNames.ts';
import type { ConnectorSettings, Signal } from '../settings/connectorSettings.ts';

/** A metric by its full name. */
interface MetricName {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensionsMap?: Record<string, string>;
}

/** How a signal becomes an alarm. */
export interface SignalAlarm {
  readonly statistic: 'Minimum' | 'Maximum' | 'Sum';
  readonly comparison: ComparisonOperator;
  readonly missing: TreatMissingData;
  /** What the alarm's description says: what was seen, not what it means. */
  readonly says: string;
}

/**
 * One row per signal. A statistic breaches only when all of a period does, but for the event clock and the tasks in error. Of several workers
 * in one series the healthy one counts where a signal says that nothing moves, the sick one where it says that something failed [inferred: AWS
 * documents one series for each ConnectorName, not how many datapoints a minute]; the function reads alike (lambda/metricQueries.ts).
 */
export const signalAlarms: Readonly<Record<Signal, SignalAlarm>> = {
  connected: {
    statistic: 'Maximum',
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    // Gone with its task, which the task counts show, or because the exporter stopped, which is no failure of the connector.
    missing: TreatMissingData.MISSING,
    says: 'Debezium is not connected to its database',
  },
  'event-clock': {
    // It only grows while the source is silent, so its greatest value is the newest unless an event came since, and a look in vain costs little:
    // the smallest value would show the same silence a minute later.
    statistic: 'Maximum',
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    missing: TreatMissingData.MISSING,
    says: 'no event and no heartbeat came from the database',
  },
  'offset-commits': {
    statistic: 'Sum',
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    // Connect 3.7 logs nothing at all when it is stuck, and a filter gives no value where no line arrives.
    missing: TreatMissingData.BREACHING,
    says: 'the worker log shows no committed offsets',
  },
  'errored-tasks': {
    // The smallest value would be that of a healthy worker beside the one whose task failed.
    statistic: 'Maximum',
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    missing: TreatMissingData.NOT_BREACHING,
    says: 'tasks are in error',
  },
  'running-tasks': {
    statistic: 'Maximum',
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    // A connector that failed as a whole, or vanished, publishes nothing any more.
    missing: TreatMissingData.BREACHING,
    says: 'no task is running',
  },
  'stalled-records': {
    statistic: 'Maximum',
    comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    missing: TreatMissingData.MISSING,
    says: 'tasks take in no records',
  },
  lag: {
    statistic: 'Maximum',
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    missing: TreatMissingData.MISSING,
    says: 'the connector lags behind',
  },
};

/** Of a sink whose lag is read, records that wait are no lull: what is compared is their number while none is read. */
const stalledWithLag: SignalAlarm = {
  statistic: 'Maximum',
  comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  missing: TreatMissingData.MISSING,
  says: 'records wait, and tasks take in none',
};

/** How this signal becomes an alarm of this connector. */
export function signalAlarm(connector: Pick<ConnectorSettings, 'lag'>, signal: Signal): SignalAlarm {
  return signal === 'stalled-records' && connector.lag !== undefined ? stalledWithLag : signalAlarms[signal];
}

/** The metric that an alarm watches. @throws when nothing feeds the signal, which `settings/` refuses before */
export function signalMetric(
  stackName: string,
  connector: ConnectorSettings,
  signal: Signal,
  periodSeconds: number,
): IMetric {
  const period = Duration.seconds(periodSeconds);
  const { statistic } = signalAlarm(connector, signal);
  const metricOf = (one: Signal): IMetric => {
    const names = metricNames(stackName, connector, one);
    return sumOf(
      names.map((name) => new Metric({ ...name, statistic, period })),
      { period, label: `${one} of ${connector.name}` },
    );
  };
  if (signal !== 'stalled-records' || connector.lag === undefined) return metricOf(signal);
  return new MathExpression({
    expression: waitingWhileNoneIsRead,
    usingMetrics: { reads: metricOf(signal), waiting: metricOf('lag') },
    period,
    label: `${signal} of ${connector.name}`,
  });
}

function sumOf(metrics: readonly IMetric[], props: { readonly period: Duration; readonly label: string }): IMetric {
  const [only, ...more] = metrics;
  if (only === undefined) throw new Error(`Nothing feeds ${props.label}.`);
  if (more.length === 0) return only;
  return new MathExpression({
    expression: `SUM([${metrics.map((_, index) => `m${index}`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    ...props,
  });
}

/**
 * Written so that a value which comes late or not at all never calls: a period without `reads` has no value, nor has one without `waiting` unless
 * records are read. (`IF(waiting > 0, reads, 1)` would take missing reads for 0, as AWS documents, and AWS/Kafka publishes apart from
 * AWS/KafkaConnect.) `waiting > DIFF(waiting)` says that some waited a minute before, too: `stalledWithLag` in settings/defaults.ts says why. Where
 * DIFF has no datapoint before it, the comparison takes it for 0, and what waits now is enough.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const waitingWhileNoneIsRead = 'IF(reads, 0, IF(waiting > DIFF(waiting), waiting, 0))';

function metricNames(stackName: string, connector: ConnectorSettings, signal: Signal): MetricName[] {
  const { debezium, lag, kind, name } = connector;
  switch (signal) {
    case 'connected':
      return debeziumMetric(debezium, debezium?.connected);
    case 'event-clock':
      return debeziumMetric(debezium, debezium?.msSinceLastEvent);
    case 'offset-commits':
      return [{ namespace: ownNamespace(stackName), metricName: commitsMetricName(name) }];
    case 'errored-tasks':
      return [native(name, 'ErroredTaskCount')];
    case 'running-tasks':
      return [native(name, 'RunningTaskCount')];
    case 'stalled-records':
      return [native(name, kind === 'sink' ? 'SinkRecordReadRate' : 'SourceRecordPollRate')];
    case 'lag':
      if (kind !== 'sink') return debeziumMetric(debezium, debezium?.msBehindSource);
      return (lag?.topics ?? []).map((topic) => ({
        namespace: 'AWS/Kafka',
        metricName: 'SumOffsetLag',
        dimensionsMap: {
          'Cluster Name': lag?.clusterName ?? '',
          'Consumer Group': lag?.consumerGroup ?? '',
          Topic: topic,
        },
      }));
  }
}

function debeziumMetric(debezium: ConnectorSettings['debezium'], metricName: string | undefined): MetricName[] {
  if (debezium === undefined || metricName === undefined) return [];
  return [{ namespace: debezium.namespace, metricName, dimensionsMap: { ...debezium.dimensions } }];
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html */
function native(connector: string, metricName: string): MetricName {
  return { namespace: 'AWS/KafkaConnect', metricName, dimensionsMap: { ConnectorName: connector } };
}
