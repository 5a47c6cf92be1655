import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateConnectorCommand,
  CreateCustomPluginCommand,
  CreateWorkerConfigurationCommand,
  KafkaConnectClient,
} from '@aws-sdk/client-kafkaconnect';
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
import { capture, deploy, pointAt, untilRunning } from './account.ts';
import { createRequest, logGroup, workerProperties } from './connectors.ts';
import type { Cast } from './connectors.ts';
import type { Stage } from './stage.ts';

/** An AWS account on this machine with connectors in it, and the product deployed. */
export interface World extends Stage {
  readonly clock: ScaledClock;
  readonly aws: LocalAws;
  /** What `npm run capture` said. */
  readonly captured: readonly string[];
  close(): Promise<void>;
}

const minutes = 60;
/** The metrics that tell what a connector publishes come a minute after it runs. */
export const untilMetricsSeconds = 90;
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
    const connectors = dataPlane;
    if (connectors === undefined) throw new Error('The data plane was not made.');
    pointAt(aws.endpoint);
    await createConnectors(cast);
    say(
      `created ${cast.length} connectors through the MSK Connect API; waiting until they are RUNNING and publish metrics`,
    );
    // The CDK is slow to load; it loads while the connectors start.
    const { buildApp } = await import('../../infra/buildApp.ts');
    await untilRunning(cast.length);
    await sleep((untilMetricsSeconds * 1000) / clock.scale.factor);
    const { text, captured } = await capture(cast.map(({ name }) => name));
    say('npm run capture: read the live connectors and wrote connectors.json');
    const file = join(folder, 'connectors.json');
    writeFileSync(file, text);
    const settings = readSettings(text, file);
    buildApp(settings, { outdir: join(folder, 'cdk.out') }).synth();
    const { bucket, functionLogGroup } = await deploy(aws, join(folder, 'cdk.out'));
    say('synthesized the stack from it and deployed it: the alarms, rules, schedules and function that AWS would get');
    return {
      clock,
      aws,
      stackName: settings.stackName,
      bucket,
      functionLogGroup,
      captured,
      rows: (name) => Promise.resolve(connectors.rows(name)),
      strike: (name, fate) => (fate === 'idle' ? connectors.goIdle(name) : connectors.halfOpen(name)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
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
