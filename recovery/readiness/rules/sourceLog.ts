import { cannotTell } from '../cannotTell.ts';
import { booleanOf, shownValue, valueOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Rule } from '../rule.ts';
import { renamedIn } from '../schemaHistory.ts';
import { atLeast } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/**
 * How long this product may need, at worst, without a person: its recoveries of a day are used up and the next is opened a day after the
 * first; then comes one recreation, 10 min to delete and 20 min to create, and what heals by itself before.
 */
export const worstOutageHours = 25;

/** The database throws its binlog away sooner than the connector may come back. */
export const binlogRetention: Rule = {
  name: 'binlog-retention',
  what: 'a binlog retention shorter than the longest outage',
  severities: ['harms'],
  reason: `Where the log from the connector’s position on is gone, neither a restart nor a recreation brings it back: a new snapshot is needed, and deletions in the gap reach nobody. Without the owner’s word (\`longestOutageHours\`) the product’s own worst case counts, ${worstOutageHours} h: a day’s recoveries used up, and one recreation the day after`,
  cure: 'mysql.rds_set_configuration("binlog retention hours", 72), binlog_expire_logs_seconds; longer than a weekend where nobody is on call',
  needs: ['binlogRetentionHours'],
  sources: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-configuring.html#mysql_rds_set_configuration',
    'https://dev.mysql.com/doc/refman/8.0/en/replication-options-binary-log.html#sysvar_binlog_expire_logs_seconds',
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-purges-binlog-files-used-by-debezium',
  ],
  judge: (subject) => {
    const family = debeziumSourceOf(subject)?.family;
    if (family !== 'mysql' && family !== 'mariadb') return [];
    const { binlogRetentionHours, longestOutageHours } = subject.facts;
    if (binlogRetentionHours.kind === 'unknown') {
      return [
        cannotTell({
          rule: 'binlog-retention',
          whether: 'whether the binlog outlasts an outage',
          leadsTo: 'a position that was purged is lost: only a new snapshot helps',
          needs: binlogRetentionHours.needs,
          affects: both,
        }),
      ];
    }
    const retention = binlogRetentionHours.value;
    const outage =
      longestOutageHours.kind === 'known'
        ? { hours: longestOutageHours.value, said: 'the longest outage that its owner expects' }
        : { hours: worstOutageHours, said: 'the longest that this product may need by itself' };
    if (retention >= outage.hours) return [];
    return [
      {
        rule: 'binlog-retention',
        severity: 'harms',
        found: `the binlog is kept for ${retention} h, and ${outage.hours} h is ${outage.said}`,
        leadsTo: 'a position that was purged is lost: only a new snapshot helps, and deletions in the gap reach nobody',
        cure: `keep it for more than ${outage.hours} h, better for a long weekend (72 h and more)`,
        affects: both,
      },
    ];
  },
};

/** The place in PostgreSQL's log goes with the connector. */
export const slotDropped: Rule = {
  name: 'slot-dropped',
  what: 'a replication slot that is dropped when the connector stops',
  severities: ['harms'],
  reason: 'The slot is the position: what is written between a graceful stop and the next start is never read',
  cure: 'slot.drop.on.stop = false, which is the default; drop the slot by hand when the connector goes for good',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-slot-drop-on-stop',
  ],
  judge: (subject) => {
    const where = 'slot.drop.on.stop';
    if (debeziumSourceOf(subject)?.family !== 'postgresql' || booleanOf(subject.configuration, where) !== true)
      return [];
    return [
      {
        rule: 'slot-dropped',
        severity: 'harms',
        where,
        found: `${where} is true`,
        leadsTo: 'each graceful stop, so each restart and recreation, loses what is written before the next start',
        cure: slotDropped.cure,
        affects: both,
      },
    ];
  },
};

/** The output plugin that Debezium asks PostgreSQL for. */
export const outputPlugin: Rule = {
  name: 'output-plugin',
  what: 'PostgreSQL’s output plugin left at `decoderbufs`, or one that the release does not know',
  severities: ['blocks'],
  reason:
    'Without `plugin.name` Debezium asks for `decoderbufs`, which nobody has who did not install it into the server; RDS and Aurora do not offer it. `wal2json` went with 2.0',
  cure: 'plugin.name = pgoutput, which every PostgreSQL since 10 has',
  needs: ['pluginVersion'],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-plugin-name',
    'https://debezium.io/releases/2.0/release-notes',
  ],
  judge: (subject) => {
    const debezium = debeziumSourceOf(subject);
    if (debezium?.family !== 'postgresql') return [];
    const where = 'plugin.name';
    const name = valueOf(subject.configuration, where)?.toLowerCase() ?? 'decoderbufs';
    if (name === 'pgoutput') return [];
    if (name === 'decoderbufs') {
      return [
        cannotTell({
          rule: 'output-plugin',
          where,
          whether: 'whether decoderbufs, the default, is installed in the server',
          leadsTo: 'where it is not, no slot can be made and the task dies',
          needs: 'a look at the server',
          cure: outputPlugin.cure,
          affects: both,
        }),
      ];
    }
    const gone = name.startsWith('wal2json') && debezium.version !== undefined && !atLeast(debezium.version, renamedIn);
    if (gone) return [];
    if (name.startsWith('wal2json') && debezium.version === undefined) {
      return [
        cannotTell({
          rule: 'output-plugin',
          where,
          whether: 'whether the plugin still takes wal2json, which Debezium 2.0 removed',
          leadsTo: 'otherwise it is answered with 400',
          needs: 'pluginVersion',
          affects: both,
        }),
      ];
    }
    return [
      {
        rule: 'output-plugin',
        severity: 'blocks',
        where,
        found: `${where} is ${shownValue(name)}, which this release does not take`,
        leadsTo: 'answered with 400',
        cure: outputPlugin.cure,
        affects: both,
      },
    ];
  },
};

/** Debezium's MariaDB connector and the default of its encryption. */
export const mariadbEncryption: Rule = {
  name: 'mariadb-ssl-mode',
  what: 'the MariaDB connector before 3.0.8 with `database.ssl.mode` left at its default',
  severities: ['blocks'],
  reason: 'Until 3.0.8 it hands the driver MySQL’s `preferred`, which MariaDB’s driver refuses (measured with 2.7.0)',
  cure: 'database.ssl.mode = disabled, required, verify_ca or verify_identity; or a plugin of 3.1 or later',
  needs: ['pluginVersion'],
  sources: [
    'https://github.com/debezium/debezium/blob/v3.0.0.Final/debezium-connector-mariadb/src/main/java/io/debezium/connector/mariadb/jdbc/MariaDbConnectionConfiguration.java',
    'https://mariadb.com/kb/en/about-mariadb-connector-j/#tls-parameters',
  ],
  judge: (subject) => {
    const debezium = debeziumSourceOf(subject);
    const where = 'database.ssl.mode';
    const mode = valueOf(subject.configuration, where)?.toLowerCase() ?? 'preferred';
    // Of an unknown release the class itself is in doubt already, and that is said.
    if (debezium?.family !== 'mariadb' || debezium.version === undefined || mode !== 'preferred') return [];
    if (atLeast(debezium.version, [3, 0, 8])) return [];
    return [
      {
        rule: 'mariadb-ssl-mode',
        severity: 'blocks',
        where,
        found: `${where} is preferred, the default of Debezium ${debezium.version.join('.')}`,
        leadsTo: 'MariaDB’s driver refuses it: no connection',
        cure: mariadbEncryption.cure,
        affects: both,
      },
    ];
  },
};
