import { AsyncLocalStorage } from 'node:async_hooks';
import { invoke } from '../../lambda/handler.ts';
import { createClients } from '../../lambda/clients.ts';
import type { Answer } from '../../lambda/summary.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import type { AnsweredCall } from '../../local/aws/calls.ts';
import { inProcessHandler } from '../../local/aws/inProcess.ts';
import type { DataPlane } from '../../local/connect/dataPlane.ts';
import type { Durations } from '../../local/connect/durations.ts';
import { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource } from '../../local/connect/simulated/source.ts';
import { inProcessFunction } from '../../local/functions/inProcessFunction.ts';
import { seededRandom, type Random } from '../../local/seededRandom.ts';
import { startLocalAws, type LocalAws } from '../../local/stack/localAws.ts';
import { liveIn } from '../../local/virtualGlobals.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { environment } from '../../settings/environment.ts';
import { createRequest, logGroup, workerProperties } from '../demonstration/connectors.ts';
import type { Deployment } from './deployments.ts';
import { warmClients } from './warmClients.ts';

/** A call of the product, and which of its invocations made it. */
export interface ProductCall extends AnsweredCall {
  readonly by: 'sweep' | 'look';
}

/** An AWS account that lives in virtual time in this thread, with one connector, and the product deployed beside it. */
export interface VirtualWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly aws: LocalAws;
  readonly dataPlane: SimulatedDataPlane;
  /** Ends it and gives the thread its own time back. */
  close(): Promise<void>;
}

export interface VirtualWorldOptions {
  readonly deployment: Deployment;
  /** Of all chance: durations, noise, the phase against the full minute. */
  readonly seed: number;
  readonly durations: Partial<Durations>;
  /** From a request's departure to its arrival, and the same for the answer: drawn evenly up to so long. */
  readonly longestTravelMs: number;
  readonly onCall: (call: ProductCall) => void;
  /** Told of every event that the function is invoked with. */
  readonly onEvent: (event: unknown) => void;
  /** Told of every answer of the function. */
  readonly onAnswer: (answer: Answer) => void;
  /** Told when the data plane has published a line or a value. */
  readonly onPublished: () => void;
  /** Told when the data plane starts a connector, which is when it becomes RUNNING. */
  readonly onStart: () => void;
}

const minuteMs = 60_000;
/** The observer's and the product's calls part here. */
const caller = new AsyncLocalStorage<ProductCall['by']>();

/**
 * The synthesized stack deployed to the local services, its function in this process: the Lambda adapter, the engine and the SDK's clients as
 * they are, only without a socket, and `Date` and `setTimeout` on the world's clock. The thread lives in that time until the world is closed.
 */
export async function openVirtualWorld(options: VirtualWorldOptions): Promise<VirtualWorld> {
  const { deployment, durations } = options;
  await warmClients();
  const random = seededRandom(options.seed);
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8) + Math.floor(random() * minuteMs));
  const giveTimeBack = liveIn(clock);
  const { host } = deployment.connector;
  let dataPlane: SimulatedDataPlane | undefined;
  const aws = await startLocalAws({
    clock,
    random,
    durations,
    logGroups: [logGroup],
    onCall: (call) => {
      const by = caller.getStore();
      if (by !== undefined) options.onCall({ ...call, by });
    },
    dataPlane: (telemetry): DataPlane => {
      const simulated = new SimulatedDataPlane({
        clock,
        telemetry: {
          log: (...line) => {
            telemetry.log(...line);
            options.onPublished();
          },
          metric: (...value) => {
            telemetry.metric(...value);
            options.onPublished();
          },
        },
        random,
        databases: { [host]: new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: 1 }) },
        exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] }),
      });
      dataPlane = simulated;
      return {
        start: (connector) => {
          options.onStart();
          return simulated.start(connector);
        },
      };
    },
    startFunction: (definition, _environment, writeLine) => {
      let ended = false;
      const handler = inProcessHandler(aws.answer, {
        travel: () => clock.sleep(Math.round(random() * options.longestTravelMs)),
        isEnded: () => ended,
      });
      const process = {
        settings: deployment.settings,
        clients: createClients(handler),
        bucket: definition.environment[environment.bucket] ?? '',
        topicArn: definition.environment[environment.topicArn] ?? '',
        writeLine: (line: string) => writeLine(line.trimEnd()),
      };
      return inProcessFunction({
        async handle(event, context) {
          options.onEvent(event);
          const answer = await caller.run(isSweep(event) ? 'sweep' : 'look', () => invoke(process, event, context));
          options.onAnswer(answer);
          return answer;
        },
        ended: () => {
          ended = true;
        },
      });
    },
  });
  const close = async () => {
    await aws.close();
    await aws.connect.shutDown();
    giveTimeBack();
  };
  try {
    if (dataPlane === undefined) throw new Error('The data plane was not made.');
    await createConnector(aws, deployment);
    // Twice the longest that a creation may take: the connector runs for a while before anybody watches it.
    await clock.advanceBy(2 * (durations.createSeconds ?? 480) * 1000);
    await aws.deploy(deployment.assembly);
    return { clock, random, aws, dataPlane, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isSweep(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Reflect.get(event, 'source') === 'connector-recovery.sweep';
}

async function createConnector({ connect }: LocalAws, { connector }: Deployment): Promise<void> {
  const plugin = await connect.call('CreateCustomPlugin', {
    name: 'debezium-mysql',
    contentType: 'ZIP',
    location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'debezium-mysql.zip' } },
  });
  const worker = await connect.call('CreateWorkerConfiguration', {
    name: 'shop',
    propertiesFileContent: Buffer.from(workerProperties).toString('base64'),
  });
  const arns = {
    plugin: String(plugin['customPluginArn']),
    worker: String(worker['workerConfigurationArn']),
    role: `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`,
  };
  await connect.call('CreateConnector', { ...createRequest(connector, arns) });
}
