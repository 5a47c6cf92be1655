import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/awsError.ts';
import type { AnsweredCall, CallHooks } from '../../../local/aws/calls.ts';
import { LocalCloudWatch } from '../../../local/aws/cloudwatch.ts';
import { endpointOf } from '../../../local/aws/endpoint.ts';
import { inProcessHandler, type InProcessOptions } from '../../../local/aws/inProcess.ts';
import { LocalS3 } from '../../../local/aws/s3.ts';
import { LocalSns } from '../../../local/aws/sns.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import { liveIn } from '../../../local/virtualGlobals.ts';

const account = { region: 'eu-west-1', accountId: '111122223333' };
const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function world(options: InProcessOptions & { readonly fault?: CallHooks['fault'] } = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8));
  const sns = new LocalSns({ clock, account });
  const cloudWatch = new LocalCloudWatch({ clock, account, emit: () => undefined, publish: () => undefined });
  const calls: AnsweredCall[] = [];
  const endpoint = await endpointOf([sns, cloudWatch, new LocalS3({ clock })], {
    clock,
    onCall: (call) => calls.push(call),
    ...(options.fault && { fault: options.fault }),
  });
  cleanups.push(() => cloudWatch.close(), liveIn(clock));
  const shared = {
    region: account.region,
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: inProcessHandler(endpoint, options),
  };
  return {
    clock,
    sns,
    calls,
    clients: { s3: new S3Client(shared), sns: new SNSClient(shared), cloudWatch: new CloudWatchClient(shared) },
  };
}

const atTurn = (turns: number) =>
  Array.from({ length: turns }).reduce<Promise<void>>(
    (before) => before.then(() => new Promise((resolve) => setImmediate(resolve))),
    Promise.resolve(),
  );

describe('SDK clients without a socket', () => {
  it('write and read as over HTTP, with every protocol, and errors are the service’s own', async () => {
    const { clients } = await world();
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'shop' }));
    await clients.s3.send(new PutObjectCommand({ Bucket: 'shop', Key: 'a/b c.json', Body: '{"ü":1}' }));
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'shop', Key: 'a/b c.json' }));
    expect(await Body?.transformToString()).toBe('{"ü":1}');
    await expect(clients.s3.send(new GetObjectCommand({ Bucket: 'shop', Key: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      clients.sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:none', Message: 'm' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    const values = Array.from({ length: 100 }, (_, index) => ({ MetricName: 'Rate', Value: index }));
    await clients.cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: values }));
    const { MetricDataResults } = await clients.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date('2026-01-05T08:00:00Z'),
        EndTime: new Date('2026-01-05T08:01:00Z'),
        MetricDataQueries: [
          { Id: 'm', MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Rate' }, Period: 60, Stat: 'Maximum' } },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([99]);
  });

  it('try again in virtual time, and only when that has passed', async () => {
    let refusals = 2;
    const { clients, clock, sns, calls } = await world({
      fault: () => ((refusals -= 1) >= 0 ? new AwsError('ServiceUnavailable', 503, 'busy') : undefined),
    });
    const made = clients.sns.send(new CreateTopicCommand({ Name: 'people' }));
    await atTurn(20);
    expect(calls).toHaveLength(1);
    await clock.advanceBy(20_000);
    expect((await made).TopicArn).toBe('arn:aws:sns:eu-west-1:111122223333:people');
    expect(calls.map(({ error }) => error?.code)).toEqual(['ServiceUnavailable', 'ServiceUnavailable', undefined]);
    expect(sns.inbox()).toEqual([]);
  });

  it('know of an answer that was lost only as of a connection that was cut, though it was carried out', async () => {
    const { clients, clock, calls } = await world({ fault: () => 'drop-answer' });
    const made = clients.sns.send(new CreateTopicCommand({ Name: 'people' })).catch((error: unknown) => error);
    await clock.advanceBy(60_000);
    expect(await made).toMatchObject({ code: 'ECONNRESET' });
    expect(calls.map(({ operation }) => operation)).toEqual(['CreateTopic', 'CreateTopic', 'CreateTopic']);
  });

  it('see a request and an answer take the time that they are on their way', async () => {
    const wait: { clock?: VirtualClock } = {};
    const { clients, clock, calls } = await world({ travel: async () => wait.clock?.sleep(40) });
    wait.clock = clock;
    const begun = clock.now();
    let endedAt = 0;
    void clients.sns.send(new CreateTopicCommand({ Name: 'people' })).then(() => (endedAt = clock.now()));
    await clock.advanceBy(1000);
    expect(calls.map(({ atMs }) => atMs - begun)).toEqual([40]);
    expect(endedAt - begun).toBe(80);
  });

  it('do nothing more once their process was ended; what had gone out is carried out', async () => {
    const process = { ended: false };
    const wait: { clock?: VirtualClock } = {};
    const { clients, clock, calls } = await world({
      travel: async () => wait.clock?.sleep(10),
      isEnded: () => process.ended,
    });
    wait.clock = clock;
    const settled: string[] = [];
    const note = (what: string) => () => settled.push(what);
    void clients.sns.send(new CreateTopicCommand({ Name: 'under-way' })).then(note('under-way'), note('under-way'));
    await clock.advanceBy(5);
    process.ended = true;
    void clients.sns.send(new CreateTopicCommand({ Name: 'too-late' })).then(note('too-late'), note('too-late'));
    await clock.advanceBy(60_000);
    expect(calls.map(({ input }) => input['Name'])).toEqual(['under-way']);
    expect(settled).toEqual([]);
  });
});
