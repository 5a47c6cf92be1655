import type { ConnectorKind } from '../recovery/policy.ts';

/** What runs behind a connector, from its class. */
export function kindOf(configuration: Readonly<Record<string, string>>): ConnectorKind {
  const connectorClass = configuration['connector.class'] ?? '';
  const name = connectorClass.split('.').at(-1) ?? '';
  const debezium = connectorClass.startsWith('io.debezium.');
  if (debezium && name.startsWith('MariaDb')) return 'mariadb';
  if (debezium && name.startsWith('MySql'))
    return configuration['connector.adapter'] === 'mariadb' ? 'mariadb' : 'mysql';
  if (debezium && name.startsWith('Postgres')) return 'postgresql';
  if (/source/i.test(name)) return 'other-source';
  // Kafka Connect asks a sink for exactly one of the two, and a source for neither.
  const topics = configuration['topics'] ?? configuration['topics.regex'];
  return /sink/i.test(name) || topics !== undefined ? 'sink' : 'other-source';
}
