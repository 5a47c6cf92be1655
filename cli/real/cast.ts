import type { Part } from '../demonstration/stage.ts';
import type { RealConnector } from './realConnector.ts';
import { debezium26, shopSource } from './shopSource.ts';

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
      configuration: (endpoints) => ({
        ...debezium26(endpoints, { prefix: 'orders', serverId: '6401' }),
        ...interval,
        'connect.keep.alive': 'false',
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
        ...shopSource(databasePort, password, '6402'),
        ...interval,
        'connect.keep.alive': 'false',
        'database.server.name': 'billing',
        'database.history.kafka.bootstrap.servers': bootstrapServers,
        'database.history.kafka.topic': 'schema.billing',
      }),
    },
  ];
}
