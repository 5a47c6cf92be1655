import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleAccount } from '../../../local/aws/account.ts';
import type { BusEvent } from '../../../local/aws/alarmEvent.ts';
import { LocalCloudWatch } from '../../../local/aws/cloudwatch.ts';
import { LocalSns } from '../../../local/aws/sns.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:people';

let clock: VirtualClock;
let events: BusEvent[];
let sns: LocalSns;
let cloudwatch: LocalCloudWatch;

beforeEach(async () => {
  clock = new VirtualClock(Date.parse('2026-11-21T04:00:00.000Z'));
  events = [];
  sns = new LocalSns({ clock, account: exampleAccount });
  await sns.call('CreateTopic', { Name: 'people' });
  cloudwatch = new LocalCloudWatch({
    clock,
    account: exampleAccount,
    emit: (event) => events.push(event),
    publish: (arn, subject, message) => sns.publish(arn, subject, message),
  });
});
afterEach(() => cloudwatch.close());

const connected = {
  AlarmName: 'orders-cdc-connected',
  AlarmDescription: 'orders-cdc lost its database',
  Namespace: 'MSK_Connect',
  MetricName: 'Connected',
  Dimensions: [
    { Name: 'DBServerName', Value: 'shop' },
    { Name: 'type', Value: 'streaming' },
  ],
  Statistic: 'Minimum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData: 'missing',
  AlarmActions: [topicArn],
};

async function state(name = connected.AlarmName): Promise<string | undefined> {
  const { MetricAlarms } = await cloudwatch.call('DescribeAlarms', { AlarmNames: [name] });
  return (MetricAlarms as { StateValue: string }[])[0]?.StateValue;
}

function publish(value: number): void {
  cloudwatch.put({
    namespace: 'MSK_Connect',
    name: 'Connected',
    dimensions: { type: 'streaming', DBServerName: 'shop' },
    value,
    atMs: clock.now(),
  });
}

