import { toJsonSchema } from '@valibot/to-json-schema';
import {
  backOffSeconds,
  clusterBreaker,
  livelySecondsOf,
  selfManagedDefaults,
  watchdogDefaults,
} from '../../settings/watchdogDefaults.ts';
import { watchdogFile } from '../../settings/watchdogSchema.ts';
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
  readonly oneOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** One option as `watchdog.json` takes it. */
interface Option {
  /** Such as `clusters[].tls.caFile`. */
  readonly place: string;
  readonly type: string;
  readonly description: string;
}

/** Every option of the file, in the schema's order; those of `overrides` are those of `defaults`. */
export function watchdogOptions(): readonly Option[] {
  const schema = toJsonSchema(watchdogFile, { typeMode: 'input' }) as Node;
  return options(schema, '').filter(
    ({ place }) => !place.startsWith('overrides[].') || place === 'overrides[].connectors',
  );
}

function options(node: Node, above: string): Option[] {
  const forms = node.anyOf ?? node.oneOf ?? [node];
  const names = [...new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})))];
  return names.flatMap((name) => {
    const place = `${above}${name}`;
    const fields = forms.flatMap((form) => form.properties?.[name] ?? []);
    // Of several forms one is required, and the text says what belongs together.
    const isRequired = forms.length === 1 && forms[0]?.required?.includes(name) === true;
    const type = [...new Set(fields.map(typeOf))].join(' or ');
    const description = fields.find((field) => field.description !== undefined)?.description ?? '';
    return [
      { place, type: `${type}${isRequired ? ', required' : ''}`, description },
      ...fields.flatMap((field) => [
        ...options(field, `${place}.`),
        ...(field.items === undefined ? [] : options(field.items, `${place}[].`)),
      ]),
    ];
  });
}

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  const forms = node.anyOf ?? node.oneOf;
  if (forms) return [...new Set(forms.map(typeOf))].join(' or ');
  if (node.type === 'array') return `list of ${node.items?.enum ? typeOf(node.items) : (node.items?.type ?? 'any')}`;
  if (node.type === 'integer' || node.type === 'number') {
    return node.minimum === undefined ? 'number' : `number, ${node.minimum} to ${node.maximum ?? 'any'}`;
  }
  return node.type ?? 'any';
}

const { waits, limits } = selfManagedDefaults;
const lively = livelySecondsOf(watchdogDefaults.offsetFlushSeconds, watchdogDefaults.pollSeconds);

