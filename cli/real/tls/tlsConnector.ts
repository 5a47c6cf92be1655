import type { StartedConnector } from '../../../local/connect/dataPlane.ts';
import type { MariaDb } from '../../../local/real/mariadb.ts';
import { nameOf, type TlsVersion } from './versions.ts';

/** Where a worker finds the database and the broker. */
export interface TlsEndpoints {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly bootstrapServers: string;
  /** More connector configuration, which outranks the rest. */
  readonly more?: Readonly<Record<string, string>>;
}

/** https://docs.oracle.com/en/java/javase/17/security/java-secure-socket-extension-jsse-reference-guide.html, "jdk.tls.client.protocols" */
export const heldToTls12 = '-Djdk.tls.client.protocols=TLSv1.2';

/** A user of the version's own, refused without TLS. */
export async function createUser(mariadb: Pick<MariaDb, 'sql'>, name: string, password: string): Promise<void> {
  await mariadb.sql(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}' REQUIRE SSL`);
  await mariadb.sql(`GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO '${name}'@'%'`);
}

/** The connector of a version, as MSK Connect would hand it to its worker; its topics stay the same when it is created again. */
export function startedConnector(version: TlsVersion, endpoints: TlsEndpoints): StartedConnector {
  const name = nameOf(version);
  return {
    name,
    arn: `arn:aws:kafkaconnect:eu-central-1:123456789012:connector/${name}/00000000-0000-4000-8000-000000000000-2`,
    connectVersion: '3.7.x',
    plugins: ['debezium-mysql-2.6.2'],
    configuration: connectorConfiguration(name, endpoints),
    workerProperties: workerProperties(name),
  };
}

/** Keep-alive stays on, at Debezium's default of 60 s, and `database.ssl.mode` asks for TLS without checking the name, as owners mostly have it. */
function connectorConfiguration(
  name: string,
  { host, port, password, bootstrapServers, more }: TlsEndpoints,
): Readonly<Record<string, string>> {
  return {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'connector.adapter': 'mariadb',
    'tasks.max': '1',
    'database.hostname': host,
    'database.port': String(port),
    'database.user': name,
    'database.password': password,
    'database.ssl.mode': 'required',
    'database.server.id': name === nameOf('TLSv1.3') ? '6513' : '6512',
    'database.include.list': 'shop',
    'table.include.list': 'shop.orders',
    'database.connectionTimeZone': 'UTC',
    'snapshot.mode': 'when_needed',
    'connect.keep.alive': 'true',
    'connect.keep.alive.interval.ms': '60000',
    'topic.prefix': name,
    'schema.history.internal.kafka.bootstrap.servers': bootstrapServers,
    'schema.history.internal.kafka.topic': `schema.${name}`,
    ...more,
  };
}

function workerProperties(name: string): Readonly<Record<string, string>> {
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  return {
    'key.converter': json,
    'value.converter': json,
    'key.converter.schemas.enable': 'false',
    'value.converter.schemas.enable': 'false',
    'offset.flush.interval.ms': '10000',
    'config.storage.topic': `${name}-configs`,
    'offset.storage.topic': `${name}-offsets`,
    'status.storage.topic': `${name}-status`,
  };
}
