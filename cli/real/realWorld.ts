import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListMetricsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { serverNameOf } from '../../lambda/captureEntry.ts';
import { startActor } from '../../local/actors/actorProcess.ts';
import type { AnsweredCall } from '../../local/aws/calls.ts';
import type { Telemetry } from '../../local/aws/service.ts';
import type { Durations } from '../../local/connect/durations.ts';
import { RealDataPlane, type WorkerSample } from '../../local/connect/real/realDataPlane.ts';
import { ownProcesses } from '../../local/real/ownedProcesses.ts';
import { provideSoftware } from '../../local/real/software.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { startLocalAws, type LocalAws } from '../../local/stack/localAws.ts';
import { capture, deploy, pointAt, untilRunning } from '../demonstration/account.ts';
import { logGroup } from '../demonstration/connectors.ts';
import type { Stage } from '../demonstration/stage.ts';
import type { FromSynth, ToSynth } from '../demonstration/synthActor.ts';
import { createRealConnectors } from './createConnectors.ts';
import { openGround, type Ground } from './ground.ts';
import type { RealConnector } from './realConnector.ts';

/** An AWS account on this machine whose connectors are real: workers, broker, database; and the product deployed. Its time is real. */
export interface RealWorld extends Stage {
  readonly aws: LocalAws;
  readonly ground: Ground;
  readonly dataPlane: RealDataPlane;
  /** `connectors.json` as it was deployed. */
  readonly connectorsJson: string;
  /** What `npm run capture` said. */
  readonly captured: readonly string[];
  /** Ends every process and removes every file of the run. */
  close(): Promise<void>;
}

export interface RealWorldOptions {
  readonly connectors: readonly RealConnector[];
  /** What stands in `connectors.json` before the connectors are captured: `{ defaults: { ... } }`. @default nothing */
  readonly begun?: object;
  /** Of each database's writer. @default 1 */
  readonly rowsPerSecond?: number;
  /** MSK Connect's own waiting, at least; the real worker takes its time besides. @default 1 s each */
  readonly durations?: Partial<Durations>;
  /** Puts a proxy between workers and broker. @default false */
  readonly brokerProxy?: boolean;
  /** Makes MariaDB speak TLS. @default false */
  readonly tls?: boolean;
  /** More options of the MariaDB server. @default none */
  readonly mariadbArgs?: readonly string[];
  /** Before any connector is created: tables, topics and the like. */
  readonly prepare?: (ground: Ground) => Promise<void>;
  /** Told of every call at the local services. */
  readonly onCall?: (call: AnsweredCall) => void;
  readonly onSample?: (sample: WorkerSample) => void;
  /** Told of each line of a worker's log. */
  readonly onLine?: (connector: string, line: string) => void;
  /** Ends the opening early. */
  readonly signal?: AbortSignal;
  /** Told of each step. */
  readonly say: (text: string) => void;
}

/** What MSK Connect itself would wait is cut: the real worker takes its own time. */
const durations: Durations = {
  createSeconds: 1,
  createFailureSeconds: 1,
  deleteSeconds: 1,
  restartSeconds: 1,
  updateSeconds: 1,
  pauseSeconds: 1,
  jitter: 0,
};
const published = ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'];
const longestUntilPublishedMs = 120_000;
const longestEndMs = 5000;

/**
 * Opens such a world: databases, broker and proxies, the local services, the connectors through MSK Connect's API, capture, synthesis, deployment.
 * Rows are written from before the connectors are created. Whatever ends it early, nothing is left.
 * @throws MissingSoftware naming all that is missing, and how to get it
 * @throws Error when a connector does not start, with what MSK Connect says of it; the signal's reason when it was aborted
 */
export async function openRealWorld(options: RealWorldOptions): Promise<RealWorld> {
  const { signal } = options;
  signal?.throwIfAborted();
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  const opening = open(options, (closer) => closers.push(closer), close);
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    // It fails for want of what is closed now, which is no news; what it made meanwhile is closed afterwards.
    const over = opening.then(
      () => undefined,
      () => undefined,
    );
    await close();
    await Promise.race([over, sleep(longestEndMs, undefined, { ref: false })]);
    await close();
    // Whatever failed because of it is no news either.
    signal?.throwIfAborted();
    throw error;
  }
}

