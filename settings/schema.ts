import * as v from 'valibot';
import { text, whole } from './fields.ts';

/**
 * The form of `connectors.json` as people write it. Only what one field alone can tell is checked here; what fields mean together
 * is checked in `read.ts`. `connectors.schema.json` is generated from it.
 */

function fact(description: string) {
  return text(description, /^[\w.+:/ -]{1,100}$/, '1 to 100 letters, digits, spaces or . + : / _ -');
}

const remedy = v.picklist(['restart', 'recreate']);
const topics = v.pipe(
  v.array(text('A topic.', /^[A-Za-z0-9._-]{1,249}$/, 'the name of a Kafka topic')),
  v.minLength(1, 'at least one topic'),
  v.maxLength(9, 'at most nine topics: an alarm reads ten metrics, and one is the rate at which the sink reads'),
  v.description('The topics that the sink reads.'),
);

const watch = v.strictObject({
  threshold: v.optional(v.pipe(v.number(), v.description('Where the alarm begins, in the unit of the signal.'))),
  periods: v.optional(whole('How many periods in a row must breach.', 1, 1440)),
  periodSeconds: v.optional(
    v.pipe(
      whole('The length of a period in seconds.', 60, 86_400),
      v.multipleOf(60, 'a multiple of 60, for these metrics come once a minute'),
    ),
  ),
  does: v.optional(
    v.pipe(
      v.picklist(['look', 'notify']),
      v.description('look: the function looks at the connector; notify: the alarm goes to people only.'),
    ),
  ),
});

const signal = (description: string) =>
  v.optional(v.pipe(v.union([v.literal(false), watch]), v.description(`${description} false switches it off.`)));

const signals = v.pipe(
  v.strictObject({
    connected: signal("Debezium's Connected is 0: the source is out of reach."),
    'event-clock': signal('Milliseconds since the last event of the database: the stream is silent (MySQL, MariaDB).'),
    'offset-commits': signal('Offset commits in the worker log: none is written any more.'),
    'errored-tasks': signal('Tasks in error.'),
    'running-tasks': signal('Running tasks: none is left.'),
    'stalled-records': signal('The rate at which tasks take records in is 0.'),
    lag: signal('Milliseconds behind the source, or records that a sink has yet to read.'),
  }),
  v.description('The alarms. What is not named gets the default of its kind; naming one switches it on.'),
);

const metricName = (usual: string) =>
  text(`Default ${usual}.`, /^[\x21-\x7e]{1,255}$/, '1 to 255 printable characters');