describe('an alarm', () => {
  it('starts with insufficient data and needs a full minute and a little more', async () => {
    await cloudwatch.call('PutMetricAlarm', connected);
    expect(await state()).toBe('INSUFFICIENT_DATA');
    publish(1);
    await clock.advanceBy(60_000);
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await clock.advanceBy(5_000);
    expect(await state()).toBe('OK');
  });

  it('counts what was published before it existed', async () => {
    publish(0);
    await clock.advanceBy(50_000);
    await cloudwatch.call('PutMetricAlarm', connected);
    await clock.advanceBy(15_000);
    expect(await state()).toBe('ALARM');
  });

  it('does not see a metric with other dimensions', async () => {
    await cloudwatch.call('PutMetricAlarm', { ...connected, Dimensions: [{ Name: 'DBServerName', Value: 'shop' }] });
    publish(0);
    await clock.advanceBy(125_000);
    expect(await state()).toBe('INSUFFICIENT_DATA');
  });

  it('tells EventBridge of a change in the real shape, and only of changes', async () => {
    await cloudwatch.call('PutMetricAlarm', connected);
    publish(1);
    await clock.advanceBy(65_000);
    publish(0);
    await clock.advanceBy(60_000);
    publish(0);
    await clock.advanceBy(60_000);
    expect(events.map(({ detail }) => (detail['state'] as { value: string }).value)).toEqual(['OK', 'ALARM']);
    const { id, ...event } = events[1] ?? ({} as BusEvent);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const { state: now, previousState, configuration, ...detail } = event.detail;
    expect({ ...event, detail }).toEqual({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '123456789012',
      time: '2026-11-21T04:02:05Z',
      region: 'eu-central-1',
      resources: ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-cdc-connected'],
      detail: { alarmName: 'orders-cdc-connected' },
    });
    expect(previousState).toMatchObject({ value: 'OK', timestamp: '2026-11-21T04:01:05.000+0000' });
    const { reasonData, ...rest } = now as { reasonData: string };
    expect(rest).toEqual({
      value: 'ALARM',
      reason:
        'Threshold Crossed: 1 out of the last 1 datapoints [0.0 (21/11/26 04:01:00)] was less than the threshold (1.0) ' +
        '(minimum 1 datapoint for OK -> ALARM transition).',
      timestamp: '2026-11-21T04:02:05.000+0000',
    });
    expect(JSON.parse(reasonData)).toEqual({
      version: '1.0',
      queryDate: '2026-11-21T04:02:05.000+0000',
      startDate: '2026-11-21T04:01:00.000+0000',
      statistic: 'Minimum',
      period: 60,
      recentDatapoints: [0],
      threshold: 1,
      evaluatedDatapoints: [{ timestamp: '2026-11-21T04:01:00.000+0000', sampleCount: 1, value: 0 }],
    });
    expect(configuration).toEqual({
      description: 'orders-cdc lost its database',
      metrics: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          metricStat: {
            metric: {
              namespace: 'MSK_Connect',
              name: 'Connected',
              dimensions: { DBServerName: 'shop', type: 'streaming' },
            },
            period: 60,
            stat: 'Minimum',
          },
          returnData: true,
        },
      ],
    });
  });

  it('publishes the classic message to its topic', async () => {
    await cloudwatch.call('PutMetricAlarm', connected);
    publish(0);
    await clock.advanceBy(65_000);
    const [mail, ...others] = sns.inbox();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('ALARM: "orders-cdc-connected" in EU (Frankfurt)');
    expect(JSON.parse(mail?.message ?? '')).toMatchObject({
      AlarmName: 'orders-cdc-connected',
      NewStateValue: 'ALARM',
      OldStateValue: 'INSUFFICIENT_DATA',
      StateChangeTime: '2026-11-21T04:01:05.000+0000',
      AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-cdc-connected',
      Trigger: {
        MetricName: 'Connected',
        Namespace: 'MSK_Connect',
        Statistic: 'MINIMUM',
        Dimensions: [
          { name: 'DBServerName', value: 'shop' },
          { name: 'type', value: 'streaming' },
        ],
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
      },
    });
  });

  it('publishes nothing with its actions off, but its event still goes out', async () => {
    await cloudwatch.call('PutMetricAlarm', { ...connected, ActionsEnabled: false });
    publish(0);
    await clock.advanceBy(65_000);
    expect(sns.inbox()).toEqual([]);
    expect(events).toHaveLength(1);
  });

  it.each([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'OK'],
  ])('whose metric stops, with missing data as %s, ends in %s', async (TreatMissingData, expected) => {
    await cloudwatch.call('PutMetricAlarm', { ...connected, TreatMissingData });
    publish(1);
    await clock.advanceBy(65_000);
    expect(await state()).toBe('OK');
    await clock.advanceBy(120_000);
    expect(await state()).toBe('OK');
    await clock.advanceBy(60_000);
    expect(await state()).toBe(expected);
  });

  it('says so when missing data raised it', async () => {
    await cloudwatch.call('PutMetricAlarm', { ...connected, EvaluationPeriods: 3, TreatMissingData: 'breaching' });
    await clock.advanceBy(65_000);
    expect(events[0]?.detail['state']).toMatchObject({
      value: 'ALARM',
      reason:
        'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    });
  });

  it('of five minutes slides minute by minute', async () => {
    await cloudwatch.call('PutMetricAlarm', { ...connected, Period: 300, TreatMissingData: 'notBreaching' });
    publish(1);
    await clock.advanceBy(65_000);
    expect(await state()).toBe('OK');
    publish(0);
    await clock.advanceBy(60_000);
    expect(await state()).toBe('ALARM');
  });

  it('is set by hand, and comes back by its datapoints', async () => {
    await cloudwatch.call('PutMetricAlarm', connected);
    await cloudwatch.call('SetAlarmState', {
      AlarmName: connected.AlarmName,
      StateValue: 'ALARM',
      StateReason: 'a test',
    });
    expect(await state()).toBe('ALARM');
    publish(1);
    await clock.advanceBy(65_000);
    expect(await state()).toBe('OK');
    // In between it was looked at when its metric had no full minute yet.
    expect(events.map(({ detail }) => (detail['state'] as { value: string }).value)).toEqual([
      'ALARM',
      'INSUFFICIENT_DATA',
      'OK',
    ]);
  });

  it('set by hand to the state that it has tells nobody', async () => {
    await cloudwatch.call('PutMetricAlarm', connected);
    for (const StateReason of ['a test', 'the same again']) {
      await cloudwatch.call('SetAlarmState', { AlarmName: connected.AlarmName, StateValue: 'ALARM', StateReason });
    }
    expect(events).toHaveLength(1);
    expect(sns.inbox()).toHaveLength(1);
  });

  it('is found by prefix and state, page by page', async () => {
    for (const name of ['orders-a', 'orders-b', 'orders-c', 'shipping-a']) {
      await cloudwatch.call('PutMetricAlarm', { ...connected, AlarmName: name });
    }
    await cloudwatch.call('SetAlarmState', { AlarmName: 'orders-b', StateValue: 'OK', StateReason: 'a test' });
    const asked = { AlarmNamePrefix: 'orders-', MaxRecords: 2 };
    const first = await cloudwatch.call('DescribeAlarms', asked);
    const second = await cloudwatch.call('DescribeAlarms', { ...asked, NextToken: first['NextToken'] });
    const ok = await cloudwatch.call('DescribeAlarms', { StateValue: 'OK' });
    const names = ({ MetricAlarms }: typeof first) => (MetricAlarms as { AlarmName: string }[]).map((a) => a.AlarmName);
    expect(names(first)).toEqual(['orders-a', 'orders-b']);
    expect(names(second)).toEqual(['orders-c']);
    expect(second['NextToken']).toBeUndefined();
    expect(names(ok)).toEqual(['orders-b']);
  });

  it('adds up the metrics of a sum, and says so in its event', async () => {
    const lagOf = (topic: string) => ({
      Namespace: 'AWS/Kafka',
      MetricName: 'SumOffsetLag',
      Dimensions: [{ Name: 'Topic', Value: topic }],
    });
    await cloudwatch.call('PutMetricAlarm', {
      AlarmName: 'orders-sink-lag',
      EvaluationPeriods: 1,
      Threshold: 100,
      ComparisonOperator: 'GreaterThanThreshold',
      Metrics: [
        { Id: 'expr_1', Expression: 'SUM([m0, m1])', Label: 'lag', ReturnData: true },
        { Id: 'm0', MetricStat: { Metric: lagOf('a'), Period: 60, Stat: 'Maximum' }, ReturnData: false },
        { Id: 'm1', MetricStat: { Metric: lagOf('b'), Period: 60, Stat: 'Maximum' }, ReturnData: false },
      ],
    });
    for (const [topic, value] of [
      ['a', 60],
      ['b', 50],
    ] as const) {
      const dimensions = { Topic: topic };
      cloudwatch.put({ namespace: 'AWS/Kafka', name: 'SumOffsetLag', dimensions, value, atMs: clock.now() });
    }
    await clock.advanceBy(65_000);
    expect(events[0]?.detail).toMatchObject({
      alarmName: 'orders-sink-lag',
      state: { value: 'ALARM', reason: expect.stringContaining('[110.0 (21/11/26 04:00:00)]') },
      configuration: {
        metrics: [
          { id: 'expr_1', expression: 'SUM([m0, m1])', label: 'lag', returnData: true },
          { id: 'm0', metricStat: { metric: { name: 'SumOffsetLag', dimensions: { Topic: 'a' } } }, returnData: false },
          { id: 'm1', metricStat: { metric: { name: 'SumOffsetLag', dimensions: { Topic: 'b' } } }, returnData: false },
        ],
      },
    });
  });

  it('shows an expression within an expression in its event, and which of the two is compared', async () => {
    const stat = (Namespace: string, MetricName: string) => ({
      MetricStat: { Metric: { Namespace, MetricName, Dimensions: [] }, Period: 60, Stat: 'Maximum' },
      ReturnData: false,
    });
    await cloudwatch.call('PutMetricAlarm', {
      AlarmName: 'orders-sink-stalled',
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      Metrics: [
        { Id: 'expr_1', Expression: 'IF(reads, 0, IF(waiting > DIFF(waiting), waiting, 0))', Label: 'stalled' },
        { Id: 'reads', ...stat('AWS/KafkaConnect', 'SinkRecordReadRate') },
        { Id: 'waiting', Expression: 'SUM([m0])', ReturnData: false },
        { Id: 'm0', ...stat('AWS/Kafka', 'SumOffsetLag') },
      ],
    });
    const minute = async (reads: number, waiting: number) => {
      const atMs = clock.now();
      cloudwatch.put({ namespace: 'AWS/KafkaConnect', name: 'SinkRecordReadRate', dimensions: {}, value: reads, atMs });
      cloudwatch.put({ namespace: 'AWS/Kafka', name: 'SumOffsetLag', dimensions: {}, value: waiting, atMs });
      await clock.advanceBy(60_000);
    };
    await minute(0.4, 20);
    await minute(0, 80);
    await clock.advanceBy(5_000);
    expect(events.map(({ detail }) => (detail['state'] as { value: string }).value)).toEqual(['OK', 'ALARM']);
    expect(events[1]?.detail).toMatchObject({
      state: { reason: expect.stringContaining('[80.0 (21/11/26 04:01:00)] was greater than the threshold (0.0)') },
      configuration: {
        metrics: [
          { id: 'expr_1', label: 'stalled', returnData: true },
          { id: 'waiting', expression: 'SUM([m0])', returnData: false },
          { id: 'reads', metricStat: { metric: { name: 'SinkRecordReadRate' } }, returnData: false },
          { id: 'm0', metricStat: { metric: { name: 'SumOffsetLag' } }, returnData: false },
        ],
      },
    });
  });

  it.each([
    ['other metric math', { Metrics: [{ Id: 'e1', Expression: 'FILL(m1, 0)' }] }],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p90' }],
    ['more datapoints than periods', { EvaluationPeriods: 1, DatapointsToAlarm: 2 }],
  ])('is refused with %s', async (_what, change) => {
    await expect(cloudwatch.call('PutMetricAlarm', { ...connected, ...change })).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });
});
