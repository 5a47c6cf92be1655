import { describe, expect, it } from 'vitest';
import { contextFields } from '../../../recovery/readiness/context.ts';
import type { Context } from '../../../recovery/readiness/context.ts';
import { rules } from '../../../recovery/readiness/rules.ts';
import {
  env,
  found,
  jdbcSink,
  judged,
  mariadb,
  mongodb,
  mysql,
  mysql19,
  onMsk,
  otherSource,
  postgres,
} from './subjects.ts';
import type { Sound } from './subjects.ts';

interface Row {
  readonly what: string;
  readonly of: Sound;
  readonly set?: Readonly<Record<string, string | undefined>>;
  readonly context?: Partial<Record<keyof Context, unknown>>;
  readonly request?: object;
  /** Exactly these; absent: nothing, so it is ready. */
  readonly found?: readonly string[];
}

const scram = {
  workerProperties: { ...env, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512' },
};
const iamWorkers = {
  workerProperties: { ...env, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'AWS_MSK_IAM' },
};
const noLogin = Object.fromEntries(
  Object.keys(onMsk.configuration)
    .filter((key) => /^schema\.history\.internal\.(?:producer|consumer)\./.test(key))
    .map((key) => [key, undefined]),
);
const login = (client: string, settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`schema.history.internal.${client}.${key}`, value]),
  );
const scramLogin = {
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'SCRAM-SHA-512',
  'sasl.jaas.config':
    'org.apache.kafka.common.security.scram.ScramLoginModule required username="cdc" password="${env:KAFKA_PASSWORD}";',
};
const bearerLogin = {
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'OAUTHBEARER',
  'sasl.jaas.config': 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;',
  'sasl.login.callback.handler.class': 'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
};
const secretsManager = onMsk.context.workerProperties;

