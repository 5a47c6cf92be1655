import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  NotFound,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleAccount } from '../../../local/aws/account.ts';
import { LocalCloudWatch } from '../../../local/aws/cloudwatch.ts';
import { LocalLogs } from '../../../local/aws/logs.ts';
import { LocalS3 } from '../../../local/aws/s3.ts';
import { startServer } from '../../../local/aws/server.ts';
import { LocalSns } from '../../../local/aws/sns.ts';
import { telemetry } from '../../../local/aws/telemetry.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

const clock = new VirtualClock(Date.parse('2026-11-21T04:00:00.000Z'));
const sns = new LocalSns({ clock, account: exampleAccount });
const cloudwatch = new LocalCloudWatch({
  clock,
  account: exampleAccount,
  emit: () => undefined,
  publish: (arn, subject, message) => sns.publish(arn, subject, message),
});
const logs = new LocalLogs({ clock, account: exampleAccount, emit: (metric) => cloudwatch.put(metric) });
const s3Service = new LocalS3({ clock, mayList: (bucket) => bucket !== 'unlistable' });

let server: Awaited<ReturnType<typeof startServer>>;
let s3: S3Client;
let topics: SNSClient;
let logClient: CloudWatchLogsClient;
let metrics: CloudWatchClient;

beforeAll(async () => {
  server = await startServer([s3Service, sns, logs, cloudwatch], { clock });
  const config = {
    endpoint: server.endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  topics = new SNSClient(config);
  logClient = new CloudWatchLogsClient(config);
  metrics = new CloudWatchClient(config);
  for (const Bucket of ['plain', 'versioned', 'unlistable']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }),
  );
});
afterAll(async () => {
  for (const client of [s3, topics, logClient, metrics]) client.destroy();
  cloudwatch.close();
  logs.close();
  await server.close();
});

async function put(Bucket: string, Key: string, Body: string, conditions = {}) {
  return s3.send(new PutObjectCommand({ Bucket, Key, Body, ...conditions }));
}

