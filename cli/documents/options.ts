import { toJsonSchema } from '@valibot/to-json-schema';
import { breakerDefaults, debeziumDefaults, lagDefaults, policyDefaults } from '../../settings/defaults.ts';
import { connectorsFile } from '../../settings/schema.ts';
import { table } from './between.ts';

/** What is used of a JSON Schema. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** One option as `connectors.json` takes it. */
export interface Option {
  /** Such as `waits.healSeconds`. */
  readonly place: string;
  readonly type: string;
  readonly description: string;
}

/** The options of the file itself, of a connector, and of any one of a connector's signals, in the schema's order. */
export function allOptions(): { readonly file: Option[]; readonly connector: Option[]; readonly signal: Option[] } {
  const schema = toJsonSchema(connectorsFile, { typeMode: 'input' }) as Node;
  const connector = schema.properties?.['connectors']?.items ?? {};
  const aSignal = connector.properties?.['signals']?.properties?.['connected']?.anyOf?.at(-1) ?? {};
  return {
    file: options(schema, '').filter(({ place }) => !/^(defaults|connectors)\./.test(place)),
    connector: options(connector, ''),
    signal: options(aSignal, 'signals.*.'),
  };
}

function options(node: Node, above: string): Option[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const place = `${above}${name}`;
    const required = node.required?.includes(name) === true ? ', required' : '';
    return [
      { place, type: `${typeOf(field)}${required}`, description: field.description ?? '' },
      ...options(field, `${place}.`),
    ];
  });
}

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.anyOf) return node.anyOf.map(typeOf).join(' or ');
  if (node.type === 'array') return `list of ${node.items?.enum ? typeOf(node.items) : (node.items?.type ?? 'any')}`;
  if (node.type === 'integer' || node.type === 'number') {
    const range = node.minimum === undefined ? '' : `, ${node.minimum} to ${node.maximum ?? 'any'}`;
    return `number${range}`;
  }
  return node.type ?? 'any';
}

const { evidence, waits, limits } = policyDefaults;

