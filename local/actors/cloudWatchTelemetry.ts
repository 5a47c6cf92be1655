import { CloudWatchClient, PutMetricDataCommand, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Telemetry } from '../aws/service.ts';
import type { LocalClock } from '../clock.ts';

/**
 * Worker logs and metrics on their way to CloudWatch in another process, by its API: PutLogEvents and PutMetricData, each value with the time at which it arose.
 * What arises in one turn of the event loop goes out together, one call after the other, so that lines keep their order.
 */
export function cloudWatchTelemetry(options: {
  readonly clock: Pick<LocalClock, 'now'>;
  readonly endpoint: string;
  readonly region: string;
  /** Told when CloudWatch refuses something; what was refused is lost, as a worker's own is. */
  readonly refused: (error: unknown) => void;
}): Telemetry {
  const { clock, endpoint, region, refused } = options;
  const common = { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const cloudWatch = new CloudWatchClient(common);
  const logs = new CloudWatchLogsClient(common);
  const streams = new Set<string>();
  let metrics = new Map<string, MetricDatum[]>();
  let lines = new Map<
    string,
    { readonly logGroupName: string; readonly logStreamName: string; events: InputLogEvent[] }
  >();
  let underWay = Promise.resolve();
  let planned = false;

  async function flush(): Promise<void> {
    planned = false;
    const [data, written] = [metrics, lines];
    metrics = new Map();
    lines = new Map();
    for (const [Namespace, MetricData] of data)
      await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
    for (const [key, { logGroupName, logStreamName, events }] of written) {
      if (!streams.has(key)) {
        await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        streams.add(key);
      }
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: events }));
    }
  }

  function plan(): void {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      underWay = underWay.then(flush).catch(refused);
    });
  }

  return {
    log(logGroupName, logStreamName, message) {
      const key = `${logGroupName}\n${logStreamName}`;
      const batch = lines.get(key) ?? { logGroupName, logStreamName, events: [] };
      batch.events.push({ timestamp: Math.floor(clock.now()), message });
      lines.set(key, batch);
      plan();
    },
    metric(namespace, MetricName, dimensions, Value) {
      const batch = metrics.get(namespace) ?? [];
      batch.push({
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, each]) => ({ Name, Value: each })),
        Timestamp: new Date(clock.now()),
        Value,
      });
      metrics.set(namespace, batch);
      plan();
    },
  };
}
