import { cannotTell } from '../cannotTell.ts';
import { shownValue } from '../configuration.ts';
import { namedDatabase } from '../database.ts';
import { classOf, debeziumOf, families, type Debezium } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { atLeast, type Version } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** The connector's class is not in the plugin of that release, or in none. */
export const connectorClass: Rule = {
  name: 'connector-class',
  what: 'a class name that does not exist in the plugin, or is for another database',
  severities: ['blocks'],
  reason:
    'Connect answers 400, “Failed to find any class that implements Connector and which name matches …”; a connector for another database finds nobody who speaks its protocol',
  cure: 'the class as the documentation of that release writes it, or a plugin that holds it',
  needs: ['pluginVersion'],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/index.html',
    'https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/isolation/Plugins.java',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const name = classOf(subject);
  const shownName = shownValue(name);
  const debezium = debeziumOf(subject);
  if (debezium === undefined) return isMisspelled(name) ? [missing(shownName, `Debezium has no ${shownName}`)] : [];
  const { since } = debezium.traits;
  const release = since.join('.');
  if (debezium.version === undefined) {
    // Those that every release in use holds need no version.
    if (!atLeast(since, [2, 0])) return [];
    return [
      cannotTell({
        rule: connectorClass.name,
        where: 'connector.class',
        whether: `whether the plugin holds ${name}, which came with Debezium ${release}`,
        leadsTo: 'a plugin without it is answered with 400',
        needs: 'pluginVersion',
        affects: both,
      }),
    ];
  }
  return atLeast(debezium.version, since)
    ? forAnother(subject, debezium)
    : [missing(name, `${name} came with Debezium ${release}, and the plugin is ${shown(debezium.version)}`)];
}

/** Of MySQL and MariaDB, which speak alike, `mysql-on-mariadb` judges. */
function forAnother({ facts: { database } }: Subject, { family, traits }: Debezium): Finding[] {
  const named = namedDatabase(database);
  const [asked, there] = [own(family), named === undefined ? undefined : own(named)];
  if (asked === undefined || there === undefined || asked === there || database.kind === 'unknown') return [];
  return [
    {
      rule: connectorClass.name,
      severity: 'blocks',
      where: 'connector.class',
      found: `${traits.class} is not for ${shownValue(database.value)}`,
      leadsTo: 'it finds nobody who speaks its protocol, and its task dies',
      cure: 'the connector of that database, or the database that is meant',
      affects: both,
    },
  ];
}

function own(family: string): string | undefined {
  if (family === 'mariadb') return 'mysql';
  return ['mysql', 'postgresql', 'sqlserver', 'oracle', 'mongodb'].find((product) => product === family);
}

function missing(name: string, found: string): Finding {
  return {
    rule: connectorClass.name,
    severity: 'blocks',
    where: 'connector.class',
    found,
    leadsTo: `no worker finds ${name}: it is answered with 400 and never starts`,
    cure: connectorClass.cure,
    affects: both,
  };
}

/** Under Debezium's own name, in a package of a connector that is known, and yet none of them. Other packages may hold connectors that nobody wrote down here. */
function isMisspelled(name: string): boolean {
  if (!name.startsWith('io.debezium.')) return false;
  const packages = new Set(Object.values(families).map(({ class: full }) => full.split('.')[3] ?? ''));
  const [, , connector, family = ''] = name.split('.');
  return connector !== 'connector' || packages.has(family) || family === 'postgres' || family === 'maria';
}

function shown(version: Version): string {
  return version.join('.');
}
