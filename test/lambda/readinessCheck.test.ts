import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, describe, expect, it } from 'vitest';
import { bucketObjects } from '../../store/objects.ts';
import { checkReadiness } from '../../lambda/readinessCheck.ts';
import type { CheckWorld } from '../../lambda/readinessCheck.ts';
import { gatherFacts } from '../../lambda/readinessFacts.ts';
import { readReadinessRecord, swapReadinessRecord } from '../../lambda/readinessRecord.ts';
import { s3SavedConfigs, savedPlaces } from '../../lambda/savedConfigs.ts';
import { s3Sweep, writeSweepRecord } from '../../lambda/sweepRecord.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { Message } from '../../recovery/message.ts';
import { PortError } from '../../recovery/ports.ts';
import { known, unknown } from '../../recovery/readiness/subject.ts';
import type { Subject } from '../../recovery/readiness/subject.ts';
import { plusSeconds } from '../../recovery/time.ts';
import { fixture, runningConnector } from '../local/connect/fixture.ts';
import { startServices, type TestServices } from './services.ts';
import { settingsOf } from './settings.ts';

let services: TestServices | undefined;
afterEach(async () => {
  await services?.close();
  services = undefined;
});

const now = '2026-11-21T08:00:00.000Z';
const tomorrow = '2026-11-22T08:00:00.000Z';

const configuration = {
  'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
  'topic.prefix': 'shop',
  'database.hostname': 'orders-db.example.internal',
  'database.password': '${secretsmanager:orders/cdc:password}',
};

const metrics = [
  ['AWS/KafkaConnect', 'SourceRecordPollRate', { ConnectorName: 'orders-cdc' }],
  ['AWS/KafkaConnect', 'SourceRecordWriteRate', { ConnectorName: 'orders-cdc' }],
  ['AWS/KafkaConnect', 'RunningTaskCount', { ConnectorName: 'orders-cdc' }],
  ['AWS/KafkaConnect', 'ErroredTaskCount', { ConnectorName: 'orders-cdc' }],
  ['MSK_Connect', 'Connected', { DBServerName: 'shop', type: 'streaming' }],
  ['MSK_Connect', 'MilliSecondsSinceLastEvent', { DBServerName: 'shop', type: 'streaming' }],
] as const;

/** One connector that runs, is saved as it runs, and shows all that it should; the sweep ran a minute ago. */
async function start(options: { readonly fault?: CallHooks['fault']; readonly silent?: string } = {}) {
  const made = await fixture({ configuration, workerProperties: 'offset.storage.topic=connect-offsets-shop' });
  services = await startServices([made.connect], options.fault === undefined ? {} : { fault: options.fault });
  const { clients, clock } = services;
  await clock.advanceTo(Date.parse('2026-11-21T08:00:00.000Z'));
  await made.clock.advanceTo(Date.parse('2026-11-21T06:00:00.000Z'));
  await runningConnector(made);
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
  const publish = async (at: string) => {
    for (const [Namespace, MetricName, dimensions] of metrics) {
      if (MetricName === options.silent) continue;
      const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const data = { MetricName, Dimensions, Value: 1, Timestamp: new Date(plusSeconds(at, -1800)) };
      await clients.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [data] }));
    }
  };
  await publish(now);
  const stackBucket = bucketObjects(clients.s3, 'shop');
  await writeSweepRecord(stackBucket, { at: '2026-11-21T07:59:00.000Z' });
  await stackBucket.write('connectors/orders-cdc.json', JSON.stringify({ ...made.request, networkType: 'IPV4' }));
  const connectors = [settingsOf('orders-cdc')];
  const mails: Message[] = [];
  const world: CheckWorld = {
    connectors,
    ...clients,
    savedConfigs: s3SavedConfigs(
      savedPlaces(connectors, stackBucket, () => stackBucket),
      stackBucket,
    ),
    shutOutBy: () => Promise.resolve(known([])),
    acceptCommand: (name) => `accept ${name}`,
    stackBucket,
    sweep: s3Sweep(stackBucket),
    notifier: {
      tell: (message) => {
        mails.push(message);
        return Promise.resolve();
      },
    },
    recorder: { note: () => undefined },
  };
  return { world, mails, made, clients, stackBucket, publish };
}

