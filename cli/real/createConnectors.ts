import {
  CreateConnectorCommand,
  CreateCustomPluginCommand,
  CreateWorkerConfigurationCommand,
  KafkaConnectClient,
} from '@aws-sdk/client-kafkaconnect';
import { exampleAccount } from '../../local/aws/account.ts';
import { logGroup } from '../demonstration/connectors.ts';
import type { Ground } from './ground.ts';
import type { RealConnector } from './realConnector.ts';

/** Through MSK Connect's API: a custom plugin for each plugin, a worker configuration and a connector for each connector. */
export async function createRealConnectors(connectors: readonly RealConnector[], ground: Ground): Promise<void> {
  const client = new KafkaConnectClient();
  try {
    const plugins = new Map<string, string>();
    for (const name of new Set(connectors.map(({ plugin }) => plugin))) {
      const { customPluginArn = '' } = await client.send(
        new CreateCustomPluginCommand({
          name,
          contentType: 'ZIP',
          location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: `${name}.zip` } },
        }),
      );
      plugins.set(name, customPluginArn);
    }
    for (const connector of connectors) {
      const { workerConfigurationArn } = await client.send(
        new CreateWorkerConfigurationCommand({
          name: connector.name,
          propertiesFileContent: Buffer.from(workerConfiguration(connector)).toString('base64'),
        }),
      );
      const endpoints = ground.endpoints(connector);
      await client.send(
        new CreateConnectorCommand({
          connectorName: connector.name,
          kafkaConnectVersion: connector.connectVersion,
          capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
          connectorConfiguration: { ...connector.configuration(endpoints) },
          kafkaCluster: {
            apacheKafkaCluster: {
              bootstrapServers: endpoints.bootstrapServers,
              vpc: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
            },
          },
          kafkaClusterClientAuthentication: { authenticationType: 'NONE' },
          kafkaClusterEncryptionInTransit: { encryptionType: 'PLAINTEXT' },
          plugins: [{ customPlugin: { customPluginArn: plugins.get(connector.plugin), revision: 1 } }],
          serviceExecutionRoleArn: `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`,
          workerConfiguration: { workerConfigurationArn, revision: 1 },
          logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup } } },
          tags: { team: 'shop' },
        }),
      );
    }
  } finally {
    client.destroy();
  }
}

/** Java properties: JSON without schemas, passwords from a file, and the offsets topic where it is pinned. */
function workerConfiguration({ name, offsetsPinned, workerProperties = {} }: RealConnector): string {
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const properties = {
    'key.converter': json,
    'value.converter': json,
    'key.converter.schemas.enable': 'false',
    'value.converter.schemas.enable': 'false',
    'config.providers': 'file',
    // https://kafka.apache.org/37/documentation.html#connect_configuring (config.providers)
    'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
    ...(offsetsPinned ? { 'offset.storage.topic': `connect-offsets-${name}` } : {}),
    ...workerProperties,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
