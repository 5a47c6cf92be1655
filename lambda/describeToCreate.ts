import type { DescribeConnectorResponse } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest } from '../recovery/connector.ts';

/**
 * What CreateConnector takes, out of DescribeConnector's answer and the tags, field by field.
 * Read-only fields (ARN, state, version, times) are left out, as are empty sections and tags that begin with `aws:`, which
 * CreateConnector refuses.
 *
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeConnector.html
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_CreateConnector.html
 */
export function describeToCreate(
  described: DescribeConnectorResponse,
  tags: Readonly<Record<string, string>> = {},
): CreateRequest {
  const request = {
    connectorName: described.connectorName ?? '',
    connectorDescription: described.connectorDescription || undefined,
    kafkaConnectVersion: described.kafkaConnectVersion ?? '',
    capacity: capacity(described),
    connectorConfiguration: { ...described.connectorConfiguration },
    kafkaCluster: kafkaCluster(described),
    kafkaClusterClientAuthentication: {
      authenticationType: described.kafkaClusterClientAuthentication?.authenticationType,
    },
    kafkaClusterEncryptionInTransit: {
      encryptionType: described.kafkaClusterEncryptionInTransit?.encryptionType,
    },
    networkType: described.networkType,
    plugins: (described.plugins ?? []).map(({ customPlugin }) => ({
      customPlugin: { customPluginArn: customPlugin?.customPluginArn, revision: customPlugin?.revision },
    })),
    logDelivery: logDelivery(described),
    workerConfiguration: workerConfiguration(described),
    serviceExecutionRoleArn: described.serviceExecutionRoleArn,
    tags: section(Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')))),
  };
  // JSON drops what is undefined, at every depth.
  return JSON.parse(JSON.stringify(request)) as CreateRequest;
}

function capacity({ capacity: described }: DescribeConnectorResponse) {
  const scaling = described?.autoScaling;
  if (scaling !== undefined) {
    return {
      autoScaling: {
        maxWorkerCount: scaling.maxWorkerCount,
        mcuCount: scaling.mcuCount,
        minWorkerCount: scaling.minWorkerCount,
        scaleInPolicy: cpuPolicy(scaling.scaleInPolicy),
        scaleOutPolicy: cpuPolicy(scaling.scaleOutPolicy),
        // Below 1 stands for "not set" in the answer [inferred]; CreateConnector wants at least 1.
        maxAutoscalingTaskCount:
          (scaling.maxAutoscalingTaskCount ?? 0) > 0 ? scaling.maxAutoscalingTaskCount : undefined,
      },
    };
  }
  const provisioned = described?.provisionedCapacity;
  return {
    provisionedCapacity:
      provisioned === undefined ? undefined : { mcuCount: provisioned.mcuCount, workerCount: provisioned.workerCount },
  };
}

function cpuPolicy(policy: { readonly cpuUtilizationPercentage?: number | undefined } | undefined) {
  return policy?.cpuUtilizationPercentage === undefined
    ? undefined
    : { cpuUtilizationPercentage: policy.cpuUtilizationPercentage };
}

function kafkaCluster({ kafkaCluster: described }: DescribeConnectorResponse) {
  const cluster = described?.apacheKafkaCluster;
  return {
    apacheKafkaCluster: {
      bootstrapServers: cluster?.bootstrapServers,
      vpc: { subnets: cluster?.vpc?.subnets, securityGroups: cluster?.vpc?.securityGroups },
    },
  };
}

function workerConfiguration({ workerConfiguration: described }: DescribeConnectorResponse) {
  // A connector on the default worker configuration is described with an empty section [inferred].
  if (!described?.workerConfigurationArn) return undefined;
  return { workerConfigurationArn: described.workerConfigurationArn, revision: described.revision };
}

/** A destination that is switched off comes back with `enabled: false` and maybe empty names, which Create refuses: it is dropped. */
function logDelivery({ logDelivery: described }: DescribeConnectorResponse) {
  const { cloudWatchLogs, firehose, s3 } = described?.workerLogDelivery ?? {};
  const workerLogDelivery = section({
    ...(cloudWatchLogs?.enabled === true && {
      cloudWatchLogs: { enabled: true, logGroup: cloudWatchLogs.logGroup || undefined },
    }),
    ...(firehose?.enabled === true && {
      firehose: { enabled: true, deliveryStream: firehose.deliveryStream || undefined },
    }),
    ...(s3?.enabled === true && {
      s3: { enabled: true, bucket: s3.bucket || undefined, prefix: s3.prefix || undefined },
    }),
  });
  return workerLogDelivery === undefined ? undefined : { workerLogDelivery };
}

function section<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length > 0 ? fields : undefined;
}
