import { DescribeWorkerConfigurationCommand } from '@aws-sdk/client-kafkaconnect';
import type { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest } from '../recovery/connector.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';
import { readJavaProperties } from './javaProperties.ts';

/** The worker configuration that a request names, as MSK Connect shows it. */
export type WorkerConfiguration =
  /** The request names none: MSK Connect's default. */
  | { readonly kind: 'none' }
  /** `text`: the Java properties as they were written. */
  | { readonly kind: 'read'; readonly text: string; readonly properties: ReadonlyMap<string, string> }
  /** It exists, and the revision that is named cannot be read: only the latest can be. */
  | { readonly kind: 'older'; readonly reason: string }
  /** It does not exist, or not in that revision: CreateConnector would be refused. */
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads the worker configuration that the request names.
 * @throws PortError what may pass by itself
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeWorkerConfiguration.html
 */
export async function readWorkerConfiguration(
  client: KafkaConnectClient,
  { workerConfiguration: named }: Pick<CreateRequest, 'workerConfiguration'>,
): Promise<WorkerConfiguration> {
  if (named === undefined) return { kind: 'none' };
  const place = `worker configuration ${named.workerConfigurationArn}`;
  try {
    const { latestRevision, workerConfigurationState } = await client.send(
      new DescribeWorkerConfigurationCommand({ workerConfigurationArn: named.workerConfigurationArn }),
    );
    if (workerConfigurationState === 'DELETING') return { kind: 'gone', reason: `${place} is being deleted` };
    const latest = latestRevision?.revision;
    if (latest !== undefined && latest < named.revision) {
      return { kind: 'gone', reason: `${place} has no revision ${named.revision}; its latest is ${latest}` };
    }
    if (latestRevision?.propertiesFileContent === undefined || latest !== named.revision) {
      return {
        kind: 'older',
        reason: `${place}: revision ${named.revision} is in use, and only the latest (${latest ?? 'none'}) can be read`,
      };
    }
    const text = Buffer.from(latestRevision.propertiesFileContent, 'base64').toString('utf8');
    return { kind: 'read', text, properties: readJavaProperties(text) };
  } catch (error) {
    if (failureOf(error).name === 'NotFoundException') return { kind: 'gone', reason: `${place} does not exist` };
    const failure = portError('DescribeWorkerConfiguration', error);
    if (failure.code === 'throttled' || failure.code === 'unavailable') throw failure;
    return { kind: 'unreadable', reason: `${place}: ${failure.message}` };
  }
}
