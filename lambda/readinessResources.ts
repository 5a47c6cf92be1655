import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeCustomPluginCommand } from '@aws-sdk/client-kafkaconnect';
import type { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest } from '../recovery/connector.ts';
import { known, unknown } from '../recovery/readiness/subject.ts';
import type { Fact } from '../recovery/readiness/subject.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';

/**
 * The custom plugins of a request that a recreation would not find: gone, not ACTIVE, or without that revision.
 * @throws PortError what may pass by itself
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeCustomPlugin.html
 */
export async function gonePlugins(
  client: KafkaConnectClient,
  request: CreateRequest,
): Promise<Fact<readonly string[]>> {
  const gone: string[] = [];
  for (const { arn, revision } of pluginsOf(request)) {
    const place = `${arn} revision ${revision}`;
    try {
      const found = await client.send(new DescribeCustomPluginCommand({ customPluginArn: arn }));
      const latest = found.latestRevision?.revision ?? 0;
      if (found.customPluginState !== 'ACTIVE') gone.push(`${place} (${found.customPluginState ?? 'no state'})`);
      else if (latest < revision) gone.push(`${place} (its latest is ${latest})`);
    } catch (error) {
      if (failureOf(error).name === 'NotFoundException') {
        gone.push(`${place} (does not exist)`);
        continue;
      }
      const failure = portError('DescribeCustomPlugin', error);
      if (failure.code === 'throttled' || failure.code === 'unavailable') throw failure;
      return unknown(`kafkaconnect:DescribeCustomPlugin on ${arn}`);
    }
  }
  return known(gone);
}

function pluginsOf(request: CreateRequest): { readonly arn: string; readonly revision: number }[] {
  const listed = request['plugins'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: { customPlugin?: { customPluginArn?: unknown; revision?: unknown } }) => {
    const { customPluginArn: arn, revision } = entry.customPlugin ?? {};
    return typeof arn === 'string' && typeof revision === 'number' ? [{ arn, revision }] : [];
  });
}

/**
 * Whether there is a log group of exactly that name.
 * @throws PortError what may pass by itself
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
 */
export async function logGroupThere(client: CloudWatchLogsClient, name: string): Promise<Fact<boolean>> {
  let nextToken: string | undefined;
  try {
    do {
      const answer = await client.send(
        new DescribeLogGroupsCommand({
          logGroupNamePrefix: name,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      if (answer.logGroups?.some(({ logGroupName }) => logGroupName === name) === true) return known(true);
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
    return known(false);
  } catch (error) {
    const failure = portError('DescribeLogGroups', error);
    if (failure.code === 'throttled' || failure.code === 'unavailable') throw failure;
    return unknown('logs:DescribeLogGroups');
  }
}
