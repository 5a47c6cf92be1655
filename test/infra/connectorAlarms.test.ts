import { expect, test } from 'vitest';
import type { ConnectorEntry } from '../../settings/schema.ts';
import { deployed, fullSource, only, type Resource, resources, sink, templateFor } from './synthesized.ts';

interface AlarmEntry {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

interface AlarmProperties {
  readonly AlarmName: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly Period: number;
  readonly TreatMissingData: string;
  readonly AlarmActions?: readonly string[];
  readonly Metrics?: readonly AlarmEntry[];
}

const template = templateFor({ connectors: [fullSource(), sink()] });
const alarms = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
  ({ Properties }: Resource) => deployed(Properties) as AlarmProperties,
);

function alarm(name: string): AlarmProperties {
  const found = alarms.find(({ AlarmName }) => AlarmName === `connector-recovery/${name}`);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
}

test('each connector has an alarm for each of its signals, and no other', () => {
  expect(
    alarms
      .map(({ AlarmName }) => AlarmName)
      .filter((name) => name.includes('/'))
      .toSorted(),
  ).toEqual([
    'connector-recovery/orders-cdc/connected',
    'connector-recovery/orders-cdc/errored-tasks',
    'connector-recovery/orders-cdc/event-clock',
    'connector-recovery/orders-cdc/lag',
    'connector-recovery/orders-cdc/offset-commits',
    'connector-recovery/orders-cdc/running-tasks',
    'connector-recovery/orders-cdc/stalled-records',
    'connector-recovery/orders-to-search/errored-tasks',
    'connector-recovery/orders-to-search/lag',
    'connector-recovery/orders-to-search/running-tasks',
    'connector-recovery/orders-to-search/stalled-records',
  ]);
});

test.each([
  ['orders-cdc/connected', 'MSK_Connect Connected DBServerName=shop type=streaming'],
  ['orders-cdc/event-clock', 'MSK_Connect MilliSecondsSinceLastEvent DBServerName=shop type=streaming'],
  ['orders-cdc/lag', 'MSK_Connect MilliSecondsBehindSource DBServerName=shop type=streaming'],
  ['orders-cdc/offset-commits', 'ConnectorRecovery/connector-recovery OffsetCommits/orders-cdc'],
  ['orders-cdc/errored-tasks', 'AWS/KafkaConnect ErroredTaskCount ConnectorName=orders-cdc'],
  ['orders-cdc/running-tasks', 'AWS/KafkaConnect RunningTaskCount ConnectorName=orders-cdc'],
  ['orders-cdc/stalled-records', 'AWS/KafkaConnect SourceRecordPollRate ConnectorName=orders-cdc'],
  [
    'orders-to-search/lag',
    'AWS/Kafka SumOffsetLag Cluster Name=shop Consumer Group=connect-orders-to-search Topic=orders',
  ],
])('%s watches %s', (name, metric) => {
  const { Namespace, MetricName, Dimensions = [] } = alarm(name);
  expect([Namespace, MetricName, ...Dimensions.map((one) => `${one.Name}=${one.Value}`)].join(' ')).toBe(metric);
});

test.each([
  ['orders-cdc/connected', 'Maximum LessThanThreshold 1', '2x60'],
  ['orders-cdc/event-clock', 'Maximum GreaterThanThreshold 96000', '1x60'],
  ['orders-cdc/offset-commits', 'Sum LessThanThreshold 1', '2x60'],
  ['orders-cdc/errored-tasks', 'Maximum GreaterThanOrEqualToThreshold 1', '2x60'],
  ['orders-cdc/running-tasks', 'Maximum LessThanThreshold 1', '3x60'],
  ['orders-cdc/stalled-records', 'Maximum LessThanOrEqualToThreshold 0', '2x60'],
  ['orders-cdc/lag', 'Maximum GreaterThanThreshold 300000', '3x60'],
  ['orders-to-search/lag', 'Maximum GreaterThanThreshold 10000', '5x60'],
])('%s goes off at %s for %s s', (name, condition, periods) => {
  const { Statistic, ComparisonOperator, Threshold, EvaluationPeriods, Period } = alarm(name);
  expect(`${Statistic} ${ComparisonOperator} ${Threshold}`).toBe(condition);
  expect(`${EvaluationPeriods}x${Period}`).toBe(periods);
});

test.each([
  ['connected', 'missing'],
  ['event-clock', 'missing'],
  ['offset-commits', 'breaching'],
  ['errored-tasks', 'notBreaching'],
  ['running-tasks', 'breaching'],
  ['stalled-records', 'missing'],
  ['lag', 'missing'],
])('missing data of %s are %s', (signal, treatment) => {
  expect(alarm(`orders-cdc/${signal}`).TreatMissingData).toBe(treatment);
});

test('only lag tells people directly; the others make the function look', () => {
  const topic = only(template, 'AWS::SNS::Topic').id;
  const direct = alarms.filter(({ AlarmName }) => AlarmName.includes('/')).filter(({ AlarmActions }) => AlarmActions);
  expect(direct.map(({ AlarmName, AlarmActions }) => [AlarmName, AlarmActions])).toEqual([
    ['connector-recovery/orders-cdc/lag', [`<${topic}>`]],
    ['connector-recovery/orders-to-search/lag', [`<${topic}>`]],
  ]);
});

