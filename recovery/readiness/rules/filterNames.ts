import { cannotTell } from '../cannotTell.ts';
import { listOf, shownValue, valueOf } from '../configuration.ts';
import { debeziumSourceOf, type Debezium, type Family } from '../family.ts';
import type { Finding } from '../finding.ts';
import { filters } from '../names.ts';
import type { Rule } from '../rule.ts';
import { renamedIn } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';
import { atLeast } from '../version.ts';

/** Debezium 1.3 introduced the names of today and went on reading the old ones until 2.0. */
const introducedIn = [1, 3];

/** A filter under a name that is not read, or that no table is called by: nothing is filtered, or everything. */
export const filterNames: Rule = {
  name: 'filter-names',
  what: '`table.whitelist` and its like, which are no longer read, and tables without their schema or database, which match none',
  severities: ['harms', 'improve'],
  reason:
    'Debezium 2.0 removed `*.whitelist` and `*.blacklist`, and before 1.3 there is no `*.include.list`: without a filter that it reads, the connector captures every table, silently. Filters of tables are matched against the whole of `schema.table` (of MySQL and MariaDB `database.table`)',
  cure: '`*.include.list` and `*.exclude.list` from 1.3 on; tables with their schema or database',
  needs: ['pluginVersion'],
  sources: [
    'https://debezium.io/blog/2022/10/17/debezium-2-0-final-released/',
    'https://debezium.io/blog/2020/10/01/debezium-1-3-final-released/',
    'https://debezium.io/documentation/reference/2.7/connectors/postgresql.html#postgresql-property-table-include-list',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumSourceOf(subject);
  if (debezium === undefined) return [];
  return [...unreadNames(subject, debezium), ...halfNames(subject, debezium)];
}

function unreadNames(subject: Subject, debezium: Debezium): Finding[] {
  const { configuration } = subject;
  const value = (key: string) => valueOf(configuration, key);
  const written = filters.filter(({ old, now }) => value(old) !== undefined || value(now) !== undefined);
  const { version } = debezium;
  if (version === undefined) {
    // The names of today are read by every release since 1.3; a doubt remains about the old ones alone.
    const doubtful = written.filter(({ old, now }) => value(old) !== undefined && value(old) !== value(now));
    return doubtful.map(({ old, what }) =>
      cannotTell({
        rule: filterNames.name,
        where: old,
        whether: `whether the plugin reads ${old}, which Debezium 2.0 removed`,
        leadsTo: leadsTo(what, old),
        needs: 'pluginVersion',
        affects: [],
      }),
    );
  }
  if (atLeast(version, introducedIn) && !atLeast(version, renamedIn)) return [];
  const isNew = atLeast(version, renamedIn);
  return written.flatMap(({ old, now, what }): Finding[] => {
    const [unread, read] = isNew ? [old, now] : [now, old];
    if (value(unread) === undefined) return [];
    const same = value(unread) === value(read);
    const beside = value(read) !== undefined;
    return [
      {
        rule: filterNames.name,
        severity: same ? 'improve' : 'harms',
        where: unread,
        found: `${unread}${beside ? ` beside ${read}, which says ${same ? 'the same' : 'something else'}` : ''}: Debezium ${version.join('.')} does not read it`,
        leadsTo: same ? 'it has no effect' : beside ? `${read} alone decides` : leadsTo(what, unread),
        cure: beside
          ? `take ${unread} out`
          : `call it ${read}${what === 'table' ? ', with names as schema.table or database.table' : ''}`,
        affects: [],
      },
    ];
  });
}

/** Connectors whose tables are matched with what they lie in. */
const qualified: readonly Family[] = ['mysql', 'mariadb', 'postgresql', 'sqlserver', 'oracle', 'db2', 'informix'];

/**
 * Entries that are a word and nothing else: every table's name in a filter has a dot, and such a pattern matches none.
 * @see https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-core/src/main/java/io/debezium/relational/Selectors.java — `includeTables`, `excludeTables`
 */
function halfNames(subject: Subject, { family, version }: Debezium): Finding[] {
  if (!qualified.includes(family)) return [];
  const whole = family === 'mysql' || family === 'mariadb' ? 'database.table' : 'schema.table';
  return filters
    .filter(({ what }) => what === 'table')
    .flatMap(({ old, now }) => [
      ...(version === undefined || atLeast(version, introducedIn) ? [now] : []),
      ...(version !== undefined && !atLeast(version, renamedIn) ? [old] : []),
    ])
    .flatMap((key): Finding[] => {
      const half = listOf(subject.configuration, key).filter((entry) => /^[\w$]+$/.test(entry));
      if (half.length === 0) return [];
      return [
        {
          rule: filterNames.name,
          severity: 'harms',
          where: key,
          found: `${key} names ${half.map(shownValue).join(', ')}, and is matched against the whole of ${whole}: no table is called so`,
          leadsTo: /white|include/.test(key) ? 'not captured, silently' : 'captured all the same',
          cure: `names as ${whole}`,
          affects: [],
        },
      ];
    });
}

function leadsTo(what: string, unread: string): string {
  const all =
    { field: 'fields', column: 'columns', schema: 'schemas', database: 'databases', collection: 'collections' }[what] ??
    'tables';
  return unread.endsWith('list') && /white|include/.test(unread)
    ? `captures every one of the ${all}, silently`
    : `captures the ${all} that it should leave out`;
}
