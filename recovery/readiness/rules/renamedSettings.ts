import { cannotTell } from '../cannotTell.ts';
import { valueOf } from '../configuration.ts';
import { debeziumSourceOf, type Debezium } from '../family.ts';
import type { Finding } from '../finding.ts';
import { renamed } from '../names.ts';
import type { Rule } from '../rule.ts';
import { keepsHistoryInKafka, renamedIn } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';
import { atLeast } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** Names of 1.x under a plugin of 2.0 or later, or the reverse. */
export const renamedSettings: Rule = {
  name: 'renamed-settings',
  what: 'names of Debezium 1.x under a plugin of 2.0 or later, or the reverse',
  severities: ['blocks', 'harms', 'improve'],
  reason:
    'A name of the other form is not read. Where a required setting has only that, Connect answers 400 (`topic.prefix` is required), or the task dies for want of a schema history; where both forms say different things, the one that is read wins and topics are named by it',
  cure: 'the names of the plugin’s own release, and only those',
  needs: ['pluginVersion'],
  sources: [
    'https://debezium.io/blog/2022/10/17/debezium-2-0-final-released/',
    'https://debezium.io/releases/2.0/release-notes',
  ],
  judge,
};

/** A setting as both forms write it. */
interface Written {
  readonly old: string;
  readonly now: string;
  readonly required: boolean;
  /** The present name is no mistake in either release. */
  readonly readBefore: boolean;
  readonly oldValue: string | undefined;
  readonly nowValue: string | undefined;
}

function judge(subject: Subject): Finding[] {
  const debezium = debeziumSourceOf(subject);
  if (debezium === undefined) return [];
  const written = settings(subject, debezium).filter(
    ({ oldValue, nowValue }) => oldValue !== undefined || nowValue !== undefined,
  );
  const { version } = debezium;
  if (version === undefined) {
    // What both forms say alike is read by either release.
    if (written.every((one) => one.oldValue === one.nowValue || (one.readBefore && one.oldValue === undefined)))
      return [];
    return [
      cannotTell({
        rule: renamedSettings.name,
        whether: 'whether the plugin reads these names: Debezium 2.0 renamed them',
        leadsTo: 'names that it does not read are answered with 400, or the task dies',
        needs: 'pluginVersion',
        affects: both,
      }),
    ];
  }
  const isNew = atLeast(version, renamedIn);
  const findings = written.flatMap((one) => {
    const [unread, read] = isNew ? [one.old, one.now] : [one.now, one.old];
    const [unreadValue, readValue] = isNew ? [one.oldValue, one.nowValue] : [one.nowValue, one.oldValue];
    if (unreadValue === undefined || (!isNew && one.readBefore)) return [];
    return [finding(one, { unread, read, unreadValue, readValue })];
  });
  // Where the history itself is under the wrong names, each of its clients' settings need not be named.
  const wholeHistory = findings.some(({ severity, where }) => severity === 'blocks' && isHistory(where));
  return findings.filter(({ severity, where }) => !(wholeHistory && severity === 'harms' && isHistory(where)));

  function finding(
    { required }: Written,
    {
      unread,
      read,
      unreadValue,
      readValue,
    }: Record<'unread' | 'read', string> & { unreadValue: string; readValue: string | undefined },
  ): Finding {
    const where = { rule: renamedSettings.name, where: unread };
    const release = `Debezium ${(version ?? []).join('.')}`;
    if (readValue === undefined) {
      return {
        ...where,
        severity: required ? 'blocks' : 'harms',
        found: `${unread}, which ${release} does not read: it reads ${read}, and that is missing`,
        leadsTo: leadsTo(read, required),
        cure: isHistory(unread)
          ? `call it ${read}, and so with all of ${unread.replace(/^((?:\w+\.)*history(?:\.internal)?).*$/, '$1')}.*`
          : `call it ${read}`,
        affects: required ? both : [],
      };
    }
    if (readValue === unreadValue) {
      return {
        ...where,
        severity: 'improve',
        found: `${unread} beside ${read}, which say the same`,
        leadsTo: `${release} does not read it`,
        cure: 'take it out',
        affects: [],
      };
    }
    return {
      ...where,
      severity: 'harms',
      found: `${unread} beside ${read}, which says something else; ${release} reads ${read} alone`,
      leadsTo:
        read.endsWith('topic.prefix') || read.endsWith('server.name')
          ? 'topics and metrics are named by the one that is read; who expects the other sees nothing'
          : 'what it says has no effect',
      cure: `take ${unread} out, after a look whether ${read} says what is meant`,
      affects: [],
    };
  }
}

function isHistory(where = ''): boolean {
  return where.startsWith('database.history') || where.startsWith('schema.history.internal');
}

function leadsTo(read: string, required: boolean): string {
  if (!required) return 'what it says has no effect';
  return read.includes('history')
    ? 'the task dies at its start for want of a schema history'
    : `answered with 400: ${read} is required`;
}

function settings(subject: Subject, debezium: Debezium): Written[] {
  const { configuration } = subject;
  const known = renamed(debezium).map(({ old, now, required, readBefore }) => ({
    old,
    now,
    readBefore: readBefore === true,
    // A history kept elsewhere than in Kafka needs no topic.
    required: required === true && (!now.startsWith('schema.history') || keepsHistoryInKafka(subject, debezium)),
  }));
  const names = new Set(known.flatMap(({ old, now }) => [old, now]));
  // Every other setting of the history, the clients' logins among them, once under the name of either form.
  const others = debezium.traits.history
    ? new Set(
        Object.keys(configuration).flatMap((key) => {
          const [, end] = /^(?:database\.history|schema\.history\.internal)\.(.+)$/.exec(key) ?? [];
          return end === undefined || names.has(key) ? [] : [end];
        }),
      )
    : [];
  return [
    ...known,
    ...[...others].toSorted().map((end) => ({
      old: `database.history.${end}`,
      now: `schema.history.internal.${end}`,
      required: false,
      readBefore: false,
    })),
  ].map((one) => ({ ...one, oldValue: valueOf(configuration, one.old), nowValue: valueOf(configuration, one.now) }));
}
