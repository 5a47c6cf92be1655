import type { Answer } from '../../lambda/summary.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import type { DataPlane } from '../../local/connect/dataPlane.ts';
import type { Durations } from '../../local/connect/durations.ts';
import { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource } from '../../local/connect/simulated/source.ts';
import { seededRandom, type Random } from '../../local/seededRandom.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { createRequest, logGroup, workerProperties } from '../demonstration/connectors.ts';
import type { Deployment } from './deployments.ts';
import { openVirtualAccount, type ProductCall } from './virtualAccount.ts';

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

/** The connector created, and the synthesized stack deployed beside it. The thread lives in the world's time until it is closed. */
export async function openVirtualWorld(options: VirtualWorldOptions): Promise<VirtualWorld> {
  const { deployment, durations } = options;
  const random = seededRandom(options.seed);
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8) + Math.floor(random() * minuteMs));
  const { host } = deployment.connector;
  let dataPlane: SimulatedDataPlane | undefined;
  const aws = await openVirtualAccount({
    ...options,
    clock,
    random,
    settings: deployment.settings,
    logGroups: [logGroup],
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
  });
  const close = () => aws.close();
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
