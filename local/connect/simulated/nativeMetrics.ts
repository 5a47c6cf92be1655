import type { Telemetry } from '../../aws/service.ts';
import type { Random } from '../../seededRandom.ts';
import type { SimulatedKafka } from './kafka.ts';
import type { SimulatedSource } from './source.ts';

export interface NativeValues {
  readonly connector: string;
  readonly sink: boolean;
  readonly runningTasks: number;
  readonly erroredTasks: number;
  readonly polledPerSecond: number;
  readonly writtenPerSecond: number;
  readonly taskStarts: { readonly attempted: number; readonly failed: number };
  readonly rebalances: number;
  readonly msSinceRebalance: number;
}

/** Bytes of a record on its way, for the two byte counters [invented]. */
const recordBytes = 900;

/**
 * MSK Connect's own metrics of a connector.
 * Whether TaskStartupSuccessPercentage runs to 1 or to 100 is not published: to 100 here [inferred].
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html
 */
export function publishNative(telemetry: Telemetry, random: Random, values: NativeValues): void {
  const { attempted, failed } = values.taskStarts;
  const rates: Readonly<Record<string, number>> = values.sink
    ? { SinkRecordReadRate: values.polledPerSecond, SinkRecordSendRate: values.writtenPerSecond }
    : { SourceRecordPollRate: values.polledPerSecond, SourceRecordWriteRate: values.writtenPerSecond };
  const metrics: Readonly<Record<string, number>> = {
    ...rates,
    BytesInPerSec: (values.sink ? values.polledPerSecond : 0) * recordBytes,
    BytesOutPerSec: (values.sink ? 0 : values.writtenPerSecond) * recordBytes,
    RunningTaskCount: values.runningTasks,
    ErroredTaskCount: values.erroredTasks,
    WorkerCount: 1,
    TaskStartupAttemptsTotal: attempted,
    TaskStartupSuccessPercentage: attempted === 0 ? 0 : (100 * (attempted - failed)) / attempted,
    RebalanceCompletedTotal: values.rebalances,
    RebalanceTimeAvg: 320,
    RebalanceTimeMax: 410,
    RebalanceTimeSinceLast: values.msSinceRebalance,
    CpuUtilization: 9 + 3 * random() + Math.min(40, values.polledPerSecond / 50),
    MemoryUtilization: 52 + 4 * random(),
  };
  for (const [name, value] of Object.entries(metrics)) {
    telemetry.metric('AWS/KafkaConnect', name, { ConnectorName: values.connector }, value);
  }
}

export interface LagParts {
  readonly clusterName: string;
  readonly topic: string;
  readonly connector: string;
  readonly tasks: number;
  readonly source: SimulatedSource;
  readonly kafka: SimulatedKafka;
  readonly nowMs: number;
}

/** What the cluster itself says of a sink's consumer group. A task stands for a partition. */
export function publishLag(telemetry: Telemetry, parts: LagParts): void {
  const { source, kafka, nowMs, tasks } = parts;
  const group = `connect-${parts.connector}`;
  const written = source.written(nowMs);
  const lags = Array.from({ length: tasks }, (_, partition) => {
    const committed = kafka.committed(group, partition) ?? 0;
    return Math.max(0, Math.floor((written - committed) / tasks));
  });
  const oldest = Math.min(...Array.from({ length: tasks }, (_, partition) => kafka.committed(group, partition) ?? 0));
  const oldestMs = source.timeOf(oldest + 1);
  const dimensions = { 'Cluster Name': parts.clusterName, 'Consumer Group': group, Topic: parts.topic };
  telemetry.metric('AWS/Kafka', 'MaxOffsetLag', dimensions, Math.max(...lags));
  telemetry.metric(
    'AWS/Kafka',
    'SumOffsetLag',
    dimensions,
    lags.reduce((sum, lag) => sum + lag, 0),
  );
  const seconds = written > oldest && oldestMs !== undefined ? Math.max(0, (nowMs - oldestMs) / 1000) : 0;
  telemetry.metric('AWS/Kafka', 'EstimatedMaxTimeLag', dimensions, seconds);
}
