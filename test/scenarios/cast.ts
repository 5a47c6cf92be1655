import type { CreateConnectorCommandInput } from '@aws-sdk/client-kafkaconnect';
import { SimulatedSource } from '../../local/connect/simulated/source.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import { keys } from '../../settings/environment.ts';
import type { ConnectorEntry } from '../../settings/schema.ts';
import type { Character, Story } from './story.ts';

export const logGroup = '/msk-connect/shop';
const role = 'arn:aws:iam::111122223333:role/connect-execution';
export const publishes = ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] as const;

/** One entry of `connectors.json`, as `npm run capture` would fill it. */
export function entry(character: Character): ConnectorEntry {
  const { name, kind, connectVersion, heartbeatSeconds, keepAliveSeconds, wants } = character;
  const common = { name, kind, connectVersion, executionRoleArn: role, logGroup } as const;
  if (kind === 'sink') {
    return { ...common, metrics: { lag: { clusterName: 'local', topics: [topicOf(name)] } }, ...wants };
  }
  return {
    ...common,
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    metrics: {
      debezium: {
        serverName: serverOf(name),
        publishes: [...publishes],
        ...(keepAliveSeconds === undefined ? {} : { beatSeconds: 0.8 * keepAliveSeconds }),
      },
    },
    ...wants,
  };
}

/** What the connectors of a story read, by host or topic. */
export function sourcesOf(story: Story, clock: VirtualClock) {
  const source = ({ kind, rowsPerSecond = 1 }: Character) =>
    new SimulatedSource({ clock, kind: kind === 'sink' ? 'topic' : kind, rowsPerSecond });
  const of = (wanted: (character: Character) => boolean, place: (name: string) => string) =>
    Object.fromEntries(story.who.filter(wanted).map((one) => [place(one.name), source(one)]));
  return {
    databases: of(({ kind }) => kind !== 'sink', hostOf),
    topics: of(({ kind }) => kind === 'sink', topicOf),
  };
}

const hostOf = (name: string) => `${name}-db.example.internal`;
const topicOf = (name: string) => `${name}-topic`;
const serverOf = (name: string) => `${name}-server`;
export const savedKey = (name: string) => `${keys.savedConfigs}${name}.json`;

/** The people of the account: they use MSK Connect's API beside the product. */
export interface People {
  readonly requests: ReadonlyMap<string, CreateConnectorCommandInput>;
  arn(name: string): Promise<string>;
  nameOf(arn: string): string;
  state(name: string): Promise<string>;
}

export async function createAll({ connect }: LocalAws, who: readonly Character[]): Promise<People> {
  const plugin = await connect.call('CreateCustomPlugin', {
    name: 'plugin',
    contentType: 'ZIP',
    location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'plugin.zip' } },
  });
  const workerConfiguration = async (name: string, lines: readonly string[]) => {
    const made = await connect.call('CreateWorkerConfiguration', {
      name,
      propertiesFileContent: Buffer.from(lines.join('\n')).toString('base64'),
    });
    return String(made['workerConfigurationArn']);
  };
  const converter = 'value.converter=org.apache.kafka.connect.json.JsonConverter';
  const workers = {
    pinned: await workerConfiguration('pinned', [converter, 'offset.storage.topic=connect-offsets-shop']),
    'new with each creation': await workerConfiguration('unpinned', [converter]),
  };
  const requests = new Map<string, CreateConnectorCommandInput>();
  for (const character of who) {
    const request = createRequest(character, String(plugin['customPluginArn']), workers[character.offsets ?? 'pinned']);
    requests.set(character.name, request);
    await connect.call('CreateConnector', { ...request });
  }
  const list = async () =>
    (await connect.call('ListConnectors', {}))['connectors'] as readonly Readonly<Record<string, unknown>>[];
  const find = async (name: string) => (await list()).find((one) => one['connectorName'] === name);
  return {
    requests,
    arn: async (name) => String((await find(name))?.['connectorArn']),
    nameOf: (arn) => arn.split('/').at(-2) ?? arn,
    state: async (name) => ((await find(name))?.['connectorState'] as string | undefined) ?? 'absent',
  };
}

function createRequest(
  { name, kind, connectVersion, heartbeatSeconds, keepAlive = false, keepAliveSeconds, tasks = 1 }: Character,
  plugin: string,
  worker: string,
): CreateConnectorCommandInput {
  const old = connectVersion === '2.7.1';
  const source: Record<string, string> = {
    'connector.class':
      kind === 'mysql'
        ? 'io.debezium.connector.mysql.MySqlConnector'
        : 'io.debezium.connector.postgresql.PostgresConnector',
    'tasks.max': '1',
    'database.hostname': hostOf(name),
    'database.user': 'cdc',
    'database.password': `\${secretsmanager:${name}/cdc:password}`,
    [old ? 'database.server.name' : 'topic.prefix']: serverOf(name),
    'snapshot.mode': kind === 'mysql' ? 'when_needed' : 'initial',
    ...(kind === 'mysql' && !keepAlive ? { 'connect.keep.alive': 'false' } : {}),
    ...(keepAliveSeconds === undefined ? {} : { 'connect.keep.alive.interval.ms': String(keepAliveSeconds * 1000) }),
    ...(heartbeatSeconds === undefined ? {} : { 'heartbeat.interval.ms': String(heartbeatSeconds * 1000) }),
  };
  const sink = {
    'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
    'tasks.max': String(tasks),
    topics: topicOf(name),
  };
  return {
    connectorName: name,
    kafkaConnectVersion: connectVersion,
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    connectorConfiguration: kind === 'sink' ? sink : source,
    kafkaCluster: {
      apacheKafkaCluster: {
        bootstrapServers: 'b-1.example:9098,b-2.example:9098',
        vpc: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
      },
    },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [{ customPlugin: { customPluginArn: plugin, revision: 1 } }],
    serviceExecutionRoleArn: role,
    workerConfiguration: { workerConfigurationArn: worker, revision: 1 },
    logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup } } },
  };
}