async function text(Bucket: string, Key: string, VersionId?: string) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('S3', () => {
  it('gives back what was put, with its type and metadata', async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket: 'plain',
        Key: 'connectors/ä b+c.json',
        Body: '{"größe":1}',
        ContentType: 'application/json',
        Metadata: { intent: 'recreate' },
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'connectors/ä b+c.json' }));
    expect(await got.Body?.transformToString()).toBe('{"größe":1}');
    expect(got).toMatchObject({
      ContentType: 'application/json',
      ContentLength: 13,
      Metadata: { intent: 'recreate' },
      LastModified: new Date('2026-11-21T04:00:00.000Z'),
    });
    expect(got.VersionId).toBeUndefined();
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'connectors/ä b+c.json' }));
    expect(head).toMatchObject({ ContentLength: 13, ETag: got.ETag });
  });

  it('takes a body in chunks with a trailing checksum', async () => {
    const body = Readable.from([Buffer.from('half '), Buffer.from('and half')]);
    await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'chunked', Body: body, ContentLength: 13 }));
    expect(await text('plain', 'chunked')).toBe('half and half');
  });

  it('refuses a body whose checksum does not fit', async () => {
    const broken = new PutObjectCommand({ Bucket: 'plain', Key: 'broken', Body: 'abc', ChecksumCRC32: 'AAAAAA==' });
    expect(await failureOf(s3.send(broken))).toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
  });

  it('says 404 for a missing key, and 403 to a caller who may not list', async () => {
    expect(await failureOf(text('plain', 'missing'))).toBeInstanceOf(NoSuchKey);
    expect(await failureOf(s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'missing' })))).toBeInstanceOf(
      NotFound,
    );
    expect(await failureOf(text('unlistable', 'missing'))).toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await failureOf(text('no-such-bucket', 'missing'))).toMatchObject({ name: 'NoSuchBucket' });
  });

  it('creates only where there is nothing, a delete marker included', async () => {
    const onlyNew = { IfNoneMatch: '*' };
    await put('versioned', 'once', 'first', onlyNew);
    expect(await failureOf(put('versioned', 'once', 'second', onlyNew))).toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    await s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'once' }));
    await put('versioned', 'once', 'third', onlyNew);
    expect(await text('versioned', 'once')).toBe('third');
  });

  it('compares and swaps', async () => {
    const { ETag } = await put('versioned', 'journal', 'one');
    await put('versioned', 'journal', 'two', { IfMatch: ETag });
    expect(await failureOf(put('versioned', 'journal', 'three', { IfMatch: ETag }))).toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await failureOf(put('versioned', 'nothing', 'x', { IfMatch: ETag }))).toMatchObject({ name: 'NoSuchKey' });
    expect(await text('versioned', 'journal')).toBe('two');
  });

  it('keeps versions, and hides a deleted object behind a marker', async () => {
    const first = await put('versioned', 'kept', 'one');
    await put('versioned', 'kept', 'two');
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'kept' }));
    expect(deleted.DeleteMarker).toBe(true);
    expect(await failureOf(text('versioned', 'kept'))).toBeInstanceOf(NoSuchKey);
    expect(await text('versioned', 'kept', first.VersionId)).toBe('one');
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: 'versioned', Prefix: 'kept' }));
    expect(listed.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false]);
    expect(listed.DeleteMarkers?.map(({ IsLatest, VersionId }) => [IsLatest, VersionId])).toEqual([
      [true, deleted.VersionId],
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'kept', VersionId: deleted.VersionId }));
    expect(await text('versioned', 'kept')).toBe('two');
  });

  it('lists keys that XML would stumble over', async () => {
    await put('plain', 'odd/<a> & "b"', 'x');
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'odd/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['odd/<a> & "b"']);
  });

  it('lists page by page, and by delimiter', async () => {
    for (const key of ['list/a/1', 'list/a/2', 'list/b', 'list/c/1']) await put('plain', key, key);
    const asked = { Bucket: 'plain', Prefix: 'list/' };
    const first = await s3.send(new ListObjectsV2Command({ ...asked, MaxKeys: 3 }));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/a/1', 'list/a/2', 'list/b']);
    expect(first.IsTruncated).toBe(true);
    const rest = await s3.send(
      new ListObjectsV2Command({ ...asked, MaxKeys: 3, ContinuationToken: first.NextContinuationToken }),
    );
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['list/c/1']);
    expect(rest.IsTruncated).toBe(false);
    const folders = await s3.send(new ListObjectsV2Command({ ...asked, Delimiter: '/' }));
    expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/a/', 'list/c/']);
    expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['list/b']);
    const one = await s3.send(new ListObjectsV2Command({ ...asked, Delimiter: '/', MaxKeys: 1 }));
    const next = await s3.send(
      new ListObjectsV2Command({ ...asked, Delimiter: '/', ContinuationToken: one.NextContinuationToken }),
    );
    expect(one.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/a/']);
    expect(next.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/c/']);
  });
});

describe('SNS', () => {
  it('publishes to its e-mail subscribers', async () => {
    const { TopicArn } = await topics.send(
      new CreateTopicCommand({ Name: 'people', Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    await topics.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@example.com' }));
    const { MessageId } = await topics.send(
      new PublishCommand({ TopicArn, Subject: 'Recovered: orders-cdc', Message: 'Line 1\nLine 2 & <3' }),
    );
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sns.inbox()).toEqual([
      {
        topicArn: 'arn:aws:sns:eu-central-1:123456789012:people',
        subject: 'Recovered: orders-cdc',
        message: 'Line 1\nLine 2 & <3',
        atMs: Date.parse('2026-11-21T04:00:00.000Z'),
        to: ['oncall@example.com'],
      },
    ]);
    const { Subscriptions } = await topics.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions?.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['email', 'oncall@example.com'],
    ]);
  });

  it.each([
    ['a subject of 101 characters', { Subject: 'x'.repeat(101), Message: 'text' }],
    ['a line break in the subject', { Subject: 'two\nlines', Message: 'text' }],
    ['a subject beyond ASCII', { Subject: 'Größe', Message: 'text' }],
    ['an empty message', { Message: '' }],
    ['a message over 256 KB', { Message: 'x'.repeat(262_145) }],
  ])('refuses %s', async (_what, message) => {
    const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: 'strict' }));
    const failure = await failureOf(topics.send(new PublishCommand({ TopicArn, ...message })));
    expect(failure).toBeInstanceOf(InvalidParameterException);
  });

  it('takes a subject of 100 characters', async () => {
    const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: 'strict' }));
    const published = await topics.send(new PublishCommand({ TopicArn, Subject: 'x'.repeat(100), Message: 'text' }));
    expect(published.MessageId).toBeDefined();
  });

  it('knows no topic that was not created', async () => {
    const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:nobody';
    expect(await failureOf(topics.send(new PublishCommand({ TopicArn, Message: 'text' })))).toBeInstanceOf(
      NotFoundException,
    );
  });
});

