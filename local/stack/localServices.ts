import { exampleAccount, type LocalAccount } from '../aws/account.ts';
import { AwsError } from '../aws/awsError.ts';
import { LocalIam } from '../aws/iam.ts';
import type { CallHooks } from '../aws/calls.ts';
import { LocalCloudWatch } from '../aws/cloudwatch.ts';
import { LocalLogs } from '../aws/logs.ts';
import { LocalS3 } from '../aws/s3.ts';
import { type Endpoint, endpointOf } from '../aws/endpoint.ts';
import { serve } from '../aws/server.ts';
import type { LocalService, Telemetry } from '../aws/service.ts';
import { LocalSns } from '../aws/sns.ts';
import { telemetry } from '../aws/telemetry.ts';
import type { LocalClock } from '../clock.ts';
import { eventBridge, type EventBridge } from '../events/eventBridge.ts';
import { scheduler, type Scheduler } from '../events/scheduler.ts';
import { startFunctionProcess } from '../functions/functionProcess.ts';
import { lambdaService, type LambdaService, type LambdaWorld } from '../functions/lambdaService.ts';
import type { MessageQueue } from '../functions/messageQueue.ts';
import type { TimeScale } from '../scaledClock.ts';
import { readCloudAssembly } from './cloudAssembly.ts';
import { deployStacks, type DeployedStack, type DeployOptions } from './deploy.ts';
import { publishQueueDepths } from './queueDepths.ts';
import type { KeptResource } from './resource.ts';
import { sendTo, targetRouter } from './targetRouter.ts';

export interface LocalServicesOptions {
  /** One time for all services. Functions run in processes of their own only in a clock that says its scale (`scaledClock`). */
  readonly clock: LocalClock & { readonly scale?: TimeScale };
  /** MSK Connect at the same endpoint, given the telemetry that connectors show themselves through. @default it is not here */
  readonly connect?: (telemetry: Telemetry) => LocalService;
  /** Where functions find MSK Connect when it is not here. */
  readonly connectEndpoint?: () => string;
  /** @default exampleAccount */
  readonly account?: LocalAccount;
  /** Told of every call at the endpoint once it is answered. */
  readonly onCall?: NonNullable<CallHooks['onCall']>;
  /** Asked before each call at the endpoint what goes wrong with it. */
  readonly fault?: NonNullable<CallHooks['fault']>;
  /** The connectors' own log groups, which exist before the stack does. */
  readonly logGroups?: readonly string[];
  /** @default 10 */
  readonly accountConcurrency?: number;
  /** What runs functions in place of processes: for a clock that is moved by hand. */
  readonly startFunction?: LambdaWorld['start'];
}

/** What an AWS account watches and acts with, on this machine. */
export interface LocalServices {
  /** `http://127.0.0.1:<port>`: what AWS_ENDPOINT_URL is set to. */
  readonly endpoint: string;
  /** The same without a socket: for SDK clients of this process (`inProcessHandler`). */
  readonly answer: Endpoint;
  readonly account: LocalAccount;
  readonly telemetry: Telemetry;
  readonly s3: LocalS3;
  readonly sns: LocalSns;
  readonly logs: LocalLogs;
  readonly cloudwatch: LocalCloudWatch;
  readonly events: EventBridge;
  readonly scheduler: Scheduler;
  readonly lambda: LambdaService;
  /** The connectors' execution roles are put here by whoever makes the connectors. */
  readonly iam: LocalIam;
  /** Queues of the deployed stacks, by ARN: the dead letters. */
  readonly queues: ReadonlyMap<string, MessageQueue>;
  /** Roles, policies and keys of the deployed stacks, for checks; not enforced. */
  readonly kept: readonly KeptResource[];
  /** Deploys what `cdk synth` wrote into that folder. @throws DeployError */
  deploy(cdkOut: string, options?: DeployOptions): Promise<readonly DeployedStack[]>;
  /** Ends server, timers and function processes; the clock is the caller's to stop. */
  close(): Promise<void>;
}

/**
 * Starts every service but MSK Connect on one clock, wired as on AWS, behind one HTTP endpoint on the loopback address. Nothing in here
 * imports `local/connect/`: who runs it alone watches connectors of which it cannot know more than they show.
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const { clock } = options;
  const account = options.account ?? exampleAccount;
  const queues = new Map<string, MessageQueue>();
  const kept: KeptResource[] = [];
  let endpoint = '';

  const s3 = new LocalS3({ clock });
  const sns = new LocalSns({ clock, account });
  const iam = new LocalIam(account);
  const cloudwatch: LocalCloudWatch = new LocalCloudWatch({
    clock,
    account,
    emit: (event) => events.receive(event),
    publish: (topicArn, subject, message) => {
      // The alarm does not fail with its action, as on AWS: a topic that is gone is only not heard.
      try {
        sns.publish(topicArn, subject, message);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    },
  });
  const logs = new LocalLogs({ clock, account, emit: (metric) => cloudwatch.put(metric) });
  const shown = telemetry(logs, cloudwatch, clock);
  const lambda = lambdaService({
    clock,
    telemetry: shown,
    region: account.region,
    ...(options.accountConcurrency === undefined ? {} : { accountConcurrency: options.accountConcurrency }),
    start: options.startFunction ?? processes(clock),
    deliver: (arn, message) => sendTo(arn, message, { clock, queues, sns }),
    endpoint: () => endpoint,
    ...(options.connectEndpoint === undefined ? {} : { connectEndpoint: options.connectEndpoint }),
  });
  const deliver = targetRouter({ clock, sns, lambda, queues, kept });
  const bury: (arn: string, message: Parameters<typeof sendTo>[1]) => Promise<void> = (arn, message) =>
    sendTo(arn, message, { clock, queues, sns });
  const events: EventBridge = eventBridge({ clock, account, telemetry: shown, deliver, bury });
  const schedules = scheduler({ clock, account, telemetry: shown, deliver, bury });
  const stopDepths = publishQueueDepths(queues, shown, clock);
  for (const logGroupName of options.logGroups ?? []) await logs.call('CreateLogGroup', { logGroupName });

  const services: readonly LocalService[] = [s3, sns, logs, cloudwatch, events, schedules, lambda, iam];
  const connect = options.connect?.(shown);
  const answer = await endpointOf(connect === undefined ? services : [...services, connect], {
    clock,
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    ...(options.fault === undefined ? {} : { fault: options.fault }),
  });
  const server = await serve(answer);
  endpoint = server.endpoint;

  return {
    endpoint,
    answer,
    account,
    telemetry: shown,
    s3,
    sns,
    logs,
    cloudwatch,
    events,
    scheduler: schedules,
    lambda,
    iam,
    queues,
    kept,
    deploy: (cdkOut, deployOptions) =>
      deployStacks(
        readCloudAssembly(cdkOut),
        { ...account, s3, sns, logs, monitoring: cloudwatch, events, scheduler: schedules, lambda, queues, kept },
        deployOptions,
      ),
    async close() {
      stopDepths();
      events.close();
      schedules.close();
      await lambda.close();
      cloudwatch.close();
      logs.close();
      await server.close();
    },
  };
}

function processes(clock: LocalServicesOptions['clock']): LambdaWorld['start'] {
  const { scale } = clock;
  if (scale === undefined) {
    throw new Error(
      'A clock without a scale cannot be shared with function processes: use scaledClock or startFunction.',
    );
  }
  return ({ codeDirectory }, environment, onLine) =>
    startFunctionProcess({ codeDirectory, environment, scale, onLine });
}