test("commits are counted in the connector's own log group, which the stack does not make", () => {
  expect(only(template, 'AWS::Logs::MetricFilter').Properties).toMatchObject({
    LogGroupName: '/msk-connect/shop',
    FilterPattern: '"[orders-cdc|task-" "Committing offsets for" "acknowledged messages" -"for 0 acknowledged"',
    MetricTransformations: [
      {
        MetricNamespace: 'ConnectorRecovery/connector-recovery',
        MetricName: 'OffsetCommits/orders-cdc',
        MetricValue: '1',
        DefaultValue: 0,
      },
    ],
  });
  expect(Object.values(resources(template, 'AWS::Logs::LogGroup'))).toHaveLength(1);
});

test('on 2.7.1 the line that is written only after a real commit is counted', () => {
  const old = templateFor({ connectors: [fullSource({ name: 'orders-cdc-old', connectVersion: '2.7.1' })] });
  expect(only(old, 'AWS::Logs::MetricFilter').Properties).toMatchObject({
    FilterPattern: '"[orders-cdc-old|task-" "Finished commitOffsets successfully"',
  });
});

test('without a log group there is neither the alarm nor the filter', () => {
  const { logGroup: _, ...without } = fullSource();
  const bare = templateFor({ connectors: [without] });
  bare.resourceCountIs('AWS::Logs::MetricFilter', 0);
  expect(JSON.stringify(bare.toJSON())).not.toContain('offset-commits');
});

test('the lag of several topics is added up', () => {
  const several = templateFor({
    connectors: [sink({ metrics: { lag: { clusterName: 'shop', topics: ['orders', 'returns'] } } })],
  });
  const lag = Object.values(resources(several, 'AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties as unknown as AlarmProperties)
    .find(({ AlarmName }) => AlarmName === 'connector-recovery/orders-to-search/lag');
  expect(lag?.Metrics?.map(({ Expression, MetricStat }) => Expression ?? MetricStat)).toEqual([
    'SUM([m0, m1])',
    expect.objectContaining({ Stat: 'Maximum' }),
    expect.objectContaining({ Stat: 'Maximum' }),
  ]);
});

/** The entries of a sink's alarm `stalled-records`: its expressions, and its metrics as `namespace name dimensions`. */
function stalledOf(entry: ConnectorEntry): Record<string, unknown> {
  const found = Object.values(resources(templateFor({ connectors: [entry] }), 'AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties as unknown as AlarmProperties)
    .find(({ AlarmName }) => AlarmName === 'connector-recovery/orders-to-search/stalled-records');
  if (found === undefined) throw new Error('it has no such alarm');
  const {
    ComparisonOperator,
    Threshold,
    EvaluationPeriods,
    Period,
    TreatMissingData,
    MetricName,
    Metrics = [],
  } = found;
  const compared = Metrics.filter(({ ReturnData }) => ReturnData !== false);
  return {
    condition: [ComparisonOperator, Threshold, EvaluationPeriods, Period, TreatMissingData, MetricName],
    compared: compared.map(({ Expression }) => Expression),
    read: Object.fromEntries(
      Metrics.filter((one) => !compared.includes(one)).map(({ Id, Expression, MetricStat }) => {
        if (MetricStat === undefined) return [Id, Expression];
        const { Metric: metric, Period: seconds, Stat: statistic } = MetricStat;
        return [Id, `${metric.Namespace} ${metric.MetricName} ${statistic} ${seconds}`];
      }),
    ),
  };
}

const whileNoneIsRead = 'IF(reads, 0, IF(waiting > DIFF(waiting), waiting, 0))';

test('a sink whose lag is read calls only while records wait and none is read', () => {
  expect(stalledOf(sink())).toEqual({
    condition: ['GreaterThanThreshold', 0, 1, undefined, 'missing', undefined],
    compared: [whileNoneIsRead],
    read: {
      reads: 'AWS/KafkaConnect SinkRecordReadRate Maximum 60',
      waiting: 'AWS/Kafka SumOffsetLag Maximum 60',
    },
  });
});

test('with several topics, what waits in all of them is added up', () => {
  expect(stalledOf(sink({ metrics: { lag: { clusterName: 'shop', topics: ['orders', 'returns'] } } }))).toMatchObject({
    compared: [whileNoneIsRead],
    read: {
      reads: 'AWS/KafkaConnect SinkRecordReadRate Maximum 60',
      waiting: 'SUM([m0, m1])',
      m0: 'AWS/Kafka SumOffsetLag Maximum 60',
      m1: 'AWS/Kafka SumOffsetLag Maximum 60',
    },
  });
});

test('a sink whose lag nobody reads calls after five minutes without a record, if it is asked to', () => {
  const { metrics: _, ...without } = sink({ signals: { 'stalled-records': {} } });
  expect(stalledOf(without)).toMatchObject({
    condition: ['LessThanOrEqualToThreshold', 0, 5, 60, 'missing', 'SinkRecordReadRate'],
  });
});