/** Rules about the configuration itself have tests of their own; these are about what is deployed. */
const aboutDeployment = new Set([
  'absent',
  'configured-otherwise',
  'log-group-gone',
  'metrics-missing',
  'role-shuts-out',
  'sweep-unseen',
  'unreadable',
]);

async function found(world: CheckWorld): Promise<string[]> {
  const { judged } = await checkReadiness(world, now);
  return judged.flatMap(({ name, findings }) =>
    findings
      .filter(({ rule }) => aboutDeployment.has(rule))
      .map(({ severity, rule, where }) => [name, severity, rule, where ?? ''].join(' | ')),
  );
}

describe('what only the deployed connector shows', () => {
  it('is nothing, where it runs as it is saved and shows all that it should', async () => {
    const { world } = await start();
    expect(await found(world)).toEqual([]);
  });

  it('a sweep that has not run for minutes: nothing would be deleted', async () => {
    const { world, stackBucket } = await start();
    await writeSweepRecord(stackBucket, { at: '2026-11-21T07:50:00.000Z' });
    expect(await found(world)).toEqual(['(every connector) | blocks | sweep-unseen | ']);
  });

  it('a log group that somebody deleted', async () => {
    const { world, clients } = await start();
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
    expect(await found(world)).toEqual([
      'orders-cdc | harms | log-group-gone | logDelivery.workerLogDelivery.cloudWatchLogs.logGroup',
    ]);
  });

  it('a metric that its alarm waits for and that nobody publishes', async () => {
    const { world } = await start({ silent: 'MilliSecondsSinceLastEvent' });
    expect(await found(world)).toEqual([
      'orders-cdc | harms | metrics-missing | MSK_Connect MilliSecondsSinceLastEvent',
    ]);
  });

  it('a role that shuts out what is recreated, or of which nobody knows', async () => {
    const { world } = await start();
    const shut = { ...world, shutOutBy: () => Promise.resolve(known(['its trust policy asks for one ARN'])) };
    expect(await found(shut)).toEqual(['orders-cdc | blocks | role-shuts-out | serviceExecutionRoleArn']);
    const unseen = { ...world, shutOutBy: () => Promise.resolve(unknown('iam:GetRole')) };
    expect(await found(unseen)).toEqual(['orders-cdc | cannot-tell | role-shuts-out | serviceExecutionRoleArn']);
  });

  it('a connectors.json that is about another connector than the one that runs', async () => {
    const { world } = await start();
    const settings = { ...settingsOf('orders-cdc'), connectVersion: '2.7.1', logGroup: '/msk-connect/old' };
    expect(await found({ ...world, connectors: [settings] })).toEqual([
      'orders-cdc | harms | configured-otherwise | connectors.json: connectVersion',
      'orders-cdc | harms | configured-otherwise | connectors.json: logGroup',
    ]);
  });

  it('a name that no connector has', async () => {
    const { world } = await start();
    expect(await found({ ...world, connectors: [settingsOf('orders-cdc-old')] })).toEqual([
      'orders-cdc-old | blocks | absent | ',
    ]);
  });

  it('a connector that the function may not describe', async () => {
    const denied = new AwsError('AccessDeniedException', 403, 'not authorized');
    const { world } = await start({
      fault: ({ operation }) => (operation === 'DescribeConnector' ? denied : undefined),
    });
    expect(await found(world)).toEqual(['orders-cdc | cannot-tell | unreadable | ']);
  });
});

