import { describe, expect, test } from 'vitest';
import { metricQueries } from '../../lambda/metricQueries.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { checkSettings } from '../../settings/read.ts';
import { resources, sink, templateFor } from './synthesized.ts';

/**
 * MSK Connect publishes one series for each ConnectorName and metric. Whether several workers put one datapoint a minute into it or one each
 * is not documented: the alarms and the function must be right in both cases, and see the same.
 */
const connector = sink();
const alarms = Object.values(resources(templateFor({ connectors: [connector] }), 'AWS::CloudWatch::Alarm'))
  .map(({ Properties }) => Properties)
  .filter(({ AlarmName }) => /\/orders-to-search\/(?!lag$)/.test(String(AlarmName)));

const dimensions = { ConnectorName: 'orders-to-search' };
const lag = {
  namespace: 'AWS/Kafka',
  name: 'SumOffsetLag',
  dimensions: { 'Cluster Name': 'shop', 'Consumer Group': 'connect-orders-to-search', Topic: 'orders' },
};

/** What alarms are on, and what the function reads, after ten minutes of these values, one for each worker, while records wait. */
async function after(values: Readonly<Record<string, readonly number[]>>) {
  const clock = new VirtualClock(Date.parse('2026-11-21T04:00:00.000Z'));
  const cloudwatch = new LocalCloudWatch({ clock, account: exampleAccount, emit: () => {}, publish: () => {} });
  try {
    for (const alarm of alarms) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await cloudwatch.call('PutMetricAlarm', { ...alarm, AlarmActions: [] });
    }
    for (let minute = 0; minute < 10; minute += 1) {
      cloudwatch.put({ ...lag, value: 12, atMs: clock.now() });
      for (const [name, ofWorkers] of Object.entries(values)) {
        for (const value of ofWorkers)
          cloudwatch.put({ namespace: 'AWS/KafkaConnect', name, dimensions, value, atMs: clock.now() });
      }
      // oxlint-disable-next-line no-await-in-loop -- one minute after the other
      await clock.advanceBy(60_000);
    }
    const { MetricAlarms } = (await cloudwatch.call('DescribeAlarms', { StateValue: 'ALARM' })) as {
      MetricAlarms: readonly { readonly AlarmName: string }[];
    };
    const [settings] = checkSettings(
      { notify: { subscribedElsewhere: true }, connectors: [connector] },
      'test',
    ).connectors;
    if (settings === undefined) throw new Error('one connector was expected');
    const { asked } = metricQueries(settings);
    const { MetricDataResults } = (await cloudwatch.call('GetMetricData', {
      MetricDataQueries: asked.map(({ query }) => query),
      StartTime: new Date(clock.now() - 300_000),
      EndTime: new Date(clock.now()),
    })) as { MetricDataResults: readonly { readonly Id: string; readonly Values: readonly number[] }[] };
    const read = (series: string) => {
      const id = asked.find(({ name }) => name === series)?.query.Id;
      return MetricDataResults.find(({ Id }) => Id === id)?.Values[0];
    };
    return {
      on: MetricAlarms.map(({ AlarmName }) => AlarmName.slice(AlarmName.lastIndexOf('/') + 1)).toSorted(),
      anyErrored: (read('erroredTasks') ?? 0) > 0,
      anyRunning: (read('runningTasks') ?? 0) > 0,
      anyRecord: (read('recordsIn') ?? 0) > 0,
    };
  } finally {
    cloudwatch.close();
  }
}

describe('native metrics of one worker, or of several in one series', () => {
  test.each([
    { what: 'one worker, well', errored: [0], running: [3], rate: [5], on: [], reads: [false, true, true] },
    { what: 'two workers, well', errored: [0, 0], running: [2, 1], rate: [3, 2], on: [], reads: [false, true, true] },
    {
      what: 'two workers, one of which has no task',
      errored: [0, 0],
      running: [3, 0],
      rate: [5, 0],
      on: [],
      reads: [false, true, true],
    },
    {
      what: 'a failed task beside a healthy worker',
      errored: [0, 1],
      running: [2, 0],
      rate: [4, 0],
      on: ['errored-tasks'],
      reads: [true, true, true],
    },
    {
      what: 'one worker with a failed task',
      errored: [1],
      running: [2],
      rate: [4],
      on: ['errored-tasks'],
      reads: [true, true, true],
    },
    {
      what: 'every task of both has failed',
      errored: [2, 1],
      running: [0, 0],
      rate: [0, 0],
      on: ['errored-tasks', 'running-tasks', 'stalled-records'],
      reads: [true, false, false],
    },
    {
      what: 'the tasks of both run and take nothing in',
      errored: [0, 0],
      running: [2, 1],
      rate: [0, 0],
      on: ['stalled-records'],
      reads: [false, true, false],
    },
  ])('$what: alarms $on', async ({ errored, running, rate, on, reads: [anyErrored, anyRunning, anyRecord] }) => {
    expect(await after({ ErroredTaskCount: errored, RunningTaskCount: running, SinkRecordReadRate: rate })).toEqual({
      on,
      anyErrored,
      anyRunning,
      anyRecord,
    });
  });
});
