import type { ConnectorRequest } from './createRequest.ts';

/**
 * What DescribeConnector and ListConnectors tell of what was asked for at the creation. Their shapes are the `...Description` ones:
 * defaults are filled in, and tags are not among them (ListTagsForResource has those).
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/v1-connectors-connectorarn.html
 */
export function describeRequest(request: ConnectorRequest): Readonly<Record<string, unknown>> {
  return {
    capacity: describeCapacity(request.capacity),
    ...(request.connectorDescription !== undefined && { connectorDescription: request.connectorDescription }),
    connectorName: request.connectorName,
    kafkaCluster: request.kafkaCluster,
    kafkaClusterClientAuthentication: request.kafkaClusterClientAuthentication,
    kafkaClusterEncryptionInTransit: request.kafkaClusterEncryptionInTransit,
    kafkaConnectVersion: request.kafkaConnectVersion,
    ...(request.logDelivery !== undefined && { logDelivery: describeLogDelivery(request.logDelivery) }),
    networkType: request.networkType ?? 'IPV4',
    plugins: request.plugins,
    serviceExecutionRoleArn: request.serviceExecutionRoleArn,
    ...(request.workerConfiguration !== undefined && { workerConfiguration: request.workerConfiguration }),
  };
}

/** Scaling policies that were left out are shown with MSK Connect's defaults: in at 20 %, out at 80 % [inferred]. */
export function describeCapacity(capacity: ConnectorRequest['capacity']): Readonly<Record<string, unknown>> {
  const { autoScaling, provisionedCapacity } = capacity;
  if (autoScaling === undefined) return { provisionedCapacity };
  return {
    autoScaling: {
      ...autoScaling,
      scaleInPolicy: autoScaling.scaleInPolicy ?? { cpuUtilizationPercentage: 20 },
      scaleOutPolicy: autoScaling.scaleOutPolicy ?? { cpuUtilizationPercentage: 80 },
    },
  };
}

/** Destinations that were left out are shown as switched off [inferred]. */
function describeLogDelivery(
  delivery: NonNullable<ConnectorRequest['logDelivery']>,
): Readonly<Record<string, unknown>> {
  const { cloudWatchLogs, firehose, s3 } = delivery.workerLogDelivery;
  return {
    workerLogDelivery: {
      cloudWatchLogs: cloudWatchLogs ?? { enabled: false },
      firehose: firehose ?? { enabled: false },
      s3: s3 ?? { enabled: false },
    },
  };
}

/** The log group that the workers write to, if any. */
export function logGroupOf(request: ConnectorRequest): string | undefined {
  const logs = request.logDelivery?.workerLogDelivery.cloudWatchLogs;
  return logs?.enabled === true ? logs.logGroup : undefined;
}
