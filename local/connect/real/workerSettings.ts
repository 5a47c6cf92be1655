import type { StartedConnector } from '../dataPlane.ts';

/** What the platform decides for a worker, whatever its worker configuration says. */
export interface Platform {
  readonly bootstrapServers: string;
  readonly restPort: number;
  /** One for each custom plugin of the connector. */
  readonly pluginFolders: readonly string[];
}

/** What MSK Connect runs a connector with that names no worker configuration. The flush interval is Kafka Connect's own default. */
const defaults: Readonly<Record<string, string>> = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.flush.interval.ms': '60000',
};

/** What a worker configuration may not set; here it is dropped. The topics of a worker are left to `withWorkerTopics`. */
const platformsOwn: readonly string[] = [
  'access.control.',
  'admin.',
  'bootstrap.servers',
  'client.',
  'connect.',
  'connections.max.idle.ms',
  'connector.client.config.override.policy',
  'group.id',
  'inter.worker.',
  'internal.',
  'listeners',
  'metric.reporters',
  'metrics.',
  'plugin.path',
  'receive.buffer.bytes',
  'response.http.headers.config',
  'rest.',
  'sasl.',
  'scheduled.rebalance.max.delay.ms',
  'security.',
  'send.buffer.bytes',
  'socket.',
  'ssl.',
  'topic.tracking.',
  'worker.',
];

/**
 * The properties that a connector's worker runs with. Its group is its own, by name and ARN, so that a recreated connector never meets the
 * worker before it [inferred]; a replication factor of 1 is all that one broker can give.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-supported-worker-config-properties.html
 */
export function workerSettings(connector: StartedConnector, platform: Platform): Readonly<Record<string, string>> {
  const asked = Object.entries(connector.workerProperties).filter(([key]) => !isPlatformsOwn(key));
  return {
    ...defaults,
    ...Object.fromEntries(asked),
    'bootstrap.servers': platform.bootstrapServers,
    'group.id': `__amazon_msk_connect_${connector.name}_${connectorId(connector)}`,
    listeners: `http://127.0.0.1:${platform.restPort}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': String(platform.restPort),
    'plugin.path': platform.pluginFolders.join(','),
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
  };
}

/** The id that MSK Connect gave a connector: the last part of its ARN. */
export function connectorId({ arn }: Pick<StartedConnector, 'arn'>): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** A Java properties file. @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader) */
export function propertiesText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${escaped(key).replaceAll(' ', '\\ ')}=${escaped(value)}\n`)
    .join('');
}

function isPlatformsOwn(key: string): boolean {
  return platformsOwn.some((own) => (own.endsWith('.') ? key.startsWith(own) : key === own));
}

/** Leading blanks would be dropped by the reader, and the file is read as Latin-1. */
function escaped(text: string): string {
  return text
    .replace(/[\\=:#!]/g, (special) => `\\${special}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/^ +/, (blanks) => '\\ '.repeat(blanks.length))
    .replace(/[^\x20-\x7e]/g, (other) => `\\u${other.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
