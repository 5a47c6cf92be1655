import { providersOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Rule } from '../rule.ts';
import { topicPrefix as prefixOf } from '../schemaHistory.ts';

/** A prefix that makes topics nobody expects. */
export const topicPrefix: Rule = {
  name: 'topic-prefix',
  what: 'a prefix that begins or ends in a dash, dot or underscore, or holds other characters',
  severities: ['blocks', 'harms'],
  reason:
    'Debezium puts a dot between the prefix and the rest: `ledger-` makes topics like `ledger-.public.entries`, which no consumer of `ledger.public.entries` reads. Characters other than letters, digits, dash, dot and underscore are answered with 400',
  cure: 'a prefix that begins and ends in a letter or digit',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-topic-prefix',
    'https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-core/src/main/java/io/debezium/config/CommonConnectorConfig.java',
  ],
  judge: (subject) => {
    const debezium = debeziumSourceOf(subject);
    if (debezium === undefined) return [];
    const { key, value } = prefixOf(subject, debezium);
    if (value === undefined || providersOf(value).length > 0) return [];
    const finding = { rule: 'topic-prefix', where: key, cure: topicPrefix.cure };
    if (!/^[\w.-]+$/.test(value)) {
      return [
        {
          ...finding,
          severity: 'blocks',
          found: `${key} holds characters other than letters, digits, dash, dot and underscore`,
          leadsTo: 'answered with 400',
          affects: ['restart', 'recreation'],
        },
      ];
    }
    const odd = /^[._-]/.test(value)
      ? 'begins'
      : /[._-]$/.test(value)
        ? 'ends'
        : value.includes('..')
          ? 'goes on'
          : undefined;
    if (odd === undefined) return [];
    return [
      {
        ...finding,
        severity: 'harms',
        found: `${key} ${odd} with a dash, dot or underscore: ${value.slice(0, 80)}`,
        leadsTo: `topics like ${value.slice(0, 80)}.${debezium.family === 'postgresql' ? 'public' : 'database'}.table, which nobody reads who expects the usual form`,
        affects: [],
      },
    ];
  },
};
