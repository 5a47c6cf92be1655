import { GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { bucketObjects } from '../../store/objects.ts';
import { s3Journals } from '../../store/journals.ts';
import { s3SavedConfigs, savedPlaces } from '../../lambda/savedConfigs.ts';
import { readSweepRecord, s3Sweep, writeSweepRecord } from '../../lambda/sweepRecord.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { CreateRequest } from '../../recovery/connector.ts';
import type { Journal } from '../../recovery/journal.ts';
import { startServices, type TestServices } from './services.ts';
import { settings, settingsOf } from './settings.ts';

let services: TestServices;
afterEach(() => services.close());

async function start(hooks: { fault?: CallHooks['fault']; mayList?: (bucket: string) => boolean } = {}) {
  services = await startServices([], hooks);
  return bucketObjects(services.clients.s3, 'shop');
}

function put(key: string, body: string) {
  return services.clients.s3.send(new PutObjectCommand({ Bucket: 'shop', Key: key, Body: body }));
}

const request: CreateRequest = {
  connectorName: 'orders-cdc',
  kafkaConnectVersion: '3.7.x',
  connectorConfiguration: { 'connector.class': 'x' },
};

const verdict = {
  kind: 'dead',
  because: 'silent',
  wouldChange: 'a record',
  evidence: [{ source: 'event clock', seen: '473 s', says: 'dead' }],
} as const;

const at = '2026-11-21T05:00:00.000Z';

/** With every act and field that the engine writes. */
const journal: Journal = {
  schema: 1,
  connector: 'orders-cdc',
  lease: { holder: 'a', until: at },
  recovery: {
    id: 'r1',
    openedAt: at,
    trigger: { kind: 'alarm', connector: 'orders-cdc', signal: 'event-clock', alarm: 'a', since: at, reason: 'b' },
    verdict,
    acts: [
      {
        kind: 'restart',
        intendedAt: at,
        arn: 'arn',
        onlyFailedTasks: false,
        operationArn: 'op',
        endedAt: at,
        result: 'not-carried-out',
      },
      { kind: 'restart', intendedAt: at, arn: 'arn', onlyFailedTasks: true, result: 'refused', denied: true },
      {
        kind: 'delete',
        intendedAt: at,
        arn: 'arn',
        version: 'K1',
        recreateFrom: request,
        acceptedAt: at,
        endedAt: at,
        result: 'gone',
      },
      { kind: 'create', intendedAt: at, request, seenAt: at, result: 'vanished', refusals: { times: 2, since: at } },
    ],
    alarmed: { at, times: 1 },
  },
  history: [{ id: 'r0', openedAt: at, endedAt: at, outcome: 'recovered', acts: ['restart'], actedAt: at }],
  standing: { key: 'dead/refused', since: at },
  advised: ['To know next time: set heartbeat.interval.ms'],
  untold: [{ at, message: { connector: 'orders-cdc', subject: 'back', text: 'restarted' } }],
  lookedAt: at,
  interventions: [
    { did: 'approve', at, who: 'kim', why: 'it is dead', arn: 'arn', version: 'K1' },
    { did: 'hold', at, who: 'lee' },
  ],
  hold: { at, who: 'lee', why: 'migration' },
  approval: { at, until: at, who: 'kim', arn: 'arn', version: 'K1', usedBy: 'r1' },
  calledOff: { at, who: 'max' },
};

describe('a journal', () => {
  it('is none before the first, then what was written, field by field', async () => {
    const journals = s3Journals(await start());
    expect(await journals.read('orders-cdc')).toEqual({ journal: undefined, tag: undefined });
    const written = await journals.write('orders-cdc', journal, undefined);
    expect(await journals.read('orders-cdc')).toEqual({ journal, tag: written.kind === 'written' ? written.tag : '' });
  });

  it('is written by compare and swap only', async () => {
    const journals = s3Journals(await start());
    const first = await journals.write('orders-cdc', journal, undefined);
    const tag = first.kind === 'written' ? first.tag : '';
    const theirs = { ...journal, lease: { holder: 'b', until: at } };
    expect(await journals.write('orders-cdc', theirs, undefined)).toEqual({ kind: 'lost' });
    const { lease: _lease, ...free } = journal;
    expect(await journals.write('orders-cdc', free, tag)).toMatchObject({ kind: 'written' });
    expect(await journals.write('orders-cdc', theirs, tag)).toEqual({ kind: 'lost' });
    expect(await journals.read('orders-cdc')).toMatchObject({ journal: free });
  });

  it('is lost to a write at the same moment, which S3 answers with 409', async () => {
    const conflict = new AwsError('ConditionalRequestConflict', 409, 'Try again.');
    const journals = s3Journals(
      await start({ fault: ({ operation }) => (operation === 'PutObject' ? conflict : undefined) }),
    );
    expect(await journals.write('orders-cdc', journal, undefined)).toEqual({ kind: 'lost' });
  });

  it('is ours when the answer to our own write was lost on the way', async () => {
    let dropped = 0;
    const journals = s3Journals(
      await start({
        fault: ({ operation }) => (operation === 'PutObject' && dropped++ === 0 ? 'drop-answer' : undefined),
      }),
    );
    expect(await journals.write('orders-cdc', journal, undefined)).toMatchObject({ kind: 'written' });
    expect(dropped).toBe(2);
  });

  it.each([
    ['not JSON', '{', 'the journal is 1 characters that are not JSON'],
    [
      'of another schema',
      '{"schema":2,"connector":"orders-cdc","history":[]}',
      'the journal has another shape: schema: expected 1',
    ],
    ['without a history', '{"schema":1,"connector":"orders-cdc"}', 'the journal has another shape: history: missing'],
    ["another connector's", '{"schema":1,"connector":"orders","history":[]}', "the journal is another connector's"],
  ])('that is %s is broken, never empty', async (_title, body, reason) => {
    const journals = s3Journals(await start());
    await put('journals/orders-cdc.json', body);
    expect(await journals.read('orders-cdc')).toMatchObject({
      kind: 'broken',
      reason,
      tag: expect.stringMatching(/./),
    });
  });

  it('that may not be read is an error', async () => {
    const denied = new AwsError('AccessDenied', 403, 'Access Denied');
    const journals = s3Journals(
      await start({ fault: ({ operation }) => (operation === 'GetObject' ? denied : undefined) }),
    );
    await expect(journals.read('orders-cdc')).rejects.toMatchObject({ name: 'PortError', code: 'denied' });
  });

  it('that S3 is too busy to give is an error that passes', async () => {
    const slow = new AwsError('SlowDown', 503, 'Reduce your request rate.');
    const journals = s3Journals(
      await start({ fault: ({ operation }) => (operation === 'GetObject' ? slow : undefined) }),
    );
    await expect(journals.read('orders-cdc')).rejects.toMatchObject({ name: 'PortError', code: 'throttled' });
  });
});

describe('a saved config', () => {
  async function saved(hooks: Parameters<typeof start>[0] = {}) {
    const stack = await start(hooks);
    const mine = { ...settingsOf('orders-cdc-old'), savedConfig: { bucket: 'mine', key: 'a/b.json' } };
    const placeOf = savedPlaces([settingsOf('orders-cdc'), mine], stack, (bucket) =>
      bucketObjects(services.clients.s3, bucket),
    );
    return s3SavedConfigs(placeOf, stack);
  }

  it('is missing where nothing lies', async () => {
    expect(await (await saved()).read('orders-cdc')).toEqual({
      kind: 'missing',
      place: 's3://shop/connectors/orders-cdc.json',
    });
  });

  it('is unreadable where S3 does not say whether it is there', async () => {
    expect(await (await saved({ mayList: () => false })).read('orders-cdc')).toEqual({
      kind: 'unreadable',
      reason: 'access denied; without s3:ListBucket S3 answers the same for an object that is not there',
      place: 's3://shop/connectors/orders-cdc.json',
    });
  });

  it("is looked for in the user's own bucket, which may not exist", async () => {
    expect(await (await saved()).read('orders-cdc-old')).toMatchObject({
      kind: 'unreadable',
      place: 's3://mine/a/b.json',
    });
  });

  it.each([
    ['not JSON', 'connectorName: orders-cdc'],
    ['no create request', '{"hello":1}'],
    ['for another connector', JSON.stringify(request).replace('orders-cdc', 'orders')],
  ])('that is %s is invalid', async (_title, body) => {
    const configs = await saved();
    await put('connectors/orders-cdc.json', body);
    expect(await configs.read('orders-cdc')).toMatchObject({
      kind: 'invalid',
      place: 's3://shop/connectors/orders-cdc.json',
    });
  });

  it('that names a role which the function may not pass on is invalid: creating it would be refused once the connector is gone', async () => {
    const configs = await saved();
    const { executionRoleArn } = settingsOf('orders-cdc');
    const complete = {
      connectorName: 'orders-cdc',
      kafkaConnectVersion: '3.7.x',
      capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
      connectorConfiguration: { 'connector.class': 'x' },
      kafkaCluster: { apacheKafkaCluster: { bootstrapServers: 'b:9098', vpc: { subnets: ['subnet-1'] } } },
      kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
      plugins: [
        {
          customPlugin: {
            customPluginArn: 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:custom-plugin/debezium/1',
            revision: 1,
          },
        },
      ],
      serviceExecutionRoleArn: executionRoleArn,
    };
    await put('connectors/orders-cdc.json', JSON.stringify(complete));
    expect(await configs.read('orders-cdc')).toMatchObject({ kind: 'valid' });
    const other = { ...complete, serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/another' };
    await put('connectors/orders-cdc.json', JSON.stringify(other));
    expect(await configs.read('orders-cdc')).toEqual({
      kind: 'invalid',
      faults: [
        `serviceExecutionRoleArn: expected ${executionRoleArn}, the executionRoleArn in connectors.json: no other may the function pass on.`,
      ],
      place: 's3://shop/connectors/orders-cdc.json',
    });
  });

  it('over 1 MB is invalid, and not read', async () => {
    const configs = await saved();
    await put('connectors/orders-cdc.json', ' '.repeat(1_048_577));
    expect(await configs.read('orders-cdc')).toMatchObject({
      kind: 'invalid',
      faults: ['the object has 1048577 bytes; expected at most 1048576'],
    });
  });

  it('is captured where there is none, and never written over', async () => {
    const configs = await saved();
    expect(await configs.capture('orders-cdc', request)).toEqual({
      kind: 'stored',
      place: 's3://shop/connectors/orders-cdc.json',
    });
    const other = { ...request, kafkaConnectVersion: '2.7.1' };
    expect(await configs.capture('orders-cdc', other)).toMatchObject({ kind: 'exists' });
    const { text } = (await bucketObjects(services.clients.s3, 'shop').read('connectors/orders-cdc.json')) as {
      text: string;
    };
    expect(JSON.parse(text)).toEqual(request);
  });
});

describe('a saved config that is replaced', () => {
  const complete = {
    ...request,
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    kafkaCluster: { apacheKafkaCluster: { bootstrapServers: 'b:9098', vpc: { subnets: ['subnet-1'] } } },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [
      {
        customPlugin: {
          customPluginArn: 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:custom-plugin/debezium/1',
          revision: 1,
        },
      },
    ],
    serviceExecutionRoleArn: settingsOf('orders-cdc').executionRoleArn,
  };
  const later = { ...complete, kafkaConnectVersion: '2.7.1' };
  const key = 'connectors/orders-cdc.json';
  const place = `s3://shop/${key}`;

  async function versioned(fault?: CallHooks['fault']) {
    const objects = await start(fault === undefined ? {} : { fault });
    await services.clients.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'shop', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    return s3SavedConfigs(
      savedPlaces(settings.connectors, objects, () => objects),
      objects,
    );
  }

  it('stays as a version, which the answer names', async () => {
    const configs = await versioned();
    expect(await configs.replace('orders-cdc', complete)).toMatchObject({ kind: 'stored', place });
    const replaced = await configs.replace('orders-cdc', later);
    expect(replaced).toMatchObject({ kind: 'stored', place });
    const VersionId = replaced.kind === 'stored' ? replaced.before : undefined;
    expect(VersionId).toBeDefined();
    const before = await services.clients.s3.send(new GetObjectCommand({ Bucket: 'shop', Key: key, VersionId }));
    expect(JSON.parse((await before.Body?.transformToString()) ?? '')).toEqual(complete);
    expect(await configs.read('orders-cdc')).toEqual({ kind: 'valid', request: later, place });
    const tag = replaced.kind === 'stored' ? replaced.tag : undefined;
    expect(tag).toBeDefined();
    expect(await configs.replace('orders-cdc', later)).toEqual({ kind: 'same', place, tag });
  });

  it('is left where its bucket keeps no versions: what is there would be gone', async () => {
    const objects = await start();
    const configs = s3SavedConfigs(
      savedPlaces(settings.connectors, objects, () => objects),
      objects,
    );
    await put(key, JSON.stringify(complete));
    expect(await configs.replace('orders-cdc', later)).toEqual({ kind: 'no-versions', place });
    expect(await configs.read('orders-cdc')).toMatchObject({ request: complete });
  });

  it('is left to whoever wrote in between', async () => {
    const taken = new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions did not hold');
    const configs = await versioned(({ operation, input }) =>
      operation === 'PutObject' && input['IfMatch'] !== undefined ? taken : undefined,
    );
    await put(key, JSON.stringify(complete));
    expect(await configs.replace('orders-cdc', later)).toEqual({ kind: 'lost', place });
    expect(await configs.read('orders-cdc')).toMatchObject({ request: complete });
  });

  it('is not replaced by what would be refused as a saved config', async () => {
    const configs = await versioned();
    const other = { ...complete, serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/another' };
    expect(await configs.replace('orders-cdc', other)).toMatchObject({ kind: 'unfit', place });
    expect(await configs.replace('orders-cdc', request)).toMatchObject({ kind: 'unfit', place });
    expect(await configs.read('orders-cdc')).toMatchObject({ kind: 'missing' });
  });
});

describe('a backup', () => {
  const backup = {
    schema: 1,
    connector: 'orders-cdc',
    recoveryId: 'r1',
    at,
    arn: 'arn',
    version: 'K1',
    live: request,
    recreateFrom: request,
  } as const;

  it('is found again, the newest first, and replaced when it is closed', async () => {
    const stack = await start();
    const configs = s3SavedConfigs(
      savedPlaces(settings.connectors, stack, () => stack),
      stack,
    );
    expect(await configs.newestBackup('orders-cdc')).toBeUndefined();
    await configs.writeBackup({ ...backup, recoveryId: 'r0', at: '2026-11-20T23:00:00.000Z' });
    const place = await configs.writeBackup(backup);
    expect(place).toBe('s3://shop/backups/orders-cdc/2026-11-21T05:00:00.000Z-r1.json');
    await configs.writeBackup({ ...backup, connector: 'orders-cdc-old', at: '2026-11-22T00:00:00.000Z' });
    expect(await configs.newestBackup('orders-cdc')).toEqual({ kind: 'read', backup });
    const closed = { ...backup, closed: { at, why: 'it runs' } };
    expect(await configs.writeBackup(closed)).toBe(place);
    expect(await configs.newestBackup('orders-cdc')).toEqual({ kind: 'read', backup: closed });
  });

  it.each([
    ['{}', 'schema'],
    ['{"schema"', 'is not JSON'],
    [JSON.stringify({ ...backup, connector: 'orders' }), "is another connector's"],
  ])('that cannot be understood is said to be broken, never none: %s', async (text, why) => {
    const stack = await start();
    await put('backups/orders-cdc/2026-11-21T05:00:00.000Z-r1.json', text);
    const configs = s3SavedConfigs(
      savedPlaces(settings.connectors, stack, () => stack),
      stack,
    );
    const found = await configs.newestBackup('orders-cdc');
    expect(found).toMatchObject({ kind: 'broken' });
    expect(JSON.stringify(found)).toContain(why);
  });
});

describe("the sweep's record", () => {
  it('says when it last ran', async () => {
    const stack = await start();
    expect(await s3Sweep(stack).lastSeenAt()).toBeUndefined();
    await writeSweepRecord(stack, { at, comparedAt: at });
    expect(await s3Sweep(stack).lastSeenAt()).toBe(at);
  });

  it('is none when it cannot be understood', async () => {
    const stack = await start();
    await put('sweep.json', '[]');
    expect(await readSweepRecord(stack)).toBeUndefined();
  });
});
