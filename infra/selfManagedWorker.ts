import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { task } from '../settings/selfManagedWatchdog.ts';

/** Where the image that is made here has the JMX agent. */
export const agentFolder = '/opt/connector-recovery';

/**
 * What the worker container runs: the task's own address is asked of ECS, then Debezium's start script takes over, as the same process, so that
 * SIGTERM reaches Kafka Connect. That script would take the address of the last interface that `ip addr` lists; a task on Fargate has two,
 * and the other one is link-local. Without an address it ends, and ECS starts another task: a worker that advertises nothing useful is worse than none.
 * @see https://github.com/debezium/container-images/blob/main/connect-base/3.0/docker-entrypoint.sh
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
 */
export const startScript = [
  'set -euo pipefail',
  'metadata=$(curl --silent --show-error --fail --max-time 5 --retry 5 --retry-connrefused "$ECS_CONTAINER_METADATA_URI_V4")',
  `pattern='"IPv4Addresses":[[:space:]]*\\[[[:space:]]*"([0-9.]+)"'`,
  'if [[ $metadata =~ $pattern ]]; then export ADVERTISED_HOST_NAME="${BASH_REMATCH[1]}"; else echo "ECS names no address of this task" >&2; exit 1; fi',
  'exec /docker-entrypoint.sh start',
].join('\n');

/**
 * The environment of the worker container, secrets excepted. Debezium's start script writes each `CONNECT_A_B` as `a.b` into the worker's properties.
 * @see https://kafka.apache.org/documentation/#connectconfigs
 */
export function workerEnvironment(settings: SelfManagedSettings): Record<string, string> {
  const { connect, kafka, secrets } = settings;
  const { groupId, workers, heapMiB } = connect;
  const agent =
    connect.image.kind === 'debezium'
      ? { jar: `${agentFolder}/jmx_prometheus_javaagent.jar`, configuration: `${agentFolder}/jmx.yaml` }
      : connect.image.jmxAgent;
  const own: Record<string, string> = {
    BOOTSTRAP_SERVERS: kafka.bootstrapServers.join(','),
    GROUP_ID: groupId,
    CONFIG_STORAGE_TOPIC: `${groupId}-configs`,
    OFFSET_STORAGE_TOPIC: `${groupId}-offsets`,
    STATUS_STORAGE_TOPIC: `${groupId}-status`,
    ...properties({
      'config.storage.replication.factor': connect.topicReplication,
      'offset.storage.replication.factor': connect.topicReplication,
      'status.storage.replication.factor': connect.topicReplication,
      // One worker never forwards to a leader elsewhere, so that nobody but its own task need reach it.
      listeners: `http://${workers === 1 ? '127.0.0.1' : '0.0.0.0'}:${task.restPort}`,
      'scheduled.rebalance.max.delay.ms': connect.rebalanceDelaySeconds * 1000,
    }),
    OFFSET_FLUSH_INTERVAL_MS: String(connect.flushSeconds * 1000),
    SHUTDOWN_TIMEOUT: String(connect.shutdownSeconds * 1000),
    // As large at the start as it may become: what is missing in the task's memory shows at once, not in the night.
    HEAP_OPTS: `-Xms${heapMiB}M -Xmx${heapMiB}M`,
    ...(agent && { KAFKA_OPTS: `-javaagent:${agent.jar}=127.0.0.1:${task.jmxPort}:${agent.configuration}` }),
    ...properties(login(kafka.security)),
    ...properties(secretsProvider(readable(settings.kafka.security, Object.keys(secrets), settings))),
  };
  return { ...own, ...ofUser(connect.properties) };
}

function properties(values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `CONNECT_${name.replaceAll('.', '_').toUpperCase()}`,
      String(value),
    ]),
  );
}

/** Debezium's start script has variables of its own for the two converters, whose defaults would win over `CONNECT_KEY_CONVERTER`. */
function ofUser(values: Readonly<Record<string, string>>): Record<string, string> {
  const { 'key.converter': key, 'value.converter': value, ...rest } = values;
  return {
    ...properties(rest),
    ...(key !== undefined && { KEY_CONVERTER: key }),
    ...(value !== undefined && { VALUE_CONVERTER: value }),
  };
}

/** For the worker's own clients, and for those of connectors, which Kafka Connect configures apart. */
function login(security: SelfManagedSettings['kafka']['security']): Record<string, string> {
  const one = protocols[security];
  return Object.fromEntries(
    ['', 'producer.', 'consumer.', 'admin.'].flatMap((client) =>
      Object.entries(one).map(([name, value]) => [`${client}${name}`, value] as const),
    ),
  );
}

const protocols: Readonly<Record<SelfManagedSettings['kafka']['security'], Readonly<Record<string, string>>>> = {
  plaintext: {},
  tls: { 'security.protocol': 'SSL' },
  scram: {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    // Kafka Connect puts the values in while it reads its own configuration, so that neither the start script nor the log sees them.
    'sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="\${env:${task.brokerUser}}" password="\${env:${task.brokerPassword}}";`,
  },
  // https://github.com/aws/aws-msk-iam-auth#configuring-a-kafka-client-to-use-aws-iam-with-sasl-aws_msk_iam-mechanism
  iam: {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'AWS_MSK_IAM',
    'sasl.jaas.config': 'software.amazon.msk.auth.iam.IAMLoginModule required;',
    'sasl.client.callback.handler.class': 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
  },
};

/**
 * A connector's configuration names a secret as `${env:NAME}`. The provider is of Kafka 3.5 and later (KIP-887). It looks for the pattern anywhere in a name,
 * so the pattern is anchored: without it every variable could be read into a topic, the way to the task's AWS credentials included (CVE-2024-31141).
 * @see https://github.com/apache/kafka/blob/3.9.0/clients/src/main/java/org/apache/kafka/common/config/provider/EnvVarConfigProvider.java
 */
function secretsProvider(names: readonly string[]): Record<string, string> {
  if (names.length === 0) return {};
  return {
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'config.providers.env.param.allowlist.pattern': `^(${names.join('|')})$`,
  };
}

function readable(
  security: SelfManagedSettings['kafka']['security'],
  names: readonly string[],
  settings: SelfManagedSettings,
): readonly string[] {
  const ofWebhooks = webhookSecrets(settings);
  return [
    ...names.filter((name) => !ofWebhooks.has(name)),
    ...(security === 'scram' ? [task.brokerUser, task.brokerPassword] : []),
  ];
}

/** The addresses of webhooks: the watchdog's, not the connectors'. */
export function webhookSecrets(settings: SelfManagedSettings): ReadonlySet<string> {
  return new Set((settings.watchdog.webhooks ?? []).map(({ secret }) => secret));
}
