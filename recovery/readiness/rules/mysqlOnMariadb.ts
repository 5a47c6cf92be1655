import { cannotTell } from '../cannotTell.ts';
import { valueOf } from '../configuration.ts';
import { productOf } from '../database.ts';
import { debeziumOf } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { atLeast } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** Debezium's MySQL connector where MariaDB runs, or the reverse. */
export const mysqlOnMariadb: Rule = {
  name: 'mysql-on-mariadb',
  what: 'Debezium’s MySQL connector of 2.7 or later on MariaDB, or its MariaDB connector on MySQL',
  severities: ['harms', 'improve'],
  reason:
    'Since 2.7 MariaDB has a connector of its own and the MySQL connector no longer supports it. Measured with 2.7.4: every state and every line of the log look well, and the first row after each restart, recreation or retry is lost (10 of 2,036)',
  cure: 'io.debezium.connector.mariadb.MariaDbConnector of 3.x; in 2.5 and 2.6 the MySQL connector with connector.adapter=mariadb',
  needs: ['database', 'pluginVersion'],
  sources: [
    'https://debezium.io/blog/2024/07/01/debezium-2-7-final-released/',
    'https://debezium.io/documentation/reference/2.6/connectors/mysql.html#mysql-mariadb-support',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumOf(subject);
  if (debezium?.family === 'mariadb') return ofMariadbConnector(subject);
  if (debezium?.family !== 'mysql') return [];
  const product = productOf(subject.facts.database);
  if (product !== undefined && product !== 'mariadb') return [];
  const { version } = debezium;
  // Before 2.7 nothing of this is known to lose rows, whatever the database.
  if (version !== undefined && !atLeast(version, [2, 7])) {
    return product === 'mariadb' ? withoutAdapter(subject, version) : [];
  }
  if (product === undefined || version === undefined) {
    const needs = product === undefined ? 'database' : 'pluginVersion';
    return [
      cannotTell({
        rule: mysqlOnMariadb.name,
        where: 'connector.class',
        whether: 'whether this is the MySQL connector of 2.7 or later on MariaDB, which loses rows',
        leadsTo: 'there the first row after each stop is lost, and all looks well',
        needs,
        affects: both,
      }),
    ];
  }
  return [
    {
      rule: mysqlOnMariadb.name,
      severity: 'harms',
      where: 'connector.class',
      found: `Debezium’s MySQL connector ${version.join('.')} on MariaDB, which it does not support`,
      leadsTo: 'all green, and the first row after each stop is lost (measured)',
      cure: 'io.debezium.connector.mariadb.MariaDbConnector; or a plugin of 2.5 or 2.6 with connector.adapter=mariadb',
      affects: both,
    },
  ];
}

/** @see https://debezium.io/documentation/reference/2.6/connectors/mysql.html#mysql-mariadb-support — “it's best to configure … the MariaDB adapter mode” */
function withoutAdapter(subject: Subject, version: readonly number[]): Finding[] {
  const adapter = valueOf(subject.configuration, 'connector.adapter')?.toLowerCase();
  if (adapter === 'mariadb' || !atLeast(version, [2, 5])) return [];
  return [
    {
      rule: mysqlOnMariadb.name,
      severity: 'improve',
      where: 'connector.adapter',
      found: `Debezium’s MySQL connector ${version.join('.')} on MariaDB without connector.adapter=mariadb`,
      leadsTo: 'it follows MariaDB with the driver and the positions of MySQL, without MariaDB’s GTIDs',
      cure: 'connector.adapter=mariadb, database.protocol=jdbc:mariadb, database.jdbc.driver=org.mariadb.jdbc.Driver',
      affects: [],
    },
  ];
}

function ofMariadbConnector(subject: Subject): Finding[] {
  const product = productOf(subject.facts.database);
  if (product !== 'mysql') return [];
  return [
    {
      rule: mysqlOnMariadb.name,
      severity: 'harms',
      where: 'connector.class',
      found: 'Debezium’s MariaDB connector on MySQL, which it does not support',
      leadsTo: 'it asks MySQL for the GTIDs of MariaDB; where it goes on after a stop, nobody promises',
      cure: 'io.debezium.connector.mysql.MySqlConnector',
      affects: both,
    },
  ];
}
