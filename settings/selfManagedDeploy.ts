import * as v from 'valibot';
import { fault, issueFaults, SettingsError, shown } from './faults.ts';
import { connectMiB, largestHeap, memoryFault, usualHeapMiB } from './fargate.ts';
import { overrideFaults } from './overrideFaults.ts';
import { selfManagedFile, type SelfManagedFile } from './selfManagedDeploySchema.ts';

/** A value of Secrets Manager that a container gets as an environment variable. */
export interface SecretSettings {
  readonly secretArn: string;
  /** Absent: all of the secret. */
  readonly field?: string;
  readonly keyArn?: string;
}

/** The worker's image: made here from Debezium's, or one of the user's. */
export type ImageSettings =
  | { readonly kind: 'debezium'; readonly version: string }
  | {
      readonly kind: 'own';
      readonly image: string;
      readonly jmxAgent?: { readonly jar: string; readonly configuration: string };
    };

/** All of `self-managed.json`, read, checked and completed. */
export interface SelfManagedSettings {
  readonly stackName: string;
  readonly notify: {
    readonly emails: readonly string[];
    readonly topic?: { readonly arn: string; readonly keyArn?: string };
  };
  readonly operators: readonly string[];
  readonly network: {
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly kafkaSecurityGroupId: string;
    readonly databases: readonly { readonly securityGroupId: string; readonly port: number }[];
    readonly letIn: boolean;
  };
  readonly kafka: SelfManagedFile['kafka'];
  /** By the name of the environment variable. */
  readonly secrets: Readonly<Record<string, SecretSettings>>;
  readonly connect: {
    readonly image: ImageSettings;
    readonly architecture: 'arm64' | 'x86_64';
    readonly cpu: number;
    readonly memoryMiB: number;
    readonly heapMiB: number;
    readonly workers: number;
    readonly groupId: string;
    readonly topicReplication: number;
    readonly flushSeconds: number;
    readonly shutdownSeconds: number;
    readonly rebalanceDelaySeconds: number;
    readonly properties: Readonly<Record<string, string>>;
  };
  readonly watchdog: NonNullable<SelfManagedFile['watchdog']>;
  readonly logDays: NonNullable<SelfManagedFile['logDays']>;
  readonly restartsPerHour: number;
  readonly executeCommand: boolean;
}

const deployDefaults = {
  stackName: 'self-managed-connect',
  // Kafka 3.9.0, the last of 3.x; what this project measured on real workers is 3.7.1, whose REST interface is the same.
  debezium: '3.0.8.Final',
  // Made of files only, so that it is built without emulation wherever Docker runs; a fifth cheaper than x86_64 on Fargate.
  architecture: 'arm64',
  cpu: 1024,
  memoryMiB: 4096,
  workers: 1,
  topicReplication: 3,
  // Kafka Connect's own default is 60: with 10 a position that stands still is seen six times as soon, for a small record each.
  flushSeconds: 10,
  // Debezium's own image has 10 s. Fargate ends what has not ended after 120 s, and the worker's REST interface may need some of it.
  shutdownSeconds: 30,
  // Kafka Connect's own default is 300: so long would nobody do the work of a worker that is replaced. A new task needs a minute or two.
  rebalanceDelaySeconds: 60,
  logDays: 90,
  restartsPerHour: 5,
} as const;

/** Properties that the stack sets itself, or that would undo what it relies on. */
const ours = new RegExp(
  '^(bootstrap\\.servers|group\\.id|listeners|rest\\..*|(config|offset|status)\\.storage\\..*|offset\\.flush\\..*|' +
    'task\\.shutdown\\..*|scheduled\\.rebalance\\..*|config\\.providers.*|' +
    '(producer\\.|consumer\\.|admin\\.)?(security\\.protocol|sasl\\..*)|plugin\\.path|connector\\.client\\.config\\.override\\.policy)$',
);

/** What the start script of Debezium's image, or a shell, takes for something of its own. */
const notForSecrets =
  /^(BOOTSTRAP_SERVERS|GROUP_ID|(CONFIG|OFFSET|STATUS)_STORAGE_TOPIC|OFFSET_FLUSH_\w+|SHUTDOWN_TIMEOUT|HEAP_OPTS|LOG_LEVEL|(REST|ADVERTISED)_\w+|HOST_NAME|JMX\w+|ENABLE_\w+|(KEY|VALUE)_CONVERTER|SENSITIVE_PROPERTIES|PATH|HOME|IFS)$/;

/**
 * Reads `self-managed.json`, checks it and fills in every default.
 * @param place the file's name, for the message
 * @throws SettingsError with every fault at once
 */
export function readSelfManaged(text: string, place: string): SelfManagedSettings {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    // Of the parser's message only the position: the rest quotes the file.
    const where = /line \d+ column \d+/.exec(String(error))?.[0];
    throw new SettingsError(place, [fault(where ?? 'the file', 'something that is not JSON', 'a JSON object')]);
  }
  return checkSelfManaged(input, place);
}

/** As `readSelfManaged`, from the parsed object. @throws SettingsError */
export function checkSelfManaged(input: unknown, place: string): SelfManagedSettings {
  if (Array.isArray(input)) throw new SettingsError(place, [fault('the file', shown(input), 'an object')]);
  const parsed = v.safeParse(selfManagedFile, input);
  if (!parsed.success) throw new SettingsError(place, issueFaults(parsed.issues, 'self-managed.schema.json'));
  const faults = crossFaults(parsed.output);
  if (faults.length > 0) throw new SettingsError(place, faults);
  return complete(parsed.output);
}