async function open(
  options: RealWorldOptions,
  onClose: (closer: () => Promise<void> | void) => void,
  close: () => Promise<void>,
): Promise<RealWorld> {
  const { connectors, say, signal } = options;
  const software = await provideSoftware({
    say,
    ...(signal === undefined ? {} : { signal }),
    postgres: connectors.some(({ database }) => database === 'postgres'),
  });
  const processes = await ownProcesses();
  onClose(() => processes.close());
  // The CDK is slow to load; it loads, in a process of its own, while all else starts. In this one it would hold up the proxies.
  const synth = startActor<ToSynth, FromSynth>('synthesis', new URL('../demonstration/synthActor.ts', import.meta.url));
  onClose(() => synth.end());
  const ground = await openGround(processes, software, {
    connectors,
    rowsPerSecond: options.rowsPerSecond ?? 1,
    brokerProxy: options.brokerProxy ?? false,
    tls: options.tls ?? false,
    mariadbArgs: options.mariadbArgs ?? [],
    say,
  });
  onClose(() => ground.close());
  await options.prepare?.(ground);

  const clock = scaledClock({ factor: 1 });
  onClose(() => clock.stop());
  const planes: RealDataPlane[] = [];
  const aws = await startLocalAws({
    clock,
    random: seededRandom(1),
    durations: { ...durations, ...options.durations },
    logGroups: [logGroup],
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    dataPlane: (telemetry) => {
      const plane = dataPlaneOf(options, ground, clock, telemetry);
      planes.push(plane);
      return plane;
    },
  });
  onClose(() => aws.close());
  const [dataPlane] = planes;
  if (dataPlane === undefined) throw new Error('The data plane was not made.');
  onClose(() => dataPlane.close());

  pointAt(aws.endpoint);
  await createRealConnectors(connectors, ground);
  say(
    `created ${connectors.length === 1 ? 'a connector' : `${connectors.length} connectors`} through the MSK Connect API; ${connectors.length === 1 ? 'its worker starts' : 'their workers start'}`,
  );
  await untilRunning(connectors.length, signal);
  say("they are RUNNING; waiting until they publish metrics, MSK Connect's own once a minute");
  await untilPublished(aws, connectors, ground, signal);
  const { text, captured } = await capture(
    connectors.map(({ name }) => name),
    options.begun,
  );
  await writeFile(join(processes.folder, 'connectors.json'), text);
  say('npm run capture: read the live connectors and wrote connectors.json');
  const outdir = join(processes.folder, 'cdk.out');
  synth.send({ kind: 'synth', text, outdir });
  const { stackName } = await synth.next('synthesized');
  await synth.end();
  const { bucket, functionLogGroup } = await deploy(aws, outdir);
  say('synthesized the stack from it and deployed it: the alarms, rules, schedules and function that AWS would get');

  return {
    clock,
    aws,
    ground,
    dataPlane,
    stackName,
    bucket,
    functionLogGroup,
    connectorsJson: text,
    captured,
    rows: (name) => rowsOf(name, connectors, ground),
    strike(name, fate) {
      if (fate === 'half-open') ground.proxies.get(name)?.freeze();
      else for (const writer of Object.values(ground.writers)) writer?.setRate(0);
    },
    close,
  };
}

function dataPlaneOf(
  options: RealWorldOptions,
  { processes, software, broker }: Ground,
  clock: ReturnType<typeof scaledClock>,
  telemetry: Telemetry,
): RealDataPlane {
  const { connectors, onSample, onLine } = options;
  return new RealDataPlane({
    clock,
    telemetry,
    processes,
    software,
    bootstrapServers: broker.workerBootstrapServers,
    clusterBootstrapServers: broker.bootstrapServers,
    plugins: software.plugins,
    exporter: () => ({ publish: published }),
    javaOptions: (started) => connectors.find(({ name }) => name === started.name)?.javaOptions?.(started) ?? [],
    ...(onSample === undefined ? {} : { onSample }),
    ...(onLine === undefined ? {} : { onLine }),
  });
}

/**
 * Capture takes over what CloudWatch lists, so it must not come before the exporter's first round; and a function that looks before MSK Connect's own metrics
 * are there, a minute after the start, would have to say that nobody can tell how the connector is.
 */
async function untilPublished(
  aws: LocalAws,
  connectors: readonly RealConnector[],
  ground: Ground,
  signal: AbortSignal | undefined,
): Promise<void> {
  const giveUpAtMs = Date.now() + longestUntilPublishedMs;
  for (const connector of connectors) {
    const { name } = connector;
    const server = serverNameOf(connector.configuration(ground.endpoints(connector)));
    const publishes = async () =>
      (await listed(aws, 'AWS/KafkaConnect', { ConnectorName: name }, ['RunningTaskCount'])) &&
      (server === undefined || (await listed(aws, 'MSK_Connect', { DBServerName: server }, published)));
    while (!(await publishes())) {
      signal?.throwIfAborted();
      if (Date.now() > giveUpAtMs) throw new Error(`${name} does not publish what its kind should publish.`);
      await sleep(250);
    }
  }
}

async function listed(
  aws: LocalAws,
  Namespace: string,
  dimensions: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<boolean> {
  const { Metrics = [] } = (await aws.cloudwatch.call('ListMetrics', {
    Namespace,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  })) as Partial<ListMetricsCommandOutput>;
  return names.every((name) => Metrics.some(({ MetricName }) => MetricName === name));
}

function rowsOf(name: string, connectors: readonly RealConnector[], ground: Ground): ReturnType<Stage['rows']> {
  const connector = connectors.find((each) => each.name === name);
  if (connector === undefined) throw new Error(`There is no connector named ${name}.`);
  if (connector.countRows !== undefined) return connector.countRows(ground);
  const rows = ground.topics.get(name);
  if (rows === undefined) throw new Error(`${name} says neither topic nor countRows, so nobody can count its rows.`);
  return Promise.resolve(rows.count(ground.writers[connector.database]?.written ?? 0));
}
