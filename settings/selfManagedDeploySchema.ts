import * as v from 'valibot';
import { text, whole } from './fields.ts';
import { cpuUnits } from './fargate.ts';
import { watchdogFile } from './watchdogSchema.ts';

/**
 * The form of `self-managed.json` as people write it: a Kafka Connect of one's own on ECS Fargate, with the watchdog beside each worker. What fields
 * mean together is checked in `selfManagedDeploy.ts`; the metadata here say of it to editors what JSON Schema can. `self-managed.schema.json` is
 * generated from it.
 */

const keyArn = text(
  'ARN of the customer-managed key that encrypts it.',
  /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  'the ARN of a KMS key (not of an alias)',
);
const secretArn = text(
  'ARN of the secret, with the six characters at its end.',
  /^arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
  'the whole ARN of a secret in Secrets Manager',
);
const securityGroupId = text('A security group.', /^sg-[0-9a-f]{8,17}$/, 'the id of a security group');
const port = whole('A TCP port.', 1, 65_535);

const securityOfKafka =
  'How workers reach the brokers: plaintext; tls; scram: SASL/SCRAM over TLS, with user and password; iam: the login of MSK.';
const kafka = v.variant('security', [
  v.strictObject({
    security: v.pipe(v.picklist(['plaintext', 'tls']), v.description(securityOfKafka)),
    bootstrapServers: bootstrapServers(),
  }),
  v.strictObject({
    security: v.pipe(v.literal('scram'), v.description(securityOfKafka)),
    bootstrapServers: bootstrapServers(),
    secretArn: v.pipe(secretArn, v.description('The secret with the fields username and password.')),
    keyArn,
  }),
  v.strictObject({
    security: v.pipe(v.literal('iam'), v.description(securityOfKafka)),
    bootstrapServers: bootstrapServers(),
    clusterArn: text(
      'ARN of the MSK cluster.',
      /^arn:[\w-]+:kafka:[a-z0-9-]+:\d{12}:cluster\/[\w-]+\/[\w-]+$/,
      'the ARN of an MSK cluster',
    ),
  }),
]);

function bootstrapServers() {
  return v.pipe(
    v.array(text('A broker.', /^[A-Za-z0-9.-]+:\d{1,5}$/, 'host:port')),
    v.minLength(1, 'at least one broker'),
    v.description('What aws kafka get-bootstrap-brokers gives, one each.'),
  );
}

const connect = v.pipe(
  v.strictObject({
    debezium: v.optional(
      text('Version of the image quay.io/debezium/connect.', /^\d+\.\d+\.\d+\.Final$/, 'a version such as 3.0.8.Final'),
    ),
    image: v.optional(
      text(
        "An image of your own in place of it, made from Debezium's, by exact version or digest.",
        /^[a-z0-9][\w./:-]*(:(?!latest$|stable$)[\w.-]*\d[\w.-]*|@sha256:[0-9a-f]{64})$/,
        'an image with an exact version or a digest, never latest',
      ),
    ),
    jmxAgent: v.optional(
      v.pipe(
        v.strictObject({
          jar: text("Prometheus's JMX agent in your image.", /^\/[\w./-]{1,200}\.jar$/, 'the path of a jar'),
          configuration: text('Its configuration.', /^\/[\w./-]{1,200}$/, 'the path of a file'),
        }),
        v.description('In an image of your own: where the agent lies. Without it the watchdog sees no JMX values.'),
      ),
    ),
    architecture: v.optional(v.pipe(v.picklist(['arm64', 'x86_64']), v.description('Default arm64.'))),
    cpu: v.optional(v.pipe(v.picklist(cpuUnits), v.description('Units of a task; 1024 are one virtual CPU.'))),
    memoryMiB: v.optional(whole('Of a task; the sidecars take 544 of it.', 1024, 122_880)),
    heapMiB: v.optional(whole('Heap of Kafka Connect; default seven tenths of its memory.', 256, 98_304)),
    workers: v.optional(whole('Tasks, each with one worker.', 1, 20)),
    groupId: v.optional(
      text('group.id, and the beginning of the three internal topics.', /^[\w.-]{1,200}$/, 'letters, digits, . _ -'),
    ),
    topicReplication: v.optional(whole('Of the three internal topics.', 1, 10)),
    flushSeconds: v.optional(whole('offset.flush.interval.ms, in seconds.', 1, 600)),
    shutdownSeconds: v.optional(whole('task.shutdown.graceful.timeout.ms, in seconds.', 1, 60)),
    rebalanceDelaySeconds: v.optional(
      whole('scheduled.rebalance.max.delay.ms, in seconds: the tasks of a worker that went wait so long.', 0, 600),
    ),
    properties: v.optional(
      v.pipe(
        v.record(
          v.pipe(v.string(), v.regex(/^[a-z0-9]+([.][a-z0-9]+)*$/, 'a worker property of small letters and dots')),
          v.pipe(
            v.string(),
            v.regex(/^[^@&\\\r\n]{0,1000}$/, "a text without @ & and backslash, which Debezium's start script spoils"),
          ),
        ),
        v.description('Further properties of the worker.'),
      ),
    ),
  }),
  v.metadata({ dependencies: { image: { properties: { debezium: false } }, jmxAgent: ['image'] } }),
);

/** What the watchdog is told is checked as in `watchdog.json`. */
const { clusters, pollSeconds, recoveriesAtOnce, breaker, defaults, overrides } = watchdogFile.pipe[0].entries;
const { connectors, except } = clusters.pipe[0].item.entries;

