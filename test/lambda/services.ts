import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Clients } from '../../lambda/clients.ts';
import type { AnsweredCall, CallHooks } from '../../local/aws/calls.ts';
import { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import { LocalLogs } from '../../local/aws/logs.ts';
import { LocalS3 } from '../../local/aws/s3.ts';
import { startServer } from '../../local/aws/server.ts';
import type { LocalService } from '../../local/aws/service.ts';
import { LocalSns } from '../../local/aws/sns.ts';
import { VirtualClock } from '../../local/virtualClock.ts';

export const account = { region: 'ap-northeast-2', accountId: '111122223333' };

type Answers = Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>
>;

/** A service whose answers a test writes out itself. */
export function scripted(name: LocalService['name'], answers: Answers): LocalService {
  return {
    name,
    call: async (operation, input) => {
      const answer = answers[operation];
      if (answer === undefined) throw new Error(`The test has no answer to ${operation}.`);
      return answer(input);
    },
  };
}

export interface TestServices {
  readonly clients: Clients;
  readonly clock: VirtualClock;
  readonly logs: LocalLogs;
  readonly cloudWatch: LocalCloudWatch;
  readonly sns: LocalSns;
  /** Every call that was answered, such as `GetObject`. */
  readonly calls: AnsweredCall[];
  close(): Promise<void>;
}

/** The local services at 2026-11-21T04:50:00Z with real SDK clients and the bucket `shop`; a test may put services of its own in place. */
export async function startServices(
  own: readonly LocalService[] = [],
  hooks: { readonly fault?: CallHooks['fault']; readonly mayList?: (bucket: string) => boolean } = {},
): Promise<TestServices> {
  const clock = new VirtualClock(Date.parse('2026-11-21T04:50:00.000Z'));
  const sns = new LocalSns({ clock, account });
  const cloudWatch = new LocalCloudWatch({ clock, account, emit: () => undefined, publish: () => undefined });
  const logs = new LocalLogs({ clock, account, emit: () => undefined, deliveryDelayMs: 0 });
  const s3 = new LocalS3({ clock, ...(hooks.mayList && { mayList: hooks.mayList }) });
  const calls: AnsweredCall[] = [];
  const standard = [sns, cloudWatch, logs, s3].filter(({ name }) => own.every((one) => one.name !== name));
  const server = await startServer([...standard, ...own], {
    clock,
    onCall: (call) => calls.push(call),
    ...(hooks.fault && { fault: hooks.fault }),
  });
  const shared = {
    endpoint: server.endpoint,
    region: account.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
  };
  const clients: Clients = {
    kafkaConnect: new KafkaConnectClient(shared),
    kafkaConnectOnce: new KafkaConnectClient({ ...shared, maxAttempts: 1 }),
    s3: new S3Client(shared),
    sns: new SNSClient(shared),
    logs: new CloudWatchLogsClient(shared),
    cloudWatch: new CloudWatchClient(shared),
    lambda: new LambdaClient(shared),
  };
  if (own.every(({ name }) => name !== 's3')) await clients.s3.send(new CreateBucketCommand({ Bucket: 'shop' }));
  calls.splice(0);
  return {
    clients,
    clock,
    logs,
    cloudWatch,
    sns,
    calls,
    close: async () => {
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
      cloudWatch.close();
      logs.close();
      await server.close();
    },
  };
}
