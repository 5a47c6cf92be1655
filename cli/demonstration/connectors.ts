import type { CreateConnectorCommandInput } from '@aws-sdk/client-kafkaconnect';
import type { Part } from './stage.ts';

/** One connector of the demonstration, with the host that its simulated database lives on. */
export interface Cast extends Part {
  readonly host: string;
}

export const cast: readonly Cast[] = [
  {
    name: 'orders-cdc',
    about: 'MySQL source on Kafka Connect 3.7, a row a second',
    host: 'orders-db.example.internal',
    fate: 'half-open',
    expect: 'restarted',
  },
  {
    name: 'billing-cdc',
    about: 'MySQL source on Kafka Connect 2.7.1, whose restart leaves the tasks as they are',
    host: 'billing-db.example.internal',
    fate: 'half-open',
    expect: 'recreated',
  },
  {
    name: 'archive-cdc',
    about: 'MySQL source on Kafka Connect 3.7, whose database falls silent for the night',
    host: 'archive-db.example.internal',
    fate: 'idle',
    expect: 'left alone',
  },
];

export const logGroup = '/msk-connect/shop';

/** Pinned, so that a recreated connector finds its place again. */
export const workerProperties = [
  'key.converter=org.apache.kafka.connect.json.JsonConverter',
  'value.converter=org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.topic=connect-offsets-shop',
].join('\n');

/**
 * The create request of one of them: a real-life Debezium configuration on an IAM cluster, its password behind a config provider.
 * Keep-alive is off where a half-open connection is to hang for good, as its owner once set it.
 */
export function createRequest(
  { name, host, fate }: Cast,
  arns: { readonly plugin: string; readonly worker: string; readonly role: string },
): CreateConnectorCommandInput {
  const old = name === 'billing-cdc';
  const server = name.replace('-cdc', '');
  const history = old ? 'database.history' : 'schema.history.internal';
  return {
    connectorName: name,
    kafkaConnectVersion: old ? '2.7.1' : '3.7.x',
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    connectorConfiguration: {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
      'tasks.max': '1',
      'database.hostname': host,
      'database.port': '3306',
      'database.user': 'cdc',
      'database.password': `\${secretsmanager:${server}/cdc:password}`,
      'database.server.id': '6400',
      'database.include.list': 'shop',
      'table.include.list': 'shop.orders',
      'database.connectionTimeZone': 'UTC',
      ...(old ? { 'database.server.name': server } : { 'topic.prefix': server }),
      [`${history}.kafka.bootstrap.servers`]: 'b-1.example:9098',
      [`${history}.kafka.topic`]: `schema.${server}`,
      ...Object.fromEntries(
        ['producer', 'consumer'].flatMap((client) => [
          [`${history}.${client}.security.protocol`, 'SASL_SSL'],
          [`${history}.${client}.sasl.mechanism`, 'AWS_MSK_IAM'],
          [`${history}.${client}.sasl.jaas.config`, 'software.amazon.msk.auth.iam.IAMLoginModule required;'],
          [
            `${history}.${client}.sasl.client.callback.handler.class`,
            'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
          ],
        ]),
      ),
      'config.action.reload': 'none',
      'snapshot.mode': 'when_needed',
      ...(fate === 'half-open' ? { 'connect.keep.alive': 'false' } : {}),
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
    serviceExecutionRoleArn: arns.role,
    workerConfiguration: { workerConfigurationArn: arns.worker, revision: 1 },
    logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup } } },
    tags: { team: 'shop' },
  };
}