const watchdog = v.strictObject({
  connectors,
  except,
  others: v.optional(
    v.pipe(
      v.picklist(['must-be-none', 'may-be-interrupted']),
      v.description('Whether a worker may be replaced while healthy tasks of other connectors live on it.'),
    ),
  ),
  webhooks: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          secret: text(
            'The name in `secrets` that holds the address.',
            /^[A-Z][A-Z0-9_]{0,63}$/,
            'a name that stands in secrets',
          ),
          format: v.pipe(
            v.picklist(['slack', 'json']),
            v.description("slack: Slack's incoming webhooks and what understands them; json: plain JSON."),
          ),
        }),
      ),
      v.maxLength(10, 'at most ten webhooks'),
      v.description('Each gets every message of the watchdog, besides the topic.'),
    ),
  ),
  pollSeconds,
  recoveriesAtOnce,
  breaker,
  defaults,
  overrides,
});

export const selfManagedFile = v.pipe(
  v.strictObject({
    $schema: v.optional(v.pipe(v.string(), v.description('Where an editor finds the schema of this file.'))),
    stackName: v.optional(
      text(
        'Name of the stack, of its ECS cluster and service; default self-managed-connect.',
        /^[a-z][a-z0-9-]{0,39}$/,
        'a small letter, then at most 39 small letters, digits or hyphens',
      ),
    ),
    notify: v.optional(
      v.pipe(
        v.strictObject({
          emails: v.optional(
            v.pipe(
              v.array(v.pipe(v.string(), v.email('an e-mail address'))),
              v.description('Each gets a message to confirm the subscription.'),
            ),
          ),
          topic: v.optional(
            v.pipe(
              v.strictObject({
                arn: text(
                  'ARN of the topic.',
                  /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
                  'the ARN of a standard SNS topic',
                ),
                keyArn: v.optional(keyArn),
              }),
              v.description('An existing topic in place of a new one.'),
            ),
          ),
          subscribedElsewhere: v.optional(
            v.pipe(
              v.literal(true),
              v.description(
                "The stack's topic gets its subscribers by other means; without this somebody must be named.",
              ),
            ),
          ),
        }),
        v.description('Who is told; required.'),
        v.metadata({
          anyOf: [
            { required: ['emails'], properties: { emails: { minItems: 1 } } },
            { required: ['topic'] },
            { required: ['subscribedElsewhere'] },
          ],
        }),
      ),
    ),
    operators: v.pipe(
      v.array(
        text(
          'ARN of a role or user.',
          /^arn:[\w-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
          'the ARN of an IAM role or user',
        ),
      ),
      v.minLength(1, 'at least one: nobody else can register a connector'),
      v.description(
        "Who may use the key of the stack's bucket, and so register connectors and read what became of them.",
      ),
    ),
    network: v.pipe(
      v.strictObject({
        vpcId: text('The VPC.', /^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC'),
        subnetIds: v.pipe(
          v.array(text('A subnet.', /^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet')),
          v.minLength(1, 'at least one subnet'),
          v.description(
            'Private ones with a way to AWS (a NAT gateway, or endpoints), and to Kafka and the databases.',
          ),
        ),
        kafkaSecurityGroupId: securityGroupId,
        databases: v.optional(
          v.pipe(
            v.array(v.strictObject({ securityGroupId, port })),
            v.description('What connectors reach besides Kafka and AWS over HTTPS.'),
          ),
        ),
        letIn: v.optional(
          v.pipe(
            v.boolean(),
            v.description('Whether those groups get the rules that let the workers in; default true.'),
          ),
        ),
      }),
      v.description('Where the workers live, and what they reach.'),
    ),
    kafka: v.pipe(kafka, v.description('The Kafka cluster.')),
    secrets: v.optional(
      v.pipe(
        v.record(
          v.pipe(
            v.string(),
            v.regex(
              /^(?!CONNECT_|KAFKA_|AWS_|ECS_)[A-Z][A-Z0-9_]{0,63}$/,
              'a name of capitals that begins with none of CONNECT_, KAFKA_, AWS_, ECS_',
            ),
          ),
          v.strictObject({
            secretArn,
            field: v.optional(
              text('A field of a JSON secret; default all of it.', /^[\w.-]{1,100}$/, 'the name of a field'),
            ),
            keyArn: v.optional(keyArn),
          }),
        ),
        v.description('Environment variables from Secrets Manager. A connector names one as ${env:NAME}.'),
      ),
    ),
    connect: v.optional(v.pipe(connect, v.description('The workers.'))),
    watchdog: v.optional(v.pipe(watchdog, v.description('What the watchdog looks after, and how.'))),
    logDays: v.optional(
      v.pipe(v.picklist([7, 14, 30, 90, 180, 365, 731]), v.description('How long logs are kept, in days.')),
    ),
    restartsPerHour: v.optional(whole('So many restarts within an hour raise an alarm.', 1, 1000)),
    executeCommand: v.optional(
      v.pipe(v.boolean(), v.description('Whether aws ecs execute-command may open a shell in a task; default false.')),
    ),
  }),
  v.title('self-managed.json of connector-recovery'),
  v.metadata({ allOf: [{ required: ['notify'] }] }),
);

/** `self-managed.json` as it is written. */
export type SelfManagedFile = v.InferInput<typeof selfManagedFile>;
