import type { Telemetry } from '../../aws/service.ts';
import type { ExportedType } from '../exporter.ts';
import type { JmxValue } from './jmx.ts';

type Attributes = Readonly<Record<string, number>>;

/** Debezium's name of each set of metrics, and what AWS's exporter calls it. */
const contexts: Readonly<Record<ExportedType, string>> = {
  streaming: 'streaming',
  snapshot: 'snapshot',
  schema_history: 'schema-history',
};

/** An MCU, of which a worker here has one: 1 vCPU and 4 GiB. @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-capacity.html */
const mcu = { vcpus: 1, memoryBytes: 4 * 2 ** 30 };

/** What Debezium's connector shows of itself; a set that is not registered is absent. */
export function debeziumMetrics(
  values: readonly JmxValue[],
  server: string,
): Readonly<Partial<Record<ExportedType, Attributes>>> {
  const sets: Partial<Record<ExportedType, Attributes>> = {};
  for (const type of ['streaming', 'snapshot', 'schema_history'] as const) {
    const set = values.filter(
      ({ domain, properties }) =>
        domain.startsWith('debezium.') && properties['context'] === contexts[type] && properties['server'] === server,
    );
    if (set.length > 0) sets[type] = attributes(set);
  }
  return sets;
}

export interface TaskRates {
  /** Records polled (a source) or read (a sink) per second, by all tasks that have metrics. */
  readonly polledPerSecond?: number;
  /** Records written (a source) or sent (a sink) per second. */
  readonly writtenPerSecond?: number;
}

/** Absent when no task has metrics. */
export function taskRates(values: readonly JmxValue[], sink: boolean): TaskRates {
  const tasks = ofType(values, 'kafka.connect', sink ? 'sink-task-metrics' : 'source-task-metrics');
  const polled = sum(tasks, sink ? 'sink-record-read-rate' : 'source-record-poll-rate');
  const written = sum(tasks, sink ? 'sink-record-send-rate' : 'source-record-write-rate');
  return {
    ...(polled !== undefined && { polledPerSecond: polled }),
    ...(written !== undefined && { writtenPerSecond: written }),
  };
}

/**
 * MSK Connect's own metrics, out of the MBeans that they can only come from [inferred]. Bytes are those of the tasks' own Kafka clients. Shares of memory
 * and processor are of one MCU. Whether TaskStartupSuccessPercentage runs to 1 or to 100 is not published: to 100 here [inferred].
 * A value that the worker does not have is absent.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html
 */
export function nativeMetrics(values: readonly JmxValue[], connector: string, sink: boolean): Attributes {
  const all = ofType(values, 'kafka.connect', 'connect-worker-metrics');
  const worker = attributes(all.filter(({ properties }) => properties['connector'] === undefined));
  const own = attributes(all.filter(({ properties }) => properties['connector'] === connector));
  const rebalance = attributes(ofType(values, 'kafka.connect', 'connect-worker-rebalance-metrics'));
  const clients = values.filter(({ properties }) => /^(producer|consumer)-metrics$/.test(properties['type'] ?? ''));
  const machine = attributes(ofType(values, 'java.lang', 'OperatingSystem'));
  const memory = ofType(values, 'java.lang', 'Memory').filter(({ attribute }) => attribute === 'used');
  const attempted = worker['task-startup-attempts-total'];
  const succeeded = worker['task-startup-success-total'] ?? 0;
  const load = machine['ProcessCpuLoad'];
  const { polledPerSecond, writtenPerSecond } = taskRates(values, sink);
  return present({
    [sink ? 'SinkRecordReadRate' : 'SourceRecordPollRate']: polledPerSecond,
    [sink ? 'SinkRecordSendRate' : 'SourceRecordWriteRate']: writtenPerSecond,
    BytesInPerSec: sum(clients, 'incoming-byte-rate'),
    BytesOutPerSec: sum(clients, 'outgoing-byte-rate'),
    RunningTaskCount: own['connector-running-task-count'],
    ErroredTaskCount: own['connector-failed-task-count'],
    WorkerCount: 1,
    TaskStartupAttemptsTotal: attempted,
    TaskStartupSuccessPercentage:
      attempted === undefined ? undefined : attempted === 0 ? 0 : (100 * succeeded) / attempted,
    RebalanceCompletedTotal: rebalance['completed-rebalances-total'],
    RebalanceTimeAvg: rebalance['rebalance-avg-time-ms'],
    RebalanceTimeMax: rebalance['rebalance-max-time-ms'],
    RebalanceTimeSinceLast: rebalance['time-since-last-rebalance-ms'],
    CpuUtilization:
      load === undefined ? undefined : Math.min(100, (100 * load * (machine['AvailableProcessors'] ?? 1)) / mcu.vcpus),
    MemoryUtilization:
      memory.length === 0 ? undefined : (100 * memory.reduce((bytes, { value }) => bytes + value, 0)) / mcu.memoryBytes,
  });
}

/** Sends what {@link nativeMetrics} gives. */
export function publishNative(telemetry: Telemetry, connector: string, metrics: Attributes): void {
  for (const [name, value] of Object.entries(metrics)) {
    telemetry.metric('AWS/KafkaConnect', name, { ConnectorName: connector }, value);
  }
}

function ofType(values: readonly JmxValue[], domain: string, type: string): readonly JmxValue[] {
  return values.filter((value) => value.domain === domain && value.properties['type'] === type);
}

function attributes(values: readonly JmxValue[]): Attributes {
  return Object.fromEntries(values.map(({ attribute, value }) => [attribute, value]));
}

function sum(values: readonly JmxValue[], attribute: string): number | undefined {
  const found = values.filter((value) => value.attribute === attribute);
  return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
}

function present(metrics: Readonly<Record<string, number | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