const debeziumMetrics = v.strictObject({
  namespace: v.optional(
    text('Namespace of the metrics; default MSK_Connect.', /^[^:][\w./#: -]{0,254}$/, 'a CloudWatch namespace'),
  ),
  serverName: v.optional(
    text(
      "Debezium's topic.prefix (1.x: database.server.name).",
      /^[\x21-\x7e]{1,255}$/,
      '1 to 255 printable characters',
    ),
  ),
  publishes: v.optional(
    v.pipe(
      v.array(v.picklist(['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'])),
      v.description(
        'What the exporter is told to publish; default MilliSecondsBehindSource, as the plugin does unasked.',
      ),
    ),
  ),
  beatSeconds: v.optional(
    whole(
      'How often the database itself is heard while nobody writes: 0.8 times connect.keep.alive.interval.ms; default 48 (MySQL, MariaDB).',
      1,
      86_400,
    ),
  ),
  dimensions: v.optional(
    v.pipe(
      v.record(v.string(), v.string()),
      v.description('Dimensions in place of {DBServerName: serverName, type: streaming}.'),
    ),
  ),
  metricNames: v.optional(
    v.pipe(
      v.strictObject({
        connected: v.optional(metricName('Connected')),
        msSinceLastEvent: v.optional(metricName('MilliSecondsSinceLastEvent')),
        msBehindSource: v.optional(metricName('MilliSecondsBehindSource')),
      }),
      v.description('Metric names in place of the three above, for another exporter.'),
    ),
  ),
});

const lagMetric = v.strictObject({
  clusterName: v.optional(text('Name of the MSK cluster.', /^[\x21-\x7e]{1,64}$/, 'the name of an MSK cluster')),
  consumerGroup: v.optional(text('Default connect-<name>.', /^[\x21-\x7e]{1,255}$/, 'the name of a consumer group')),
  topics: v.optional(topics),
});

/** Everything but the name may stand in `defaults` as well. */
const options = {
  kind: v.optional(
    v.pipe(
      v.picklist(['mysql', 'mariadb', 'postgresql', 'other-source', 'sink']),
      v.description('What runs behind the connector: each kind shows life differently.'),
    ),
  ),
  connectVersion: v.optional(
    v.pipe(v.picklist(['2.7.1', '3.7.x']), v.description('Kafka Connect version, as DescribeConnector writes it.')),
  ),
  executionRoleArn: v.optional(
    text(
      "The connector's service execution role, which a recreation passes on.",
      /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
      'the ARN of an IAM role, such as arn:aws:iam::111122223333:role/connect-execution',
    ),
  ),
  logGroup: v.optional(
    text(
      "The connector's own log group. Without it there is no evidence from logs.",
      /^[\w./#-]{1,512}$/,
      'the name of a log group (letters, digits, _ - / . #)',
    ),
  ),
  savedConfig: v.optional(
    v.pipe(
      v.strictObject({
        bucket: v.optional(
          text(
            "A bucket of yours; default the stack's own.",
            /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
            'the name of an S3 bucket',
          ),
        ),
        key: v.optional(
          text('Default connectors/<name>.json.', /^[\w!.'()/-]{1,1024}$/, 'an S3 key without spaces and wildcards'),
        ),
      }),
      v.description('Where the saved create request lies.'),
    ),
  ),
  metrics: v.optional(
    v.pipe(
      v.strictObject({
        debezium: v.optional(v.pipe(debeziumMetrics, v.description("Debezium's JMX metrics in CloudWatch."))),
        lag: v.optional(v.pipe(lagMetric, v.description("A sink's lag in AWS/Kafka."))),
      }),
      v.description('Metrics beyond those that MSK Connect publishes by itself.'),
    ),
  ),
  heartbeatSeconds: v.optional(
    whole(
      'How often the connector makes a record of its own while nothing happens (heartbeat.interval.ms); absent: it makes none.',
      1,
      86_400,
    ),
  ),
  signals: v.optional(signals),
  remedies: v.optional(
    v.pipe(
      v.array(remedy),
      v.minLength(1, 'at least one remedy'),
      v.maxLength(2, 'each remedy once'),
      v.description('In the order in which they are tried; default [restart, recreate], on 2.7.1 [recreate].'),
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
        learnQuiet: v.optional(
          v.pipe(
            v.boolean(),
            v.description(
              'Without that word, learn from the last 14 days how long it may be quiet; default true. On that alone nothing is deleted without a person.',
            ),
          ),
        ),
      }),
      v.description('What counts as alive and as dead.'),
    ),
  ),
  waits: v.optional(
    v.pipe(
      v.strictObject({
        pollSeconds: v.optional(whole('Between two looks while an act runs.', 1, 300)),
        restartSeconds: v.optional(whole('For a restart to end.')),
        deleteSeconds: v.optional(whole('For a deletion to end.')),
        createSeconds: v.optional(whole('For a creation to end.')),
        verifySeconds: v.optional(whole('For data to be seen again after an act.')),
        outOfReachSeconds: v.optional(
          whole('After it died of a source out of reach: how long until a recreation may try whether it is back.', 60),
        ),
        healSeconds: v.optional(whole('How long the failure may need to heal by itself; no act before.', 0)),
      }),
      v.description('How patient the recovery is.'),
    ),
  ),
  limits: v.optional(
    v.pipe(
      v.strictObject({
        restartsPerRecovery: v.optional(whole('Restarts in one recovery.', 0, 10)),
        recreationsPerRecovery: v.optional(whole('Recreations in one recovery.', 0, 10)),
        recoveriesPerDay: v.optional(
          whole('Recoveries in 24 hours; a restart that only finds out whether a source is back is none.', 0, 100),
        ),
        cooldownSeconds: v.optional(whole('After a recovery no alarm opens another for this long.', 0)),
      }),
      v.description('How often it may act.'),
    ),
  ),
  offsets: v.optional(
    v.pipe(
      v.picklist(['must-survive', 'pin-default-topic', 'may-be-lost']),
      v.description(
        'What to do when a recreation would lose the position, or nobody can say; default must-survive. pin-default-topic: as that, but a source on MSK Connect’s default topic gets a worker configuration that pins it before it is deleted.',
      ),
    ),
  ),
  drift: v.optional(
    v.pipe(
      v.picklist(['refuse', 'recreate-from-saved']),
      v.description('What to do when the saved config differs from the live one; default refuse.'),
    ),
  ),
  deletions: v.optional(
    v.pipe(
      v.picklist(['by-itself', 'after-approval']),
      v.description("Whether a deletion needs a person's approval, by the command in the mail; default by-itself."),
    ),
  ),
  sweepSeenWithinSeconds: v.optional(whole('Nothing is deleted unless the sweep ran within this time.', 120)),
  facts: v.optional(
    v.pipe(
      v.strictObject({
        pluginVersion: v.optional(fact("The version of the connector's plugin, such as 2.7.4.Final.")),
        database: v.optional(fact('The database behind it and its version, such as mysql 8.0.')),
        databaseTimeZone: v.optional(fact('What the database reports as its time zone, such as UTC.')),
        binlogRetentionHours: v.optional(whole('How long the database keeps its binlog.', 0)),
        longestOutageHours: v.optional(whole('How long the connector may be away.', 1)),
        topics: v.optional(
          v.pipe(
            v.array(text('A topic.', /^[A-Za-z0-9._-]{1,249}$/, 'the name of a Kafka topic')),
            v.description('The topics of the cluster.'),
          ),
        ),
      }),
      v.description(
        'What readiness needs to know and nobody can read from AWS; without them it says that it cannot tell.',
      ),
    ),
  ),
  preventiveRestart: v.optional(
    v.pipe(
      v.strictObject({
        schedule: v.pipe(v.string(), v.description('cron(...) or rate(...) of EventBridge Scheduler.')),
        timeZone: v.optional(v.pipe(v.string(), v.description('An IANA time zone; default UTC.'))),
        enabled: v.optional(v.pipe(v.boolean(), v.description('Default false.'))),
        remedy: v.optional(
          v.pipe(remedy, v.description('Default restart; recreate only if named. On 2.7.1 it must be named.')),
        ),
      }),
      v.description('A scheduled, gentle restart. Off by default.'),
    ),
  ),
} as const;

const connector = v.strictObject({
  name: text(
    "The connector's name, exactly.",
    /^[A-Za-z0-9._-]{1,128}$/,
    '1 to 128 letters, digits, dots, hyphens or underscores (the name is part of Kafka topic names)',
  ),
  ...options,
});

export const connectorsFile = v.pipe(
  v.strictObject({
    $schema: v.optional(v.pipe(v.string(), v.description('Where an editor finds the schema of this file.'))),
    stackName: v.optional(
      text(
        'Name of the CloudFormation stack and beginning of every alarm; default connector-recovery.',
        /^[A-Za-z][A-Za-z0-9-]{0,99}$/,
        'a letter, then at most 99 letters, digits or hyphens',
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
                keyArn: v.optional(
                  text(
                    'ARN of the customer-managed key that encrypts it.',
                    /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
                    'the ARN of a KMS key (not of an alias)',
                  ),
                ),
              }),
              v.description('An existing topic in place of a new one.'),
            ),
          ),
          subscribedElsewhere: v.optional(
            v.pipe(
              v.literal(true),
              v.description(
                "The stack's topic gets its subscribers by other means; without this somebody must be named here.",
              ),
            ),
          ),
        }),
        v.description('Who is told.'),
      ),
    ),
    operators: v.optional(
      v.pipe(
        v.array(
          text(
            'ARN of a role or user.',
            /^arn:[\w-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
            'the ARN of an IAM role or user',
          ),
        ),
        v.description(
          "Who besides the function may use the key of the stack's bucket, and so read and write saved configs, journals and backups.",
        ),
      ),
    ),
    breaker: v.optional(
      v.pipe(
        v.strictObject({
          atLeast: v.optional(whole('So many connectors.', 2, 10_000)),
          share: v.optional(
            v.pipe(
              v.number(),
              v.minValue(0, 'a number of at least 0'),
              v.maxValue(1, 'a number of at most 1'),
              v.description('And at least this share of all that are configured.'),
            ),
          ),
          probe: v.optional(
            v.pipe(
              remedy,
              v.description(
                'What finds out whether the cause is over: a restart, or, where none of them can be restarted, a recreation.',
              ),
            ),
          ),
        }),
        v.description(
          'When the cause is elsewhere: so many silent at once that nothing is deleted, and one at a time is tried, until one is back.',
        ),
      ),
    ),
    defaults: v.optional(
      v.pipe(v.strictObject(options), v.description('Options for every connector that does not set them itself.')),
    ),
    connectors: v.pipe(
      v.array(connector),
      v.minLength(1, 'at least one connector'),
      v.description('The connectors that are watched. `npm run capture -- NAME` fills an entry.'),
    ),
  }),
  v.title('connectors.json of connector-recovery'),
);

/** `connectors.json` as it is written. */
export type ConnectorsFile = v.InferInput<typeof connectorsFile>;
/** One entry of its list. */
export type ConnectorEntry = ConnectorsFile['connectors'][number];
export type ConnectorOptions = NonNullable<ConnectorsFile['defaults']>;
