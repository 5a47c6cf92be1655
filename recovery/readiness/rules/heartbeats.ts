import { cannotTell } from '../cannotTell.ts';
import { booleanOf, shownValue, valueOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { writtenBy } from '../sql.ts';
import type { Subject } from '../subject.ts';

const interval = 'heartbeat.interval.ms';
const query = 'heartbeat.action.query';

/** Nothing is committed while nobody writes. */
export const heartbeats: Rule = {
  name: 'heartbeats-off',
  what: 'a Debezium source without heartbeats',
  severities: ['harms'],
  reason:
    'While its tables are quiet it commits nothing: idle cannot be told from dead by its commits and records, and its position stays behind while the source’s log moves on, until a restart finds it purged (MySQL) or the disk is full of what the slot holds back (PostgreSQL)',
  cure: 'heartbeat.interval.ms, such as 10000',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-heartbeat-interval-ms',
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-wal-disk-space',
    'docs/evidence.md',
  ],
  judge: (subject) => {
    const debezium = debeziumSourceOf(subject);
    if (debezium === undefined || beats(subject)) return [];
    const value = valueOf(subject.configuration, interval);
    return [
      {
        rule: 'heartbeats-off',
        severity: 'harms',
        where: interval,
        found: `heartbeats are off: ${interval} is ${shownValue(value ?? 'not set, so 0')}`,
        leadsTo:
          debezium.family === 'postgresql'
            ? 'an idle night cannot be told from a dead connection, and the slot holds back WAL until the disk is full'
            : 'an idle night cannot be told from a dead connection by commits and records, and the position stays behind',
        cure: `${interval}, such as 10000`,
        affects: [],
      },
    ];
  },
};

/** The heartbeat's own query writes nothing. */
export const heartbeatQuery: Rule = {
  name: 'heartbeat-query',
  what: 'a `heartbeat.action.query` that writes nothing (`SELECT 1`)',
  severities: ['harms', 'improve'],
  reason:
    'The query is there to make a change that comes back through the database’s log, as a proof that the whole way is open. One that writes nothing makes none',
  cure: 'a statement that changes a row of a captured table each time: INSERT … ON DUPLICATE KEY UPDATE at = NOW(), UPDATE … SET at = now()',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-heartbeat-action-query',
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-heartbeat-action-query',
  ],
  judge: (subject) => {
    const debezium = debeziumSourceOf(subject);
    const text = valueOf(subject.configuration, query);
    if (debezium === undefined || text === undefined) return [];
    if (!debezium.traits.actionQuery) return [unread()];
    // Without an interval it is never carried out; `heartbeats-off` says that.
    if (!beats(subject)) return [];
    const written = writtenBy(text, debezium.family);
    switch (written.kind) {
      case 'writes':
        return [];
      case 'nothing':
        return [
          {
            rule: 'heartbeat-query',
            severity: 'harms',
            where: query,
            found: `${query} writes nothing`,
            leadsTo: 'no event follows, so it proves nothing and moves no position',
            cure: heartbeatQuery.cure,
            affects: [],
          },
        ];
      case 'unknown':
        return [
          cannotTell({
            rule: 'heartbeat-query',
            where: query,
            whether: `whether ${query} writes`,
            leadsTo: 'one that writes nothing proves nothing and moves no position',
            needs: `a look at the query: ${written.because}`,
            cure: heartbeatQuery.cure,
            affects: [],
          }),
        ];
    }
  },
};

function unread(): Finding {
  return {
    rule: 'heartbeat-query',
    severity: 'improve',
    where: query,
    found: `this connector does not read ${query}`,
    leadsTo: 'it has no effect',
    cure: 'take it out',
    affects: [],
  };
}

function beats({ configuration }: Subject): boolean {
  return Number(valueOf(configuration, interval) ?? 0) > 0;
}

/** Nobody notices a connection that went silent. */
export const keepAlive: Rule = {
  name: 'keep-alive-off',
  what: 'keep-alive switched off',
  severities: ['harms'],
  reason:
    'Measured: with `connect.keep.alive` = false a half-open connection hangs for good, task RUNNING and `Connected` 1; with it (the default, 60 s) the connector comes back by itself after 75 to 90 s',
  cure: 'take connect.keep.alive out, or set it to true (PostgreSQL: database.tcpKeepAlive)',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-connect-keep-alive',
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-database-tcpkeepalive',
    'docs/evidence.md',
  ],
  judge: (subject) => {
    const family = debeziumSourceOf(subject)?.family;
    const keys: Readonly<Record<string, string>> = {
      mysql: 'connect.keep.alive',
      mariadb: 'connect.keep.alive',
      postgresql: 'database.tcpKeepAlive',
    };
    const where = keys[family ?? ''];
    if (where === undefined || booleanOf(subject.configuration, where) !== false) return [];
    return [
      {
        rule: 'keep-alive-off',
        severity: 'harms',
        where,
        found: `keep-alive is off: ${where} is false`,
        leadsTo: beats(subject)
          ? 'a half-open connection hangs for good until somebody restarts the connector'
          : 'a half-open connection hangs for good, and without heartbeats it looks like an idle night',
        cure: `take ${where} out, or set it to true`,
        affects: [],
      },
    ];
  },
};
