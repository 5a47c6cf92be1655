import { beforeAll, expect, test } from 'vitest';
import { openVirtualAccount } from '../../cli/bench/virtualAccount.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import { faultsFrom } from '../../local/connect/faults.ts';
import { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { functionSettings } from '../../settings/alarmNames.ts';
import { checkSettings } from '../../settings/read.ts';
import { awayFromAws } from '../awayFromAws.ts';
import { createAll, entry, logGroup, publishes, sourcesOf } from './cast.ts';
import { bucketOf } from './ending.ts';
import { befall, stackName } from './lambdaEvents.ts';
import { synthesize } from './lambdaEdge.ts';
import type { Character, Story } from './story.ts';

const minuteMs = 60_000;
const name = 'billing-cdc';
const who: readonly Character[] = [{ name, kind: 'mysql', connectVersion: '2.7.1' }];

/** One secret a place, so that a leak names where it came from. */
const planted = {
  'a password in the configuration': 'planted"Pa$$w\\rd-1',
  'a password within a login module': 'planted-login-2',
  'a password within an address': 'planted/address:3',
  'what a service quotes when it refuses': 'planted-refusal-4',
  'a trace in the worker log': 'planted-trace-5',
  'the reason of an alarm': 'planted-alarm-6',
  'a worker configuration': 'planted-worker-7',
} as const;

/** Everything that left the product in a recovery with a deletion, refusals, calls by hand, alarms from outside. */
interface Left {
  readonly outputs: readonly (readonly [where: string, text: string])[];
  readonly kept: readonly (readonly [key: string, body: string])[];
  readonly deleted: number;
}

let left: Left;
const folder = awayFromAws('secrets-test-');

beforeAll(async () => {
  left = await recoverWithSecrets();
}, 60_000);

test('the recovery came to a deletion, refusals and a creation, so that there was something to leak', () => {
  expect(left.deleted).toBe(1);
  const mails = left.outputs.filter(([where]) => where === 'mail').map(([, text]) => text);
  expect(mails.some((text) => text.includes('DELETED AND NOT BACK YET'))).toBe(true);
  expect(mails.some((text) => text.includes('back: recreated'))).toBe(true);
  expect(left.outputs.some(([where, text]) => where === 'answer' && text.includes('dry-run'))).toBe(true);
  // It would be a poor proof if the configuration were nowhere: a recreation needs it.
  expect(left.kept.some(([, body]) => body.includes(JSON.stringify(planted['a password in the configuration'])))).toBe(
    true,
  );
});

test.each(Object.entries(planted))('%s is in no mail, log line, answer or metric', (_place, secret) => {
  const found = left.outputs.filter(([, text]) => forms(secret).some((form) => text.includes(form)));
  expect(found).toEqual([]);
});

test.each(Object.entries(planted))(
  '%s is in a journal or backup only as part of what a recreation needs',
  (_place, secret) => {
    const told = left.kept.map(([key, body]) => [key, withoutRequests(JSON.parse(body))] as const);
    expect(told.filter(([, text]) => forms(secret).some((form) => text.includes(form)))).toEqual([]);
  },
);

function forms(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

/** The text of a journal, backup or saved config without the create requests in it. */
function withoutRequests(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    ['request', 'recreateFrom', 'live', 'connectorConfiguration'].includes(key) ? undefined : inner,
  );
}

async function recoverWithSecrets(): Promise<Left> {
  const story = { who, events: [], lastsMinutes: 0, atTheEnd: {} } as unknown as Story;
  const settings = checkSettings(
    {
      stackName,
      notify: { emails: ['oncall@example.com'] },
      operators: ['arn:aws:iam::111122223333:role/oncall'],
      connectors: who.map(entry),
    },
    'connectors.json',
  );
  const assembly = await synthesize(settings, folder, 'stack');
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8, 0, 7));
  const random = seededRandom(1);
  const outputs: (readonly [string, string])[] = [];
  let deleted = 0;
  let dataPlane: SimulatedDataPlane | undefined;
  const secret = planted['what a service quotes when it refuses'];
  const aws = await openVirtualAccount({
    clock,
    random,
    settings: functionSettings(settings),
    logGroups: [logGroup],
    durations: { createSeconds: 240, deleteSeconds: 240, restartSeconds: 60 },
    connectFaults: faultsFrom([
      {
        operation: 'CreateConnector',
        after: { operation: 'DeleteConnector', forSeconds: 14 * 60 },
        answer: 'BadRequestException',
        message: `Invalid connector configuration: password=${secret} for {"database.password":${JSON.stringify(planted['a password in the configuration'])}} and ${planted['a password within a login module']}`,
      },
    ]),
    longestTravelMs: 0,
    dataPlane: (telemetry) => {
      dataPlane = new SimulatedDataPlane({
        clock,
        telemetry,
        random,
        ...sourcesOf(story, clock),
        exporter: () => ({ publish: publishes, everySeconds: 15 }),
      });
      return dataPlane;
    },
    onCall: ({ service, operation, input, error }) => {
      if (operation === 'DeleteConnector' && error === undefined) deleted += 1;
      if (service !== 's3' && service !== 'kafkaconnect') outputs.push([operation, JSON.stringify(input)]);
    },
    onAnswer: (answer) => outputs.push(['answer', JSON.stringify(answer)]),
    onLine: (line) => outputs.push(['log', line]),
  });
  try {
    if (dataPlane === undefined) throw new Error('The data plane was not made.');
    const stage = {
      aws,
      dataPlane,
      people: await createAll(aws, who),
      clock,
      settings: functionSettings(settings),
      published: { metrics: true },
    };
    await clock.advanceBy(6 * minuteMs);
    const properties = {
      'database.password': planted['a password in the configuration'],
      'database.history.producer.sasl.jaas.config': `ScramLoginModule required username="cdc" password="${planted['a password within a login module']}";`,
      'value.converter.schema.registry.url': `https://cdc:${encodeURIComponent(planted['a password within an address'])}@registry.example`,
    };
    for (const [property, value] of Object.entries(properties)) {
      await befall({ kind: 'person-updates', of: name, property, value }, stage);
      await clock.advanceBy(10 * minuteMs);
    }
    await aws.connect.call('CreateWorkerConfiguration', {
      name: 'with-a-secret',
      propertiesFileContent: Buffer.from(
        `value.converter=a.B\nconfig.providers.x.param.secret=${planted['a worker configuration']}\n`,
      ).toString('base64'),
    });
    await aws.deploy(assembly);
    const bucket = await bucketOf(aws);
    await clock.advanceBy(10 * minuteMs);
    await aws.logs.call('CreateLogStream', { logGroupName: logGroup, logStreamName: 'somebody' });
    await aws.logs.call('PutLogEvents', {
      logGroupName: logGroup,
      logStreamName: 'somebody',
      logEvents: [
        {
          timestamp: clock.now(),
          message: `[Worker-0a] [2026-01-05 08:00:07,000] ERROR [${name}|task-0] WorkerSourceTask{id=${name}-0} Error while trying to connect with password=${planted['a trace in the worker log']} (a.B:1)`,
        },
      ],
    });
    dataPlane.halfOpen(name, { inventedRestartDoesNotHelp: false });
    const call = (payload: unknown) => {
      const [definition] = aws.lambda.functions;
      aws.lambda.invokeLater(definition?.name ?? '', JSON.stringify(payload));
    };
    await clock.advanceBy(2 * minuteMs);
    call({ connector: name, dryRun: true });
    call(alarmWith(planted['the reason of an alarm']));
    await clock.advanceBy(90 * minuteMs);
    for (const { subject = '', message } of aws.sns.inbox()) outputs.push(['mail', `${subject}\n${message}`]);
    const listed = (await aws.cloudwatch.call('ListMetrics', {})) as { readonly Metrics?: unknown };
    outputs.push(['metrics', JSON.stringify(listed.Metrics)]);
    return { outputs, kept: await everyObject(aws.s3, bucket), deleted };
  } finally {
    await aws.close();
  }
}

function alarmWith(reason: string): object {
  return {
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: exampleAccount.accountId,
    region: exampleAccount.region,
    detail: {
      alarmName: `connector-recovery/${name}/event-clock`,
      state: { value: 'ALARM', reason: `Threshold Crossed: password=${reason}` },
      configuration: { metrics: [{ id: 'm1' }], description: reason },
    },
  };
}

async function everyObject(
  s3: { call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> },
  bucket: string,
): Promise<[string, string][]> {
  const { Contents = [] } = (await s3.call('ListObjectsV2', { Bucket: bucket })) as {
    readonly Contents?: readonly { readonly Key: string }[];
  };
  const found: [string, string][] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.call('GetObject', { Bucket: bucket, Key });
    found.push([Key, Buffer.from(Body as Uint8Array).toString('utf8')]);
  }
  return found;
}
