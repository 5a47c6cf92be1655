import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Signs } from '../recovery/signs.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';

/** The series of `Signs` that come from CloudWatch. */
export type SeriesName = {
  [Name in keyof Signs]-?: Signs[Name] extends Signs['recordsIn'] ? Name : never;
}[keyof Signs];

/** One metric that is asked for. Several with the same name are added up (a sink's topics). */
export interface AskedMetric {
  readonly name: SeriesName;
  readonly query: MetricDataQuery;
  /** It gives the greatest value of each period beside the one that speaks for it. */
  readonly greatest?: true;
}

/** All of these publish once a minute or more often. */
export const periodSeconds = 60;

/** Which datapoint of a period speaks for it, and why. */
const statistics = {
  // Never negative, so an average of 0 says that nothing moved in that minute, and any other that something did.
  rate: 'Average',
  // A count of 0 must hold for the whole minute; with several workers the one that has tasks counts.
  tasks: 'Maximum',
  // One task in error on one of several workers must show.
  errored: 'Maximum',
  // 0 only if it was 0 all through the minute: a blink is no absence, and a source that is back counts as back.
  connected: 'Maximum',
  // A small value means that an event came; an average or maximum would hide it behind the minute's older values.
  sinceLastEvent: 'Minimum',
  lag: 'Maximum',
} as const;

/** What to ask CloudWatch for, and, for series that nothing publishes, what to switch on. Pure. */
export function metricQueries(settings: ConnectorSettings): {
  readonly asked: readonly AskedMetric[];
  readonly notWatched: Readonly<Partial<Record<SeriesName, string>>>;
} {
  const { debezium, lag, kind, name } = settings;
  const sink = kind === 'sink';
  const asked: AskedMetric[] = [];
  const notWatched: Partial<Record<SeriesName, string>> = {};
  const ask = (
    series: SeriesName,
    namespace: string,
    metric: string,
    dimensions: Readonly<Record<string, string>>,
    statistic: string,
    greatest?: true,
  ) => {
    asked.push({
      name: series,
      ...(greatest === undefined ? {} : { greatest }),
      query: {
        Id: `m${asked.length}`,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: metric,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: periodSeconds,
          Stat: statistic,
        },
        ReturnData: true,
      },
    });
  };

  const native = (series: SeriesName, metric: string, statistic: string) =>
    ask(series, 'AWS/KafkaConnect', metric, { ConnectorName: name }, statistic);
  native('recordsIn', sink ? 'SinkRecordReadRate' : 'SourceRecordPollRate', statistics.rate);
  native('recordsOut', sink ? 'SinkRecordSendRate' : 'SourceRecordWriteRate', statistics.rate);
  native('runningTasks', 'RunningTaskCount', statistics.tasks);
  native('erroredTasks', 'ErroredTaskCount', statistics.errored);

  const custom = (series: SeriesName, metric: string | undefined, publish: string, statistic: string) => {
    if (debezium !== undefined && metric !== undefined) {
      ask(series, debezium.namespace, metric, debezium.dimensions, statistic);
    } else if (kind === 'sink' || kind === 'other-source') {
      notWatched[series] = `a ${kind} connector does not publish ${publish}`;
    } else {
      notWatched[series] =
        `let the JMX exporter plugin publish ${publish}, and name it in metrics.debezium of connectors.json`;
    }
  };
  custom('connected', debezium?.connected, 'Connected', statistics.connected);
  custom('msSinceLastEvent', debezium?.msSinceLastEvent, 'MilliSecondsSinceLastEvent', statistics.sinceLastEvent);

  if (lag === undefined) {
    notWatched.lag = sink
      ? 'name the cluster and topics in metrics.lag of connectors.json, so that consumer lag can be read'
      : 'a source has no consumer lag';
  }
  for (const topic of lag?.topics ?? []) {
    const dimensions = {
      'Cluster Name': lag?.clusterName ?? '',
      'Consumer Group': lag?.consumerGroup ?? '',
      Topic: topic,
    };
    ask('lag', 'AWS/Kafka', 'SumOffsetLag', dimensions, statistics.lag);
  }
  // What made the alarm call: it says that a beat is overdue up to a minute before the smallest value does.
  if (debezium?.msSinceLastEvent !== undefined) {
    ask('msSinceLastEvent', debezium.namespace, debezium.msSinceLastEvent, debezium.dimensions, 'Maximum', true);
  }
  return { asked, notWatched };
}

/** What each series is made of in CloudWatch, for people: namespace and metric. */
export function metricNames(settings: ConnectorSettings): Readonly<Partial<Record<SeriesName, readonly string[]>>> {
  const names: Partial<Record<SeriesName, string[]>> = {};
  for (const { name, query } of metricQueries(settings).asked) {
    const metric = `${query.MetricStat?.Metric?.Namespace ?? ''} ${query.MetricStat?.Metric?.MetricName ?? ''}`;
    names[name] = [...new Set([...(names[name] ?? []), metric])];
  }
  return names;
}
