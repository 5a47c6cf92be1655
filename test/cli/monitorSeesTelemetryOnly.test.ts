import type { ChildProcess, fork as realFork } from 'node:child_process';
import { basename } from 'node:path';
import { DescribeConnectorCommand, KafkaConnectClient, ListConnectorsCommand } from '@aws-sdk/client-kafkaconnect';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cast } from '../../cli/demonstration/connectors.ts';
import { faultsOf, judge } from '../../cli/demonstration/cyclesRounds.ts';
import { CyclesWatch } from '../../cli/demonstration/cyclesWatch.ts';
import { startActors, type CyclesWorld } from '../../cli/demonstration/cyclesWorld.ts';
import type { SpectatorOnly } from '../../local/actors/connectorMessages.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { moduleGraph } from '../local/actors/moduleGraph.ts';
import { recordingProxy, type RecordedRequest } from '../local/actors/recordingProxy.ts';

/** Everything that was sent to an actor over its channel, and what it was started with. */
const { sent, started } = vi.hoisted(() => ({
  sent: [] as { readonly to: string; readonly message: unknown }[],
  started: [] as { readonly entry: string; readonly args: unknown; readonly env: Readonly<Record<string, string>> }[],
}));
const proxies: Awaited<ReturnType<typeof recordingProxy>>[] = [];

vi.mock('node:child_process', async (original) => {
  const real = await original<{ readonly fork: typeof realFork }>();
  const fork = (path: string, args: readonly string[], options: object): ChildProcess => {
    const child = real.fork(path, args, options);
    const entry = basename(path);
    started.push({ entry, args, env: (options as { readonly env: Readonly<Record<string, string>> }).env });
    const send = child.send.bind(child) as (...all: unknown[]) => boolean;
    const emit = child.emit.bind(child) as (...all: unknown[]) => boolean;
    Object.assign(child, {
      send: (message: unknown, ...rest: unknown[]) => {
        sent.push({ to: entry, message });
        return send(message, ...rest);
      },
      // Whoever looks for the monitor finds the recording proxy before it; only its own functions talk to it directly.
      emit: (event: string, message: unknown, ...rest: unknown[]) => {
        if (event === 'message' && entry === 'monitor.ts' && isListening(message)) {
          const { endpoint } = message;
          void (async () => {
            const proxy = await recordingProxy(endpoint);
            proxies.push(proxy);
            emit(event, { ...message, endpoint: proxy.endpoint }, ...rest);
          })();
          return true;
        }
        return emit(event, message, ...rest);
      },
    });
    return child;
  };
  return { ...real, fork };
});

function isListening(message: unknown): message is { readonly kind: 'listening'; readonly endpoint: string } {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'listening';
}

const [connector] = cast;
if (connector === undefined) throw new Error('There is no connector.');
const factor = 60;
const clock = scaledClock({ factor });
const truths: SpectatorOnly[] = [];
const watch = new CyclesWatch({
  connector: connector.name,
  now: () => clock.now(),
  show: () => undefined,
  roundOver: () => undefined,
});
const actors = startActors(clock, {
  truth: (truth) => {
    truths.push(truth);
    watch.truth(truth);
  },
  mail: (mail) => watch.mail(mail),
});
let world: CyclesWorld;
/** What MSK Connect said of the connector: before the failure, and while it was silent. */
const described: unknown[] = [];

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) {
    await watch.poll(world);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function describeIt(): Promise<void> {
  const client = new KafkaConnectClient();
  const { connectors = [] } = await client.send(new ListConnectorsCommand({}));
  const { $metadata: _own, ...answer } = await client.send(
    new DescribeConnectorCommand({ connectorArn: connectors[0]?.connectorArn }),
  );
  described.push(answer);
  client.destroy();
}

beforeAll(async () => {
  world = await actors.open(connector, 1, () => undefined);
  await until(() => watch.healthy);
  await describeIt();
  world.begin(1, 425);
  await until(() => watch.silentSinceMs !== undefined);
  await describeIt();
  await until(() => watch.rounds[0]?.milestones.provedAtMs !== undefined);
}, 60_000);

afterAll(async () => {
  await actors.end();
  clock.stop();
  for (const proxy of proxies) await proxy.close();
});

const bodies = (operation: string): RecordedRequest[] =>
  proxies.flatMap(({ requests }) => requests).filter((each) => each.operation === operation);

// prettier-ignore
const metricNames = [
  // What MSK Connect publishes of a source: https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html.
  'BytesInPerSec', 'BytesOutPerSec', 'CpuUtilization', 'ErroredTaskCount', 'MemoryUtilization', 'RebalanceCompletedTotal',
  'RebalanceTimeAvg', 'RebalanceTimeMax', 'RebalanceTimeSinceLast', 'RunningTaskCount', 'SourceRecordPollRate',
  'SourceRecordWriteRate', 'TaskStartupAttemptsTotal', 'TaskStartupSuccessPercentage', 'WorkerCount',
  // What the exporter plugin is told to publish of Debezium's.
  'Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource',
] as const;

const metricData = v.strictObject({
  Namespace: v.picklist(['AWS/KafkaConnect', 'MSK_Connect']),
  MetricData: v.array(
    v.strictObject({
      MetricName: v.picklist(metricNames),
      Dimensions: v.array(
        v.strictObject({ Name: v.picklist(['ConnectorName', 'DBServerName', 'type']), Value: v.string() }),
      ),
      Timestamp: v.number(),
      Value: v.number(),
    }),
  ),
});

const logEvents = v.strictObject({
  logGroupName: v.literal('/msk-connect/shop'),
  logStreamName: v.string(),
  logEvents: v.array(
    v.strictObject({
      timestamp: v.number(),
      // A worker's line with time, level, and the Java class that wrote it; or a line of a stack trace.
      message: v.pipe(
        v.string(),
        v.regex(
          /^\[Worker-[0-9a-f]+\] (\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] (INFO|WARN|ERROR) .+ \([\w.$]+:\d+\)|\s*at .+|[\w.]+(Exception|Error)\b.*|Caused by: .+)$/,
        ),
      ),
    }),
  ),
});

