import { cannotTell } from '../cannotTell.ts';
import { shownValue } from '../configuration.ts';
import { classOf, debeziumOf, families } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { atLeast, type Version } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** The connector's class is not in the plugin of that release, or in none. */
export const connectorClass: Rule = {
  name: 'connector-class',
  what: 'a class name that does not exist in the plugin',
  severities: ['blocks'],
  reason: 'Connect answers 400, “Failed to find any class that implements Connector and which name matches …”',
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
    ? []
    : [missing(name, `${name} came with Debezium ${release}, and the plugin is ${shown(debezium.version)}`)];
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
