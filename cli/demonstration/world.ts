import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DescribeLogGroupsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateConnectorCommand,
  CreateCustomPluginCommand,
  CreateWorkerConfigurationCommand,
  KafkaConnectClient,
  ListConnectorsCommand,
} from '@aws-sdk/client-kafkaconnect';
import { createClients } from '../../lambda/clients.ts';
import type { AnsweredCall } from '../../local/aws/calls.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import type { Faults } from '../../local/connect/faults.ts';
import { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource } from '../../local/connect/simulated/source.ts';
import type { ScaledClock } from '../../local/scaledClock.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { startLocalAws } from '../../local/stack/localAws.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import { readSettings } from '../../settings/read.ts';
import { captureConnectors } from '../captureConnectors.ts';
import { createRequest, logGroup, workerProperties } from './connectors.ts';
import type { Cast } from './connectors.ts';

/** An AWS account on this machine with connectors in it, and the product deployed. */
export interface World {
  readonly clock: ScaledClock;
  readonly aws: LocalAws;
  /** What runs behind the connectors: for breaking it, and for counting rows. Nothing of the product can reach it. */
  readonly dataPlane: SimulatedDataPlane;
  readonly stackName: string;
  readonly bucket: string;
  /** Where the function writes its log. */
  readonly functionLogGroup: string;
  /** What `npm run capture` said. */
  readonly captured: readonly string[];
  close(): Promise<void>;
}

const minutes = 60;
/** Within what is reported of MSK Connect: deletion and creation 3 to 5 minutes. */
const durations = { createSeconds: 3 * minutes, deleteSeconds: 3 * minutes, restartSeconds: minutes };

/**
 * Starts the local services, creates the connectors through MSK Connect's API, captures them, synthesizes the stack from what was captured
 * and deploys it. `say` is told of each step.
 */
export async function openWorld(
  cast: readonly Cast[],
  options: {
    readonly clock: ScaledClock;
    readonly seed: number;
    /** Told of every call that the product makes. */
    readonly onCall?: (call: AnsweredCall) => void;
    /** What goes wrong in MSK Connect. */
    readonly faults?: Faults;
  },
  say: (text: string) => void,
): Promise<World> {
  const { clock } = options;
  const random = seededRandom(options.seed);
  const databases = Object.fromEntries(
    cast.map(({ host }) => [host, new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: 1 })]),
  );
  let dataPlane: SimulatedDataPlane | undefined;
  const aws = await startLocalAws({
    clock,
    random,
    durations,
    logGroups: [logGroup],
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    ...(options.faults === undefined ? {} : { connectFaults: options.faults }),
    dataPlane: (telemetry) => {
      dataPlane = new SimulatedDataPlane({
        clock,
        telemetry,
        random,
        databases,
        exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] }),
      });
      return dataPlane;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'connector-recovery-'));
  const close = async () => {
    await aws.close();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (dataPlane === undefined) throw new Error('The data plane was not made.');
    pointAt(aws.endpoint);
    await createConnectors(cast);
    say(
      `created ${cast.length} connectors through the MSK Connect API; waiting until they are RUNNING and publish metrics`,
    );
    // The CDK is slow to load; it loads while the connectors start.
    const { buildApp } = await import('../../infra/buildApp.ts');
    await untilRunning(cast.length);
    const { text, captured } = await capture(cast, clock);
    say('npm run capture: read the live connectors and wrote connectors.json');
    const file = join(folder, 'connectors.json');
    writeFileSync(file, text);
    const settings = readSettings(text, file);
    buildApp(settings, { outdir: join(folder, 'cdk.out') }).synth();
    const stacks = await aws.deploy(join(folder, 'cdk.out'));
    const outputs = new Map(stacks.flatMap((stack) => Object.entries(stack.outputs)));
    const bucket = outputs.get('BucketName');
    if (typeof bucket !== 'string') throw new Error('The stack has no output BucketName.');
    const functionLogGroup = await logGroupOfFunction(aws);
    say('synthesized the stack from it and deployed it: the alarms, rules, schedules and function that AWS would get');
    return { clock, aws, dataPlane, stackName: settings.stackName, bucket, functionLogGroup, captured, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The one log group that is not the connectors'. */
async function logGroupOfFunction(aws: LocalAws): Promise<string> {
  const { logGroups } = (await aws.logs.call('DescribeLogGroups', {})) as Partial<DescribeLogGroupsCommandOutput>;
  const name = logGroups?.find(({ logGroupName }) => logGroupName !== logGroup)?.logGroupName;
  if (name === undefined) throw new Error('The stack made no log group for its function.');
  return name;
}

/** From here on, AWS SDK clients of this process talk to the local services, whatever the person's own profile says. */
export function pointAt(endpoint: string, connectEndpoint = endpoint): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  process.env['AWS_ENDPOINT_URL_KAFKACONNECT'] = connectEndpoint;
  process.env['AWS_REGION'] = exampleAccount.region;
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
}

/** Through MSK Connect's API, with a worker configuration and a plugin for all of them. */
export async function createConnectors(cast: readonly Cast[]): Promise<void> {
  const client = new KafkaConnectClient();
  const plugin = await client.send(
    new CreateCustomPluginCommand({
      name: 'debezium-mysql',
      contentType: 'ZIP',
      location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'debezium-mysql.zip' } },
    }),
  );
  const worker = await client.send(
    new CreateWorkerConfigurationCommand({
      name: 'shop',
      propertiesFileContent: Buffer.from(workerProperties).toString('base64'),
    }),
  );
  const arns = {
    plugin: plugin.customPluginArn ?? '',
    worker: worker.workerConfigurationArn ?? '',
    role: `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`,
  };
  for (const each of cast) await client.send(new CreateConnectorCommand(createRequest(each, arns)));
  client.destroy();
}

/** Resolves when so many connectors are RUNNING. */
export async function untilRunning(count: number): Promise<void> {
  const client = new KafkaConnectClient();
  for (;;) {
    const { connectors } = await client.send(new ListConnectorsCommand({}));
    const running = connectors?.filter(({ connectorState }) => connectorState === 'RUNNING') ?? [];
    if (running.length === count) break;
    await sleep(50);
  }
  client.destroy();
}

/**
 * What `npm run capture` makes of a `connectors.json` that has no connectors yet.
 * The metrics that tell what a connector publishes come a minute after it runs, so it waits for them.
 */
export async function capture(
  cast: readonly Cast[],
  clock: ScaledClock,
  begun: object = {},
): Promise<{ text: string; captured: readonly string[] }> {
  const clients = createClients();
  await sleep((90 * 1000) / clock.scale.factor);
  const { text, lines, complete } = await captureConnectors(
    {
      names: cast.map(({ name }) => name),
      all: false,
      overwrite: false,
      text: JSON.stringify({ notify: { emails: ['oncall@example.com'] }, ...begun, connectors: [] }),
    },
    clients,
  );
  if (text === undefined || !complete) throw new Error(`capture did not finish: ${lines.join(' ')}`);
  return { text, captured: lines };
}
