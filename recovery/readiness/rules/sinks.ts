import { cannotTell } from '../cannotTell.ts';
import { listOf, shownValue, valueOf } from '../configuration.ts';
import { classOf, debeziumOf, isSink } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** A sink reads topics that are not there. */
export const sinkTopics: Rule = {
  name: 'sink-topics',
  what: 'a sink whose topics do not exist',
  severities: ['harms'],
  reason:
    'A sink that finds none of its topics is RUNNING forever with nothing to do; nothing fails, and nothing arrives',
  cure: 'the topics by their names, or create them',
  needs: ['topics'],
  sources: [
    'https://kafka.apache.org/37/documentation.html#sinkconnectorconfigs_topics.regex',
    'https://kafka.apache.org/37/javadoc/org/apache/kafka/clients/consumer/KafkaConsumer.html#subscribe(java.util.regex.Pattern)',
  ],
  judge: judgeTopics,
};

function judgeTopics(subject: Subject): Finding[] {
  if (!isSink(subject)) return [];
  const { configuration, facts } = subject;
  const [named, regex] = [listOf(configuration, 'topics'), valueOf(configuration, 'topics.regex')];
  // Neither, or both, is refused; `required-settings` says that.
  if ((named.length === 0) === (regex === undefined)) return [];
  const where = regex === undefined ? 'topics' : 'topics.regex';
  const leadsTo = 'RUNNING forever with nothing to do';
  const matches = regex === undefined ? undefined : patternOf(regex);
  if (regex !== undefined && matches === undefined) {
    return [
      cannotTell({
        rule: sinkTopics.name,
        where,
        whether: 'what topics.regex matches: it is no regular expression that can be read here',
        leadsTo: 'one that Java cannot read is refused, one that matches nothing reads nothing',
        needs: 'a look at topics.regex',
        cure: 'a regular expression of Java',
        affects: [],
      }),
    ];
  }
  if (facts.topics.kind === 'unknown') {
    return [
      cannotTell({
        rule: sinkTopics.name,
        where,
        whether: 'whether the topics exist',
        leadsTo: `without them: ${leadsTo}`,
        needs: facts.topics.needs,
        affects: [],
      }),
    ];
  }
  const there = facts.topics.value;
  if (matches !== undefined) {
    return there.some((topic) => matches.test(topic))
      ? []
      : [harm(where, 'topics.regex matches no topic that exists', leadsTo)];
  }
  const missing = named.filter((topic) => !there.includes(topic));
  if (missing.length === 0) return [];
  const some = missing.length < named.length;
  return [
    harm(
      where,
      `${some ? 'some of its topics do' : missing.length === 1 ? 'its topic does' : 'its topics do'} not exist: ${missing.map(shownValue).join(', ')}${likely(missing, there)}`,
      some ? 'nothing arrives from those' : leadsTo,
    ),
  ];
}

/** Java matches the whole name. */
function patternOf(regex: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${regex})$`, 'u');
  } catch {
    try {
      return new RegExp(`^(?:${regex})$`);
    } catch {
      return undefined;
    }
  }
}

/** A topic that the name may have meant: it begins alike. */
function likely(missing: readonly string[], there: readonly string[]): string {
  const [first = ''] = missing;
  const near = there.find(
    (topic) => topic.slice(0, Math.ceil(first.length * 0.8)) === first.slice(0, Math.ceil(first.length * 0.8)),
  );
  return near === undefined ? '' : ` (there is ${shownValue(near)})`;
}

function harm(where: string, found: string, leadsTo: string): Finding {
  return { rule: sinkTopics.name, severity: 'harms', where, found, leadsTo, cure: sinkTopics.cure, affects: [] };
}

/** A sink throws away what it cannot write. */
export const droppedRecords: Rule = {
  name: 'dropped-records',
  what: 'a sink that goes over errors without keeping the records',
  severities: ['harms'],
  reason:
    '`errors.tolerance` = all goes over each record that cannot be converted; without a dead letter queue it is gone, and nothing fails',
  cure: 'errors.deadletterqueue.topic.name, or errors.tolerance = none',
  needs: [],
  sources: ['https://kafka.apache.org/37/documentation.html#sinkconnectorconfigs_errors.tolerance'],
  judge: (subject) => {
    const { configuration } = subject;
    const kept = valueOf(configuration, 'errors.deadletterqueue.topic.name') !== undefined;
    if (!isSink(subject) || kept || valueOf(configuration, 'errors.tolerance')?.toLowerCase() !== 'all') return [];
    return [
      {
        rule: 'dropped-records',
        severity: 'harms',
        where: 'errors.tolerance',
        found: 'errors.tolerance is all, and there is no dead letter queue',
        leadsTo: 'records that cannot be converted are gone, and nothing fails',
        cure: droppedRecords.cure,
        affects: [],
      },
    ];
  },
};

/** Another product's names for the same settings. */
const others: readonly { readonly others: string; readonly debeziums: string }[] = [
  { others: 'connection.user', debeziums: 'connection.username' },
  { others: 'pk.mode', debeziums: 'primary.key.mode' },
  { others: 'pk.fields', debeziums: 'primary.key.fields' },
  { others: 'auto.create', debeziums: 'schema.evolution' },
  { others: 'auto.evolve', debeziums: 'schema.evolution' },
];

/** Sinks of other makers that read Confluent's names. */
const namedAsConfluents = ['io.confluent.connect.jdbc.JdbcSinkConnector', 'io.aiven.connect.jdbc.JdbcSinkConnector'];

/** Debezium’s JDBC sink with the names of Confluent’s, or the reverse. */
export const jdbcSinkNames: Rule = {
  name: 'jdbc-sink-names',
  what: 'Debezium’s JDBC sink with the names of Confluent’s, or the reverse',
  severities: ['harms', 'improve'],
  reason: 'Neither reads those of the other: no login, rows without keys, no table made, no column added',
  cure: 'connection.username, primary.key.mode, primary.key.fields, schema.evolution for Debezium’s; connection.user, pk.mode, pk.fields, auto.create, auto.evolve for Confluent’s',
  needs: [],
  sources: [
    'https://debezium.io/documentation/reference/stable/connectors/jdbc.html#jdbc-connector-properties',
    'https://docs.confluent.io/kafka-connectors/jdbc/current/sink-connector/sink_config_options.html',
  ],
  judge: (subject) => {
    const isDebeziums = debeziumOf(subject)?.family === 'jdbc-sink';
    if (!isDebeziums && !namedAsConfluents.includes(classOf(subject))) return [];
    const [maker, reader] = isDebeziums ? ['Confluent’s', 'Debezium’s'] : ['Debezium’s', 'this one'];
    const unread = new Set(others.map((one) => (isDebeziums ? one.others : one.debeziums)));
    const set = (key: string) => valueOf(subject.configuration, key) !== undefined;
    return [...unread].filter(set).map((key): Finding => {
      const read = others.flatMap((one) => {
        const [foreign, own] = isDebeziums ? [one.others, one.debeziums] : [one.debeziums, one.others];
        return foreign === key ? [own] : [];
      });
      const beside = read.some(set);
      return {
        rule: 'jdbc-sink-names',
        severity: beside ? 'improve' : 'harms',
        where: key,
        found: `${key} is a name of ${maker} JDBC sink; ${reader} reads ${read.join(' and ')}`,
        leadsTo: 'what it says has no effect',
        cure: beside ? `take ${key} out` : `say it in ${read.join(' and ')}`,
        affects: [],
      };
    });
  },
};
