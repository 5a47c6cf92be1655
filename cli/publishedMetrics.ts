import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, Metric } from '@aws-sdk/client-cloudwatch';
import type { LiveConnector } from '../recovery/connector.ts';
import { serverNameOf } from '../lambda/captureEntry.ts';
import { kindOf } from '../settings/connectorKind.ts';
import type { Published } from '../lambda/captureEntry.ts';
import { debeziumDefaults } from '../settings/defaults.ts';

/**
 * What a connector published in the last two weeks, as far as CloudWatch lists it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 */
export async function publishedMetrics(client: CloudWatchClient, live: LiveConnector): Promise<Published> {
  const configuration = live.request.connectorConfiguration;
  const serverName = serverNameOf(configuration);
  const debezium =
    serverName === undefined
      ? []
      : await list(client, debeziumDefaults.namespace, undefined, { DBServerName: serverName, type: 'streaming' });
  const names = debezium.flatMap(({ MetricName }) => (MetricName === undefined ? [] : [MetricName]));
  if (kindOf(configuration) !== 'sink') return { debezium: names };
  const group = configuration['consumer.override.group.id'] ?? `connect-${live.name}`;
  const lag = await list(client, 'AWS/Kafka', 'SumOffsetLag', { 'Consumer Group': group });
  const clusterName = dimension(lag[0], 'Cluster Name');
  const topics = lag.map((metric) => dimension(metric, 'Topic')).filter((topic) => topic !== undefined);
  return clusterName === undefined || topics.length === 0
    ? { debezium: names }
    : { debezium: names, lag: { clusterName, topics: [...new Set(topics)].toSorted() } };
}

async function list(
  client: CloudWatchClient,
  namespace: string,
  metric: string | undefined,
  dimensions: Readonly<Record<string, string>>,
): Promise<Metric[]> {
  const found: Metric[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await client.send(
      new ListMetricsCommand({
        Namespace: namespace,
        ...(metric === undefined ? {} : { MetricName: metric }),
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    found.push(...(answer.Metrics ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function dimension(metric: Metric | undefined, name: string): string | undefined {
  return metric?.Dimensions?.find(({ Name }) => Name === name)?.Value;
}
