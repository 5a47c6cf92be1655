import type { CreateConnectorCommandInput } from '@aws-sdk/client-kafkaconnect';
import type { ConnectorPlan } from './history.ts';
import { roleArn } from './settingsOf.ts';
import { hasDebezium, logGroupOf, serverName } from './shown.ts';

/** Planted in every configuration: it must not come out anywhere. */
export const plantedSecret = 'Planted-5ecret-pa55word';

/** Pinned, so that a recreated source finds its place again. */
export const pinnedProperties = [
  'key.converter=org.apache.kafka.connect.json.JsonConverter',
  'value.converter=org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.topic=connect-offsets-shop',
].join('\n');
export const unpinnedProperties = pinnedProperties.split('\n').slice(0, 2).join('\n');

const classes: Readonly<Record<ConnectorPlan['kind'], string>> = {
  mysql: 'io.debezium.connector.mysql.MySqlConnector',
  mariadb: 'io.debezium.connector.mariadb.MariaDbConnector',
  postgresql: 'io.debezium.connector.postgresql.PostgresConnector',
  'other-source': 'com.example.FileSource',
  sink: 'com.example.WarehouseSink',
};

/** The request that a connector was created with. */
export function createRequestOf(
  plan: ConnectorPlan,
  arns: { readonly plugin: string; readonly pinned: string; readonly unpinned: string },
): CreateConnectorCommandInput {
  const server = serverName(plan);
  return {
    connectorName: plan.name,
    kafkaConnectVersion: plan.connectVersion,
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    connectorConfiguration: {
      'connector.class': classes[plan.kind],
      'tasks.max': '1',
      ...(hasDebezium(plan)
        ? {
            'database.hostname': `${server}-db.example.internal`,
            'database.user': 'cdc',
            'database.password': plantedSecret,
            ...(plan.connectVersion === '2.7.1' ? { 'database.server.name': server } : { 'topic.prefix': server }),
            'snapshot.mode': 'when_needed',
            ...(plan.heartbeats ? { 'heartbeat.interval.ms': '30000' } : {}),
          }
        : { 'connection.password': plantedSecret }),
      ...(plan.kind === 'sink' ? { topics: 'shop.orders' } : {}),
    },
    kafkaCluster: {
      apacheKafkaCluster: {
        bootstrapServers: 'b-1.example:9098,b-2.example:9098',
        vpc: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
      },
    },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [{ customPlugin: { customPluginArn: arns.plugin, revision: 1 } }],
    serviceExecutionRoleArn: roleArn,
    workerConfiguration: { workerConfigurationArn: plan.pinned ? arns.pinned : arns.unpinned, revision: 1 },
    ...(plan.log
      ? { logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: logGroupOf(plan) } } } }
      : {}),
    tags: { team: 'shop' },
  };
}