describe('CloudWatch and its logs', () => {
  it('turns log lines into a metric and the metric into an alarm', async () => {
    const logGroupName = '/connect';
    const metric = { Namespace: 'ConnectorRecovery', MetricName: 'offset-commits' };
    await logClient.send(new CreateLogGroupCommand({ logGroupName }));
    await logClient.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'worker' }));
    await logClient.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: 'commits',
        filterPattern: '"[orders-cdc|task-" "Committing offsets for"',
        metricTransformations: [
          { metricNamespace: metric.Namespace, metricName: metric.MetricName, metricValue: '1', defaultValue: 0 },
        ],
      }),
    );
    await metrics.send(
      new PutMetricAlarmCommand({
        AlarmName: 'orders-cdc-offset-commits',
        ...metric,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      }),
    );
    const message = '[orders-cdc|task-0|offsets] Committing offsets for 3 acknowledged messages';
    await logClient.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: 'worker',
        logEvents: [{ timestamp: clock.now(), message }],
      }),
    );
    telemetry(logs, cloudwatch, clock).log(logGroupName, 'worker', 'and another line');
    await clock.advanceBy(65_000);
    const { events } = await logClient.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: '"Committing offsets"', startTime: 0 }),
    );
    expect(events?.map((event) => [event.message, event.timestamp])).toEqual([
      [message, Date.parse('2026-11-21T04:00:00.000Z')],
    ]);
    const { MetricAlarms } = await metrics.send(
      new DescribeAlarmsCommand({ AlarmNames: ['orders-cdc-offset-commits'] }),
    );
    expect(MetricAlarms?.[0]).toMatchObject({
      StateValue: 'OK',
      StateUpdatedTimestamp: new Date('2026-11-21T04:01:05.000Z'),
      AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-cdc-offset-commits',
    });
  });

  it('gives metrics by period, newest first, with the statistic asked for', async () => {
    const telemetryOfWorker = telemetry(logs, cloudwatch, clock);
    const start = clock.now() - (clock.now() % 60_000) + 60_000;
    await clock.advanceTo(start);
    for (const value of [4, 6])
      telemetryOfWorker.metric('AWS/KafkaConnect', 'RunningTaskCount', { ConnectorName: 'o' }, value);
    await clock.advanceBy(60_000);
    await metrics.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/KafkaConnect',
        MetricData: Array.from({ length: 200 }, () => ({
          MetricName: 'RunningTaskCount',
          Dimensions: [{ Name: 'ConnectorName', Value: 'o' }],
          Timestamp: new Date(clock.now()),
          Value: 1,
        })),
      }),
    );
    const query = (Id: string, Stat: string, Period: number) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/KafkaConnect',
          MetricName: 'RunningTaskCount',
          Dimensions: [{ Name: 'ConnectorName', Value: 'o' }],
        },
        Period,
        Stat,
      },
    });
    const { MetricDataResults } = await metrics.send(
      new GetMetricDataCommand({
        StartTime: new Date(start),
        EndTime: new Date(start + 120_000),
        MetricDataQueries: [
          query('average', 'Average', 60),
          query('maximum', 'Maximum', 60),
          query('count', 'SampleCount', 60),
        ],
      }),
    );
    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['average', [1, 5]],
      ['maximum', [1, 6]],
      ['count', [200, 2]],
    ]);
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([new Date(start + 60_000), new Date(start)]);
    const firstMinute = await metrics.send(
      new GetMetricDataCommand({
        StartTime: new Date(start),
        EndTime: new Date(start + 60_000),
        MetricDataQueries: [query('count', 'SampleCount', 60)],
      }),
    );
    expect(firstMinute.MetricDataResults?.[0]?.Values).toEqual([2]);
  });

  it('answers errors that the SDK knows', async () => {
    const unknownGroup = logClient.send(new FilterLogEventsCommand({ logGroupName: '/nobody' }));
    expect(await failureOf(unknownGroup)).toBeInstanceOf(ResourceNotFoundException);
    const unknownAlarm = metrics.send(
      new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'a test' }),
    );
    expect(await failureOf(unknownAlarm)).toMatchObject({ name: 'ResourceNotFound', message: 'Unknown alarm: nobody' });
  });
});
