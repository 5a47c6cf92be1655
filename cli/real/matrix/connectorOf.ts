import type { RealConnector } from '../realConnector.ts';
import type { Cell } from './cell.ts';
import { variants } from './variants.ts';
import type { Wire } from './wire.ts';

/** The one connector of a cell's world. */
export const connectorName = 'orders-cdc';
const server = 'shop';

/**
 * The connector of a cell, as its owner would create it.
 * @param wire where it finds its database in place of its proxy, once it is to be created
 */
export function connectorOf(cell: Cell, wire: () => Pick<Wire, 'host' | 'port'> | undefined): RealConnector {
  const variant = variants[cell.variant];
  return {
    name: connectorName,
    connectVersion: variant.connectVersion,
    plugin: variant.plugin,
    database: variant.database,
    configuration: ({ databasePort, bootstrapServers, password }) => ({
      ...sourceOf(cell, { databasePort, bootstrapServers, password }),
      ...reachedOver(wire()),
      ...optionsOf(cell),
    }),
    offsetsPinned: cell.options.pinned,
    topic: topicOf(cell),
  };
}

function reachedOver(wire: Pick<Wire, 'host' | 'port'> | undefined): Record<string, string> {
  return wire === undefined ? {} : { 'database.hostname': wire.host, 'database.port': String(wire.port) };
}

/** Where its rows arrive. */
export function topicOf(cell: Cell): string {
  return variants[cell.variant].database === 'postgres' ? `${server}.public.orders` : `${server}.shop.orders`;
}

function sourceOf(
  cell: Cell,
  { databasePort, bootstrapServers, password }: Parameters<RealConnector['configuration']>[0],
): Record<string, string> {
  const reach = {
    'tasks.max': '1',
    'database.hostname': '127.0.0.1',
    'database.port': String(databasePort),
    'database.user': 'cdc',
    'database.password': password,
  };
  switch (cell.variant) {
    case 'mysql-2.7.1':
      return {
        ...reach,
        'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
        'database.server.id': '5402',
        'database.server.name': server,
        'table.include.list': 'shop.orders',
        // The driver refuses servers whose time zone it does not know by name.
        'database.connectionTimeZone': 'UTC',
        'database.history.kafka.bootstrap.servers': bootstrapServers,
        'database.history.kafka.topic': 'schema.shop',
        ...(cell.options.tls ? { 'database.ssl.mode': 'required' } : {}),
      };
    case 'mariadb-3.7':
    case 'mariadb-unsupported-3.7':
      return {
        ...reach,
        'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
        'database.server.id': '5401',
        'topic.prefix': server,
        'table.include.list': 'shop.orders',
        'database.connectionTimeZone': 'UTC',
        'schema.history.internal.kafka.bootstrap.servers': bootstrapServers,
        'schema.history.internal.kafka.topic': 'schema.shop',
        ...(cell.variant === 'mariadb-3.7' ? { 'connector.adapter': 'mariadb' } : {}),
        ...(cell.options.tls ? { 'database.ssl.mode': 'required' } : {}),
      };
    case 'postgres-3.7':
      return {
        ...reach,
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