function complete(file: SelfManagedFile): SelfManagedSettings {
  const connect = file.connect ?? {};
  const stackName = file.stackName ?? deployDefaults.stackName;
  const memoryMiB = connect.memoryMiB ?? deployDefaults.memoryMiB;
  return {
    stackName,
    notify: { emails: file.notify?.emails ?? [], ...(file.notify?.topic && { topic: file.notify.topic }) },
    operators: file.operators,
    network: { ...file.network, databases: file.network.databases ?? [], letIn: file.network.letIn ?? true },
    kafka: file.kafka,
    secrets: file.secrets ?? {},
    connect: {
      image:
        connect.image === undefined
          ? { kind: 'debezium', version: connect.debezium ?? deployDefaults.debezium }
          : { kind: 'own', image: connect.image, ...(connect.jmxAgent && { jmxAgent: connect.jmxAgent }) },
      architecture: connect.architecture ?? deployDefaults.architecture,
      cpu: connect.cpu ?? deployDefaults.cpu,
      memoryMiB,
      heapMiB: connect.heapMiB ?? usualHeapMiB(memoryMiB),
      workers: connect.workers ?? deployDefaults.workers,
      groupId: connect.groupId ?? stackName,
      topicReplication: connect.topicReplication ?? deployDefaults.topicReplication,
      flushSeconds: connect.flushSeconds ?? deployDefaults.flushSeconds,
      shutdownSeconds: connect.shutdownSeconds ?? deployDefaults.shutdownSeconds,
      rebalanceDelaySeconds: connect.rebalanceDelaySeconds ?? deployDefaults.rebalanceDelaySeconds,
      properties: connect.properties ?? {},
    },
    watchdog: file.watchdog ?? {},
    logDays: file.logDays ?? deployDefaults.logDays,
    restartsPerHour: file.restartsPerHour ?? deployDefaults.restartsPerHour,
    executeCommand: file.executeCommand ?? false,
  };
}

/** What fields mean together. */
function crossFaults(file: SelfManagedFile): string[] {
  const { notify, kafka, watchdog = {}, connect = {}, secrets = {} } = file;
  const told = (notify?.emails ?? []).length > 0 || notify?.topic !== undefined || notify?.subscribedElsewhere === true;
  const cpu = connect.cpu ?? deployDefaults.cpu;
  const memoryMiB = connect.memoryMiB ?? deployDefaults.memoryMiB;
  const size = memoryFault(cpu, memoryMiB);
  const mostHeap = Math.floor(connectMiB(memoryMiB) * largestHeap);
  return [
    ...(told
      ? []
      : [
          fault(
            'notify',
            'nobody',
            'somebody who is told: emails, a topic, or "subscribedElsewhere": true where the topic gets its subscribers by other means',
          ),
        ]),
    ...(size === undefined ? [] : [fault('connect.memoryMiB', String(memoryMiB), size)]),
    ...(size === undefined && connect.heapMiB !== undefined && connect.heapMiB > mostHeap
      ? [
          fault(
            'connect.heapMiB',
            String(connect.heapMiB),
            `at most ${mostHeap}, four fifths of what the sidecars leave`,
          ),
        ]
      : []),
    ...(connect.image !== undefined && connect.debezium !== undefined
      ? [fault('connect', 'debezium and image', 'one of the two')]
      : []),
    ...(connect.image === undefined && connect.jmxAgent !== undefined
      ? [
          fault(
            'connect.jmxAgent',
            'an agent',
            'it only with an image of your own: the image that is made here has one',
          ),
        ]
      : []),
    ...Object.keys(connect.properties ?? {})
      .filter((name) => ours.test(name))
      .map((name) => fault(`connect.properties.${name}`, 'a property', 'none that the stack sets itself')),
    ...Object.keys(secrets)
      .filter((name) => notForSecrets.test(name))
      .map((name) =>
        fault(`secrets.${name}`, 'a secret', "another name: this one means something to Debezium's image"),
      ),
    ...(watchdog.webhooks ?? []).flatMap(({ secret }, index) =>
      secret in secrets
        ? []
        : [fault(`watchdog.webhooks[${index}].secret`, shown(secret), 'a name that stands in secrets')],
    ),
    ...(watchdog.webhooks ?? []).flatMap(({ secret }, index, all) =>
      all.findIndex((other) => other.secret === secret) === index
        ? []
        : [fault(`watchdog.webhooks[${index}].secret`, shown(secret), 'each webhook once')],
    ),
    // The one cluster bears the name of the stack.
    ...overrideFaults(watchdog.overrides ?? [], [file.stackName ?? deployDefaults.stackName], 'watchdog.overrides'),
    ...(kafka.security === 'plaintext' ? plaintextPorts(kafka.bootstrapServers) : []),
  ];
}

/** The ports on which MSK asks for TLS. https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
function plaintextPorts(servers: readonly string[]): string[] {
  return servers.flatMap((server, index) =>
    /:(9094|9096|9098)$/.test(server)
      ? [
          fault(
            `kafka.bootstrapServers[${index}]`,
            shown(server),
            'with "security": "plaintext" a port without TLS, such as 9092',
          ),
        ]
      : [],
  );
}
