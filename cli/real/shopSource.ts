import type { Endpoints } from './realConnector.ts';

/** What a Debezium connector of any version reads the shop's table with, when MariaDB has it. */
export function shopSource(databasePort: number, password: string, serverId: string): Readonly<Record<string, string>> {
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
  };
}

/**
 * The same of Debezium MySQL 2.6.2, which reads MariaDB without loss, with its MariaDB adapter.
 * @param names.prefix of its topics; @param names.serverId no other reader of that server may have it
 */
export function debezium26(
  { databasePort, bootstrapServers, password }: Endpoints,
  names: { readonly prefix: string; readonly serverId: string },
): Readonly<Record<string, string>> {
  return {
    ...shopSource(databasePort, password, names.serverId),
    // Without it the connector of 2.x speaks MySQL only: https://debezium.io/documentation/reference/2.6/connectors/mysql.html#mysql-property-connector-adapter
    'connector.adapter': 'mariadb',
    'topic.prefix': names.prefix,
    'schema.history.internal.kafka.bootstrap.servers': bootstrapServers,
    'schema.history.internal.kafka.topic': `schema.${names.prefix}`,
  };
}