describe('the facts that rules are given', () => {
  async function subject(world: CheckWorld): Promise<Subject> {
    const [gathered] = await gatherFacts(world, now);
    if (gathered?.kind !== 'subject') throw new Error('nothing was gathered');
    return gathered.subject;
  }

  it('say what AWS shows, what the owner wrote down, and of the rest what would tell', async () => {
    const { world } = await start();
    const facts = { pluginVersion: '2.7.4.Final', binlogRetentionHours: 72 };
    const { facts: gathered } = await subject({ ...world, connectors: [{ ...settingsOf('orders-cdc'), facts }] });
    expect(gathered).toEqual({
      connectVersion: { kind: 'known', value: '3.7.x' },
      pluginVersion: { kind: 'known', value: '2.7.4.Final' },
      database: { kind: 'unknown', needs: 'database' },
      databaseTimeZone: { kind: 'unknown', needs: 'databaseTimeZone' },
      binlogRetentionHours: { kind: 'known', value: 72 },
      longestOutageHours: { kind: 'unknown', needs: 'longestOutageHours' },
      workerProperties: { kind: 'known', value: { 'offset.storage.topic': 'connect-offsets-shop' } },
      topics: { kind: 'unknown', needs: 'topics' },
    });
  });

  it('know whether the policy pins the default offsets topic before a deletion', async () => {
    const { world } = await start();
    const settings = settingsOf('orders-cdc');
    expect((await subject({ ...world, connectors: [settings] })).deployed?.pinsDefaultTopic).toBe(false);
    const pins = { ...settings, policy: { ...settings.policy, offsets: 'pin-default-topic' as const } };
    expect((await subject({ ...world, connectors: [pins] })).deployed?.pinsDefaultTopic).toBe(true);
  });

  it('know a plugin and a worker configuration that are gone', async () => {
    const { world, made } = await start();
    const [plugin] = made.request['plugins'] as [{ customPlugin: { customPluginArn: string } }];
    const { customPluginArn } = plugin.customPlugin;
    await made.connect.call('DeleteCustomPlugin', { customPluginArn });
    await made.connect.call('DeleteWorkerConfiguration', { workerConfigurationArn: made.workerConfigurationArn });
    const { deployed, facts } = await subject(world);
    expect(deployed?.gonePlugins).toEqual({ kind: 'known', value: [`${customPluginArn} revision 1 (does not exist)`] });
    expect(deployed?.goneWorkerConfigurations).toEqual({
      kind: 'known',
      value: [`worker configuration ${made.workerConfigurationArn} does not exist`],
    });
    expect(facts.workerProperties.kind).toBe('unknown');
    expect(deployed?.offsets.kind).toBe('unknown');
  });

  it('show each field that differs from the saved config, and the values of those keys alone that hold no secret', async () => {
    const { world, made, stackBucket } = await start();
    const saved = {
      ...made.request,
      kafkaConnectVersion: '2.7.1',
      connectorConfiguration: { ...configuration, 'topic.prefix': 'store', 'database.password': 'geheim', extra: 'x' },
    };
    await stackBucket.write('connectors/orders-cdc.json', JSON.stringify(saved));
    const { deployed } = await subject(world);
    expect(deployed?.differences).toEqual([
      {
        field: 'connectorConfiguration.database.password',
        kept: '(not shown)',
        live: '(not shown)',
      },
      { field: 'connectorConfiguration.extra', kept: '(not shown)' },
      { field: 'connectorConfiguration.topic.prefix', kept: 'store', live: 'shop' },
      { field: 'kafkaConnectVersion', kept: '2.7.1', live: '3.7.x' },
    ]);
    expect(JSON.stringify(deployed?.differences)).not.toContain('geheim');
  });

  it.each([
    ['InternalError', 'unread'],
    ['PartialData', 'unread'],
    ['Forbidden', 'subject'],
  ])('where CloudWatch says %s of a series: %s', async (StatusCode, kind) => {
    const { world } = await start();
    const half = { send: () => Promise.resolve({ MetricDataResults: [{ Id: 'one', StatusCode }] }) };
    const [gathered] = await gatherFacts({ ...world, cloudWatch: half as unknown as CloudWatchClient }, now);
    expect(gathered).toMatchObject({ kind, ...(kind === 'unread' ? { passing: true } : {}) });
  });

  it('know what the policy does about drift', async () => {
    const { world } = await start();
    const settings = settingsOf('orders-cdc');
    const goesBack = { ...settings, policy: { ...settings.policy, drift: 'recreate-from-saved' as const } };
    expect((await subject(world)).deployed?.onDrift).toBe('refuse');
    expect((await subject({ ...world, connectors: [goesBack] })).deployed?.onDrift).toBe('recreate-from-saved');
  });

  it('know that the role of a live connector is none that the function may pass', async () => {
    const { world } = await start();
    expect((await subject(world)).deployed?.mayPassRole).toEqual({ kind: 'known', value: true });
    const other = { ...settingsOf('orders-cdc'), executionRoleArn: 'arn:aws:iam::111122223333:role/other' };
    expect((await subject({ ...world, connectors: [other] })).deployed?.mayPassRole).toEqual({
      kind: 'known',
      value: false,
    });
  });
});

