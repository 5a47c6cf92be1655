import { listOf, valueOf } from '../configuration.ts';
import { debeziumOf, isSink, type Debezium } from '../family.ts';
import type { Finding } from '../finding.ts';
import { renamed } from '../names.ts';
import type { Rule } from '../rule.ts';
import { historyPrefix, keepsHistoryInKafka, renamedIn, topicPrefix } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';
import { atLeast } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** Something without which the connector is refused, or contradicts itself so that it is. */
export const requiredSettings: Rule = {
  name: 'required-settings',
  what: 'a setting missing, or two that exclude each other, so that the connector is refused',
  severities: ['blocks'],
  reason: 'Connect answers 400, or the task dies at its start',
  cure: 'the setting that is named',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/2.7/connectors/mysql.html#mysql-required-configuration-properties',
    'https://debezium.io/documentation/reference/2.7/connectors/postgresql.html#postgresql-required-configuration-properties',
    'https://debezium.io/documentation/reference/2.7/connectors/jdbc.html#jdbc-connector-properties',
    'https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/SinkConnectorConfig.java',
    'https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/ConnectorConfig.java',
  ],
  judge: (subject) => {
    const debezium = debeziumOf(subject);
    return [
      ...(debezium === undefined ? [] : missingOf(subject, debezium)),
      ...(isSink(subject) ? sinkFaults(subject) : []),
      ...transformFaults(subject),
      ...(debezium?.family === 'jdbc-sink' ? keyFaults(subject) : []),
    ];
  },
};

function missingOf(subject: Subject, debezium: Debezium): Finding[] {
  const { configuration } = subject;
  const counterparts = new Map(renamed(debezium).flatMap(({ old, now }) => [[old, now] as const, [now, old] as const]));
  return (
    required(subject, debezium)
      .filter((key) => valueOf(configuration, key) === undefined)
      // Written under the name of the other form: `renamed-settings` says that.
      .filter((key) => valueOf(configuration, counterparts.get(key) ?? '') === undefined)
      .map((key) =>
        refused(
          key,
          `${key} is missing`,
          key.includes('history')
            ? 'the task dies at its start for want of a schema history'
            : `answered with 400: ${key} is required`,
          `set ${key}`,
        ),
      )
  );
}

function required(subject: Subject, debezium: Debezium): string[] {
  const { family, version } = debezium;
  if (family === 'jdbc-sink') return ['connection.url', 'connection.username', 'connection.password'];
  const history = keepsHistoryInKafka(subject, debezium)
    ? ['kafka.bootstrap.servers', 'kafka.topic'].map((key) => `${historyPrefix(subject, debezium)}.${key}`)
    : [];
  const prefix = topicPrefix(subject, debezium).key;
  switch (family) {
    case 'mysql':
    case 'mariadb': {
      // Before 2.0 it was drawn by lot.
      const serverId = version !== undefined && atLeast(version, renamedIn) ? ['database.server.id'] : [];
      return ['database.hostname', 'database.user', ...serverId, prefix, ...history];
    }
    case 'postgresql':
      return ['database.hostname', 'database.user', 'database.dbname', prefix];
    case 'sqlserver':
    case 'oracle':
    case 'db2':
    case 'informix':
      return [prefix, ...history];
    case 'mongodb':
      return [prefix, ...mongodbAddress(subject, version)];
    case 'vitess':
      return [prefix];
    case 'spanner':
    case 'mongodb-sink':
      return [];
  }
}

/**
 * Debezium 2.4 no longer reads `mongodb.hosts`; from 2.0 to then it reads either, before only that.
 * @see https://github.com/debezium/debezium/blob/v2.4.0.Final/debezium-connector-mongodb/src/main/java/io/debezium/connector/mongodb/MongoDbConnectorConfig.java — `validateConnectionString`
 */
function mongodbAddress({ configuration }: Subject, version: Debezium['version']): string[] {
  const [now, old] = ['mongodb.connection.string', 'mongodb.hosts'];
  if (version !== undefined && !atLeast(version, renamedIn)) return [old];
  const readsHosts = version === undefined || !atLeast(version, [2, 4]);
  return readsHosts && valueOf(configuration, old) !== undefined ? [] : [now];
}

function sinkFaults(subject: Subject): Finding[] {
  const { configuration } = subject;
  const [topics, regex] = [listOf(configuration, 'topics'), valueOf(configuration, 'topics.regex')];
  const letters = valueOf(configuration, 'errors.deadletterqueue.topic.name');
  if (topics.length === 0 && regex === undefined) {
    return [
      refused(
        'topics',
        'a sink with neither topics nor topics.regex',
        'answered with 400',
        'say which topics it reads',
      ),
    ];
  }
  if (topics.length > 0 && regex !== undefined) {
    return [
      refused(
        'topics.regex',
        'topics and topics.regex, which exclude each other',
        'answered with 400',
        'one of the two',
      ),
    ];
  }
  return letters !== undefined && topics.includes(letters)
    ? [
        refused(
          'errors.deadletterqueue.topic.name',
          'the dead letter queue is among the topics that the sink reads',
          'answered with 400',
          'a topic of its own for dead letters',
        ),
      ]
    : [];
}

function transformFaults(subject: Subject): Finding[] {
  return (['transforms', 'predicates'] as const).flatMap((list) =>
    listOf(subject.configuration, list)
      .filter((alias) => valueOf(subject.configuration, `${list}.${alias}.type`) === undefined)
      .map((alias) =>
        refused(
          `${list}.${alias}.type`,
          `${list} names ${alias}, and ${list}.${alias}.type is missing`,
          'answered with 400',
          `give ${alias} its type, or take it out of ${list}`,
        ),
      ),
  );
}

/** @see https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-connector-jdbc/src/main/java/io/debezium/connector/jdbc/JdbcSinkConnectorConfig.java — `validateInsertMode`, `validateDeleteEnabled` */
function keyFaults(subject: Subject): Finding[] {
  const { configuration } = subject;
  const mode = valueOf(configuration, 'primary.key.mode')?.toLowerCase();
  const upsert = valueOf(configuration, 'insert.mode')?.toLowerCase() === 'upsert' && mode === undefined;
  const deletes =
    ['delete.enabled', 'truncate.enabled'].find((key) => valueOf(configuration, key)?.toLowerCase() === 'true') ?? '';
  return [
    ...(upsert
      ? [
          refused(
            'primary.key.mode',
            'insert.mode is upsert without primary.key.mode',
            'the task refuses to start',
            'set primary.key.mode, such as record_key',
          ),
        ]
      : []),
    ...(deletes !== '' && mode !== 'record_key'
      ? [
          refused(
            deletes,
            `${deletes} is true, and primary.key.mode is not record_key`,
            'the task refuses to start',
            'set primary.key.mode to record_key',
          ),
        ]
      : []),
  ];
}

function refused(where: string, found: string, leadsTo: string, cure: string): Finding {
  return { rule: requiredSettings.name, severity: 'blocks', where, found, leadsTo, cure, affects: both };
}
