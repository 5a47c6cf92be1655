import { cannotTell } from '../cannotTell.ts';
import { booleanOf, shownValue, valueOf } from '../configuration.ts';
import { debeziumSourceOf, type Debezium } from '../family.ts';
import type { Finding, Step } from '../finding.ts';
import { survivalOf } from '../position.ts';
import type { Rule } from '../rule.ts';
import { effects, hasModes, takesMode, type ModeEffect } from '../snapshotModes.ts';
import type { Subject } from '../subject.ts';

const both = ['restart', 'recreation'] as const;
const where = 'snapshot.mode';

/** What `snapshot.mode` does when the connector starts again. */
export const snapshotMode: Rule = {
  name: 'snapshot-mode',
  what: 'a `snapshot.mode` that would snapshot again, lose the gap, or is not one',
  severities: ['blocks', 'harms'],
  reason:
    'Without offsets `initial` and `when_needed` take a whole new snapshot (everything twice, and load), `no_data` and `schema_only` begin at the present (what happened in between is lost), `never` at the oldest log there is. With offsets or without, `always` snapshots at each start, `initial_only` never streams, and `recovery` rebuilds the schema history from the tables as they are now',
  cure: 'pinned offsets; then initial, or when_needed where a lost position may be healed by a snapshot; recovery and always only for as long as they are needed',
  needs: ['workerProperties', 'pluginVersion'],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-snapshot-mode',
    'https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-property-snapshot-mode',
    'https://github.com/debezium/debezium/tree/v2.7.4.Final/debezium-core/src/main/java/io/debezium/snapshot/mode',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumSourceOf(subject);
  if (debezium === undefined || !hasModes(debezium.family)) return [];
  const mode = valueOf(subject.configuration, where)?.toLowerCase() ?? 'initial';
  const taken = takesMode(debezium.family, mode, debezium.version);
  if (taken === false) return [notTaken(mode, debezium)];
  const effect = effectOf(subject, mode);
  return [...(taken === undefined ? [doubtful(mode)] : []), ...effectFindings(subject, debezium, mode, effect)];
}

function notTaken(mode: string, { version }: Debezium): Finding {
  return {
    rule: snapshotMode.name,
    severity: 'blocks',
    where,
    found: `${where} is ${shownValue(mode)}, which this connector does not take${version === undefined ? '' : ` in Debezium ${version.join('.')}`}`,
    leadsTo: 'answered with 400',
    cure: 'a mode of that release: no_data and recovery since 2.6, schema_only and schema_only_recovery before 3.3',
    affects: both,
  };
}

function doubtful(mode: string): Finding {
  return cannotTell({
    rule: snapshotMode.name,
    where,
    whether: `whether the plugin takes ${where}=${mode}, which not every release does`,
    leadsTo: 'a mode that it does not take is answered with 400',
    needs: 'pluginVersion',
    affects: both,
  });
}

/** `configuration_based` says in settings of its own what it does. */
function effectOf({ configuration }: Subject, mode: string): ModeEffect | undefined {
  if (mode !== 'configuration_based') return Object.hasOwn(effects, mode) ? effects[mode] : undefined;
  const says = (key: string) => booleanOf(configuration, `snapshot.mode.configuration.based.${key}`) ?? false;
  if (!says('start.stream')) return 'never-streams';
  return says('snapshot.data') ? 'snapshot-at-each-start' : 'gap-without-offsets';
}

function effectFindings(subject: Subject, debezium: Debezium, mode: string, effect: ModeEffect | undefined): Finding[] {
  switch (effect) {
    case 'snapshot-at-each-start':
      return [harm(mode, 'everything is read and sent again at each start', both)];
    case 'never-streams':
      return [
        harm(
          mode,
          'after its snapshot it stands still: changes are not read, and its silence cannot be told from death',
          both,
        ),
      ];
    case 'rebuilds-history':
      return [
        harm(
          mode,
          'each start rebuilds the schema history from the tables as they are now: after a schema change, older events are read wrongly',
          both,
        ),
      ];
    case 'decided-elsewhere':
      return [
        cannotTell({
          rule: snapshotMode.name,
          where,
          whether: `what ${mode} does at a start`,
          leadsTo: 'it may snapshot again, or lose the gap',
          needs: 'a look into the snapshotter that it names',
          cure: 'initial or when_needed, whose doings are known',
          affects: ['recreation'],
        }),
      ];
    case 'snapshot-without-offsets':
    case 'gap-without-offsets':
    case 'oldest-log-without-offsets':
      return withoutOffsets(subject, debezium, mode, effect);
    case undefined:
      return [];
  }
}

function withoutOffsets(
  subject: Subject,
  { family }: Debezium,
  mode: string,
  effect: 'snapshot-without-offsets' | 'gap-without-offsets' | 'oldest-log-without-offsets',
): Finding[] {
  const survival = survivalOf(subject);
  if (survival.kind === 'kept' || survival.kind === 'kept-by-pin') return [];
  const leadsTo = {
    'snapshot-without-offsets':
      'a recreation takes a whole new snapshot: everything twice, and deletions that fell into the gap reach nobody',
    'gap-without-offsets':
      family === 'postgresql'
        ? 'a recreation begins where the replication slot stands; what it no longer holds is lost'
        : 'a recreation begins at the present: what happened in the gap is lost',
    'oldest-log-without-offsets':
      family === 'postgresql'
        ? 'a recreation begins where the replication slot stands; what it no longer holds is lost'
        : 'a recreation begins at the oldest log there is: much is read again, and what is older is lost',
  }[effect];
  if (survival.kind === 'unknown') {
    return [
      cannotTell({
        rule: snapshotMode.name,
        where,
        whether: `what ${where}=${mode} does at a recreation`,
        leadsTo: `without offsets ${leadsTo}`,
        needs: survival.needs,
        affects: ['recreation'],
      }),
    ];
  }
  return [harm(mode, leadsTo, ['recreation'], 'offsets would be lost, and ')];
}

function harm(mode: string, leadsTo: string, affects: readonly Step[], before = ''): Finding {
  return {
    rule: snapshotMode.name,
    severity: 'harms',
    where,
    found: `${before}${where} is ${mode}`,
    leadsTo,
    cure: before === '' ? 'initial or when_needed' : 'pin offset.storage.topic, and the mode no longer matters',
    affects,
  };
}