describe('people', () => {
  /** Days on which all that comes by the minute came, but for what the test says of the sweep. */
  async function days(options: Parameters<typeof start>[0] = {}) {
    const started = await start(options);
    const { world, stackBucket, publish, mails } = started;
    const checkAt = async (at: string, sweptSecondsAgo = 30) => {
      await publish(at);
      await writeSweepRecord(stackBucket, { at: plusSeconds(at, -sweptSecondsAgo) });
      return checkReadiness(world, at);
    };
    // What is wrong with the configuration itself is told before the story begins.
    await checkAt('2026-11-19T08:00:00.000Z');
    mails.splice(0);
    const since = async () => {
      const { record: kept } = await readReadinessRecord(stackBucket);
      return kept?.findings.filter(({ rule }) => rule === 'sweep-unseen').map((finding) => finding.since);
    };
    return { ...started, checkAt, since };
  }

  it('are told once of a finding, with its cure, and once when it is gone', async () => {
    const { mails, checkAt, since } = await days();
    await checkAt(now, 600);
    expect(mails.map(({ subject }) => subject)).toEqual(['[connector-recovery] readiness: 1 new finding']);
    expect(mails[0]?.text).toContain(
      '(every connector): the sweep was last seen 10 min ago. Nothing is deleted, for nobody would finish',
    );
    expect(mails[0]?.text).toContain('Do: see in the function’s log why the sweep fails');
    expect(mails[0]?.text).toContain('s3://shop/readiness.json');
    expect(await since()).toEqual([now]);

    await checkAt(tomorrow, 900);
    expect(mails).toHaveLength(1);
    expect(await since()).toEqual([now]);

    await checkAt('2026-11-23T08:00:00.000Z');
    expect(mails.map(({ subject }) => subject).slice(1)).toEqual(['[connector-recovery] readiness: 1 gone']);
    expect(mails[1]?.text).toContain('Gone since you were told');
    expect(await since()).toEqual([]);
  });

  it('get one message a day at most: what a second check of the day finds is told the next day', async () => {
    const { mails, checkAt, clients } = await days();
    await checkAt(now, 600);
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
    await checkAt('2026-11-21T15:00:00.000Z', 600);
    expect(mails).toHaveLength(1);
    await checkAt(tomorrow, 600);
    expect(mails).toHaveLength(2);
    expect(mails[1]?.text).toContain('its log group does not exist');
    expect(mails[1]?.text).not.toContain('sweep was last seen');
  });

  it('get one message from two checks at once', async () => {
    const { world, mails, stackBucket } = await days();
    await writeSweepRecord(stackBucket, { at: '2026-11-21T07:50:00.000Z' });
    const checked = await Promise.all([checkReadiness(world, now), checkReadiness(world, now)]);
    expect(mails).toHaveLength(1);
    expect(checked.filter(({ told }) => told)).toHaveLength(1);
  });

  it('hear nothing from a check that another was faster than: that one tells', async () => {
    let taken = false;
    const faster = new AwsError('PreconditionFailed', 412, 'somebody else wrote');
    const { mails, checkAt } = await days({
      fault: ({ operation, input }) =>
        taken && operation === 'PutObject' && input['Key'] === 'readiness.json' ? faster : undefined,
    });
    taken = true;
    expect(await checkAt(now, 600)).toMatchObject({ told: false });
    expect(mails).toHaveLength(0);
  });

  it('are told by the next try where the notifier refused', async () => {
    const { world, mails, stackBucket } = await days();
    await writeSweepRecord(stackBucket, { at: '2026-11-21T07:50:00.000Z' });
    const deaf = { tell: () => Promise.reject(new PortError('unavailable', 'Publish: 503')) };
    await expect(checkReadiness({ ...world, notifier: deaf }, now)).rejects.toThrow('Publish: 503');
    await checkReadiness(world, plusSeconds(now, 60));
    expect(mails).toHaveLength(1);
  });

  it('hear nothing of a check that could not read a connector because it was throttled', async () => {
    let throttled = false;
    const slow = new AwsError('TooManyRequestsException', 429, 'slow down');
    const { mails, clients, checkAt } = await days({
      fault: ({ operation }) => (throttled && operation === 'DescribeConnector' ? slow : undefined),
    });
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
    await checkAt(now);
    expect(mails).toHaveLength(1);
    throttled = true;
    const { unread } = await checkAt(tomorrow);
    expect([unread, mails.length]).toEqual([['orders-cdc'], 1]);
    throttled = false;
    await checkAt('2026-11-23T08:00:00.000Z');
    expect(mails).toHaveLength(1);
  });

  const throttled = new AwsError('ThrottlingException', 400, 'Rate exceeded');
  it.each([
    ['its metrics could not be asked for', 'GetMetricData', throttled],
    ['CloudWatch had an error', 'GetMetricData', new AwsError('InternalServiceFault', 500, 'sorry')],
    ['the sweep’s record could not be read', 'GetObject', new AwsError('SlowDown', 503, 'slow down')],
    ['the list was refused for no good reason', 'ListConnectors', new AwsError('BadRequestException', 400, 'what?')],
  ])('hear nothing, today or tomorrow, of a check for which %s', async (_what, refused, error) => {
    let busy = false;
    const { mails, clients, checkAt } = await days({
      fault: ({ operation, input }) =>
        busy && operation === refused && (refused !== 'GetObject' || input['Key'] === 'sweep.json') ? error : undefined,
    });
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
    await checkAt(now, 600);
    expect(mails).toHaveLength(1);
    busy = true;
    const { unread } = await checkAt(tomorrow, 600);
    expect(unread).toEqual([refused === 'GetObject' ? '(every connector)' : 'orders-cdc']);
    busy = false;
    await checkAt('2026-11-23T08:00:00.000Z', 600);
    expect(mails).toHaveLength(1);
  });

  it('are told once, however many connectors there are: the record of two hundred can be read again', async () => {
    const { mails, stackBucket, checkAt } = await days();
    const { record: kept, tag } = await readReadinessRecord(stackBucket);
    const findings = Array.from({ length: 200 * 13 }, (_, number) => ({
      connector: `orders-cdc-${Math.floor(number / 13)}`,
      rule: 'plaintext-secret',
      severity: 'harms' as const,
      where: `key.${number % 13}`,
      found: 'f'.repeat(300),
      leadsTo: 'l'.repeat(200),
      cure: 'c'.repeat(200),
      affects: ['recreation' as const],
      since: now,
    }));
    if (kept === undefined) throw new Error('no record was kept');
    await swapReadinessRecord(stackBucket, { ...kept, findings, told: findings }, tag);
    const { record } = await readReadinessRecord(stackBucket);
    expect([record?.findings.length, record?.told.length]).toEqual([2600, 2600]);
    await checkAt(now);
    expect(mails[0]?.text).toContain('2600 gone');
    // The same of each connector is one line, so all of them were in that mail.
    expect((await readReadinessRecord(stackBucket)).record?.told.filter((one) => one.found.startsWith('ff'))).toEqual(
      [],
    );
  });

  it('are told anew where the record was broken, and it is written again', async () => {
    const { mails, stackBucket, since, checkAt } = await days();
    await stackBucket.write('readiness.json', '{"schema": 2}');
    await checkAt(now, 600);
    expect(mails).toHaveLength(1);
    expect(await since()).toEqual([now]);
  });
});