/** What holds where an option is not given, and why; by its place. `watchdog.json` takes no option that is not here. */
const defaults: Readonly<Record<string, readonly [value: string, why: string]>> = {
  $schema: ['none', 'editors complete the file with it'],
  name: [`\`${watchdogDefaults.name}\``, 'it stands in every line of the log'],
  pollSeconds: [`${watchdogDefaults.pollSeconds}`, 'a round of 500 connectors takes less than 2 s'],
  clusters: ['', ''],
  'clusters[].name': ['', 'connectors are called `<name>/<connector>` in messages, orders and the store'],
  'clusters[].urls': ['', 'any worker answers for all; each is watched by itself'],
  'clusters[].link': [
    'the first of `urls` that is not of this host',
    "messages are read elsewhere, where a sidecar's 127.0.0.1 leads nowhere",
  ],
  'clusters[].connectors': ['`["*"]`', 'every connector of the cluster'],
  'clusters[].except': ['none', ''],
  'clusters[].advertised': ['none', 'states name workers by what they advertise'],
  'clusters[].tls': ['what Node.js trusts', ''],
  'clusters[].tls.caFile': ['what Node.js trusts', ''],
  'clusters[].tls.certFile': ['none', 'with `keyFile`'],
  'clusters[].tls.keyFile': ['none', 'with `certFile`'],
  'clusters[].basic': ['none', 'goes to the workers of `urls` and `advertised` only, whatever redirects say'],
  'clusters[].basic.userEnv': ['', 'no secret stands in the file'],
  'clusters[].basic.passwordEnv': ['', 'no secret stands in the file'],
  'clusters[].basic.overHttp': ['absent', 'a password in plain text beyond this host must be asked for'],
  'clusters[].prometheus': ['none', 'shows a RUNNING that hides a dead task sooner, and on Connect before 3.5 at all'],
  'clusters[].prometheus.port': ['', 'or `urls`'],
  'clusters[].prometheus.path': [`\`${watchdogDefaults.prometheusPath}\``, 'with `port`'],
  'clusters[].prometheus.urls': ['', 'or `port`; as many as there are workers, in their order'],
  'clusters[].kafka': ['none', 'without it a sink is judged by its committed offsets alone'],
  'clusters[].kafka.bootstrapServers': ['', ''],
  'clusters[].kafka.tls': ['in plain text', ''],
  'clusters[].kafka.tls.caFile': ['what Node.js trusts', ''],
  'clusters[].kafka.tls.certFile': ['none', 'with `keyFile`'],
  'clusters[].kafka.tls.keyFile': ['none', 'with `certFile`'],
  'clusters[].kafka.sasl': ['none', ''],
  'clusters[].kafka.sasl.mechanism': ['', ''],
  'clusters[].kafka.sasl.userEnv': ['', 'no secret stands in the file'],
  'clusters[].kafka.sasl.passwordEnv': ['', 'no secret stands in the file'],
  'clusters[].workers': ['none', 'without it `replace-worker` is no remedy'],
  'clusters[].workers.replace': ['', 'a stuck thread keeps its slot and server id for the life of its process'],
  'clusters[].workers.replace.kind': ['', ''],
  'clusters[].workers.replace.cluster': ['', 'with `ecs`'],
  'clusters[].workers.replace.service': ['', 'with `ecs`: the service replaces the task that is stopped'],
  'clusters[].workers.replace.command': ['', 'with `command`; run without a shell'],
  'clusters[].workers.others': [`\`${watchdogDefaults.others}\``, 'nobody healthy is interrupted unless you say so'],
  'clusters[].timeoutSeconds': [`${watchdogDefaults.timeoutSeconds}`, 'a worker that hangs must not cost a round'],
  'clusters[].offsetFlushSeconds': [
    `${watchdogDefaults.offsetFlushSeconds}`,
    'Kafka Connect’s own default; a shorter one is seen sooner',
  ],
  store: ['', 'see [the store](#the-store)'],
  'store.folder': ['', 'or `bucket`'],
  'store.bucket': ['', 'or `folder`'],
  'store.prefix': ['none', 'with `bucket`'],
  tell: ['', 'needed: `topicArn`, `webhooks` or `logOnly`'],
  'tell.topicArn': ['none', 'the messages are those of the Lambda'],
  'tell.webhooks': ['none', 'a channel that fails is told of by the others'],
  'tell.webhooks[].urlEnv': ['', 'who knows the address can write there'],
  'tell.webhooks[].format': ['', ''],
  'tell.logOnly': ['absent', 'that nobody is told must be said in as many words'],
  listen: ['', ''],
  'listen.host': [`\`${watchdogDefaults.host}\``, 'nobody else sees it until you say so'],
  'listen.port': [`${watchdogDefaults.port}`, 'beside Connect’s 8083'],
  recoveriesAtOnce: [`${watchdogDefaults.recoveriesAtOnce}`, 'they mostly wait'],
  breaker: ['', 'see [a breaker over the stack](architecture.md#many-silent-at-once); the stack is a cluster here'],
  'breaker.atLeast': [`${clusterBreaker.atLeast}`, 'two may be chance'],
  'breaker.share': [`${clusterBreaker.share}`, 'what stops half of a cluster at once is shared by all'],
  defaults: ['none', ''],
  'defaults.kind': ['by `connector.class`', 'each kind shows life differently'],
  'defaults.remedies': [
    '`["restart-failed-tasks", "restart", "stop-and-resume", "replace-worker"]`',
    'the gentlest first; what the version or the settings cannot do is left out',
  ],
  'defaults.evidence': ['', ''],
  'defaults.evidence.livelySeconds': [
    `twice \`offsetFlushSeconds\`, at least three polls: ${lively}`,
    'within one flush interval every healthy position stands still',
  ],
  'defaults.evidence.missedBeats': [`${selfManagedDefaults.missedBeats}`, 'the least that noise cannot explain'],
  'defaults.evidence.recordsAtLeastEverySeconds': [
    'nothing is assumed',
    'for sources without heartbeats it is what tells idle from dead',
  ],
  'defaults.waits': ['', ''],
  'defaults.waits.restartSeconds': [`${waits.restartSeconds}`, 'a restart takes seconds; beyond this people are told'],
  'defaults.waits.verifySeconds': [
    `${waits.verifySeconds}`,
    'measured: offsets came back after at most 115 s, and are flushed once a minute',
  ],
  'defaults.waits.healSeconds': [
    `${waits.healSeconds}`,
    'measured: with keep-alive on, a half-open connection heals within 75 to 107 s; what is FAILED is not waited for',
  ],
  'defaults.waits.outOfReachSeconds': [
    `${waits.outOfReachSeconds}`,
    'a failover takes a minute or two, a restart of the database seldom ten',
  ],
  'defaults.limits': ['', ''],
  'defaults.limits.restartsPerRecovery': [
    `${limits.restartsPerRecovery}`,
    'what the first did not cure, a second seldom does',
  ],
  'defaults.limits.recoveriesPerDay': [`${limits.recoveriesPerDay}`, 'what keeps failing needs a person'],
  'defaults.limits.cooldownSeconds': [
    `${limits.cooldownSeconds}`,
    'up to two hours; the pauses after every other act are those of `backOffSeconds`',
  ],
  'defaults.limits.backOffSeconds': [
    `\`${JSON.stringify(backOffSeconds)}\``,
    'n² + n minutes, as Strimzi pauses; an hour of health forgives them',
  ],
  overrides: ['none', 'takes every option of `defaults` besides'],
  'overrides[].connectors': ['', ''],
};

/** The table of options for docs/watchdog.md. @throws Error when an option has no line in `defaults` */
export function watchdogOptionTable(): string {
  return table(
    ['option', 'type', 'default', 'what it is', 'why so'],
    watchdogOptions().map(({ place, type, description }) => {
      const said = defaults[place];
      if (said === undefined) throw new Error(`${place} has no default in cli/documents/watchdogOptions.ts.`);
      return [`\`${place}\``, type, said[0], description, said[1]];
    }),
  );
}
