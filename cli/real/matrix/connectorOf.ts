import type { RealConnector } from '../realConnector.ts';
import type { Cell } from './cell.ts';
import { sinkTable } from './sinkRows.ts';
import { variants } from './variants.ts';
import type { Wire } from './wire.ts';

/** The connector that a cell is about. */
export const connectorName = 'orders-cdc';
const server = 'shop';
/** Of the healthy source that feeds a sink. */
const feeder = 'shop-source';
const schemas = { 'key.converter.schemas.enable': 'true', 'value.converter.schemas.enable': 'true' };

/**
 * The connectors of a cell, as their owner would create them: the one that it is about, and before a sink the source that feeds it.
 * @param wire where it finds its database in place of its proxy, once it is to be created
 */
export function connectorsOf(
  cell: Cell,
  wire: () => Pick<Wire, 'host' | 'port'> | undefined,
): readonly RealConnector[] {
  const variant = variants[cell.variant];
  const common = { connectVersion: variant.connectVersion, plugin: variant.plugin, database: variant.database };
  if (variant.direction === 'sink') {
    const sink = { ...common, name: connectorName, offsetsPinned: true, workerProperties: schemas };
    return [feederSource(), { ...sink, configuration: sinkConfiguration }];
  }
  return [
    {
      ...common,
      name: connectorName,
      configuration: (endpoints) => ({ ...sourceOf(cell, endpoints), ...reachedOver(wire()), ...optionsOf(cell) }),
      offsetsPinned: cell.options.pinned,
      topic: topicOf(cell),
    },
  ];
}

/** Where its rows arrive; of a sink, where they come from. */
export function topicOf(cell: Cell): string {
  return cell.variant === 'postgres-3.7' ? `${server}.public.orders` : `${server}.shop.orders`;
}

function feederSource(): RealConnector {
  const { connectVersion, plugin, database } = variants['mariadb-3.7'];
  return {
    name: feeder,
    connectVersion,
    plugin,
    database,
    configuration: (endpoints) => mariadbSource(endpoints, true),
    offsetsPinned: true,
    topic: `${server}.shop.orders`,
    workerProperties: schemas,
  };
}

/** https://debezium.io/documentation/reference/2.7/connectors/jdbc.html */
const sinkConfiguration: RealConnector['configuration'] = ({ databasePort, password }) => ({
  'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
  'tasks.max': '1',
  topics: `${server}.shop.orders`,
  'connection.url': `jdbc:postgresql://127.0.0.1:${databasePort}/shop`,
  'connection.username': 'cdc',
  'connection.password': password,
  'insert.mode': 'upsert',
  'primary.key.mode': 'record_key',
  'primary.key.fields': 'id',
  'schema.evolution': 'none',
  'table.name.format': sinkTable,
});

function reachedOver(wire: Pick<Wire, 'host' | 'port'> | undefined): Record<string, string> {
  return wire === undefined ? {} : { 'database.hostname': wire.host, 'database.port': String(wire.port) };
}

type Endpoints = Parameters<RealConnector['configuration']>[0];

function reached({ databasePort, password }: Endpoints): Record<string, string> {
  return {
    'tasks.max': '1',
    'database.hostname': '127.0.0.1',
    'database.port': String(databasePort),
    'database.user': 'cdc',
    'database.password': password,
  };
}

/** Debezium MySQL of 2.6 and 2.7 before MariaDB. @param adapter whether it is told that it is one */
function mariadbSource(endpoints: Endpoints, adapter: boolean): Record<string, string> {
  return {
    ...reached(endpoints),
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'database.server.id': '5401',
    'topic.prefix': server,
    'table.include.list': 'shop.orders',
    // The driver refuses servers whose time zone it does not know by name.
    'database.connectionTimeZone': 'UTC',
    'schema.history.internal.kafka.bootstrap.servers': endpoints.bootstrapServers,
    'schema.history.internal.kafka.topic': 'schema.shop',
    ...(adapter ? { 'connector.adapter': 'mariadb' } : {}),
  };
}

function sourceOf(cell: Cell, endpoints: Endpoints): Record<string, string> {
  const tls: Record<string, string> = cell.options.tls ? { 'database.ssl.mode': 'required' } : {};
  switch (cell.variant) {
    case 'mysql-2.7.1':
      return {
        ...reached(endpoints),
        'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
        'database.server.id': '5402',
        'database.server.name': server,
        'table.include.list': 'shop.orders',
        'database.connectionTimeZone': 'UTC',
        'database.history.kafka.bootstrap.servers': endpoints.bootstrapServers,
        'database.history.kafka.topic': 'schema.shop',
        ...tls,
      };
    case 'mariadb-3.7':
      return { ...mariadbSource(endpoints, true), ...tls };
    case 'mariadb-unsupported-3.7':
      return { ...mariadbSource(endpoints, false), ...tls };
    case 'postgres-3.7':
      return {
        ...reached(endpoints),
        'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
        'database.dbname': 'shop',
        'topic.prefix': server,
        'plugin.name': 'pgoutput',
        'publication.autocreate.mode': 'filtered',
        'table.include.list': 'public.orders',
      };
    case 'jdbc-sink-3.7':
      throw new Error('A sink has no source.');
  }
}

function optionsOf({ options }: Cell): Record<string, string> {
  return {
    ...(options.keepAliveOff ? { 'connect.keep.alive': 'false' } : {}),
    ...(options.keepAliveSeconds === undefined
      ? {}
      : { 'connect.keep.alive.interval.ms': String(options.keepAliveSeconds * 1000) }),
    ...(options.nongracefulDisconnect === undefined
      ? {}
      : { 'use.nongraceful.disconnect': String(options.nongracefulDisconnect) }),
    ...(options.heartbeats ? { 'heartbeat.interval.ms': '5000' } : {}),
  };
}
