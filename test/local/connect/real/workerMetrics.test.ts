import { describe, expect, test } from 'vitest';
import { parseJmx } from '../../../../local/connect/real/jmx.ts';
import { debeziumMetrics, nativeMetrics, taskRates } from '../../../../local/connect/real/workerMetrics.ts';

function scraped(lines: readonly (readonly [domain: string, properties: string, attribute: string, value: string])[]) {
  return parseJmx(
    lines
      .map(([domain, properties, attribute, value]) => {
        return `jmx{attribute="${attribute}",domain="${domain}",properties="${properties}"} ${value}\n`;
      })
      .join(''),
  );
}

describe('the answer of the JMX agent', () => {
  test('gives domain, properties and composite part of each number', () => {
    const text =
      '# HELP jmx java.lang Memory\n# TYPE jmx untyped\njvm_threads 3.0\n' +
      'jmx{attribute="used",composite="HeapMemoryUsage",domain="java.lang",properties="type=Memory"} 1.5E8\n' +
      'jmx{attribute="x",domain="kafka.connect",properties="type=a, connector=with \\"quotes\\""} -1.0\n';
    expect(parseJmx(text)).toEqual([
      {
        domain: 'java.lang',
        properties: { type: 'Memory' },
        composite: 'HeapMemoryUsage',
        attribute: 'used',
        value: 150_000_000,
      },
      { domain: 'kafka.connect', properties: { type: 'a', connector: 'with "quotes"' }, attribute: 'x', value: -1 },
    ]);
  });

  test('leaves out what is not a number yet', () => {
    expect(scraped([['kafka.connect', 'type=source-task-metrics, connector=a, task=0', 'rate', 'NaN']])).toEqual([]);
  });
});

describe("Debezium's metrics", () => {
  const values = scraped([
    ['debezium.mysql', 'type=connector-metrics, context=streaming, server=shop', 'Connected', '1.0'],
    ['debezium.mysql', 'type=connector-metrics, server=shop, context=snapshot', 'MilliSecondsSinceLastEvent', '-1.0'],
    ['debezium.mysql', 'type=connector-metrics, context=schema-history, server=shop', 'RecoveryStartTime', '-1.0'],
    ['debezium.mysql', 'type=connector-metrics, context=streaming, server=shop2', 'Connected', '0.0'],
  ]);
  test('are those of the server, by the type that AWS gives them', () => {
    expect(debeziumMetrics(values, 'shop')).toEqual({
      streaming: { Connected: 1 },
      snapshot: { MilliSecondsSinceLastEvent: -1 },
      schema_history: { RecoveryStartTime: -1 },
    });
  });
  test('are absent where they are not registered', () => {
    expect(debeziumMetrics(values, 'other')).toEqual({});
  });
});

describe('native metrics', () => {
  const worker = 'type=connect-worker-metrics';
  const rebalance = 'type=connect-worker-rebalance-metrics';
  const values = scraped([
    ['kafka.connect', worker, 'task-startup-attempts-total', '4.0'],
    ['kafka.connect', worker, 'task-startup-success-total', '3.0'],
    ['kafka.connect', `${worker}, connector=orders-cdc`, 'connector-running-task-count', '1.0'],
    ['kafka.connect', `${worker}, connector=orders-cdc`, 'connector-failed-task-count', '0.0'],
    ['kafka.connect', `${worker}, connector=other`, 'connector-running-task-count', '7.0'],
    ['kafka.connect', 'type=source-task-metrics, connector=orders-cdc, task=0', 'source-record-poll-rate', '1.5'],
    ['kafka.connect', 'type=source-task-metrics, connector=orders-cdc, task=1', 'source-record-poll-rate', '0.5'],
    ['kafka.connect', 'type=source-task-metrics, connector=orders-cdc, task=0', 'source-record-write-rate', '1.25'],
    ['kafka.connect', rebalance, 'completed-rebalances-total', '2.0'],
    ['kafka.connect', rebalance, 'rebalance-avg-time-ms', '31.0'],
    ['kafka.connect', rebalance, 'rebalance-max-time-ms', '40.0'],
    ['kafka.connect', rebalance, 'time-since-last-rebalance-ms', '9000.0'],
    [
      'kafka.producer',
      'type=producer-metrics, client-id=connector-producer-orders-cdc-0',
      'outgoing-byte-rate',
      '900.0',
    ],
    [
      'kafka.producer',
      'type=producer-metrics, client-id=connector-producer-orders-cdc-0',
      'incoming-byte-rate',
      '20.0',
    ],
    ['java.lang', 'type=Memory', 'used', '429496729.6'],
    ['java.lang', 'type=Memory', 'max', '536870912.0'],
    ['java.lang', 'type=OperatingSystem', 'ProcessCpuLoad', '0.125'],
    ['java.lang', 'type=OperatingSystem', 'AvailableProcessors', '2.0'],
  ]);

  test('of a source', () => {
    expect(nativeMetrics(values, 'orders-cdc', false)).toEqual({
      SourceRecordPollRate: 2,
      SourceRecordWriteRate: 1.25,
      BytesInPerSec: 20,
      BytesOutPerSec: 900,
      RunningTaskCount: 1,
      ErroredTaskCount: 0,
      WorkerCount: 1,
      TaskStartupAttemptsTotal: 4,
      TaskStartupSuccessPercentage: 75,
      RebalanceCompletedTotal: 2,
      RebalanceTimeAvg: 31,
      RebalanceTimeMax: 40,
      RebalanceTimeSinceLast: 9000,
      CpuUtilization: 25,
      MemoryUtilization: 10,
    });
  });

  test('of a sink name what it read and sent', () => {
    const sink = scraped([
      ['kafka.connect', 'type=sink-task-metrics, connector=copy, task=0', 'sink-record-read-rate', '3.0'],
      ['kafka.connect', 'type=sink-task-metrics, connector=copy, task=0', 'sink-record-send-rate', '2.0'],
    ]);
    expect(nativeMetrics(sink, 'copy', true)).toEqual({ SinkRecordReadRate: 3, SinkRecordSendRate: 2, WorkerCount: 1 });
  });

  test('a worker whose tasks are gone has no rates, which is not a rate of zero', () => {
    expect(taskRates([], false)).toEqual({});
  });
});