/** What holds where an option is not given, and why; by its place. `connectors.json` takes no option that is not here. */
const defaults: Readonly<Record<string, readonly [value: string, why: string]>> = {
  $schema: ['none', 'editors complete the file with it'],
  stackName: ['`connector-recovery`', 'two stacks in one account and Region need two names'],
  notify: ['', 'needed: emails, a topic, or `subscribedElsewhere`'],
  'notify.emails': ['none', 'each once'],
  'notify.subscribedElsewhere': ['absent', 'until somebody subscribes, only the journals and the log know'],
  'notify.topic': ['a new topic', 'a new one is encrypted with a key of its own that alarms may use'],
  'notify.topic.arn': [
    '',
    'its policy is its owner’s: it must let the function and `cloudwatch.amazonaws.com` publish',
  ],
  'notify.topic.keyArn': [
    'none',
    'the function gets the right to use it; the key policy is its owner’s, and must allow `cloudwatch.amazonaws.com` too',
  ],
  operators: [
    'nobody',
    'the bucket is encrypted with a key that only the function may use, so that no person could read a backup: the synthesis warns; rights on the bucket itself are yours to give',
  ],
  breaker: ['', 'see [a breaker over the stack](architecture.md#many-silent-at-once)'],
  'breaker.atLeast': [`${breakerDefaults.atLeast}`, 'a stack of fewer connectors has no breaker'],
  'breaker.share': [`${breakerDefaults.share}`, 'what stops half of a stack at once is shared by all'],
  'breaker.probe': [
    `\`${breakerDefaults.probe}\``,
    'on 2.7.1 only a recreation tells; then people are asked to approve one',
  ],
  defaults: ['none', 'takes every option of a connector but its name'],
  connectors: ['', ''],
  name: ['', 'everything that must outlive a recreation is keyed by name, for the ARN changes'],
  kind: ['', '`npm run capture` fills it in'],
  connectVersion: ['', '`npm run capture` fills it in; log lines and remedies depend on it'],
  executionRoleArn: ['', '`npm run capture` fills it in; `iam:PassRole` is given on it'],
  logGroup: ['none', 'the group is the connector’s own: imported, never created'],
  savedConfig: ['', ''],
  'savedConfig.bucket': [
    'the stack’s bucket',
    'in a bucket of yours under a KMS key the function needs a right on that key from you',
  ],
  'savedConfig.key': ['`connectors/<name>.json`', 'in the stack’s bucket it must begin with `connectors/`'],
  metrics: ['', ''],
  'metrics.debezium': ['none', 'MSK Connect publishes no `Connected` of its own; an exporter plugin does'],
  'metrics.debezium.namespace': [`\`${debeziumDefaults.namespace}\``, 'the plugin’s'],
  'metrics.debezium.serverName': ['', 'differs from the connector’s name'],
  'metrics.debezium.publishes': [
    `\`${JSON.stringify(debeziumDefaults.publishes)}\``,
    'an alarm on what nobody publishes would never see data',
  ],
  'metrics.debezium.beatSeconds': [
    `${debeziumDefaults.beatSeconds}`,
    '`npm run capture` fills in another one; the alarm `event-clock` comes after two missed beats',
  ],
  'metrics.debezium.dimensions': ['`{DBServerName, type}`', 'an alarm on one of the two alone sees no data'],
  'metrics.debezium.metricNames': ['', ''],
  'metrics.debezium.metricNames.connected': [`\`${debeziumDefaults.metricNames.connected}\``, ''],
  'metrics.debezium.metricNames.msSinceLastEvent': [`\`${debeziumDefaults.metricNames.msSinceLastEvent}\``, ''],
  'metrics.debezium.metricNames.msBehindSource': [`\`${debeziumDefaults.metricNames.msBehindSource}\``, ''],
  'metrics.lag': ['none', 'for a sink, growing lag is the proof that it should be reading'],
  'metrics.lag.clusterName': ['', 'required with `metrics.lag`'],
  'metrics.lag.consumerGroup': ['`connect-<name>`', 'what Kafka Connect calls it'],
  'metrics.lag.topics': ['', 'required with `metrics.lag`; at most nine'],
  heartbeatSeconds: [
    'none',
    '`npm run capture` fills it in; with it the alarm `stalled-records` is on by default, and it and `offset-commits` come sooner',
  ],
  signals: ['those that something feeds', 'see below'],
  'signals.connected': ['see below', ''],
  'signals.event-clock': ['see below', ''],
  'signals.offset-commits': ['see below', ''],
  'signals.errored-tasks': ['see below', ''],
  'signals.running-tasks': ['see below', ''],
  'signals.stalled-records': [
    'see below',
    'off where nothing makes records come, unless named; on for a sink with `metrics.lag`',
  ],
  'signals.lag': ['see below', 'it freezes when a source hangs, so it only notifies'],
  'signals.*.threshold': ['see below', ''],
  'signals.*.periods': ['see below', ''],
  'signals.*.periodSeconds': ['60', 'these metrics come once a minute'],
  'signals.*.does': [`see below (\`lag\`: \`${lagDefaults.source.does}\`)`, ''],
  remedies: ['`["restart", "recreate"]`, on 2.7.1 `["recreate"]`', 'a restart on 2.7.1 leaves the tasks as they are'],
  evidence: ['', ''],
  'evidence.livelySeconds': [`${evidence.livelySeconds}`, 'two flush intervals of MSK Connect'],
  'evidence.missedBeats': [`${evidence.missedBeats}`, 'the least that noise cannot explain'],
  'evidence.recordsAtLeastEverySeconds': [
    'nothing is assumed',
    'without it, how long it may be quiet is learned from its own past',
  ],
  'evidence.learnQuiet': [`${evidence.learnQuiet}`, 'a fixed limit replaces it; see evidence.md'],
  waits: ['', ''],
  'waits.pollSeconds': [`${waits.pollSeconds}`, 'it adds less than 3 % to a recreation (`npm run bench`)'],
  'waits.restartSeconds': [
    `${waits.restartSeconds}`,
    'AWS publishes no duration; ten minutes is what Terraform waits for a delete',
  ],
  'waits.deleteSeconds': [`${waits.deleteSeconds}`, 'deletions take 3 to 5 minutes; beyond this people are told'],
  'waits.createSeconds': [
    `${waits.createSeconds}`,
    'a broken creation fails after about 20 minutes; beyond this people are told',
  ],
  'waits.verifySeconds': [
    `${waits.verifySeconds}`,
    'measured: commits came back after at most 115 s, flushed once a minute',
  ],
  'waits.healSeconds': [
    `${waits.healSeconds}`,
    'measured: with keep-alive on, a half-open connection heals within 75 to 107 s',
  ],
  'waits.outOfReachSeconds': [
    `${waits.outOfReachSeconds}`,
    'a failover takes a minute or two, a restart of the database seldom ten; each attempt that fails doubles it, up to two hours',
  ],
  limits: ['', ''],
  'limits.restartsPerRecovery': [`${limits.restartsPerRecovery}`, 'what the first did not cure, a second seldom does'],
  'limits.recreationsPerRecovery': [`${limits.recreationsPerRecovery}`, 'the same'],
  'limits.recoveriesPerDay': [`${limits.recoveriesPerDay}`, 'what keeps failing needs a person'],
  'limits.cooldownSeconds': [
    `${limits.cooldownSeconds}`,
    'doubles with each in a row that brought nothing back or nothing that held for an hour, up to 6 h; a person is not held by it',
  ],
  offsets: [`\`${policyDefaults.offsets}\``, 'losing a position is a decision for people'],
  drift: [`\`${policyDefaults.drift}\``, 'so is overwriting somebody’s change; a restart stays allowed'],
  deletions: [
    `\`${policyDefaults.deletions}\``,
    'what makes a deletion safe is looked at before it; a restart never needs an approval',
  ],
  sweepSeenWithinSeconds: [
    `${policyDefaults.sweepSeenWithinSeconds}`,
    'without the sweep nobody would finish what was begun',
  ],
  facts: ['none', 'readiness says what it cannot tell without them'],
  'facts.pluginVersion': ['', ''],
  'facts.database': ['', ''],
  'facts.databaseTimeZone': ['', ''],
  'facts.binlogRetentionHours': ['', ''],
  'facts.longestOutageHours': ['', ''],
  'facts.topics': ['', ''],
  preventiveRestart: ['none', 'a restart is not harmless by nature'],
  'preventiveRestart.schedule': ['', ''],
  'preventiveRestart.timeZone': ['`UTC`', ''],
  'preventiveRestart.enabled': ['`false`', 'the schedule is created, disabled'],
  'preventiveRestart.remedy': ['`restart`', 'a preventive recreation must be asked for in as many words'],
};

/** The tables of options for docs/configuration.md. @throws Error when an option has no line in `defaults` */
export function optionTables(): Readonly<Record<'file options' | 'connector options' | 'signal options', string>> {
  const { file, connector, signal } = allOptions();
  return {
    'file options': optionTable(file),
    'connector options': optionTable(connector),
    'signal options': optionTable(signal),
  };
}

function optionTable(rows: readonly Option[]): string {
  return table(
    ['option', 'type', 'default', 'what it is', 'why so'],
    rows.map(({ place, type, description }) => {
      const said = defaults[place];
      if (said === undefined) throw new Error(`${place} has no default in cli/documents/options.ts.`);
      return [`\`${place}\``, type, said[0], description, said[1]];
    }),
  );
}