const table: readonly Row[] = [
  // As they are.
  { what: 'MySQL on MSK Connect', of: onMsk },
  { what: 'MySQL', of: mysql },
  { what: 'MySQL in the names of 1.9, under 1.9', of: mysql19 },
  { what: 'MariaDB with its own connector', of: mariadb },
  { what: 'PostgreSQL', of: postgres },
  { what: 'a JDBC sink', of: jdbcSink },
  { what: 'a class that nobody wrote rules for', of: otherSource },

  // MongoDB's address
  { what: 'a connection string of MongoDB', of: mongodb },
  {
    what: 'MongoDB’s hosts under 2.7',
    of: mongodb,
    set: { 'mongodb.connection.string': undefined, 'mongodb.hosts': 'rs0/m.example.internal:27017' },
    found: ['required-settings blocks'],
  },
  {
    what: 'MongoDB’s hosts under 2.3, which reads them still',
    of: mongodb,
    set: { 'mongodb.connection.string': undefined, 'mongodb.hosts': 'rs0/m.example.internal:27017' },
    context: { pluginVersion: '2.3.0.Final' },
  },
  {
    what: 'MongoDB without an address',
    of: mongodb,
    set: { 'mongodb.connection.string': undefined },
    context: { pluginVersion: '2.1.4.Final' },
    found: ['required-settings blocks'],
  },

  // renamed-settings
  {
    what: 'names of 1.x under 2.0.0',
    of: mysql19,
    set: { 'database.server.id': '6400' },
    context: { connectVersion: '3.7.1', pluginVersion: '2.0.0.Final' },
    found: ['filter-names harms', 'renamed-settings blocks'],
  },
  {
    what: 'names of 2.x under 1.9',
    of: mysql,
    context: { pluginVersion: '1.9.7.Final' },
    found: ['renamed-settings blocks'],
  },
  {
    what: 'names of 2.x under 1.9, PostgreSQL',
    of: postgres,
    context: { pluginVersion: '1.9.8.Final' },
    found: ['renamed-settings blocks'],
  },
  {
    what: 'database.server.name under 1.9, PostgreSQL',
    of: postgres,
    set: { 'topic.prefix': undefined, 'database.server.name': 'ledger' },
    context: { pluginVersion: '1.9.8.Final' },
  },
  {
    what: 'both names, saying the same, under 2.7: it works',
    of: mysql,
    set: { 'database.server.name': 'shop' },
    found: ['renamed-settings improve'],
  },
  {
    what: 'both names, saying different things, under 2.7',
    of: mysql,
    set: { 'database.server.name': 'orders' },
    found: ['renamed-settings harms'],
  },
  {
    what: 'both names and both histories, saying the same, of an unknown release: either reads them',
    of: mysql,
    set: {
      'database.server.name': 'shop',
      'database.history.kafka.topic': 'schema.shop',
      'database.history.kafka.bootstrap.servers': 'b-1.example:9092',
      'connector.adapter': 'mysql',
    },
    context: { pluginVersion: undefined },
    found: ['plugin-on-connect cannot-tell: pluginVersion'],
  },
  {
    what: 'a history in a file, in the old name, under 2.7',
    of: mysql,
    set: {
      'schema.history.internal.kafka.topic': undefined,
      'schema.history.internal.kafka.bootstrap.servers': undefined,
      'schema.history.internal': 'io.debezium.storage.file.history.FileSchemaHistory',
      'schema.history.internal.file.filename': '/data/history.dat',
    },
  },
  {
    what: 'only the history’s login in the old names, under 2.7',
    of: mysql,
    set: { 'database.history.producer.security.protocol': 'SSL' },
    found: ['renamed-settings harms'],
  },
  {
    what: 'nobody says which release the plugin is of',
    of: mysql,
    context: { pluginVersion: undefined, database: 'mysql 8.0' },
    found: ['plugin-on-connect cannot-tell: pluginVersion', 'renamed-settings cannot-tell: pluginVersion'],
  },

  {
    what: 'the zone’s present name under 1.9, which reads it too',
    of: mysql19,
    set: { 'database.connectionTimeZone': 'UTC' },
  },
  {
    what: 'the zone’s present name alone, of an unknown release, beside names that either reads',
    of: mysql,
    set: {
      'database.connectionTimeZone': 'UTC',
      'database.server.name': 'shop',
      'database.history.kafka.topic': 'schema.shop',
      'database.history.kafka.bootstrap.servers': 'b-1.example:9092',
    },
    context: { pluginVersion: undefined },
    found: ['plugin-on-connect cannot-tell: pluginVersion'],
  },

  // filter-names
  { what: 'table.whitelist under 1.9', of: mysql19, set: { 'table.whitelist': 'shop.orders' } },
  {
    what: 'table.whitelist under 2.7',
    of: mysql,
    set: { 'table.include.list': undefined, 'table.whitelist': 'shop.orders' },
    found: ['filter-names harms'],
  },
  {
    what: 'column.blacklist under 3',
    of: mariadb,
    set: { 'column.blacklist': 'shop.orders.card' },
    found: ['filter-names harms'],
  },
  {
    what: 'table.whitelist beside the same table.include.list under 2.7',
    of: mysql,
    set: { 'table.whitelist': 'shop.orders' },
    found: ['filter-names improve'],
  },
  {
    what: 'table.include.list under 1.2, which does not know it',
    of: mysql19,
    set: { 'table.include.list': 'shop.orders' },
    context: { pluginVersion: '1.2.5.Final' },
    found: ['filter-names harms'],
  },
  { what: 'table.whitelist of another product’s source', of: otherSource, set: { 'table.whitelist': 'parrots' } },
  {
    what: 'a table without its schema, which no table is called',
    of: postgres,
    set: { 'table.include.list': 'entries' },
    found: ['filter-names harms'],
  },
  {
    what: 'a table without its database, among others',
    of: mysql,
    set: { 'table.include.list': 'shop.orders, customers' },
    found: ['filter-names harms'],
  },
  {
    what: 'a table to leave out, without its schema',
    of: postgres,
    set: { 'table.include.list': undefined, 'table.exclude.list': 'audit' },
    found: ['filter-names harms'],
  },
  {
    what: 'a table without its database under 1.9',
    of: mysql19,
    set: { 'database.whitelist': undefined, 'database.include.list': 'shop', 'table.include.list': 'orders' },
    found: ['filter-names harms'],
  },
  {
    what: 'patterns that reach beyond the dot',
    of: postgres,
    set: { 'table.include.list': 'public\\.entries,.*entries,public[.]accounts,(public|other).x' },
  },

  // connector-class
  {
    what: 'MySQL’s connector where PostgreSQL runs',
    of: mysql,
    context: { database: 'postgresql 15' },
    found: ['connector-class blocks'],
  },
  {
    what: 'PostgreSQL’s connector where SQL Server runs',
    of: postgres,
    context: { database: 'Microsoft SQL Server 2019' },
    found: ['connector-class blocks'],
  },
  { what: 'a fork under its own name', of: postgres, context: { database: 'EnterpriseDB 15' } },
  { what: 'a service of PostgreSQL', of: postgres, context: { database: 'Aurora PostgreSQL 15.4' } },
  { what: 'MySQL of Oracle', of: mysql, context: { database: 'Oracle MySQL 8.0' } },
  { what: 'a sink into MySQL', of: jdbcSink, context: { database: 'mysql 8.0' } },
  {
    what: 'a class in another spelling',
    of: mysql,
    set: { 'connector.class': 'io.debezium.connector.mysql.MySQLConnector' },
    found: ['connector-class blocks'],
  },
  {
    what: 'a package that does not exist',
    of: postgres,
    set: { 'connector.class': 'io.debezium.connector.postgres.PostgresConnector' },
    found: ['connector-class blocks'],
  },
  { what: 'Connect’s short name of the class', of: mysql, set: { 'connector.class': 'MySqlConnector' } },
  { what: 'Connect’s shortest name of the class', of: postgres, set: { 'connector.class': 'Postgres' } },
  {
    what: 'the MariaDB connector under 2.6, which has none',
    of: mariadb,
    set: { 'database.ssl.mode': 'disabled' },
    context: { pluginVersion: '2.6.2.Final' },
    found: ['connector-class blocks'],
  },
  {
    what: 'the MariaDB connector of an unknown release',
    of: mariadb,
    set: { 'database.server.name': 'shop' },
    context: { pluginVersion: undefined },
    found: [
      'connector-class cannot-tell: pluginVersion',
      'plugin-on-connect cannot-tell: pluginVersion',
      'renamed-settings cannot-tell: pluginVersion',
    ],
  },
  {
    what: 'a Debezium connector that nobody wrote down here',
    of: otherSource,
    set: { 'connector.class': 'io.debezium.connector.cockroachdb.CockroachDBConnector' },
  },

  // plugin-on-connect
  { what: '2.7 on Connect 3.9', of: mysql, context: { connectVersion: '3.9.1' } },
  {
    what: '2.7 on Connect 4.0',
    of: mysql,
    context: { connectVersion: '4.0.0' },
    found: ['plugin-on-connect blocks'],
  },
  {
    what: '3.1.1 on Connect 4.1, the last with the old call',
    of: mariadb,
    context: { connectVersion: '4.1.0', pluginVersion: '3.1.1.Final' },
    found: ['plugin-on-connect blocks'],
  },
  { what: '3.2 on Connect 4.1', of: mysql, context: { connectVersion: '4.1.0', pluginVersion: '3.2.0.Final' } },
  {
    what: '2.7 on Connect 4.1 with its history in a file: the old call is never made',
    of: mysql,
    set: {
      'schema.history.internal': 'io.debezium.storage.file.history.FileSchemaHistory',
      'schema.history.internal.kafka.topic': undefined,
      'schema.history.internal.kafka.bootstrap.servers': undefined,
    },
    context: { connectVersion: '4.1.0' },
    found: ['plugin-on-connect improve'],
  },
  {
    what: 'PostgreSQL 2.7 on Connect 4.1, which has no schema history',
    of: postgres,
    context: { connectVersion: '4.1.0' },
    found: ['plugin-on-connect improve'],
  },
  {
    what: 'PostgreSQL 2.7 on Connect 4.1 with signals from Kafka',
    of: postgres,
    set: { 'signal.enabled.channels': 'source,kafka' },
    context: { connectVersion: '4.1.0' },
    found: ['plugin-on-connect blocks'],
  },
  {
    what: '3.1 on MSK Connect 2.7.1, whose Java is 11',
    of: onMsk,
    request: { kafkaConnectVersion: '2.7.1' },
    context: { connectVersion: '2.7.1', pluginVersion: '3.1.2.Final' },
    found: ['plugin-on-connect blocks', 'restart-reach improve'],
  },
  {
    what: '3.1 on MSK Connect 3.7, whose Java is 17',
    of: onMsk,
    context: { pluginVersion: '3.1.2.Final' },
  },
  {
    what: '3.1 on workers of 3.7 of whose Java nobody speaks',
    of: mysql,
    context: { pluginVersion: '3.1.2.Final' },
    found: ['plugin-on-connect cannot-tell: javaVersion'],
  },
  { what: '3.1 on workers of 3.7 with Java 17', of: mysql, context: { pluginVersion: '3.1.2.Final', javaVersion: 17 } },
  {
    what: 'a context that says another version than the request',
    of: onMsk,
    context: { connectVersion: '2.7.1' },
    found: [
      'plugin-on-connect cannot-tell: connectVersion that agrees with the request (it says 2.7.1, the request 3.7.x)',
    ],
  },

  // required-settings
  {
    what: 'no server id under 2.x',
    of: mysql,
    set: { 'database.server.id': undefined },
    found: ['required-settings blocks'],
  },
  { what: 'no server id under 1.9, which draws one', of: mysql19 },
  { what: 'a blank prefix', of: mysql, set: { 'topic.prefix': '  ' }, found: ['required-settings blocks'] },
  {
    what: 'a transform without its type',
    of: postgres,
    set: { transforms: 'unwrap, route', 'transforms.unwrap.type': 'io.debezium.transforms.ExtractNewRecordState' },
    found: ['required-settings blocks'],
  },
  {
    what: 'a transform with its type',
    of: postgres,
    set: { transforms: 'unwrap', 'transforms.unwrap.type': 'io.debezium.transforms.ExtractNewRecordState' },
  },
  { what: 'a sink without topics', of: jdbcSink, set: { topics: undefined }, found: ['required-settings blocks'] },
  { what: 'a sink with both', of: jdbcSink, set: { 'topics.regex': 'ledger.*' }, found: ['required-settings blocks'] },
  {
    what: 'a dead letter queue among the topics',
    of: jdbcSink,
    set: { 'errors.deadletterqueue.topic.name': 'ledger.public.entries' },
    found: ['required-settings blocks'],
  },
  {
    what: 'deletes without the record’s key',
    of: jdbcSink,
    set: { 'primary.key.mode': 'record_value' },
    found: ['required-settings blocks'],
  },

  // mysql-on-mariadb
  {
    what: 'the MySQL connector 3.1 on MariaDB, as the server calls itself',
    of: mysql,
    context: { database: '10.11.6-MariaDB-log', pluginVersion: '3.1.2.Final', javaVersion: 17 },
    found: ['mysql-on-mariadb harms'],
  },
  {
    what: 'the MySQL connector 2.6 on MariaDB with its adapter',
    of: mysql,
    set: { 'connector.adapter': 'mariadb' },
    context: { database: 'MariaDB 11.2', pluginVersion: '2.6.2.Final' },
  },
  {
    what: 'the MySQL connector 2.6 on MariaDB without its adapter',
    of: mysql,
    context: { database: 'MariaDB 11.2', pluginVersion: '2.6.2.Final' },
    found: ['mysql-on-mariadb improve'],
  },
  {
    what: 'the adapter of 2.6 under 2.7, which no longer has it',
    of: mysql,
    set: { 'connector.adapter': 'mariadb' },
    context: { database: 'mariadb 10.11' },
    found: ['mysql-on-mariadb harms'],
  },
  {
    what: 'the MySQL connector 1.9 on MariaDB, measured without loss',
    of: mysql19,
    context: { database: 'mariadb 10.11' },
  },
  { what: 'the MySQL connector on Aurora', of: mysql, context: { database: 'Aurora MySQL 3.05' } },
  {
    what: 'the MySQL connector on nobody knows what',
    of: mysql,
    context: { database: undefined },
    found: ['database-version cannot-tell: database', 'mysql-on-mariadb cannot-tell: database'],
  },
  {
    what: 'the MariaDB connector on MySQL',
    of: mariadb,
    context: { database: 'mysql 8.0' },
    found: ['mysql-on-mariadb harms'],
  },
  {
    what: 'the MariaDB connector 2.7 with the default encryption, which its driver refuses',
    of: mariadb,
    context: { pluginVersion: '2.7.0.Final' },
    found: ['mariadb-ssl-mode blocks'],
  },
  {
    what: 'the MariaDB connector 2.7 with another encryption',
    of: mariadb,
    set: { 'database.ssl.mode': 'disabled' },
    context: { pluginVersion: '2.7.0.Final' },
  },

  // database-version
  { what: 'MySQL 8.4 under 2.7', of: mysql, context: { database: 'mysql 8.4' }, found: ['database-version blocks'] },
  { what: 'MySQL 9.1 under 2.7', of: onMsk, context: { database: 'MySQL 9.1.0' }, found: ['database-version blocks'] },
  {
    what: 'MySQL 8.4 under 3.1',
    of: mysql,
    context: { database: 'mysql 8.4', pluginVersion: '3.1.2.Final', javaVersion: 17 },
  },
  { what: 'MySQL 5.7 under 2.7', of: mysql, context: { database: 'mysql 5.7' }, found: ['database-version improve'] },
  { what: 'MySQL 5.7 under 1.9', of: mysql19, context: { database: 'mysql 5.7' } },
  {
    what: 'MySQL of nobody says which version',
    of: mysql,
    context: { database: 'mysql' },
    found: ['database-version cannot-tell: database with its version'],
  },

  // server-time-zone
  { what: 'a server of CEST', of: mysql, context: { databaseTimeZone: 'CEST' }, found: ['server-time-zone blocks'] },
  { what: 'a server of Asia/Seoul', of: mysql, context: { databaseTimeZone: 'Asia/Seoul' } },
  { what: 'a server of +09:00', of: mysql, context: { databaseTimeZone: '+09:00' } },
  { what: 'a server of JST, which the driver knows', of: mysql, context: { databaseTimeZone: 'JST' } },
  {
    what: 'a server of KST, and a zone that is set',
    of: mysql,
    set: { 'database.connectionTimeZone': 'Asia/Seoul' },
    context: { databaseTimeZone: 'KST' },
  },
  {
    what: 'the same as the driver’s property',
    of: mysql,
    set: { 'driver.connectionTimeZone': '+09:00' },
    context: { databaseTimeZone: 'KST' },
  },
  {
    what: 'a zone that is set, and refused',
    of: mysql,
    set: { 'database.connectionTimeZone': 'KST' },
    found: ['server-time-zone blocks'],
  },
  {
    what: 'SERVER is what is meant by nothing',
    of: mysql,
    set: { 'database.connectionTimeZone': 'SERVER' },
    context: { databaseTimeZone: 'KST' },
    found: ['server-time-zone blocks'],
  },
  {
    what: 'the driver’s older name under 1.9, which reads it',
    of: mysql19,
    set: { 'database.serverTimezone': 'Asia/Seoul' },
    context: { databaseTimeZone: 'KST' },
  },
  {
    what: 'the driver’s older name under 2.7, which does not',
    of: mysql,
    set: { 'database.serverTimezone': 'Asia/Seoul' },
    context: { databaseTimeZone: 'KST' },
    found: ['renamed-settings harms', 'server-time-zone blocks'],
  },
  {
    what: 'CST, which the driver takes for Chicago',
    of: mysql,
    context: { databaseTimeZone: 'CST' },
    found: ['server-time-zone cannot-tell: databaseTimeZone as a name of the IANA'],
  },
  {
    what: 'SYSTEM says nothing',
    of: mysql,
    context: { databaseTimeZone: 'SYSTEM' },
    found: ['server-time-zone cannot-tell: databaseTimeZone as the server’s system_time_zone'],
  },
  { what: 'MariaDB’s driver refuses no zone', of: mariadb, context: { databaseTimeZone: 'KST' } },
  { what: 'PostgreSQL’s driver asks for none', of: postgres, context: { databaseTimeZone: 'KST' } },

  {
    what: 'SERVER, where the driver knows the server’s zone',
    of: mysql,
    set: { 'database.connectionTimeZone': 'server' },
  },

  // history-login
  {
    what: 'a consumer without its callback handler',
    of: onMsk,
    set: { 'schema.history.internal.consumer.sasl.client.callback.handler.class': undefined },
    found: ['history-login blocks'],
  },
  { what: 'an open cluster asks for no login', of: onMsk, set: noLogin, request: open('PLAINTEXT') },
  {
    what: 'TLS without a login needs its protocol',
    of: onMsk,
    set: noLogin,
    request: open('TLS'),
    found: ['history-login blocks'],
  },
  {
    what: 'TLS without a login, with its protocol',
    of: onMsk,
    set: {
      ...noLogin,
      ...login('producer', { 'security.protocol': 'SSL' }),
      ...login('consumer', { 'security.protocol': 'SSL' }),
    },
    request: open('TLS'),
  },
  {
    what: 'the history at the open port of a cluster with IAM: nobody knows whether it is open',
    of: onMsk,
    set: { ...noLogin, 'schema.history.internal.kafka.bootstrap.servers': 'b-1.example:9092' },
    found: ['history-login cannot-tell: what the cluster asks at the port of the schema history (9092)'],
  },
  {
    what: 'the history at the port for SCRAM, with that login',
    of: onMsk,
    set: {
      ...noLogin,
      'schema.history.internal.kafka.bootstrap.servers': 'b-1.example:9096',
      ...login('producer', { ...scramLogin, 'sasl.jaas.config': jaasOf('${secretsmanager:kafka:password}') }),
      ...login('consumer', { ...scramLogin, 'sasl.jaas.config': jaasOf('${secretsmanager:kafka:password}') }),
    },
  },
  { what: 'workers with SCRAM, and no login', of: mysql, context: scram, found: ['history-login blocks'] },
  {
    what: 'workers with SCRAM, and that login',
    of: mysql,
    set: { ...login('producer', scramLogin), ...login('consumer', scramLogin) },
    context: scram,
  },
  {
    what: 'workers with IAM, and a login by OAUTHBEARER, which MSK takes too',
    of: mysql,
    set: { ...login('producer', bearerLogin), ...login('consumer', bearerLogin) },
    context: iamWorkers,
  },
  {
    what: 'workers with IAM, and a login by OAUTHBEARER without its handler',
    of: mysql,
    set: {
      ...login('producer', bearerLogin),
      ...login('consumer', { ...bearerLogin, 'sasl.login.callback.handler.class': '' }),
    },
    context: iamWorkers,
    found: ['history-login blocks'],
  },
  { what: 'workers with IAM, and no login', of: mysql, context: iamWorkers, found: ['history-login blocks'] },
  { what: 'PostgreSQL keeps no schema history', of: postgres, context: iamWorkers },
  {
    what: 'nobody says how the workers log in',
    of: mysql,
    context: { workerProperties: undefined },
    found: ['config-provider cannot-tell: workerProperties', 'history-login cannot-tell: workerProperties'],
  },

  // config-provider, provider-reload, plaintext-secret
  {
    what: 'a password in plain text in the worker configuration',
    of: onMsk,
    context: { workerProperties: { ...secretsManager, 'consumer.sasl.jaas.config': jaasOf('example-only') } },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'the same from a config provider',
    of: onMsk,
    context: {
      workerProperties: { ...secretsManager, 'consumer.sasl.jaas.config': jaasOf('${secretsmanager:kafka:pw}') },
    },
  },
  {
    what: 'the same on workers of one’s own, where it lies in their file alone',
    of: mysql,
    context: { workerProperties: { ...env, 'ssl.keystore.password': 'example-only' } },
  },
  {
    what: 'a provider that the workers do not have',
    of: mysql,
    set: { 'database.password': '${vault:shop/cdc:password}' },
    found: ['config-provider blocks'],
  },
  {
    what: 'a provider with its class that config.providers does not name',
    of: mysql,
    context: { workerProperties: { ...env, 'config.providers': 'file' } },
    found: ['config-provider blocks'],
  },
  { what: 'a provider that they have', of: mysql19, set: { 'database.password': '${file:/run/secrets/cdc:pw}' } },
  {
    what: 'a provider without a class',
    of: mysql,
    context: { workerProperties: { 'config.providers': 'env' } },
    found: ['config-provider blocks'],
  },
  {
    what: 'EnvVarConfigProvider on Connect 3.4, which has none',
    of: mysql,
    context: { connectVersion: '3.4.0' },
    found: ['config-provider blocks'],
  },
  { what: 'no provider is asked for by ${topic}', of: jdbcSink, set: { 'table.name.format': 'kafka_${topic}' } },
  {
    what: 'no worker configuration on MSK Connect: no provider, and nothing pinned',
    of: onMsk,
    request: { workerConfiguration: undefined },
    found: ['config-provider blocks', 'pinned-offsets harms', 'snapshot-mode harms'],
  },
  { what: 'reload = restart', of: onMsk, set: { 'config.action.reload': 'restart' }, found: ['provider-reload harms'] },
  {
    what: 'reload = NONE, which Connect refuses',
    of: onMsk,
    set: { 'config.action.reload': 'NONE' },
    found: ['provider-reload blocks'],
  },
  { what: 'no reload on workers of one’s own', of: mysql },
  {
    what: 'a reload of another class',
    of: otherSource,
    set: { 'config.action.reload': undefined },
    found: ['provider-reload harms'],
  },
  {
    what: 'a plain password, so nothing to reload',
    of: onMsk,
    set: { 'database.password': 'example-only', 'config.action.reload': undefined },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'a password in a JAAS text',
    of: mysql,
    set: {
      ...login('producer', { ...scramLogin, 'sasl.jaas.config': jaasOf('example-only') }),
      ...login('consumer', scramLogin),
    },
    context: scram,
    found: ['plaintext-secret harms'],
  },
  {
    what: 'a password in a JDBC address',
    of: jdbcSink,
    set: { 'connection.url': 'jdbc:postgresql://pg/rep?user=a&password=example-only' },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'a login in an address',
    of: otherSource,
    set: { 'mongodb.connection.string': 'mongodb://cdc:example-only@db:27017/' },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'the same from a provider',
    of: otherSource,
    set: { 'mongodb.connection.string': 'mongodb://cdc:${secretsmanager:db:pw}@db:27017/' },
  },
  {
    what: 'a registry’s login',
    of: otherSource,
    set: { 'value.converter.basic.auth.user.info': 'me:example-only' },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'an access key',
    of: otherSource,
    set: { 'aws.secret.access.key': 'example-only' },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'a truststore’s password',
    of: mysql,
    set: { 'database.ssl.truststore.password': 'example-only' },
    found: ['plaintext-secret harms'],
  },
  {
    what: 'a placeholder of another tool',
    of: mysql,
    set: { 'database.password': '${CDC_PASSWORD}' },
    found: ['plaintext-secret blocks'],
  },
  { what: 'an empty password', of: mysql, set: { 'database.password': '' } },
  {
    what: 'keys that only speak of secrets',
    of: otherSource,
    set: {
      'parrot.password.file': '/run/parrot',
      'basic.auth.credentials.source': 'USER_INFO',
      'secret.name': 'parrot',
      'max.tokens': '5',
    },
  },
  { what: 'an IAM login holds no password', of: onMsk },

  // pinned-offsets, snapshot-mode
  {
    what: 'no_data and offsets not pinned',
    of: onMsk,
    set: { 'snapshot.mode': 'no_data' },
    context: { workerProperties: unpinned() },
    found: ['pinned-offsets harms', 'snapshot-mode harms'],
  },
  { what: 'no_data and offsets pinned', of: onMsk, set: { 'snapshot.mode': 'no_data' } },
  { what: 'initial and offsets pinned', of: onMsk, set: { 'snapshot.mode': 'initial' } },
  { what: 'no mode and offsets pinned', of: onMsk, set: { 'snapshot.mode': undefined } },
  {
    what: 'no mode is initial, and offsets are not pinned',
    of: onMsk,
    set: { 'snapshot.mode': undefined },
    context: { workerProperties: unpinned() },
    found: ['pinned-offsets harms', 'snapshot-mode harms'],
  },
  {
    what: 'a blank offsets topic pins nothing',
    of: onMsk,
    context: { workerProperties: { ...secretsManager, 'offset.storage.topic': ' ' } },
    found: ['pinned-offsets harms', 'snapshot-mode harms'],
  },
  {
    what: 'an offsets topic of the connector’s own',
    of: onMsk,
    set: { 'offsets.storage.topic': 'connect-offsets-shop' },
    context: { workerProperties: unpinned() },
  },
  {
    what: 'an offsets topic of its own on 2.7.1, which does not read it',
    of: onMsk,
    set: { 'offsets.storage.topic': 'connect-offsets-shop' },
    request: { kafkaConnectVersion: '2.7.1' },
    context: { workerProperties: unpinned(), connectVersion: undefined },
    found: ['pinned-offsets harms', 'restart-reach improve', 'snapshot-mode harms'],
  },
  {
    what: 'a sink keeps its place by its group',
    of: { ...jdbcSink, platform: 'msk-connect' },
    set: { 'connection.password': '${secretsmanager:rep:pw}', 'config.action.reload': 'none' },
    context: { workerProperties: unpinned() },
  },
  { what: 'initial on workers of one’s own', of: mysql, set: { 'snapshot.mode': 'initial' } },
  {
    what: 'another class, offsets not pinned',
    of: otherSource,
    context: { workerProperties: unpinned() },
    found: ['pinned-offsets harms'],
  },
  { what: 'always', of: mysql, set: { 'snapshot.mode': 'always' }, found: ['snapshot-mode harms'] },
  {
    what: 'always under 2.5, MySQL, which has no such mode',
    of: mysql,
    set: { 'snapshot.mode': 'always' },
    context: { pluginVersion: '2.5.4.Final' },
    found: ['snapshot-mode blocks'],
  },
  {
    what: 'always under 2.5, PostgreSQL, which has',
    of: postgres,
    set: { 'snapshot.mode': 'always' },
    context: { pluginVersion: '2.5.4.Final' },
    found: ['snapshot-mode harms'],
  },
  { what: 'initial_only', of: postgres, set: { 'snapshot.mode': 'INITIAL_ONLY' }, found: ['snapshot-mode harms'] },
  {
    what: 'schema_only_recovery',
    of: mysql,
    set: { 'snapshot.mode': 'schema_only_recovery' },
    found: ['snapshot-mode harms'],
  },
  {
    what: 'recovery under 2.5, which has no such mode',
    of: mysql,
    set: { 'snapshot.mode': 'recovery' },
    context: { pluginVersion: '2.5.4.Final' },
    found: ['snapshot-mode blocks'],
  },
  {
    what: 'schema_only under 3.3, which no longer has it',
    of: mysql,
    set: { 'snapshot.mode': 'schema_only' },
    context: { pluginVersion: '3.3.0.Final', javaVersion: 17 },
    found: ['snapshot-mode blocks'],
  },
  { what: 'schema_only under 2.7 on workers of one’s own', of: mysql, set: { 'snapshot.mode': 'schema_only' } },
  { what: 'never', of: postgres, set: { 'snapshot.mode': 'never' } },
  {
    what: 'never, offsets not pinned',
    of: { ...postgres, platform: 'msk-connect' },
    set: { 'snapshot.mode': 'never', 'database.password': '${secretsmanager:pg:pw}', 'config.action.reload': 'none' },
    context: { workerProperties: unpinned() },
    found: ['pinned-offsets harms', 'snapshot-mode harms'],
  },
  {
    what: 'a mode that JavaScript knows',
    of: mysql,
    set: { 'snapshot.mode': '__proto__' },
    found: ['snapshot-mode blocks'],
  },
  { what: 'a mode that never was', of: mysql, set: { 'snapshot.mode': 'initail' }, found: ['snapshot-mode blocks'] },
  {
    what: 'a snapshotter of one’s own',
    of: mysql,
    set: { 'snapshot.mode': 'custom' },
    found: ['snapshot-mode cannot-tell: a look into the snapshotter that it names'],
  },
  {
    what: 'configured to snapshot the data at each start',
    of: mysql,
    set: {
      'snapshot.mode': 'configuration_based',
      'snapshot.mode.configuration.based.start.stream': 'true',
      'snapshot.mode.configuration.based.snapshot.data': 'true',
    },
    found: ['snapshot-mode harms'],
  },
  {
    what: 'configured to stream alone',
    of: mysql,
    set: { 'snapshot.mode': 'configuration_based', 'snapshot.mode.configuration.based.start.stream': 'true' },
  },

  // slot-dropped, output-plugin
  { what: 'a slot that is dropped', of: postgres, set: { 'slot.drop.on.stop': 'True' }, found: ['slot-dropped harms'] },
  { what: 'a slot that stays', of: postgres, set: { 'slot.drop.on.stop': 'false' } },
  { what: 'a slot of MySQL is none', of: mysql, set: { 'slot.drop.on.stop': 'true' } },
  {
    what: 'no output plugin',
    of: postgres,
    set: { 'plugin.name': undefined },
    found: ['output-plugin cannot-tell: a look at the server'],
  },
  { what: 'wal2json under 2.7', of: postgres, set: { 'plugin.name': 'wal2json' }, found: ['output-plugin blocks'] },
  {
    what: 'wal2json under 1.9',
    of: postgres,
    set: { 'plugin.name': 'wal2json', 'topic.prefix': undefined, 'database.server.name': 'ledger' },
    context: { pluginVersion: '1.9.7.Final' },
  },

  // binlog-retention
  { what: 'a binlog of 6 h', of: mysql, context: { binlogRetentionHours: 6 }, found: ['binlog-retention harms'] },
  {
    what: 'a binlog of 6 h where an outage lasts 4 h at most',
    of: mysql,
    context: { binlogRetentionHours: 6, longestOutageHours: 4 },
  },
  {
    what: 'a binlog of 72 h where an outage may last 96 h',
    of: mysql,
    context: { longestOutageHours: 96 },
    found: ['binlog-retention harms'],
  },
  {
    what: 'a binlog of nobody knows how long',
    of: mariadb,
    context: { binlogRetentionHours: undefined },
    found: ['binlog-retention cannot-tell: binlogRetentionHours'],
  },
  { what: 'PostgreSQL has a slot instead', of: postgres, context: { binlogRetentionHours: 1 } },

  // topic-prefix
  {
    what: 'a prefix that ends in a dash',
    of: postgres,
    set: { 'topic.prefix': 'ledger-' },
    found: ['topic-prefix harms'],
  },
  { what: 'a prefix that ends in a dot', of: mysql, set: { 'topic.prefix': 'prod.' }, found: ['topic-prefix harms'] },
  { what: 'a prefix with a dash and a dot inside', of: mysql, set: { 'topic.prefix': 'prod-eu.shop_1' } },
  { what: 'a prefix with a blank', of: mysql, set: { 'topic.prefix': 'my shop' }, found: ['topic-prefix blocks'] },
  {
    what: 'a server name under 1.9 that ends in a dash',
    of: mysql19,
    set: { 'database.server.name': 'shop-' },
    found: ['topic-prefix harms'],
  },

  // sinks
  {
    what: 'a topic that exists and one that does not',
    of: jdbcSink,
    set: { topics: 'ledger.public.entries, ledger.public.entry' },
    found: ['sink-topics harms'],
  },
  { what: 'a pattern that matches', of: jdbcSink, set: { topics: undefined, 'topics.regex': 'ledger\\.public\\..*' } },
  {
    what: 'a pattern that matches a part only',
    of: jdbcSink,
    set: { topics: undefined, 'topics.regex': 'public' },
    found: ['sink-topics harms'],
  },
  {
    what: 'a pattern that is none here',
    of: jdbcSink,
    set: { topics: undefined, 'topics.regex': 'ledger(' },
    found: ['sink-topics cannot-tell: a look at topics.regex'],
  },
  {
    what: 'another product’s sink',
    of: otherSource,
    set: { 'connector.class': 'io.confluent.connect.s3.S3SinkConnector', topics: 'parrots' },
    context: { topics: ['orders'] },
    found: ['sink-topics harms'],
  },
  {
    what: 'topics of a source are not looked for',
    of: otherSource,
    set: { 'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector', topics: 'parrots' },
    context: { topics: ['orders'] },
  },
  {
    what: 'errors that are gone over',
    of: jdbcSink,
    set: { 'errors.tolerance': 'all' },
    found: ['dropped-records harms'],
  },
  {
    what: 'errors that are kept',
    of: jdbcSink,
    set: { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'dead.letters' },
  },
  {
    what: 'Confluent’s names under Debezium’s sink',
    of: jdbcSink,
    set: { 'auto.create': 'true' },
    found: ['jdbc-sink-names harms'],
  },
  {
    what: 'Debezium’s names under Confluent’s sink',
    of: jdbcSink,
    set: { 'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector', 'connection.user': 'rep' },
    found: ['jdbc-sink-names harms', 'jdbc-sink-names improve'],
  },
  {
    what: 'Confluent’s sink with its own names',
    of: jdbcSink,
    set: {
      'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
      'connection.username': undefined,
      'connection.user': 'rep',
      'primary.key.mode': undefined,
      'auto.create': 'true',
      'pk.mode': 'record_key',
    },
  },

  // Would its death be seen.
  { what: 'an interval of 0', of: mysql, set: { 'heartbeat.interval.ms': '0' }, found: ['heartbeats-off harms'] },
  {
    what: 'an interval that is no number',
    of: postgres,
    set: { 'heartbeat.interval.ms': 'ten' },
    found: ['heartbeats-off harms'],
  },
  { what: 'heartbeats of another class are not asked for', of: otherSource },
  {
    what: 'a query that writes nothing',
    of: onMsk,
    set: { 'heartbeat.action.query': ' select 1 ; -- ping' },
    found: ['heartbeat-query harms'],
  },
  {
    what: 'a query that writes nothing, and no heartbeats',
    of: onMsk,
    set: { 'heartbeat.action.query': 'SELECT 1', 'heartbeat.interval.ms': '0' },
    found: ['heartbeats-off harms'],
  },
  { what: 'no query', of: onMsk, set: { 'heartbeat.action.query': undefined } },
  {
    what: 'a message in PostgreSQL’s log',
    of: postgres,
    set: { 'heartbeat.action.query': "SELECT pg_logical_emit_message(false, 'beat', now()::varchar)" },
  },
  {
    what: 'a function of somebody’s own',
    of: postgres,
    set: { 'heartbeat.action.query': 'SELECT beat()' },
    found: ['heartbeat-query cannot-tell: a look at the query: whether the function beat writes'],
  },
  {
    what: 'a query that MongoDB’s connector does not read',
    of: {
      ...mysql,
      configuration: {
        'connector.class': 'io.debezium.connector.mongodb.MongoDbConnector',
        'topic.prefix': 'shop',
        'mongodb.connection.string': 'mongodb://db/',
        'heartbeat.interval.ms': '1000',
        'heartbeat.action.query': 'SELECT 1',
      },
      context: mongodb.context,
    },
    found: ['heartbeat-query improve'],
  },
  {
    what: 'keep-alive off in capitals',
    of: mysql,
    set: { 'connect.keep.alive': 'FALSE' },
    found: ['keep-alive-off harms'],
  },
  { what: 'keep-alive on', of: mysql, set: { 'connect.keep.alive': 'true' } },
  {
    what: 'keep-alive of PostgreSQL off',
    of: postgres,
    set: { 'database.tcpKeepAlive': 'false' },
    found: ['keep-alive-off harms'],
  },
  { what: 'MySQL’s keep-alive says nothing to PostgreSQL', of: postgres, set: { 'connect.keep.alive': 'false' } },
  {
    what: 'MSK Connect 2.7.1, whose restart does not reach the tasks',
    of: onMsk,
    request: { kafkaConnectVersion: '2.7.1' },
    context: { connectVersion: '2.7.1' },
    found: ['restart-reach improve'],
  },
  { what: 'workers of 2.7.1 of one’s own', of: mysql19 },
  { what: 'four tasks asked for', of: mysql, set: { 'tasks.max': '4' }, found: ['tasks-max improve'] },
  { what: 'no worker log', of: onMsk, request: { logDelivery: undefined }, found: ['worker-log improve'] },
];

