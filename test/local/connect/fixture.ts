import type { DataPlane } from '../../../local/connect/dataPlane.ts';
import type { Durations } from '../../../local/connect/durations.ts';
import type { Faults } from '../../../local/connect/faults.ts';
import { MskConnect, type ObservedCall } from '../../../local/connect/mskConnect.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A data plane whose connectors do nothing and always start. */
export const idlePlane: DataPlane = {
  start: async () => ({
    restart: async () => undefined,
    pause: async () => undefined,
    resume: async () => undefined,
    update: async () => undefined,
    stop: async () => undefined,
  }),
};

export interface Fixture {
  readonly clock: VirtualClock;
  readonly connect: MskConnect;
  readonly observed: ObservedCall[];
  /** A create request that is accepted. */
  readonly request: Fields;
  readonly workerConfigurationArn: string;
}

export interface FixtureOptions {
  readonly clock?: VirtualClock;
  readonly dataPlane?: DataPlane;
  readonly durations?: Partial<Durations>;
  readonly faults?: Faults;
  readonly version?: '2.7.1' | '3.7.x';
  readonly configuration?: Readonly<Record<string, string>>;
  /** Text of the worker configuration. */
  readonly workerProperties?: string;
}

/** MSK Connect with a plugin and a worker configuration. Creation 240 s, deletion 240 s, restart 60 s, update 300 s, pause 30 s. */
export async function fixture(options: FixtureOptions = {}): Promise<Fixture> {
  const clock = options.clock ?? new VirtualClock();
  const observed: ObservedCall[] = [];
  const connect = new MskConnect({
    clock,
    random: seededRandom(1),
    dataPlane: options.dataPlane ?? idlePlane,
    observe: (call) => observed.push(call),
    ...(options.durations !== undefined && { durations: options.durations }),
    ...(options.faults !== undefined && { faults: options.faults }),
  });
  const plugin = await connect.call('CreateCustomPlugin', {
    name: 'debezium-mysql',
    contentType: 'ZIP',
    location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'debezium.zip' } },
  });
  const text = options.workerProperties ?? 'key.converter=org.apache.kafka.connect.storage.StringConverter\n';
  const worker = await connect.call('CreateWorkerConfiguration', {
    name: 'shop',
    propertiesFileContent: Buffer.from(text).toString('base64'),
  });
  const workerConfigurationArn = String(worker['workerConfigurationArn']);
  const request = {
    connectorName: 'orders-cdc',
    kafkaConnectVersion: options.version ?? '3.7.x',
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    connectorConfiguration: options.configuration ?? {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    },
    kafkaCluster: {
      apacheKafkaCluster: {
        bootstrapServers: 'b-1.example:9098',
        vpc: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
      },
    },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [{ customPlugin: { customPluginArn: plugin['customPluginArn'], revision: 1 } }],
    serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
    logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' } } },
    workerConfiguration: { workerConfigurationArn, revision: 1 },
  };
  return { clock, connect, observed, request, workerConfigurationArn };
}

/** Creates a connector and waits until it is RUNNING; gives its ARN. */
export async function runningConnector({ connect, clock, request }: Fixture, changes: Fields = {}): Promise<string> {
  const { connectorArn } = await connect.call('CreateConnector', { ...request, ...changes });
  await clock.advanceBy(240_000);
  return String(connectorArn);
}

/** `connectorState` of a connector, or `gone`. */
export async function stateOf(connect: MskConnect, connectorArn: string): Promise<unknown> {
  try {
    return (await connect.call('DescribeConnector', { connectorArn }))['connectorState'];
  } catch {
    return 'gone';
  }
}
