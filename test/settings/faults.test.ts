import { expect, test } from 'vitest';
import { checkSettings, readSettings, SettingsError } from '../../settings/read.ts';
import { allDebeziumMetrics, entry, notify } from './written.ts';

/** Of a file in which people are told, unless it says otherwise. */
function faultsOf(input: unknown): readonly string[] {
  try {
    checkSettings(Array.isArray(input) ? input : { notify, ...(input as object) }, 'connectors.json');
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

const role = 'arn:aws:iam::111122223333:role/connect-execution';
const nobody =
  'notify: found nobody, expected somebody who is told: emails, a topic, or "subscribedElsewhere": true where the topic gets its subscribers by other means';
const topic = 'arn:aws:sns:eu-west-1:111122223333:people';

test.each<[string, unknown, string[]]>([
  ['a list in place of an object', [], ['the file: found a list of 0, expected an object']],
  ['no connectors', {}, ['connectors: found nothing, expected a value']],
  ['an empty list', { connectors: [] }, ['connectors: found a list of 0, expected at least one connector']],
  ['no name', { connectors: [{ kind: 'mysql' }] }, ['connectors[0].name: found nothing, expected a value']],
  [
    'a name with a space',
    { connectors: [entry({ name: 'orders cdc' })] },
    [
      'connectors[0].name: found "orders cdc", expected 1 to 128 letters, digits, dots, hyphens or underscores (the name is part of Kafka topic names)',
    ],
  ],
  [
    'a name of 129 characters',
    { connectors: [entry({ name: 'n'.repeat(129) })] },
    [
      `connectors[0].name: found "${'n'.repeat(78)}…, expected 1 to 128 letters, digits, dots, hyphens or underscores (the name is part of Kafka topic names)`,
    ],
  ],
  [
    'a name twice',
    { connectors: [entry(), entry({ savedConfig: { key: 'connectors/other.json' } })] },
    ['connectors[1].name: found "orders-cdc", as in connectors[0].name, expected each connector once'],
  ],
  [
    'one saved config for two',
    { connectors: [entry({ name: 'a', savedConfig: { key: 'connectors/b.json' } }), entry({ name: 'b' })] },
    [
      'connectors[1].savedConfig: found "connectors/b.json", as in connectors[0].savedConfig, expected a place that no other connector is saved in',
    ],
  ],
  [
    'a kind that does not exist',
    { connectors: [{ ...entry(), kind: 'oracle' }] },
    ['connectors[0].kind: found "oracle", expected "mysql" or "mariadb" or "postgresql" or "other-source" or "sink"'],
  ],
  [
    'a version that MSK Connect does not offer',
    { connectors: [{ ...entry(), connectVersion: '3.6.0' }] },
    ['connectors[0].connectVersion: found "3.6.0", expected "2.7.1" or "3.7.x"'],
  ],
  [
    'a remedy that does not exist',
    { connectors: [{ ...entry(), remedies: ['reboot'] }] },
    ['connectors[0].remedies[0]: found "reboot", expected "restart" or "recreate"'],
  ],
  [
    'a remedy twice',
    { connectors: [entry({ remedies: ['restart', 'restart'] })] },
    ['connectors[0].remedies[1]: found "restart" a second time, expected each remedy once'],
  ],
  [
    'restart alone on 2.7.1',
    { connectors: [entry({ connectVersion: '2.7.1', remedies: ['restart'] })] },
    [
      'connectors[0].remedies[0]: found "restart" as the only remedy on Connect 2.7.1, expected "recreate" as well: on 2.7.1 a restart leaves the tasks as they are and cures nothing',
    ],
  ],
  [
    'restart before recreate on 2.7.1',
    { connectors: [entry({ connectVersion: '2.7.1', remedies: ['restart', 'recreate'] })] },
    [],
  ],
  [
    'an entry that nobody has captured',
    { connectors: [{ name: 'orders-cdc' }] },
    [
      'connectors[0].kind: found nothing, expected a value; `npm run capture -- orders-cdc` fills it in',
      'connectors[0].connectVersion: found nothing, expected a value; `npm run capture -- orders-cdc` fills it in',
      'connectors[0].executionRoleArn: found nothing, expected a value; `npm run capture -- orders-cdc` fills it in',
    ],
  ],
  [
    'the same, filled by the defaults',
    { defaults: { kind: 'mysql', connectVersion: '3.7.x', executionRoleArn: role }, connectors: [{ name: 'a' }] },
    [],
  ],
  [
    'a role that is none',
    { connectors: [entry({ executionRoleArn: 'connect-execution' })] },
    [
      'connectors[0].executionRoleArn: found "connect-execution", expected the ARN of an IAM role, such as arn:aws:iam::111122223333:role/connect-execution',
    ],
  ],
  [
    'a preventive restart on 2.7.1 without a remedy',
    { connectors: [entry({ connectVersion: '2.7.1', preventiveRestart: { schedule: 'rate(7 days)' } })] },
    [
      'connectors[0].preventiveRestart.remedy: found nothing, expected "recreate" in as many words, or no preventive restart: on 2.7.1 a restart leaves the tasks as they are',
    ],
  ],
  [
    'a preventive recreation on 2.7.1, named',
    {
      connectors: [
        entry({ connectVersion: '2.7.1', preventiveRestart: { schedule: 'rate(7 days)', remedy: 'recreate' } }),
      ],
    },
    [],
  ],
  [
    'a schedule and a time zone that do not exist',
    { connectors: [entry({ preventiveRestart: { schedule: 'every night', timeZone: 'Mars/Olympus' } })] },
    [
      'connectors[0].preventiveRestart.schedule: found "every night", expected cron(minutes hours day-of-month month day-of-week year) or rate(number minutes|hours|days)',
      'connectors[0].preventiveRestart.timeZone: found "Mars/Olympus", expected the name of an IANA time zone, such as Asia/Seoul',
    ],
  ],
  [
    'Connected without the metric',
    { connectors: [entry({ signals: { connected: {} } })] },
    [
      'connectors[0].signals.connected: found a signal that nothing feeds, expected metrics.debezium that publishes "Connected", which feeds this signal',
    ],
  ],
  [
    'beats of PostgreSQL, which has none',
    {
      connectors: [entry({ kind: 'postgresql', metrics: { debezium: { ...allDebeziumMetrics, beatSeconds: 48 } } })],
    },
    [
      'connectors[0].metrics.debezium.beatSeconds: found 48 on postgresql, expected beats on mysql and mariadb only: no other source is heard while nobody writes',
    ],
  ],
  [
    'beats in the defaults, which hold for those who have some',
    {
      defaults: { metrics: { debezium: { beatSeconds: 8 } } },
      connectors: [entry({ kind: 'postgresql', metrics: { debezium: allDebeziumMetrics } })],
    },
    [],
  ],
  [
    'a beat of no time at all',
    { connectors: [entry({ metrics: { debezium: { ...allDebeziumMetrics, beatSeconds: 0 } } })] },
    ['connectors[0].metrics.debezium.beatSeconds: found 0, expected a number of at least 1'],
  ],
  [
    'the event clock of PostgreSQL',
    {
      connectors: [
        entry({ kind: 'postgresql', metrics: { debezium: allDebeziumMetrics }, signals: { 'event-clock': {} } }),
      ],
    },
    [
      'connectors[0].signals.event-clock: found a signal that nothing feeds, expected this signal on mysql and mariadb only: elsewhere the event clock of an idle connector grows as if it were dead',
    ],
  ],
  [
    'offset commits without a log group',
    { connectors: [entry({ signals: { 'offset-commits': {} } })] },
    [
      'connectors[0].signals.offset-commits: found a signal that nothing feeds, expected a logGroup, which feeds this signal',
    ],
  ],
  [
    'offset commits of a sink on 3.7',
    { connectors: [entry({ kind: 'sink', logGroup: '/msk-connect/shop', signals: { 'offset-commits': {} } })] },
    [
      'connectors[0].signals.offset-commits: found a signal that nothing feeds, expected this signal not on a sink of Connect 3.7.x, whose worker logs no commits',
    ],
  ],
  [
    'the lag of a sink without its topics',
    { connectors: [entry({ kind: 'sink', metrics: { lag: { clusterName: 'shop' } }, signals: { lag: {} } })] },
    [
      'connectors[0].metrics.lag.topics: found nothing, expected a value',
      'connectors[0].signals.lag: found a signal that nothing feeds, expected metrics.lag with clusterName and topics, which feeds this signal',
    ],
  ],
  [
    'a signal asked for in defaults that some cannot feed',
    { defaults: { signals: { connected: {} } }, connectors: [entry()] },
    [],
  ],
  [
    'Debezium metrics without their dimension',
    { connectors: [entry({ metrics: { debezium: {} } })] },
    ['connectors[0].metrics.debezium.serverName: found nothing, expected a serverName, or dimensions'],
  ],
  [
    'Debezium metrics of a sink, lag of a source',
    {
      connectors: [
        entry({ name: 'a', kind: 'sink', metrics: { debezium: { serverName: 'shop' } } }),
        entry({ name: 'b', metrics: { lag: { clusterName: 'shop', topics: ['t'] } } }),
      ],
    },
    [
      'connectors[0].metrics.debezium: found Debezium metrics, expected none on a sink, which has no such source metrics',
      'connectors[1].metrics.lag: found consumer lag, expected none on a source, which reads no topic',
    ],
  ],
  [
    'a period that is no minute',
    { connectors: [entry({ signals: { 'errored-tasks': { periodSeconds: 90 } } })] },
    [
      'connectors[0].signals.errored-tasks.periodSeconds: found 90, expected a multiple of 60, for these metrics come once a minute',
    ],
  ],
  [
    'an alarm over more than a day',
    { connectors: [entry({ signals: { 'errored-tasks': { periods: 1440, periodSeconds: 120 } } })] },
    [
      'connectors[0].signals.errored-tasks: found 1440 periods of 120 s (172800 s), expected at most 86400 s in all (604800 s with periods of 3600 s or more), which is as far as CloudWatch looks back',
    ],
  ],
  ['an alarm over a day', { connectors: [entry({ signals: { 'errored-tasks': { periods: 1440 } } })] }, []],
  [
    'an alarm over a week',
    { connectors: [entry({ signals: { 'errored-tasks': { periods: 168, periodSeconds: 3600 } } })] },
    [],
  ],
  [
    'an alarm over more than a week',
    { connectors: [entry({ signals: { 'errored-tasks': { periods: 169, periodSeconds: 3600 } } })] },
    [
      'connectors[0].signals.errored-tasks: found 169 periods of 3600 s (608400 s), expected at most 604800 s in all, which is as far as CloudWatch looks back',
    ],
  ],
  [
    'long periods, as often as rare records ask for it',
    {
      connectors: [
        entry({
          logGroup: '/msk-connect/shop',
          evidence: { recordsAtLeastEverySeconds: 3600 },
          signals: { 'stalled-records': false, 'offset-commits': { periodSeconds: 43_200 } },
        }),
      ],
    },
    [
      'connectors[0].signals.offset-commits: found 61 periods of 43200 s (2635200 s), expected at most 604800 s in all, which is as far as CloudWatch looks back',
    ],
  ],
  [
    'a signal switched on by true',
    { connectors: [{ ...entry(), signals: { lag: true } }] },
    ['connectors[0].signals.lag: found true, expected false or an object'],
  ],
  [
    'a number in quotes',
    { defaults: { waits: { pollSeconds: '15' } }, connectors: [entry()] },
    ['defaults.waits.pollSeconds: found "15", expected a number'],
  ],
  [
    "a key outside the stack's prefix",
    { connectors: [entry({ savedConfig: { key: 'backups/orders-cdc.json' } })] },
    [
      'connectors[0].savedConfig.key: found "backups/orders-cdc.json", expected a key that begins with connectors/ in the stack\'s own bucket',
    ],
  ],
  [
    "a key anywhere in a bucket of one's own",
    { connectors: [entry({ savedConfig: { bucket: 'my-configs', key: 'orders.json' } })] },
    [],
  ],
  [
    'no e-mail address',
    { notify: { emails: ['people'] }, connectors: [entry()] },
    ['notify.emails[0]: found "people", expected an e-mail address'],
  ],
  [
    'a topic by its name, a key by its alias',
    { notify: { topic: { arn: 'people', keyArn: 'alias/people' } }, connectors: [entry()] },
    [
      'notify.topic.arn: found "people", expected the ARN of a standard SNS topic',
      'notify.topic.keyArn: found "alias/people", expected the ARN of a KMS key (not of an alias)',
    ],
  ],
  [
    'the same e-mail address twice',
    { notify: { emails: ['a@example.com', 'b@example.com', 'A@example.com'] }, connectors: [entry()] },
    ['notify.emails[2]: found "A@example.com", as in notify.emails[0], expected each address once'],
  ],
  ['nobody who is told', { notify: undefined, connectors: [entry()] }, [nobody]],
  ['an empty list of people', { notify: { emails: [] }, connectors: [entry()] }, [nobody]],
  [
    'nobody who is told, beside another fault',
    { notify: {}, connectors: [entry(), { ...entry({ name: 'b' }), kind: 'oracle' }] },
    [
      'connectors[1].kind: found "oracle", expected "mysql" or "mariadb" or "postgresql" or "other-source" or "sink"',
      nobody,
    ],
  ],
  [
    'people who subscribe by themselves, in as many words',
    { notify: { subscribedElsewhere: true }, connectors: [entry()] },
    [],
  ],
  ['an existing topic', { notify: { topic: { arn: topic } }, connectors: [entry()] }, []],
  [
    'a stack name with an underscore',
    { stackName: 'connector_recovery', connectors: [entry()] },
    ['stackName: found "connector_recovery", expected a letter, then at most 99 letters, digits or hyphens'],
  ],
])('%s', (_, input, faults) => {
  expect(faultsOf(input)).toEqual(faults);
});

test('all faults of all entries come at once, those across fields as well', () => {
  const faults = faultsOf({
    notify: { emails: ['people'] },
    connectors: [
      { ...entry(), kind: 'oracle' },
      { name: 'b' },
      entry({ connectVersion: '2.7.1', remedies: ['restart'] }),
    ],
  });
  expect(faults.map((line) => line.split(':')[0])).toEqual([
    'notify.emails[0]',
    'connectors[0].kind',
    'connectors[1].kind',
    'connectors[1].connectVersion',
    'connectors[1].executionRoleArn',
    'connectors[2].remedies[0]',
  ]);
});

test('an unknown field is named, and what it holds is not shown', () => {
  const faults = faultsOf({ connectors: [{ ...entry(), 'database.password': 'hunter2' }] });
  expect(faults).toEqual([
    'connectors[0].database.password: found an unknown field, expected only the fields that connectors.schema.json lists',
  ]);
});

test('what is not JSON is told by its position, without quoting the file', () => {
  const text = '{\n  "password": "hunter2",\n  oops\n}';
  expect(() => readSettings(text, 'connectors.json')).toThrow(
    'connectors.json has 1 fault:\n  line 3 column 3: found something that is not JSON, expected a JSON object',
  );
});

test('the message begins with the file and counts its faults', () => {
  expect(() =>
    readSettings('{"connectors": [], "stackname": "x", "notify": {"subscribedElsewhere": true}}', 'my.json'),
  ).toThrow(/^my\.json has 2 faults:\n {2}/);
});
