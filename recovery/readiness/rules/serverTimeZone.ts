import { cannotTell } from '../cannotTell.ts';
import { providersOf, shownValue, valueOf } from '../configuration.ts';
import { debeziumOf, type Debezium } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { renamedIn } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';
import { readZone } from '../timeZones.ts';
import { atLeast } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** The time zone of the connection is one that MySQL's driver refuses. */
export const serverTimeZone: Rule = {
  name: 'server-time-zone',
  what: 'a time zone that MySQL’s driver will refuse',
  severities: ['blocks'],
  reason:
    'Unless `database.connectionTimeZone` names one, Debezium lets the driver ask the server, and the driver refuses names it does not know, such as `KST`: 400 on create, zone not recognized',
  cure: 'database.connectionTimeZone with a name of the IANA (Asia/Seoul), or UTC',
  needs: ['databaseTimeZone'],
  sources: [
    'https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-connector-mysql/src/main/java/io/debezium/connector/mysql/jdbc/MySqlConnectionConfiguration.java',
    'https://dev.mysql.com/doc/connector-j/en/connector-j-time-instants.html',
    'https://github.com/mysql/mysql-connector-j/blob/release/9.x/src/main/core-impl/java/com/mysql/cj/util/TimeUtil.java',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumOf(subject);
  if (debezium?.family !== 'mysql') return [];
  // MariaDB's driver asks nobody for a zone it could refuse.
  if (valueOf(subject.configuration, 'connector.adapter')?.toLowerCase() === 'mariadb') return [];
  const set = connectionZone(subject, debezium);
  if (set !== undefined && set.value.toUpperCase() !== 'SERVER') {
    // `LOCAL` is the worker's own; what a provider holds is not seen here.
    if (set.value.toUpperCase() === 'LOCAL' || providersOf(set.value).length > 0) return [];
    const reading = readZone(set.value);
    return reading.kind === 'refused' ? [refused(set.key, `${set.key} is ${shownValue(set.value)}`)] : [];
  }
  const where = set?.key ?? 'database.connectionTimeZone';
  const { databaseTimeZone } = subject.facts;
  const open = (whether: string, needs: string, leadsTo: string) =>
    cannotTell({
      rule: serverTimeZone.name,
      where,
      whether,
      leadsTo,
      needs,
      cure: `set database.connectionTimeZone, or say ${needs}`,
      affects: both,
    });
  const refusal = 'a name that the driver does not know is refused: 400 on create';
  if (databaseTimeZone.kind === 'unknown') {
    return [open('whether the driver takes the server’s time zone', databaseTimeZone.needs, refusal)];
  }
  const zone = databaseTimeZone.value.trim();
  if (zone.toUpperCase() === 'SYSTEM') {
    return [open('what the server’s SYSTEM stands for', 'databaseTimeZone as the server’s system_time_zone', refusal)];
  }
  const reading = readZone(zone);
  if (reading.kind === 'refused') {
    return [
      refused(where, `the server reports ${shownValue(zone)}, and no database.connectionTimeZone says otherwise`),
    ];
  }
  return reading.kind === 'ambiguous'
    ? [
        open(
          `which zone the server means by ${zone}: the driver takes it for ${reading.as}`,
          'databaseTimeZone as a name of the IANA',
          'times in snapshots may be hours off',
        ),
      ]
    : [];
}

/** What is set, in the order in which Debezium takes it: `driver.` over `database.` since 2.0, and before it the driver's older name too. */
function connectionZone(
  { configuration }: Subject,
  { version }: Debezium,
): { readonly key: string; readonly value: string } | undefined {
  const keys = [
    ...(version === undefined || atLeast(version, renamedIn) ? ['driver.connectionTimeZone'] : []),
    'database.connectionTimeZone',
    ...(version !== undefined && atLeast(version, renamedIn) ? [] : ['database.serverTimezone']),
  ];
  return keys.flatMap((key) => {
    const value = valueOf(configuration, key);
    return value === undefined ? [] : [{ key, value }];
  })[0];
}

function refused(where: string, found: string): Finding {
  return {
    rule: serverTimeZone.name,
    severity: 'blocks',
    where,
    found: `${found}: MySQL’s driver does not know it`,
    leadsTo: '400 on create, time zone not recognized; a task that runs dies at its next connection',
    cure: serverTimeZone.cure,
    affects: both,
  };
}
