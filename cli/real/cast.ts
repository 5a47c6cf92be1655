import type { Part } from '../demonstration/stage.ts';
import type { RealConnector } from './realConnector.ts';

/** A connector of the main run, and what befalls it. */
export interface RealCast extends RealConnector, Part {}

/** What the short form sets otherwise than Debezium, Kafka Connect and MSK Connect do by default. */
export interface Quicker {
  /** `connect.keep.alive.interval.ms`, 60 s by default: the database's own heartbeat comes at 0.8 times that. */
  readonly keepAliveSeconds: number;
  /** `offset.flush.interval.ms` of the worker configuration, 60 s by default. */
  readonly flushSeconds: number;
}

/**
 * The two of the main run, read from one MariaDB, each through a connection of its own. Keep-alive is off, as the owner of the original once
 * set it, so that a half-open connection hangs for good.
 * @param quicker absent: as everything is by default
 */
export function realCast(quicker?: Quicker): readonly RealCast[] {
  const interval: Readonly<Record<string, string>> =
    quicker === undefined ? {} : { 'connect.keep.alive.interval.ms': String(quicker.keepAliveSeconds * 1000) };
  const workerProperties: Readonly<Record<string, string>> =
    quicker === undefined ? {} : { 'offset.flush.interval.ms': String(quicker.flushSeconds * 1000) };
  return [
    {
      name: 'orders-cdc',
      about: 'Debezium MySQL 2.6.2 with its MariaDB adapter, on Kafka Connect 3.7.1, a row a second',
      fate: 'half-open',
      expect: 'restarted',
      connectVersion: '3.7.x',
      plugin: 'debezium-mysql-2.6.2',
      database: 'mariadb',
      offsetsPinned: true,
      workerProperties,
      topic: 'orders.shop.orders',
      configuration: ({ databasePort, bootstrapServers, password }) => ({
        ...common(databasePort, password, '6401'),
        ...interval,
        // Without it the connector of 2.x speaks MySQL only: https://debezium.io/documentation/reference/2.6/connectors/mysql.html#mysql-property-connector-adapter
        'connector.adapter': 'mariadb',
        'topic.prefix': 'orders',
        'schema.history.internal.kafka.bootstrap.servers': bootstrapServers,
        'schema.history.internal.kafka.topic': 'schema.orders',
      }),
    },
    {
      name: 'billing-cdc',
      about: 'Debezium MySQL 1.9.7 on Kafka Connect 2.7.1, whose restart leaves the tasks as they are, a row a second',
      fate: 'half-open',
      expect: 'recreated',
      connectVersion: '2.7.1',
      plugin: 'debezium-mysql-1.9.7',
      database: 'mariadb',
      offsetsPinned: true,
      workerProperties,
      topic: 'billing.shop.orders',
      configuration: ({ databasePort, bootstrapServers, password }) => ({
        ...common(databasePort, password, '6402'),
        ...interval,
        'database.server.name': 'billing',
        'database.history.kafka.bootstrap.servers': bootstrapServers,
        'database.history.kafka.topic': 'schema.billing',
      }),
    },
  ];
}

function common(databasePort: number, password: string, serverId: string): Readonly<Record<string, string>> {
  return {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'tasks.max': '1',
    'database.hostname': '127.0.0.1',
    'database.port': String(databasePort),
    'database.user': 'cdc',
    'database.password': password,
    'database.server.id': serverId,
    'database.include.list': 'shop',
    'table.include.list': 'shop.orders',
    // The driver refuses servers whose time zone it does not know by name.
    'database.connectionTimeZone': 'UTC',
    'snapshot.mode': 'when_needed',
    'config.action.reload': 'none',
    'connect.keep.alive': 'false',
  };
}