describe('a sound connector with one thing changed', () => {
  it.each(table)('$what', ({ of, set = {}, context = {}, request = {}, found: expected = [] }) => {
    const judgement = judged(of, { set, context, request });
    expect(found(judgement.findings)).toEqual(expected);
    expect(judgement.ready).toBe(expected.every((line) => line.endsWith(' improve')));
  });

  it.each(rules)('$name gives no other severity, and needs nothing else, than docs/readiness.md says', (rule) => {
    const given = table.flatMap(({ of, set = {}, context = {}, request = {} }) =>
      [judged(of, { set, context, request }), judged({ ...of, context: {} }, { set, request })].flatMap(
        ({ findings }) => findings.filter((finding) => finding.rule === rule.name),
      ),
    );
    const severities = new Set(given.map(({ severity }) => severity));
    expect([...severities].filter((one) => one !== 'cannot-tell' && !rule.severities.includes(one))).toEqual([]);
    const fields = new Set(given.flatMap(({ needs }) => contextFields.filter((field) => field === needs)));
    expect([...fields].filter((field) => !rule.needs.includes(field))).toEqual([]);
  });

  it('every rule about a configuration is broken by one row, and kept by others', () => {
    const broken = new Set(table.flatMap((row) => row.found ?? []).map((line) => line.split(' ')[0]));
    const elsewhere = [
      'saved-config',
      'saved-drift',
      'gone-revision',
      'pass-role',
      'role-shuts-out',
      'shared-identity',
    ];
    const deployedOnly = [
      ...elsewhere,
      'shared-offsets-topic',
      'configured-otherwise',
      'log-group-gone',
      'metrics-missing',
    ];
    expect(rules.map(({ name }) => name).filter((name) => !broken.has(name) && !deployedOnly.includes(name))).toEqual(
      [],
    );
  });
});

function open(encryptionType: string) {
  return {
    kafkaClusterClientAuthentication: { authenticationType: 'NONE' },
    kafkaClusterEncryptionInTransit: { encryptionType },
  };
}

function jaasOf(password: string): string {
  return `org.apache.kafka.common.security.scram.ScramLoginModule required username="cdc" password="${password}";`;
}

function unpinned() {
  return { ...onMsk.context.workerProperties, 'offset.storage.topic': undefined };
}
