import { valueOf } from './configuration.ts';
import type { Subject } from './subject.ts';
import { parseVersion, type Version } from './version.ts';

export type Family =
  | 'mysql'
  | 'mariadb'
  | 'postgresql'
  | 'sqlserver'
  | 'oracle'
  | 'db2'
  | 'mongodb'
  | 'vitess'
  | 'spanner'
  | 'informix'
  | 'jdbc-sink'
  | 'mongodb-sink';

interface Traits {
  readonly class: string;
  /** The first release whose plugin holds the class. */
  readonly since: Version;
  readonly sink?: true;
  /** Runs one task, whatever `tasks.max` says. */
  readonly singleTask?: true;
  /** Keeps the schema's history in a topic of its own, with clients of its own. */
  readonly history?: true;
  /** Reads `heartbeat.action.query`. */
  readonly actionQuery?: true;
}

/**
 * Debezium's connectors for Kafka Connect by their classes.
 * @see https://debezium.io/documentation/reference/stable/connectors/index.html, and the sources of the releases:
 *   `MariaDbConnector` came with https://debezium.io/blog/2024/07/01/debezium-2-7-final-released/ (before it, the MySQL connector's
 *   `connector.adapter`), the JDBC sink with 2.2, the MongoDB sink with https://debezium.io/blog/2024/10/02/debezium-3-0-final-released/
 */
export const families: Readonly<Record<Family, Traits>> = {
  mysql: source('mysql.MySqlConnector', [0, 1], { singleTask: true, history: true, actionQuery: true }),
  mariadb: source('mariadb.MariaDbConnector', [2, 7], { singleTask: true, history: true, actionQuery: true }),
  postgresql: source('postgresql.PostgresConnector', [0, 5], { singleTask: true, actionQuery: true }),
  sqlserver: source('sqlserver.SqlServerConnector', [0, 9], { history: true, actionQuery: true }),
  oracle: source('oracle.OracleConnector', [0, 9], { singleTask: true, history: true, actionQuery: true }),
  db2: source('db2.Db2Connector', [1, 1], { singleTask: true, history: true, actionQuery: true }),
  mongodb: source('mongodb.MongoDbConnector', [0, 2], {}),
  vitess: source('vitess.VitessConnector', [1, 3], {}),
  spanner: source('spanner.SpannerConnector', [2, 2], {}),
  informix: source('informix.InformixConnector', [2, 5], { singleTask: true, history: true, actionQuery: true }),
  'jdbc-sink': source('jdbc.JdbcSinkConnector', [2, 2], { sink: true }),
  'mongodb-sink': source('mongodb.MongoDbSinkConnector', [3, 0], { sink: true }),
};

function source(name: string, since: Version, traits: Omit<Traits, 'class' | 'since'>): Traits {
  return { class: `io.debezium.connector.${name}`, since, ...traits };
}

/** A Debezium connector: which, and of which release. */
export interface Debezium {
  readonly family: Family;
  readonly traits: Traits;
  /** `undefined`: unknown, or nothing that reads as a version. */
  readonly version: Version | undefined;
}

/** The subject as a Debezium connector; `undefined` for every other class, which the general rules alone judge. */
export function debeziumOf(subject: Subject): Debezium | undefined {
  const family = familyOf(classOf(subject));
  const { pluginVersion } = subject.facts;
  return (
    family && {
      family,
      traits: families[family],
      version: pluginVersion.kind === 'known' ? parseVersion(pluginVersion.value) : undefined,
    }
  );
}

/** As `debeziumOf`, sources only. */
export function debeziumSourceOf(subject: Subject): Debezium | undefined {
  const debezium = debeziumOf(subject);
  return debezium?.traits.sink ? undefined : debezium;
}

export function classOf(subject: Subject): string {
  return valueOf(subject.configuration, 'connector.class') ?? '';
}

/**
 * By the full name, or by the short names that Connect makes of it (`MySqlConnector`, `MySql`). Not of the JDBC sink: others have one of
 * that short name too.
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/isolation/PluginUtils.java
 */
function familyOf(name: string): Family | undefined {
  return (Object.keys(families) as Family[]).find((family) => {
    const full = families[family].class;
    const simple = full.slice(full.lastIndexOf('.') + 1);
    const short = [simple, simple.replace(/Connector$/, '')];
    return name === full || (!families[family].sink && short.includes(name));
  });
}

/** Whether the connector reads topics: known of Debezium's; of others by what Connect asks of a sink, and by the usual ending of its class. */
export function isSink(subject: Subject): boolean {
  const debezium = debeziumOf(subject);
  if (debezium !== undefined) return debezium.traits.sink === true;
  const name = classOf(subject);
  if (/Source(?:Connector)?$/.test(name)) return false;
  return (
    /Sink(?:Connector)?$/.test(name) ||
    ['topics', 'topics.regex'].some((key) => valueOf(subject.configuration, key) !== undefined)
  );
}
