import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ConnectorSummary, KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest, LiveConnector } from '../recovery/connector.ts';
import { drift } from '../recovery/drift.ts';
import { withOwnPin } from '../recovery/ownPin.ts';
import { PortError } from '../recovery/ports.ts';
import type { SavedConfigs } from '../recovery/ports.ts';
import type { Gathered } from '../recovery/readiness/gathered.ts';
import { known, unknown } from '../recovery/readiness/subject.ts';
import type { Deployed, Difference, Fact, Facts } from '../recovery/readiness/subject.ts';
import { plusSeconds, secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { kindOf } from '../settings/connectorKind.ts';
import { logGroupOf } from './captureEntry.ts';
import { differences } from './differences.ts';
import { inBatches } from '../store/inBatches.ts';
import { metricNames } from './metricQueries.ts';
import { readWholeSeries } from './metricSeries.ts';
import { listConnectors, sight } from './mskConnect.ts';
import { judgeOffsets, offsetsOf } from './offsetSurvival.ts';
import { gonePlugins, logGroupThere } from './readinessResources.ts';
import { readWorkerConfiguration } from './workerConfigurations.ts';
import type { WorkerConfiguration } from './workerConfigurations.ts';

/** What the facts of a check come from. */
export interface FactsWorld {
  readonly connectors: readonly ConnectorSettings[];
  readonly kafkaConnect: KafkaConnectClient;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly savedConfigs: Pick<SavedConfigs, 'read'>;
  /** What in a role's trust policy shuts out a recreated connector. */
  readonly shutOutBy: (roleArn: string, connectorArn: string) => Promise<Fact<readonly string[]>>;
  /** The command that makes a connector's live configuration the saved one. */
  readonly acceptCommand: (connector: string) => string;
}

/** Gently, for recoveries need the same APIs. */
const atOnce = 2;
/** How far back a metric must have shown a datapoint, and how long a connector gets to publish its first. */
const lately = 3600;

/** Reads the facts of every configured connector, changing nothing. What cannot be read of one is said of that one. */
export async function gatherFacts(world: FactsWorld, now: Instant): Promise<readonly Gathered[]> {
  let listed: readonly ConnectorSummary[];
  try {
    listed = await listConnectors(world.kafkaConnect);
  } catch (error) {
    return world.connectors.map(({ name }) => unread(name, error));
  }
  return inBatches(world.connectors, atOnce, async (settings) => {
    try {
      const arn = listed.find(({ connectorName }) => connectorName === settings.name)?.connectorArn;
      const seen = arn === undefined ? undefined : await sight(world.kafkaConnect, arn);
      return await gather(world, settings, seen?.kind === 'present' ? seen.connector : undefined, now);
    } catch (error) {
      return unread(settings.name, error);
    }
  });
}

/** Whatever it was, the next check may be luckier; but a right that is lacking does not come by itself. */
function unread(name: string, error: unknown): Gathered {
  const passing = error instanceof PortError && error.code !== 'denied';
  return { kind: 'unread', name, reason: error instanceof Error ? error.message : String(error), passing };
}

async function gather(
  world: FactsWorld,
  settings: ConnectorSettings,
  live: LiveConnector | undefined,
  now: Instant,
): Promise<Gathered> {
  const { name } = settings;
  const saved = await world.savedConfigs.read(name);
  const kept = saved.kind === 'valid' ? withOwnPin(saved.request, live?.request) : undefined;
  const request = live?.request ?? kept;
  if (request === undefined) return { kind: 'nothing', name, saved };
  const [worker, keptWorker, plugins] = await Promise.all([
    readWorkerConfiguration(world.kafkaConnect, request),
    kept === undefined || sameWorker(kept, request) ? undefined : readWorkerConfiguration(world.kafkaConnect, kept),
    // What a recreation would be made of.
    gonePlugins(world.kafkaConnect, kept ?? request),
  ]);
  const recreated = keptWorker ?? worker;
  const logGroup = logGroupOf({ request });
  const role = roleOf(request) ?? '';
  const deployed: Deployed = {
    ...(live === undefined ? {} : { state: live.state }),
    saved,
    drift: live === undefined || kept === undefined ? [] : drift(kept, live.request),
    onDrift: settings.policy.drift,
    offsets:
      live === undefined
        ? { kind: 'unknown', reason: 'the connector does not exist, so nobody can say where its offsets lie' }
        : judgeOffsets(settings.kind, live, kept ?? live.request, offsetsOf(worker), offsetsOf(recreated)),
    pinsDefaultTopic: settings.policy.offsets === 'pin-default-topic',
    gonePlugins: plugins,
    goneWorkerConfigurations: known(recreated.kind === 'gone' ? [recreated.reason] : []),
    mayPassRole: known(world.connectors.some(({ executionRoleArn }) => executionRoleArn === role)),
    differences: live === undefined || kept === undefined ? [] : differences(kept, live.request),
    acceptCommand: world.acceptCommand(name),
    misconfigured: misconfigured(settings, request),
    ...(live === undefined ? {} : { shutOutBy: await world.shutOutBy(role, live.arn) }),
    ...(logGroup === undefined ? {} : { logGroupThere: await logGroupThere(world.logs, logGroup) }),
    ...(live === undefined ? {} : { unpublished: await unpublished(world, settings, live, now) }),
  };
  return {
    kind: 'subject',
    subject: {
      platform: 'msk-connect',
      name,
      configuration: request.connectorConfiguration,
      request,
      facts: factsOf(settings, request, worker),
      deployed,
    },
  };
}

function sameWorker(one: CreateRequest, other: CreateRequest): boolean {
  const [a, b] = [one.workerConfiguration, other.workerConfiguration];
  return a?.workerConfigurationArn === b?.workerConfigurationArn && a?.revision === b?.revision;
}

function roleOf(request: CreateRequest): string | undefined {
  const arn = request['serviceExecutionRoleArn'];
  return typeof arn === 'string' ? arn : undefined;
}

/** What AWS tells, and what the owner wrote down because AWS does not. */
function factsOf({ facts = {} }: ConnectorSettings, request: CreateRequest, worker: WorkerConfiguration): Facts {
  const owners = <Name extends keyof typeof facts>(name: Name): Fact<NonNullable<(typeof facts)[Name]>> => {
    const value = facts[name];
    return value === undefined ? unknown(name) : known(value);
  };
  return {
    connectVersion: known(request.kafkaConnectVersion),
    pluginVersion: owners('pluginVersion'),
    database: owners('database'),
    databaseTimeZone: owners('databaseTimeZone'),
    binlogRetentionHours: owners('binlogRetentionHours'),
    longestOutageHours: owners('longestOutageHours'),
    workerProperties: propertiesOf(worker),
    topics: owners('topics'),
  };
}

function propertiesOf(worker: WorkerConfiguration): Facts['workerProperties'] {
  switch (worker.kind) {
    case 'none':
      return known({});
    case 'read':
      return known(Object.fromEntries(worker.properties));
    case 'older':
    case 'gone':
      return unknown('the text of the worker configuration revision in use, which AWS no longer shows');
    case 'unreadable':
      return unknown('kafkaconnect:DescribeWorkerConfiguration');
  }
}

/** Where connectors.json says otherwise than the connector itself. */
function misconfigured(settings: ConnectorSettings, request: CreateRequest): Difference[] {
  const live = {
    kind: kindOf(request.connectorConfiguration),
    connectVersion: request.kafkaConnectVersion,
    executionRoleArn: roleOf(request),
    logGroup: logGroupOf({ request }),
  };
  return (['kind', 'connectVersion', 'executionRoleArn', 'logGroup'] as const).flatMap((field) => {
    const [kept, now] = [settings[field], live[field]];
    if (kept === now || kept === undefined || (field === 'kind' && isBinlog(kept) && isBinlog(now))) return [];
    return [{ field, kept, ...(now === undefined ? {} : { live: now }) }];
  });
}

/** One class reads both, and which of them lies behind it its owner knows. */
function isBinlog(kind: string | undefined): boolean {
  return kind === 'mysql' || kind === 'mariadb';
}

/**
 * The metrics that its verdicts rest on and that did not come lately, of a connector that has run long enough to publish them.
 * @throws PortError what may pass by itself
 */
async function unpublished(
  { cloudWatch }: FactsWorld,
  settings: ConnectorSettings,
  live: LiveConnector,
  now: Instant,
): Promise<Fact<readonly string[]>> {
  if (live.state !== 'RUNNING' || secondsBetween(live.createdAt, now) < lately) return known([]);
  let series: Awaited<ReturnType<typeof readWholeSeries>>;
  try {
    series = await readWholeSeries(cloudWatch, settings, plusSeconds(now, -lately), now);
  } catch (error) {
    if (error instanceof PortError && error.code === 'denied')
      return unknown(`cloudwatch:GetMetricData (${error.message})`);
    throw error;
  }
  const names = Object.entries(metricNames(settings));
  const asked = names.map(([name, metrics]) => ({ metrics, seen: series[name as keyof typeof series] }));
  const unreadable = asked.find(({ seen }) => seen.kind === 'unreadable')?.seen;
  if (unreadable?.kind === 'unreadable') return unknown(`an answer of CloudWatch (${unreadable.reason})`);
  return known(
    asked.flatMap(({ metrics, seen }) => (seen.kind === 'read' && seen.samples.length === 0 ? metrics : [])),
  );
}
