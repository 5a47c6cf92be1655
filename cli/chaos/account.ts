import { exampleAccount } from '../../local/aws/account.ts';
import type { BusEvent } from '../../local/aws/alarmEvent.ts';
import { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import { LocalLogs } from '../../local/aws/logs.ts';
import { LocalS3 } from '../../local/aws/s3.ts';
import type { LocalService } from '../../local/aws/service.ts';
import { LocalSns } from '../../local/aws/sns.ts';
import type { DataPlane } from '../../local/connect/dataPlane.ts';
import { MskConnect } from '../../local/connect/mskConnect.ts';
import type { LambdaService, LambdaWorld } from '../../local/functions/lambdaService.ts';
import { lambdaService } from '../../local/functions/lambdaService.ts';
import { seededRandom, randomUuid } from '../../local/seededRandom.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import type { History } from './history.ts';
import { createRequestOf, pinnedProperties, unpinnedProperties } from './requests.ts';
import { logGroupOf } from './shown.ts';

export const bucket = 'connector-recovery-bucket';
export const functionName = 'connector-recovery';
export const functionArn = `arn:aws:lambda:${exampleAccount.region}:${exampleAccount.accountId}:function:${functionName}`;
export const topicArn = `arn:aws:sns:${exampleAccount.region}:${exampleAccount.accountId}:connector-recovery`;

/** The local services themselves, wired by hand as the stack would wire them. */
export interface Account {
  readonly s3: LocalS3;
  readonly sns: LocalSns;
  readonly cloudwatch: LocalCloudWatch;
  readonly logs: LocalLogs;
  readonly connect: MskConnect;
  readonly lambda: LambdaService;
  readonly services: Readonly<Record<'s3' | 'sns' | 'monitoring' | 'logs' | 'kafkaconnect' | 'lambda', LocalService>>;
  /** What each connector was created with, in the order of the history. */
  readonly requests: readonly ReturnType<typeof createRequestOf>[];
}

export interface AccountOptions {
  readonly clock: VirtualClock;
  readonly history: History;
  readonly settings: FunctionSettings;
  readonly dataPlane: DataPlane;
  readonly startFunction: LambdaWorld['start'];
  /** Told when something that goes on in MSK Connect may have ended. */
  readonly onWorkEnded: () => void;
  /** Takes each change of an alarm, as EventBridge would. */
  readonly emit: (event: BusEvent) => void;
}

/**
 * One AWS account with the product in it. Nothing is deployed from a template: bucket, topic, log groups, alarms and the function are made
 * directly, for a hundred thousand times; that the stack wires them so is proved by the scenarios.
 */
export async function openAccount(options: AccountOptions): Promise<Account> {
  const { clock, history, settings } = options;
  const account = exampleAccount;
  const s3 = new LocalS3({ clock });
  const sns = new LocalSns({ clock, account });
  const cloudwatch = new LocalCloudWatch({ clock, account, emit: options.emit, publish: () => undefined });
  // The alarms are set by what is true (`alarms.ts`), not evaluated minute by minute.
  cloudwatch.close();
  const logs = new LocalLogs({ clock, account, emit: () => undefined, deliveryDelayMs: 0 });
  const ids = seededRandom(history.seed ^ 0x1d5);
  const connect = new MskConnect({
    // Whoever watches looks as soon as a piece of work may have ended.
    clock: {
      now: () => clock.now(),
      at: (whenMs, callback) => {
        clock.at(whenMs + 1, options.onWorkEnded);
        return clock.at(whenMs, callback);
      },
    },
    random: seededRandom(history.seed ^ 0xa12),
    dataPlane: options.dataPlane,
    region: account.region,
    accountId: account.accountId,
    durations: { ...history.durations, updateSeconds: 60, pauseSeconds: 20, jitter: 0.3 },
  });
  const lambda = lambdaService({
    clock,
    telemetry: { log: () => undefined, metric: () => undefined },
    region: account.region,
    start: options.startFunction,
    newId: () => randomUuid(ids),
    deliver: async () => undefined,
    endpoint: () => 'http://nowhere.example',
  });
  lambda.createFunction({
    name: functionName,
    arn: functionArn,
    codeDirectory: '/var/task',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    // As infra/recoveryFunction.ts has them.
    timeoutSeconds: 900,
    memoryMegabytes: 512,
    environment: {},
    logGroup: '/aws/lambda/connector-recovery',
    logFormat: 'Text',
  });
  lambda.configureAsync(functionName, { maximumRetryAttempts: 2, maximumEventAgeSeconds: 600 });
  await s3.call('CreateBucket', { Bucket: bucket });
  await sns.call('CreateTopic', { Name: 'connector-recovery' });
  await putAlarms(cloudwatch, settings);
  const requests = await createConnectors(connect, logs, s3, history);
  const services = { s3, sns, monitoring: cloudwatch, logs, kafkaconnect: connect, lambda };
  return { s3, sns, cloudwatch, logs, connect, lambda, services, requests };
}

async function putAlarms(cloudwatch: LocalCloudWatch, settings: FunctionSettings): Promise<void> {
  for (const [AlarmName, { does }] of Object.entries(settings.alarms)) {
    if (does !== 'look') continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other, or their order would hang on the machine
    await cloudwatch.call('PutMetricAlarm', {
      AlarmName,
      Namespace: 'AWS/KafkaConnect',
      MetricName: 'RunningTaskCount',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
    });
  }
}

async function createConnectors(connect: MskConnect, logs: LocalLogs, s3: LocalS3, history: History) {
  const plugin = await connect.call('CreateCustomPlugin', {
    name: 'plugin',
    contentType: 'ZIP',
    location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'plugin.zip' } },
  });
  const worker = async (name: string, text: string) => {
    const propertiesFileContent = Buffer.from(text).toString('base64');
    const made = await connect.call('CreateWorkerConfiguration', { name, propertiesFileContent });
    return String(made['workerConfigurationArn']);
  };
  const pinned = await worker('pinned', pinnedProperties);
  const unpinned = await worker('unpinned', unpinnedProperties);
  const arns = { plugin: String(plugin['customPluginArn']), pinned, unpinned };
  const requests = history.connectors.map((plan) => createRequestOf(plan, arns));
  for (const [index, plan] of history.connectors.entries()) {
    const request = requests[index];
    if (request === undefined) continue;
    if (plan.log) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await logs.call('CreateLogGroup', { logGroupName: logGroupOf(plan) });
      // oxlint-disable-next-line no-await-in-loop -- as above
      await logs.call('CreateLogStream', { logGroupName: logGroupOf(plan), logStreamName: 'worker' });
    }
    if (plan.saved !== 'missing') {
      const text = plan.saved === 'there' ? request : { ...request, capacity: otherCapacity };
      // oxlint-disable-next-line no-await-in-loop -- as above
      await s3.call('PutObject', { Bucket: bucket, Key: `connectors/${plan.name}.json`, Body: JSON.stringify(text) });
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    await connect.call('CreateConnector', { ...request });
  }
  return requests;
}

const otherCapacity = { provisionedCapacity: { mcuCount: 2, workerCount: 1 } };
