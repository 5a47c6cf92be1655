import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { KafkaConnectClientConfig } from '@aws-sdk/client-kafkaconnect';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';

/** The SDK clients of one process. Region, endpoints and credentials come from the environment, as the SDK reads it. */
export interface Clients {
  readonly kafkaConnect: KafkaConnectClient;
  /** For calls that change something: never sent twice by the SDK, for the second answer would hide the first. */
  readonly kafkaConnectOnce: KafkaConnectClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly lambda: LambdaClient;
}

/** What carries the SDK's requests, or the options of the one that it brings. */
export type RequestHandler = NonNullable<KafkaConnectClientConfig['requestHandler']>;

// Without `throwOnRequestTimeout` the SDK only warns, and a hung call would eat the invocation's time.
const bounded = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/**
 * Makes the clients; once per process, for each keeps its connections.
 * @param requestHandler default: over the network, with bounded patience
 */
export function createClients(requestHandler: RequestHandler = bounded): Clients {
  const patient = { retryMode: 'standard', maxAttempts: 4, requestHandler } as const;
  return {
    kafkaConnect: new KafkaConnectClient(patient),
    kafkaConnectOnce: new KafkaConnectClient({ ...patient, maxAttempts: 1 }),
    s3: new S3Client(patient),
    sns: new SNSClient(patient),
    logs: new CloudWatchLogsClient(patient),
    cloudWatch: new CloudWatchClient(patient),
    lambda: new LambdaClient(patient),
  };
}
