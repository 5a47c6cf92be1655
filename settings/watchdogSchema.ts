import * as v from 'valibot';
import { text, whole } from './fields.ts';

/**
 * The form of `watchdog.json` as people write it. Only what one field alone can tell is checked here; what fields mean together is checked
 * in `watchdogRead.ts`. `watchdog.schema.json` is generated from it.
 */

const url = (description: string) =>
  text(
    description,
    /^https?:\/\/(?![^/]*@)[^\s/?#]+(\/[^\s?#]*)?$/,
    'an http or https address without user, password and query (credentials belong into basic)',
  );
const variable = (description: string) =>
  text(description, /^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'the name of an environment variable');
const file = (description: string) => text(description, /^[^\0]{1,1024}$/, 'the path of a file');
const pattern = (description: string) => text(description, /^[^\t\n\r]{1,249}$/, 'a name, or a pattern with *');
const hostAndPort = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/;

const tls = v.pipe(
  v.strictObject({
    caFile: v.optional(file('PEM file of whom to trust; default: whom Node.js trusts.')),
    certFile: v.optional(file('PEM file of our own certificate, where the other side asks for one.')),
    keyFile: v.optional(file('PEM file of its key.')),
  }),
  // For editors: `watchdogRead.ts` says it of the file.
  v.metadata({ dependencies: { certFile: ['keyFile'], keyFile: ['certFile'] } }),
);

const basic = v.strictObject({
  userEnv: variable('The environment variable that holds the user.'),
  passwordEnv: variable('The environment variable that holds the password.'),
  overHttp: v.optional(
    v.pipe(v.literal(true), v.description('The password may go to other hosts in plain text, over http.')),
  ),
});

const sasl = v.strictObject({
  mechanism: v.pipe(v.picklist(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']), v.description('How to say who we are.')),
  userEnv: variable('The environment variable that holds the user.'),
  passwordEnv: variable('The environment variable that holds the password.'),
});

const prometheus = v.union([
  v.strictObject({
    port: whole("The port of the workers' JMX agent, on the hosts of `urls`.", 1, 65_535),
    path: v.optional(text('Default /metrics.', /^\/[^\s?#]*$/, 'a path that begins with /')),
  }),
  v.strictObject({
    urls: v.pipe(
      v.array(url('Of one worker.')),
      v.minLength(1, 'at least one address'),
      v.description("The addresses of the workers' metrics, where they do not lie on the hosts of `urls`."),
    ),
  }),
]);

const kindOfReplacement =
  'ecs: the task is stopped, and its service starts another one; command: a program of yours does it.';
const replace = v.variant('kind', [
  v.strictObject({
    kind: v.pipe(v.literal('ecs'), v.description(kindOfReplacement)),
    cluster: text('Name or ARN of the ECS cluster.', /^[\w:/-]{1,255}$/, 'the name or ARN of an ECS cluster'),
    service: text('Name or ARN of the service.', /^[\w:/-]{1,255}$/, 'the name or ARN of an ECS service'),
  }),
  v.strictObject({
    kind: v.pipe(v.literal('command'), v.description(kindOfReplacement)),
    command: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1, 'a word'))),
      v.minLength(1, 'a program and its arguments'),
      v.description('A program and its arguments; {worker} becomes host:port of the worker, {host} its host.'),
    ),
  }),
]);

const workers = v.strictObject({
  replace: v.pipe(replace, v.description('How a worker process is ended so that another one takes its place.')),
  others: v.optional(
    v.pipe(
      v.picklist(['must-be-none', 'may-be-interrupted']),
      v.description('Whether healthy tasks of other connectors on that worker may be interrupted.'),
    ),
  ),
});

const cluster = v.strictObject({
  name: text(
    'What people and the store call it.',
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    '1 to 63 small letters, digits or hyphens, no hyphen at either end',
  ),
  urls: v.pipe(
    v.array(url('The REST interface of a worker.')),
    v.minLength(1, 'at least one address'),
    v.maxLength(50, 'at most 50 addresses'),
    v.description('The REST interface of each worker.'),
  ),
  link: v.optional(
    url('Where people find a connector: {connector} becomes its name; without it, the address of the REST interface.'),
  ),
  connectors: v.optional(
    v.pipe(
      v.array(pattern('A name, or a pattern.')),
      v.minLength(1, 'at least one name or pattern'),
      v.description('The connectors that are looked after, by name; * stands for any text.'),
    ),
  ),
  except: v.optional(v.pipe(v.array(pattern('A name, or a pattern.')), v.description('Those of them that are not.'))),
  advertised: v.optional(
    v.pipe(
      v.record(v.pipe(v.string(), v.regex(hostAndPort, 'host:port')), url('Where it is reached from here.')),
      v.description(
        'For workers that advertise an address which cannot be reached from here: the one that can, by the host:port that they advertise.',
      ),
    ),
  ),
  tls: v.optional(
    v.pipe(tls, v.description('Of the REST interface, where it is https with a certificate of your own.')),
  ),
  basic: v.optional(v.pipe(basic, v.description('Basic authentication towards the REST interface.'))),
  prometheus: v.optional(
    v.pipe(prometheus, v.description("Where the workers' JMX values are published in Prometheus's text format.")),
  ),
  kafka: v.optional(
    v.pipe(
      v.strictObject({
        bootstrapServers: v.pipe(
          v.array(text('A broker.', hostAndPort, 'host:port')),
          v.minLength(1, 'at least one broker'),
          v.description('Brokers of the Kafka cluster.'),
        ),
        tls: v.optional(v.pipe(tls, v.description('Absent: in plain text. {} trusts whom Node.js trusts.'))),
        sasl: v.optional(v.pipe(sasl, v.description('Who we are.'))),
      }),
      v.description("The Kafka cluster, where a sink's lag is read."),
    ),
  ),
  workers: v.optional(v.pipe(workers, v.description('What allows the remedy replace-worker.'))),
  timeoutSeconds: v.optional(whole('How long a worker may take for an answer.', 1, 60)),
  offsetFlushSeconds: v.optional(
    whole("The workers' offset.flush.interval.ms, in seconds: offsets tell no sooner.", 1, 3600),
  ),
});

/** What may be said of connectors, in `defaults` for all and in `overrides` for some. */
const wishes = {
  kind: v.optional(
    v.pipe(
      v.picklist(['mysql', 'mariadb', 'postgresql', 'other-source', 'sink']),
      v.description('What runs behind the connector, where its class does not tell.'),
    ),
  ),
  remedies: v.optional(
    v.pipe(
      v.array(v.picklist(['restart-failed-tasks', 'restart', 'stop-and-resume', 'replace-worker'])),
      v.minLength(1, 'at least one remedy'),
      v.maxLength(4, 'each remedy once'),
      v.description('In the order in which they are tried. What the Kafka Connect version does not know is left out.'),
    ),
  ),
  evidence: v.optional(
    v.pipe(
      v.strictObject({
        livelySeconds: v.optional(whole('Records or commits at most this old are a sign of life.')),
        missedBeats: v.optional(whole("How many of the source's own beats may be missed before silence is a proof.")),
        recordsAtLeastEverySeconds: v.optional(
          whole('Your word that records flow at least this often; silence beyond it is a proof.'),
        ),
      }),
      v.description('What counts as a sign of life, and what as a proof of silence.'),
    ),
  ),
  waits: v.optional(
    v.pipe(
      v.strictObject({
        restartSeconds: v.optional(whole('For a restart to end; beyond it people are told.')),
        verifySeconds: v.optional(whole('For data to be seen again after an act.')),
        healSeconds: v.optional(whole('How long a silence may need to heal by itself; no act before.', 0)),
        outOfReachSeconds: v.optional(
          whole('After its source was out of reach: how long until a restart may find out whether it still is.'),
        ),
      }),
      v.description('How patient to be.'),
    ),
  ),
  limits: v.optional(
    v.pipe(
      v.strictObject({
        restartsPerRecovery: v.optional(whole('How often each remedy is tried in one recovery.', 1, 100)),
        recoveriesPerDay: v.optional(whole('How many recoveries in 24 hours.', 1, 1000)),
        cooldownSeconds: v.optional(
          whole('Between two restarts that find out whether a source is back; it doubles with each.', 0),
        ),
        backOffSeconds: v.optional(
          v.pipe(
            v.array(whole('A pause.', 0)),
            v.minLength(1, 'at least one pause'),
            v.maxLength(50, 'at most 50 pauses'),
            v.description('The pause after the nth act in a row that brought nothing back; the last one repeats.'),
          ),
        ),
      }),
      v.description('How often, at most.'),
    ),
  ),
} as const;

export const watchdogFile = v.pipe(
  v.strictObject({
    $schema: v.optional(v.pipe(v.string(), v.description('Where an editor finds the schema of this file.'))),
    name: v.optional(
      text(
        'What the watchdog calls itself in what it tells.',
        /^[A-Za-z0-9][\w.-]{0,62}$/,
        'a letter or digit, then at most 62 letters, digits, dots, hyphens or underscores',
      ),
    ),
    pollSeconds: v.optional(whole('How often it looks at each cluster.', 1, 300)),
    clusters: v.pipe(
      v.array(cluster),
      v.minLength(1, 'at least one cluster'),
      v.description('The Kafka Connect clusters that are looked after.'),
    ),
    store: v.pipe(
      v.union([
        v.strictObject({
          folder: v.pipe(
            file('A folder of this host.'),
            v.description('A folder of this host; made if it is not there.'),
          ),
        }),
        v.strictObject({
          bucket: text('An S3 bucket.', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket'),
          prefix: v.optional(
            text('What its keys begin with.', /^[\w!.'()/-]{0,512}$/, 'the beginning of S3 keys, without spaces'),
          ),
        }),
      ]),
      v.description('Where it remembers: a folder serves the watchdogs of one host, an S3 bucket those of several.'),
    ),
    tell: v.pipe(
      v.strictObject({
        topicArn: v.optional(
          text(
            'ARN of an SNS topic.',
            /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
            'the ARN of a standard SNS topic',
          ),
        ),
        webhooks: v.optional(
          v.pipe(
            v.array(
              v.strictObject({
                urlEnv: variable('The environment variable that holds its address, which is a secret.'),
                format: v.pipe(
                  v.picklist(['slack', 'json']),
                  v.description("slack: Slack's incoming webhooks and what understands them; json: plain JSON."),
                ),
              }),
            ),
            v.maxLength(10, 'at most ten webhooks'),
            v.description('Each gets every message.'),
          ),
        ),
        logOnly: v.optional(
          v.pipe(v.literal(true), v.description('Nobody is told; without this somebody must be named here.')),
        ),
      }),
      v.description('Who is told. Every message is in the log besides.'),
      // For editors: `watchdogRead.ts` says it of the file.
      v.metadata({
        if: { required: ['logOnly'] },
        // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so.
        then: { properties: { topicArn: false, webhooks: { maxItems: 0 } } },
        else: {
          anyOf: [{ required: ['topicArn'] }, { required: ['webhooks'], properties: { webhooks: { minItems: 1 } } }],
        },
      }),
    ),
    listen: v.optional(
      v.pipe(
        v.strictObject({
          host: v.optional(text('The address to listen on.', /^[A-Za-z0-9.:_-]{1,253}$/, 'an address or a host name')),
          port: v.optional(whole('The port; 0: any that is free, which the log names.', 0, 65_535)),
        }),
        v.description('Where /healthz and /metrics are.'),
      ),
    ),
    recoveriesAtOnce: v.optional(whole('So many recoveries are under way at once.', 1, 500)),
    breaker: v.optional(
      v.pipe(
        v.strictObject({
          atLeast: v.optional(whole('So many connectors of a cluster.', 2, 10_000)),
          share: v.optional(
            v.pipe(
              v.number(),
              v.minValue(0, 'a number of at least 0'),
              v.maxValue(1, 'a number of at most 1'),
              v.description('And at least this share of its connectors.'),
            ),
          ),
        }),
        v.description(
          'When the cause is elsewhere: so many of a cluster silent at once that only one is tried, until one is back.',
        ),
      ),
    ),
    defaults: v.optional(
      v.pipe(v.strictObject(wishes), v.description('For every connector that no override says otherwise of.')),
    ),
    overrides: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            connectors: v.pipe(
              v.array(pattern('<cluster>/<connector>, or a pattern.')),
              v.minLength(1, 'at least one name or pattern'),
              v.description('For whom, as <cluster>/<connector>; * stands for any text.'),
            ),
            ...wishes,
          }),
        ),
        v.description('For some connectors; of two that fit, the later one wins.'),
      ),
    ),
  }),
  v.title('watchdog.json of connector-recovery'),
);

/** `watchdog.json` as it is written. */
export type WatchdogFile = v.InferInput<typeof watchdogFile>;
export type ClusterEntry = WatchdogFile['clusters'][number];
