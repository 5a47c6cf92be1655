import { readFileSync } from 'node:fs';
import type { Context } from '../../../recovery/readiness/context.ts';
import type { Finding } from '../../../recovery/readiness/finding.ts';
import { subjectFromFile } from '../../../recovery/readiness/fromFile.ts';
import { judge } from '../../../recovery/readiness/judge.ts';
import type { Judgement } from '../../../recovery/readiness/judge.ts';
import type { Subject } from '../../../recovery/readiness/subject.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** A connector that is ready, to be spoiled in one place. */
export interface Sound {
  readonly platform: 'msk-connect' | 'self-managed';
  readonly configuration: Readonly<Record<string, string>>;
  readonly context: Context;
}

export const env = {
  'config.providers': 'env',
  'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
};

const goodRequest = JSON.parse(
  readFileSync(new URL('../../configs/saved/orders-good.json', import.meta.url), 'utf8'),
) as Record<string, unknown> & { readonly connectorConfiguration: Readonly<Record<string, string>> };

/** `orders-good`: MySQL on MSK Connect with IAM. */
export const onMsk: Sound = {
  platform: 'msk-connect',
  configuration: goodRequest.connectorConfiguration,
  context: JSON.parse(
    readFileSync(new URL('../../configs/saved/orders-good.context.json', import.meta.url), 'utf8'),
  ) as Context,
};

export const mysql: Sound = {
  platform: 'self-managed',
  configuration: {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'tasks.max': '1',
    'database.hostname': 'db.example.internal',
    'database.port': '3306',
    'database.user': 'cdc',
    'database.password': '${env:CDC_PASSWORD}',
    'database.server.id': '6400',
    'database.include.list': 'shop',
    'table.include.list': 'shop.orders',
    'topic.prefix': 'shop',
    'schema.history.internal.kafka.bootstrap.servers': 'b-1.example:9092',
    'schema.history.internal.kafka.topic': 'schema.shop',
    'heartbeat.interval.ms': '10000',
  },
  context: {
    connectVersion: '3.7.1',
    pluginVersion: '2.7.4.Final',
    database: 'mysql 8.0',
    databaseTimeZone: 'UTC',
    binlogRetentionHours: 72,
    workerProperties: env,
  },
};

/** The same in the names of 1.9, on the workers of its day. */
export const mysql19: Sound = {
  platform: 'self-managed',
  configuration: {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'tasks.max': '1',
    'database.hostname': 'db.example.internal',
    'database.user': 'cdc',
    'database.password': '${file:/etc/cdc.properties:password}',
    'database.server.name': 'shop',
    'database.whitelist': 'shop',
    'database.history.kafka.bootstrap.servers': 'b-1.example:9092',
    'database.history.kafka.topic': 'schema.shop',
    'heartbeat.interval.ms': '10000',
  },
  context: {
    connectVersion: '2.7.1',
    pluginVersion: '1.9.7.Final',
    database: 'mysql 8.0',
    databaseTimeZone: 'UTC',
    binlogRetentionHours: 72,
    workerProperties: {
      'config.providers': 'file',
      'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
    },
  },
};

export const mariadb: Sound = {
  platform: 'self-managed',
  configuration: { ...mysql.configuration, 'connector.class': 'io.debezium.connector.mariadb.MariaDbConnector' },
  context: { ...mysql.context, database: 'mariadb 10.11', pluginVersion: '3.1.2.Final', javaVersion: 17 },
};

export const postgres: Sound = {
  platform: 'self-managed',
  configuration: {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'plugin.name': 'pgoutput',
    'tasks.max': '1',
    'database.hostname': 'pg.example.internal',
    'database.port': '5432',
    'database.user': 'cdc',
    'database.password': '${env:CDC_PASSWORD}',
    'database.dbname': 'ledger',
    'table.include.list': 'public.entries',
    'topic.prefix': 'ledger',
    'heartbeat.interval.ms': '10000',
  },
  context: { connectVersion: '3.7.1', pluginVersion: '2.7.4.Final', database: 'postgresql 15', workerProperties: env },
};

export const mongodb: Sound = {
  platform: 'self-managed',
  configuration: {
    'connector.class': 'io.debezium.connector.mongodb.MongoDbConnector',
    'tasks.max': '1',
    'mongodb.connection.string': 'mongodb://m.example.internal:27017/?replicaSet=rs0',
    'mongodb.user': 'cdc',
    'mongodb.password': '${env:CDC_PASSWORD}',
    'collection.include.list': 'shop.items',
    'topic.prefix': 'shop',
    'heartbeat.interval.ms': '10000',
  },
  context: { connectVersion: '3.7.1', pluginVersion: '2.7.4.Final', database: 'mongodb 6.0', workerProperties: env },
};

export const jdbcSink: Sound = {
  platform: 'self-managed',
  configuration: {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': '1',
    'connection.url': 'jdbc:postgresql://pg2.example.internal/reporting',
    'connection.username': 'rep',
    'connection.password': '${env:CDC_PASSWORD}',
    'insert.mode': 'upsert',
    'delete.enabled': 'true',
    'primary.key.mode': 'record_key',
    topics: 'ledger.public.entries',
  },
  context: {
    connectVersion: '3.7.1',
    pluginVersion: '2.7.4.Final',
    topics: ['ledger.public.entries', 'ledger.public.accounts'],
    workerProperties: env,
  },
};

/** A class that nobody wrote rules for. */
export const otherSource: Sound = {
  platform: 'msk-connect',
  configuration: {
    'connector.class': 'com.example.connect.ParrotSourceConnector',
    'tasks.max': '4',
    'parrot.password': '${secretsmanager:parrot:password}',
    'config.action.reload': 'none',
  },
  context: onMsk.context,
};

/** The judgement of a sound connector with some settings changed (`undefined` takes one out), or some of its context. */
export function judged(
  sound: Sound,
  change: {
    readonly set?: Values;
    readonly context?: Partial<Record<keyof Context, unknown>>;
    readonly request?: object;
  } = {},
): Judgement {
  const [judgement] = judge([subjectOf(sound, change)]);
  if (judgement === undefined) throw new Error('nothing was judged');
  return judgement;
}

export function subjectOf(
  sound: Sound,
  {
    set = {},
    context = {},
    request = {},
    name = 'one',
  }: {
    readonly set?: Values;
    readonly context?: Partial<Record<keyof Context, unknown>>;
    readonly request?: object;
    readonly name?: string;
  } = {},
): Subject {
  const configuration = given({ ...sound.configuration, ...set });
  const body =
    sound.platform === 'msk-connect'
      ? given({ ...goodRequest, connectorName: name, connectorConfiguration: configuration, ...request })
      : { name, config: configuration };
  const read = subjectFromFile('it', JSON.stringify(body), given({ ...sound.context, ...context }), 'it');
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.subject;
}

function given(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `rule severity` of each finding, and of what cannot be told what it needs; each once, in order. */
export function found(findings: readonly Finding[]): string[] {
  const lines = findings.map(
    ({ rule, severity, needs }) => `${rule} ${severity}${needs === undefined ? '' : `: ${needs}`}`,
  );
  return [...new Set(lines)].toSorted();
}