describe('the monitor sees only what CloudWatch would see', () => {
  it('noticed the failure, and the recovery was proved, in a run with nothing else', () => {
    const rows = watch.rows;
    const result = judge(watch.rounds, {
      atMs: clock.now(),
      interrupted: false,
      ...(rows === undefined ? {} : { rows }),
    });
    expect(result.recovered).toHaveLength(1);
    expect(faultsOf(result)).toEqual([]);
  });

  it('loads no module of MSK Connect or of the data plane behind it, in its own process or in its functions', () => {
    const graph = [...moduleGraph('local/actors/monitor.ts')];
    expect(graph).toContain('local/stack/localServices.ts');
    expect(graph).toContain('local/functions/bootstrap.ts');
    expect(graph.filter((path) => path.startsWith('local/connect/'))).toEqual([]);
    // The same walk does find them where they are.
    expect([...moduleGraph('local/actors/connector.ts')]).toContain('local/connect/simulated/simulatedDataPlane.ts');
  });

  it('was started without arguments and told two things: its time and log groups, and what to deploy', () => {
    expect(started.filter(({ entry }) => entry === 'monitor.ts').map(({ args }) => args)).toEqual([[]]);
    const env = started.find(({ entry }) => entry === 'monitor.ts')?.env ?? {};
    expect(Object.keys(env).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    expect(sent.filter(({ to }) => to === 'monitor.ts').map(({ message }) => message)).toEqual([
      {
        kind: 'open',
        scale: { originRealMs: expect.any(Number), originMs: expect.any(Number), factor: 60 },
        logGroups: ['/msk-connect/shop'],
      },
      { kind: 'deploy', cdkOut: expect.stringMatching(/cdk\.out$/), connectEndpoint: world.connectEndpoint },
    ]);
  });

  it('was sent metrics and log lines in the shapes of AWS, and no other fields', () => {
    expect(bodies('PutMetricData').length).toBeGreaterThan(20);
    expect(bodies('PutLogEvents').length).toBeGreaterThan(3);
    for (const { body } of bodies('PutMetricData')) v.parse(metricData, JSON.parse(body));
    for (const { body } of bodies('PutLogEvents')) v.parse(logEvents, JSON.parse(body));
  });

  it('was asked nothing else but to be read', () => {
    const operations = new Set(proxies.flatMap(({ requests }) => requests.map(({ operation }) => operation)));
    expect([...operations].toSorted()).toEqual([
      'CreateLogStream',
      'DescribeAlarms',
      'FilterLogEvents',
      'ListMetrics',
      'PutLogEvents',
      'PutMetricData',
    ]);
  });

  it('was told all the while that the connector was connected and its task running', () => {
    const [broke] = truths.flatMap((truth) => (truth.truth === 'broke' ? [truth.atMs] : []));
    const [again] = truths.flatMap((truth) =>
      truth.truth === 'called' && truth.operation === 'RestartConnector' ? [truth.atMs] : [],
    );
    if (broke === undefined || again === undefined) throw new Error('It did not break, or nobody acted.');
    const said = bodies('PutMetricData')
      .flatMap(({ body }) => v.parse(metricData, JSON.parse(body)).MetricData)
      .filter(({ Timestamp }) => Timestamp * 1000 > broke && Timestamp * 1000 < again);
    for (const name of ['Connected', 'RunningTaskCount'] as const) {
      const values = said.filter(({ MetricName }) => MetricName === name).map(({ Value }) => Value);
      expect(values.length).toBeGreaterThan(2);
      expect(new Set(values)).toEqual(new Set([1]));
    }
  });

  it('cannot ask for it: it serves no MSK Connect, and MSK Connect says of a silent connector what it says of a healthy one', async () => {
    const client = new KafkaConnectClient({ endpoint: world.monitorEndpoint, maxAttempts: 1 });
    await expect(client.send(new ListConnectorsCommand({}))).rejects.toThrow(
      "No local service 'kafkaconnect' is running.",
    );
    client.destroy();
    expect(described[1]).toEqual(described[0]);
    expect(described[1]).toMatchObject({ connectorState: 'RUNNING' });
  });
});
