import type { GetMetricStatisticsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { KafkaConnectClient, ListConnectorsCommand } from '@aws-sdk/client-kafkaconnect';
import { commitLine, filterPattern } from '../../settings/logLines.ts';
import type { ConnectVersion } from './compareOptions.ts';
import { counted, inSeconds, statesInWords, valuesInWords, type SightReader } from './sights.ts';

const minuteMs = 60_000;

/**
 * What an MSK Connect connector shows: MSK Connect's own API, CloudWatch, and its worker's log. Nothing else leads in.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html
 */
export function mskSights(options: {
  readonly connector: string;
  readonly connectVersion: ConnectVersion;
  readonly serverName: string;
  readonly logGroup: string;
  readonly now: () => number;
}): SightReader {
  const { connector, connectVersion, serverName, logGroup, now } = options;
  const cloudWatch = new CloudWatchClient();
  const logs = new CloudWatchLogsClient();
  const connect = new KafkaConnectClient();
  const states: { readonly atMs: number; readonly state: string }[] = [];

  async function values(
    metric: { readonly Namespace: string; readonly MetricName: string },
    dimensions: Readonly<Record<string, string>>,
    statistic: 'Minimum' | 'Maximum' | 'Average',
    [fromMs, toMs]: readonly [number, number],
  ): Promise<number[]> {
    // Whole minutes only: what a minute that began before the failure says of it is mixed with what was before.
    const from = Math.ceil(fromMs / minuteMs) * minuteMs;
    const to = Math.floor(toMs / minuteMs) * minuteMs;
    if (to <= from) return [];
    const { Datapoints = [] }: GetMetricStatisticsCommandOutput = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(from),
        EndTime: new Date(to),
        Period: 60,
        Statistics: [statistic],
      }),
    );
    return Datapoints.toSorted((a, b) => (a.Timestamp?.getTime() ?? 0) - (b.Timestamp?.getTime() ?? 0)).flatMap(
      (point) => point[statistic] ?? [],
    );
  }

  async function lines(pattern: string, fromMs: number, toMs: number): Promise<readonly string[]> {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: Math.floor(fromMs),
        endTime: Math.floor(toMs),
        filterPattern: pattern,
      }),
    );
    return events.flatMap(({ message }) => message ?? []);
  }

  return {
    async look() {
      const { connectors = [] } = await connect.send(new ListConnectorsCommand({}));
      const state = connectors.find(({ connectorName }) => connectorName === connector)?.connectorState ?? 'gone';
      states.push({ atMs: now(), state });
    },
    async read(fromMs, toMs) {
      const native = (MetricName: string, statistic: 'Minimum' | 'Maximum' | 'Average') =>
        values({ Namespace: 'AWS/KafkaConnect', MetricName }, { ConnectorName: connector }, statistic, [fromMs, toMs]);
      const debezium = (MetricName: string, statistic: 'Minimum' | 'Maximum') =>
        values({ Namespace: 'MSK_Connect', MetricName }, { DBServerName: serverName, type: 'streaming' }, statistic, [
          fromMs,
          toMs,
        ]);
      const commit = commitLine('mysql', connectVersion);
      const commits = commit === undefined ? [] : await lines(filterPattern(commit.terms, commit.not), fromMs, toMs);
      const dead = await lines('"Task threw an uncaught and unrecoverable exception"', fromMs, toMs);
      const during = states.filter(({ atMs }) => atMs > fromMs && atMs < toMs).map(({ state }) => state);
      return {
        "the connector's state": statesInWords(during),
        "its task's state": `counted only: running ${valuesInWords(await native('RunningTaskCount', 'Minimum'))}; in error ${valuesInWords(await native('ErroredTaskCount', 'Maximum'))}`,
        "a failed task's stack trace": dead.length > 0 ? 'in the worker log, a line an event' : 'nothing failed: none',
        Connected: valuesInWords(await debezium('Connected', 'Minimum')),
        'since the last event': valuesInWords(await debezium('MilliSecondsSinceLastEvent', 'Maximum'), inSeconds),
        'records polled a second': valuesInWords(await native('SourceRecordPollRate', 'Average'), (rate) =>
          rate.toFixed(2),
        ),
        'committed offsets': `not shown; ${counted(commits.length, 'commit')} in the worker log`,
        'looked at, every': 'minute, by an alarm',
      };
    },
  };
}
