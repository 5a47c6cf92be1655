import { providersOf, valueOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { historyPrefix, keepsHistoryInKafka, topicPrefix } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';

/** Something that must be a connector's own, and where it must be: what `scope` and `value` make one. */
interface Own {
  readonly where: string;
  readonly scope: string;
  readonly value: string;
  readonly leadsTo: string;
  /** The database itself refuses the second: two that are asked about together cannot both run. */
  readonly exclusive?: boolean;
}

/** Two connectors share what each must have for itself. */
export const sharedIdentity: Rule = {
  name: 'shared-identity',
  what: 'two connectors with one topic prefix, schema history topic, server id or replication slot',
  severities: ['harms', 'improve'],
  reason:
    'Two binlog clients with one server id throw each other out again and again; two in one schema history read each other’s tables; one slot serves one connector; and one prefix mixes their topics. Of files nobody knows whether both write to one cluster, so of topics it is only said',
  cure: 'a value of its own for each',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-database-server-id',
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-topic-prefix',
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-slot-name',
  ],
  judge: (subject, beside) => {
    // Two files of one name are two states of one connector: in a Connect cluster, and in an account's Region, a name is there once.
    const others = beside.filter(({ name }) => name !== subject.name);
    return ownOf(subject).flatMap((own): Finding[] => {
      const sharing = others.filter((other) =>
        ownOf(other).some(({ scope, value }) => scope === own.scope && value === own.value),
      );
      if (sharing.length === 0) return [];
      const deployed = subject.deployed !== undefined;
      // Configurations for two platforms are one connector that moves, as likely as not.
      const excludes = own.exclusive === true && sharing.some(({ platform }) => platform === subject.platform);
      const names = sharing.map(({ name }) => name);
      return [
        {
          rule: 'shared-identity',
          severity: deployed || excludes ? 'harms' : 'improve',
          where: own.where,
          found: `${own.where} is that of ${[...new Set(names)].toSorted().join(', ')} too`,
          leadsTo: own.leadsTo,
          cure: `a ${own.where} of its own for each`,
          affects: [],
        },
      ];
    });
  },
};

function ownOf(subject: Subject): Own[] {
  const debezium = debeziumSourceOf(subject);
  if (debezium === undefined) return [];
  const { configuration } = subject;
  const text = (key: string) => valueOf(configuration, key) ?? '';
  const server = `${text('database.hostname').toLowerCase()}:${text('database.port') || 'default'}`;
  const prefix = topicPrefix(subject, debezium);
  const history = `${historyPrefix(subject, debezium)}.kafka.topic`;
  const isBinlog = debezium.family === 'mysql' || debezium.family === 'mariadb';
  const all: Own[] = [
    {
      where: prefix.key,
      scope: `prefix ${subject.platform}`,
      value: prefix.value ?? '',
      leadsTo: 'their events mix in the same topics',
    },
    ...(keepsHistoryInKafka(subject, debezium)
      ? [
          {
            where: history,
            scope: `history ${subject.platform}`,
            value: text(history),
            leadsTo: 'each reads the tables of the other into its own schema',
          },
        ]
      : []),
    ...(isBinlog
      ? [
          {
            where: 'database.server.id',
            scope: `server-id ${server}`,
            value: text('database.server.id'),
            leadsTo: 'the database throws one out when the other connects, again and again',
            exclusive: true,
          },
        ]
      : []),
    ...(debezium.family === 'postgresql'
      ? [
          {
            where: 'slot.name',
            scope: `slot ${server}`,
            value: text('slot.name') || 'debezium',
            leadsTo: 'a slot serves one at a time: the other dies at its start',
            exclusive: true,
          },
        ]
      : []),
  ];
  // What a provider holds is not seen here.
  return all.filter(({ value }) => value !== '' && providersOf(value).length === 0);
}
