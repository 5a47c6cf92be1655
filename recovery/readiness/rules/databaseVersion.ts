import { cannotTell } from '../cannotTell.ts';
import { productOf } from '../database.ts';
import { debeziumOf } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { atLeast, parseVersion, type Version } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** A MySQL that the release does not know yet, or its driver no longer. */
export const databaseVersion: Rule = {
  name: 'database-version',
  what: 'MySQL 8.4 or later with Debezium before 3.0, or MySQL 5 with 2.6 or later',
  severities: ['blocks', 'improve'],
  reason:
    'MySQL 8.4 removed `SHOW MASTER STATUS`, which Debezium asks until 2.7 and asks otherwise since 3.0: the task dies of an error in the SQL. The driver that Debezium brings since 2.6 is not made for MySQL 5',
  cure: 'a plugin of 3.0 or later for MySQL 8.4 and later; before 2.6, or with an older driver, for MySQL 5',
  needs: ['database', 'pluginVersion'],
  sources: [
    'https://dev.mysql.com/doc/refman/8.4/en/mysql-nutshell.html',
    'https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-connector-mysql/src/main/java/io/debezium/connector/mysql/jdbc/MySqlConnection.java',
    'https://github.com/debezium/debezium/blob/v3.0.0.Final/debezium-connector-mysql/src/main/java/io/debezium/connector/mysql/jdbc/MySqlConnection.java',
    'https://debezium.io/blog/2024/04/02/debezium-2-6-final-released/',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumOf(subject);
  if (debezium?.family !== 'mysql') return [];
  const { database } = subject.facts;
  const plugin = debezium.version;
  if (database.kind === 'unknown') {
    // Either end of the versions asks for a release of its own.
    return plugin !== undefined && atLeast(plugin, [3, 0]) ? [] : [open(database.needs)];
  }
  // A service counts by numbers of its own: Aurora MySQL 3 is a MySQL 8.0.
  if (productOf(database) !== 'mysql' || /aurora/i.test(database.value)) return [];
  const server = parseVersion(database.value);
  if (server === undefined)
    return plugin !== undefined && atLeast(plugin, [3, 0]) ? [] : [open('database with its version')];
  const [isNew, isOld] = [atLeast(server, [8, 4]), !atLeast(server, [8, 0])];
  if (!isNew && !isOld) return [];
  if (plugin === undefined) return [open('pluginVersion')];
  const found = `Debezium ${plugin.join('.')} on MySQL ${server.join('.')}`;
  if (isNew) return atLeast(plugin, [3, 0]) ? [] : [tooNew(found)];
  return atLeast(plugin, [2, 6]) ? [tooOld(found, server)] : [];
}

function open(needs: string): Finding {
  return cannotTell({
    rule: databaseVersion.name,
    whether: 'whether this release knows that version of MySQL',
    leadsTo: 'Debezium before 3.0 asks MySQL 8.4 what it no longer answers',
    needs,
    affects: both,
  });
}

function tooNew(found: string): Finding {
  return {
    rule: databaseVersion.name,
    severity: 'blocks',
    found,
    leadsTo: 'the task dies: it asks SHOW MASTER STATUS, which MySQL 8.4 removed',
    cure: 'a plugin of 3.0 or later',
    affects: both,
  };
}

function tooOld(found: string, server: Version): Finding {
  return {
    rule: databaseVersion.name,
    severity: 'improve',
    found,
    leadsTo: `the driver that it brings is not made for MySQL ${server.join('.')}`,
    cure: 'an older driver in the plugin, or a later MySQL',
    affects: [],
  };
}
