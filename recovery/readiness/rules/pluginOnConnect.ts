import { cannotTell } from '../cannotTell.ts';
import { listOf, valueOf } from '../configuration.ts';
import { debeziumOf, type Debezium } from '../family.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { keepsHistoryInKafka } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';
import { atLeast, parseVersion, type Version } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** Kafka 4.0 took `KafkaConsumer.poll(long)` away; Debezium called it until then, in the two places that `callsOldPoll` names. */
const withoutOldPoll: Version = [4, 0];

/** The plugin cannot run in a worker of that version. */
export const pluginOnConnect: Rule = {
  name: 'plugin-on-connect',
  what: 'a plugin too old or too new for the version of Connect',
  severities: ['blocks', 'improve'],
  reason:
    'Kafka 4.0 removed `KafkaConsumer.poll(long)`, which Debezium’s schema history calls before 3.1.2 and its Kafka signals before 3.2: accepted, then the task dies of NoSuchMethodError. Debezium 3 is compiled for Java 17, and MSK Connect 2.7.1 runs Java 11: UnsupportedClassVersionError',
  cure: 'on Connect 4 a plugin of 3.2 or later; on MSK Connect 2.7.1 one of 2.x, or a connector on 3.7.x',
  needs: ['pluginVersion', 'connectVersion', 'javaVersion'],
  sources: [
    'https://kafka.apache.org/40/documentation.html#upgrade_4_0_0',
    'https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-storage/debezium-storage-kafka/src/main/java/io/debezium/storage/kafka/history/KafkaSchemaHistory.java',
    'https://debezium.io/blog/2024/10/02/debezium-3-0-final-released/',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-plugins.html',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumOf(subject);
  if (debezium === undefined) return [];
  const { connectVersion } = subject.facts;
  const connect = connectVersion.kind === 'known' ? parseVersion(connectVersion.value) : undefined;
  const { pluginVersion } = subject.facts;
  const open = [
    ...(debezium.version === undefined
      ? [pluginVersion.kind === 'unknown' ? pluginVersion.needs : 'pluginVersion']
      : []),
    ...(connect === undefined ? [connectVersion.kind === 'unknown' ? connectVersion.needs : 'connectVersion'] : []),
  ];
  if (debezium.version === undefined || connect === undefined) {
    return open.map((needs) =>
      cannotTell({
        rule: pluginOnConnect.name,
        whether: 'whether the plugin runs on this version of Connect',
        leadsTo: 'one that does not is accepted, and its task dies',
        needs,
        affects: both,
      }),
    );
  }
  return [...oldPoll(subject, debezium, debezium.version, connect), ...java(subject, debezium.version, connect)];
}

function oldPoll(subject: Subject, debezium: Debezium, plugin: Version, connect: Version): Finding[] {
  if (!atLeast(connect, withoutOldPoll)) return [];
  const found = `Debezium ${plugin.join('.')} on Connect ${connect.join('.')}`;
  const callers = oldPollCallers(subject, debezium, plugin);
  if (callers.length > 0) {
    return [
      {
        rule: pluginOnConnect.name,
        severity: 'blocks',
        found,
        leadsTo: `accepted, then the task dies: NoSuchMethodError, KafkaConsumer.poll(long), which ${callers.join(' and ')} calls`,
        cure: 'a plugin of 3.2 or later, or workers of Connect 3.x',
        affects: both,
      },
    ];
  }
  if (atLeast(plugin, [3, 2])) return [];
  return [
    {
      rule: pluginOnConnect.name,
      severity: 'improve',
      found: `${found}, for which that release was not built`,
      leadsTo: 'it may miss what Kafka 4.0 removed',
      cure: 'a plugin of 3.2 or later',
      affects: [],
    },
  ];
}

function oldPollCallers(subject: Subject, debezium: Debezium, plugin: Version): string[] {
  const { configuration } = subject;
  const channels = listOf(configuration, 'signal.enabled.channels');
  const signals =
    channels.includes('kafka') ||
    (!atLeast(plugin, [2, 3]) && valueOf(configuration, 'signal.kafka.topic') !== undefined);
  return [
    ...(keepsHistoryInKafka(subject, debezium) && !atLeast(plugin, [3, 1, 2]) ? ['its schema history'] : []),
    ...(signals && !atLeast(plugin, [3, 2]) ? ['its Kafka signal channel'] : []),
  ];
}

function java(subject: Subject, plugin: Version, connect: Version): Finding[] {
  // Connect 4 itself needs Java 17: https://cwiki.apache.org/confluence/display/KAFKA/KIP-1032
  if (!atLeast(plugin, [3, 0]) || atLeast(connect, [4, 0])) return [];
  const version = javaOf(subject, connect);
  if (version === undefined) {
    return [
      cannotTell({
        rule: pluginOnConnect.name,
        whether: `whether the workers run Java 17, which Debezium ${plugin.join('.')} needs and Connect ${connect.join('.')} does not`,
        leadsTo: 'on an older Java no class of the plugin loads',
        needs: 'javaVersion',
        affects: both,
      }),
    ];
  }
  if (version >= 17) return [];
  return [
    {
      rule: pluginOnConnect.name,
      severity: 'blocks',
      found: `Debezium ${plugin.join('.')} on Connect ${connect.join('.')} with Java ${version}`,
      leadsTo: 'no class of the plugin loads: UnsupportedClassVersionError, for it is compiled for Java 17',
      cure: 'a plugin of 2.x, or workers with Java 17 (MSK Connect 3.7.x)',
      affects: both,
    },
  ];
}

/** MSK Connect's is given by its version; who runs workers himself says it. */
function javaOf(subject: Subject, connect: Version): number | undefined {
  if (subject.platform === 'msk-connect') return atLeast(connect, [3, 0]) ? 17 : 11;
  const { javaVersion } = subject.facts;
  return javaVersion?.kind === 'known' ? javaVersion.value : undefined;
}
