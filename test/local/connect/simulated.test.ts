import { describe, expect, test } from 'vitest';
import {
  SimulatedDataPlane,
  type SimulatedDataPlaneOptions,
} from '../../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource, type SourceKind } from '../../../local/connect/simulated/source.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import { fixture, runningConnector, stateOf, type Fixture } from './fixture.ts';
import { RecordedTelemetry } from './recordedTelemetry.ts';

interface Scene extends Fixture {
  readonly plane: SimulatedDataPlane;
  readonly source: SimulatedSource;
  readonly telemetry: RecordedTelemetry;
  readonly connectorArn: string;
}

interface SceneOptions {
  readonly kind?: SourceKind;
  readonly version?: '2.7.1' | '3.7.x';
  readonly configuration?: Readonly<Record<string, string>>;
  /** Text of the worker configuration. */
  readonly workerProperties?: string;
  readonly seed?: number;
  readonly own?: Partial<SimulatedDataPlaneOptions>;
}

const pinned = 'offset.storage.topic=shop-offsets\noffset.flush.interval.ms=10000\n';
const name = 'orders-cdc';
const poll = 'AWS/KafkaConnect SourceRecordPollRate';

/** A connector RUNNING for five minutes over a source with a row a second; offsets pinned, a flush every 10 s. */
async function scene(options: SceneOptions = {}): Promise<Scene> {
  const clock = new VirtualClock();
  const telemetry = new RecordedTelemetry(clock);
  const source = new SimulatedSource({ clock, kind: options.kind ?? 'mysql', rowsPerSecond: 1 });
  const plane = new SimulatedDataPlane({
    clock,
    telemetry,
    random: seededRandom(options.seed ?? 3),
    databases: { 'db.internal': source },
    topics: { 'shop.orders': source },
    exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent'] }),
    nativeEverySeconds: 15,
    ...options.own,
  });
  const it = await fixture({
    clock,
    dataPlane: plane,
    version: options.version ?? '3.7.x',
    workerProperties: options.workerProperties ?? pinned,
    configuration: {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
      'database.hostname': 'db.internal',
      'topic.prefix': 'shop',
      'snapshot.mode': 'initial',
      'connect.keep.alive': 'false',
      ...options.configuration,
    },
  });
  const connectorArn = await runningConnector(it);
  await clock.advanceBy(300_000);
  return { ...it, plane, source, telemetry, connectorArn };
}

async function recreate(it: Scene): Promise<void> {
  await it.connect.call('DeleteConnector', { connectorArn: it.connectorArn });
  await it.clock.advanceBy(240_000);
  await it.connect.call('CreateConnector', it.request);
  await it.clock.advanceBy(240_000);
}

/** How many seconds pass until a row arrives that had not arrived before, or `never` within ten minutes. */
async function secondsToData(it: Scene): Promise<number | 'never'> {
  const before = it.plane.rows(name).arrived;
  for (let seconds = 1; seconds <= 600; seconds += 1) {
    // oxlint-disable-next-line no-await-in-loop -- time passes step by step
    await it.clock.advanceBy(1000);
    if (it.plane.rows(name).arrived > before) return seconds;
  }
  return 'never';
}

const commits = 'Committing offsets for ';

test('metrics have the phase that a run draws, and then their beat', async () => {
  const exporter = () => ({ publish: ['Connected'], firstSeconds: 4 });
  const it = await scene({ own: { exporter, nativeEverySeconds: 60, nativeFirstSeconds: 9 } });
  const begunMs = it.telemetry.lines.find(({ text }) => text.includes('Creating connector'))?.atMs ?? 0;
  const secondsOf = (metric: string) =>
    it.telemetry.datapoints.filter((each) => each.metric === metric).map(({ atMs }) => (atMs - begunMs) / 1000);

  // The task has metrics of its own from its 16th second on.
  expect(secondsOf('MSK_Connect Connected').slice(0, 3)).toEqual([19, 34, 49]);
  expect(secondsOf(poll).slice(0, 3)).toEqual([9, 69, 129]);
});

describe('what cures a half-open connection', () => {
  test('a restart on 3.7.x, MySQL: data after 16 s, under metrics of its own, every row once', async () => {
    const it = await scene();
    it.plane.halfOpen(name);
    await it.clock.advanceBy(120_000);
    expect(await stateOf(it.connect, it.connectorArn)).toBe('RUNNING');
    const restartedMs = it.clock.now();
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });

    expect(await secondsToData(it)).toBe(16);
    expect(
      it.telemetry.lines.filter(({ text }) => text.includes('Graceful stop of task orders-cdc-0 failed.')),
    ).toMatchObject([{ atMs: restartedMs + 5000 }]);
    expect(it.telemetry.count('Unable to register metrics', restartedMs)).toBe(2);
    await it.clock.advanceBy(60_000);
    expect(it.telemetry.latest('MSK_Connect MilliSecondsSinceLastEvent')).toBe(0);
    expect(it.telemetry.count('metrics will not be available')).toBe(0);
    expect(it.telemetry.count(commits, restartedMs)).toBeGreaterThan(4);
    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test.for(['stuck', 'ended'] as const)(
    'a run that draws them has its own starts: of a task that is %s',
    async (which) => {
      const it = await scene({ own: { taskStarts: { afterStuckSeconds: 12, afterEndedSeconds: 7 } } });
      if (which === 'stuck') it.plane.halfOpen(name);
      else it.plane.taskFailed(name);
      await it.clock.advanceBy(120_000);
      await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });

      expect(await secondsToData(it)).toBe(which === 'stuck' ? 12 : 7);
    },
  );

  test("a restart on 3.7.x, PostgreSQL: data after 115 s, under the dead task's metrics for good", async () => {
    const it = await scene({ kind: 'postgresql' });
    it.plane.halfOpen(name);
    const brokenMs = it.clock.now();
    await it.clock.advanceBy(120_000);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });

    expect(await secondsToData(it)).toBe(115);
    expect(it.telemetry.count('Failed to register metrics MBean, metrics will not be available')).toBe(2);
    await it.clock.advanceBy(300_000);
    expect(it.telemetry.latest('MSK_Connect Connected')).toBe(1);
    expect(it.telemetry.latest('MSK_Connect MilliSecondsSinceLastEvent')).toBeGreaterThan(
      it.clock.now() - brokenMs - 30_000,
    );
    expect(it.telemetry.latest(poll)).toBeGreaterThan(0.5);
    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test('a restart on 2.7.1 completes and leaves the dead task as it was', async () => {
    const it = await scene({ version: '2.7.1' });
    it.plane.halfOpen(name);
    await it.clock.advanceBy(120_000);
    const { connectorOperationArn } = await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });

    expect(await secondsToData(it)).toBe('never');
    expect(await it.connect.call('DescribeConnectorOperation', { connectorOperationArn })).toMatchObject({
      connectorOperationState: 'RESTART_COMPLETE',
    });
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(1);
    expect(it.telemetry.latest('AWS/KafkaConnect ErroredTaskCount')).toBe(0);
  });

  test.for(['2.7.1', '3.7.x'] as const)('a recreation on %s: data 16 s after RUNNING', async (version) => {
    const it = await scene({ version });
    it.plane.halfOpen(name);
    await it.clock.advanceBy(120_000);
    await recreate(it);

    expect(await secondsToData(it)).toBe(16);
    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test.for([
    { title: 'pause and resume', operations: ['PauseConnector', 'ResumeConnector'] },
    { title: 'nothing', operations: [] },
  ])('$title does not', async ({ operations }) => {
    const it = await scene();
    it.plane.halfOpen(name);
    await it.clock.advanceBy(60_000);
    for (const operation of operations) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await it.connect.call(operation, { connectorArn: it.connectorArn });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await it.clock.advanceBy(30_000);
    }
    expect(await secondsToData(it)).toBe('never');
  });

  test('its own keep-alive does, after 75 to 107 s, and says so without naming the connector', async () => {
    const seconds = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (seed) => {
        const it = await scene({ seed, configuration: { 'connect.keep.alive': 'true' } });
        it.plane.halfOpen(name);
        const healed = await secondsToData(it);
        expect(it.telemetry.count('INFO: Keepalive: Trying to restore lost connection to db.internal:3306')).toBe(1);
        expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0 });
        return Number(healed);
      }),
    );
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(75);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(108);
    expect(new Set(seconds).size).toBeGreaterThan(3);
  });

  test('an invented death that no restart reaches is cured by a recreation alone', async () => {
    const it = await scene();
    it.plane.halfOpen(name, { inventedRestartDoesNotHelp: true });
    await it.clock.advanceBy(120_000);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });
    expect(await secondsToData(it)).toBe('never');
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(1);
    await recreate(it);
    expect(await secondsToData(it)).toBe(16);
  });
});

describe('what becomes of the position when a connector is recreated', () => {
  // 540 rows arrived before the silence. From the present on means: without the 256 rows from before the first data (240 s of creation, 16 s),
  // and without the 556 of the gap (60 s of silence, 480 s for the recreation, 16 s).
  test.for([
    { title: 'pinned offsets: kept', worker: pinned, mode: 'initial', lost: 0, duplicated: 0 },
    { title: 'own topics, initial: everything again', worker: 'a=b', mode: 'initial', lost: 0, duplicated: 540 },
    {
      title: 'own topics, when_needed: everything again',
      worker: 'a=b',
      mode: 'when_needed',
      lost: 0,
      duplicated: 540,
    },
    { title: 'own topics, schema_only: the gap is lost', worker: 'a=b', mode: 'schema_only', lost: 812, duplicated: 0 },
    { title: 'own topics, no_data: the gap is lost', worker: 'a=b', mode: 'no_data', lost: 812, duplicated: 0 },
  ])('$title', async ({ worker, mode, lost, duplicated }) => {
    const it = await scene({ workerProperties: worker, configuration: { 'snapshot.mode': mode } });
    it.plane.halfOpen(name);
    await it.clock.advanceBy(60_000);
    await recreate(it);
    await it.clock.advanceBy(120_000);

    expect(it.plane.rows(name)).toMatchObject({ lost, duplicated, waiting: 0 });
  });

  test('a PostgreSQL slot that survives covers the gap', async () => {
    const it = await scene({
      kind: 'postgresql',
      workerProperties: 'a=b',
      configuration: { 'snapshot.mode': 'no_data' },
    });
    const lostBefore = it.plane.rows(name).lost;
    it.plane.halfOpen(name);
    await it.clock.advanceBy(60_000);
    await recreate(it);
    await it.clock.advanceBy(120_000);

    expect(it.plane.rows(name).lost).toBe(lostBefore);
  });

  test('a sink keeps its position by name alone', async () => {
    const it = await scene({ workerProperties: 'a=b', configuration: { topics: 'shop.orders' } });
    await recreate(it);
    await it.clock.advanceBy(120_000);

    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
    expect(it.telemetry.latest('AWS/KafkaConnect SinkRecordReadRate')).toBeGreaterThan(0.9);
    const lag = it.telemetry.datapoints.findLast(({ metric }) => metric === 'AWS/Kafka SumOffsetLag');
    expect(lag?.dimensions).toEqual({
      'Cluster Name': 'local',
      'Consumer Group': 'connect-orders-cdc',
      Topic: 'shop.orders',
    });
    expect(lag?.value).toBeLessThan(70);
  });
});

describe('other failures', () => {
  test.for([
    { version: '2.7.1' as const, data: 'never', errored: 1, running: 0 },
    { version: '3.7.x' as const, data: 10, errored: 0, running: 1 },
  ])('a reset connection on $version', async ({ version, data, errored, running }) => {
    const it = await scene({ version });
    it.plane.connectionReset(name);
    const atMs = it.clock.now();

    expect(await secondsToData(it)).toBe(data);
    await it.clock.advanceBy(15_000);
    expect(it.telemetry.latest('AWS/KafkaConnect ErroredTaskCount')).toBe(errored);
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(running);
    expect(it.telemetry.count('Caused by: java.net.SocketException: Connection reset', atMs - 1)).toBe(1);
    expect(it.telemetry.latest('MSK_Connect Connected') ?? 'gone').toBe(version === '2.7.1' ? 'gone' : 1);
  });

  test('a failed task: RUNNING says the API, and a restart of the failed tasks brings it back', async () => {
    const it = await scene();
    it.plane.taskFailed(name);
    await it.clock.advanceBy(60_000);
    expect(await stateOf(it.connect, it.connectorArn)).toBe('RUNNING');
    expect(it.telemetry.count('Task threw an uncaught and unrecoverable exception')).toBe(1);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn, onlyFailedTasks: true });

    expect(await secondsToData(it)).toBe(2);
    expect(it.plane.rows(name).lost).toBe(0);
  });

  test('one of three tasks fails: the others go on, and a restart brings back what waited', async () => {
    const it = await scene({ kind: 'other', configuration: { 'tasks.max': '3' } });
    it.plane.taskFailed(name, 1);
    await it.clock.advanceBy(90_000);
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(2);
    expect(it.telemetry.latest('AWS/KafkaConnect ErroredTaskCount')).toBe(1);
    expect(it.telemetry.latest(poll)).toBeGreaterThan(0.4);
    expect(it.plane.rows(name).lost).toBeGreaterThan(20);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn, onlyFailedTasks: true });
    await it.clock.advanceBy(60_000);
    expect(it.plane.rows(name).lost).toBe(0);
  });

  test('a network hole: an attempt every 90 s, and no help needed', async () => {
    const it = await scene({ configuration: { 'connect.keep.alive': 'true' } });
    it.plane.networkHole(name, 180, 80);
    await it.clock.advanceBy(170_000);
    expect(it.telemetry.latest('MSK_Connect Connected')).toBe(0);
    expect(it.telemetry.count('INFO: Keepalive: Trying to restore lost connection')).toBe(2);
    expect(it.telemetry.count('WARNING: keepalive: Failed to restore connection to db.internal:3306')).toBe(1);

    expect(await secondsToData(it)).toBe(10);
    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test('while the database hangs, a restarted task dies of it and says what it could not reach', async () => {
    const it = await scene();
    it.plane.databaseHangs(name, 600);
    await it.clock.advanceBy(60_000);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });
    await it.clock.advanceBy(60_000);
    expect(it.telemetry.count('Communications link failure')).toBeGreaterThan(0);
    expect(it.telemetry.latest('AWS/KafkaConnect ErroredTaskCount')).toBe(1);
  });

  test('while the database hangs, a recreated connector FAILS', async () => {
    const it = await scene();
    it.plane.databaseHangs(name, 3600);
    await it.connect.call('DeleteConnector', { connectorArn: it.connectorArn });
    await it.clock.advanceBy(240_000);
    const { connectorArn } = await it.connect.call('CreateConnector', it.request);
    await it.clock.advanceBy(1_200_000);
    expect(await it.connect.call('DescribeConnector', { connectorArn })).toMatchObject({
      connectorState: 'FAILED',
      stateDescription: { code: 'InvalidInput.InvalidConnectorConfiguration' },
    });
  });

  test('a broker that hangs takes the metrics along after 15 s; the tasks are unassigned for 5 min afterwards', async () => {
    const it = await scene();
    it.plane.brokerHangs(name, 165);
    await it.clock.advanceBy(100_000);
    expect(it.telemetry.latest('MSK_Connect Connected')).toBeUndefined();
    expect(it.telemetry.latest(poll)).toBeUndefined();
    await it.clock.advanceBy(100_000);
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(0);
    await it.clock.advanceBy(300_000);
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(1);
    expect(it.plane.rows(name).lost).toBe(0);
  });

  test('caught in a flush on 2.7.1, the task dies of the broker', async () => {
    const it = await scene({ version: '2.7.1' });
    it.plane.brokerHangs(name, 60, true);
    await it.clock.advanceBy(90_000);
    expect(it.telemetry.count('OffsetStorageWriter is already flushing')).toBe(1);
    expect(it.telemetry.latest('AWS/KafkaConnect ErroredTaskCount')).toBe(1);
  });

  test('an invented zombie: the event clock is fine, and nothing is handed on', async () => {
    const it = await scene();
    it.plane.inventedZombie(name);
    const sinceMs = it.clock.now() + 10_000;
    await it.clock.advanceBy(120_000);
    expect(it.telemetry.latest('MSK_Connect MilliSecondsSinceLastEvent')).toBe(0);
    expect(it.telemetry.latest(poll)).toBe(0);
    expect(it.telemetry.count(commits, sinceMs)).toBe(0);
    await it.connect.call('RestartConnector', { connectorArn: it.connectorArn });
    expect(await secondsToData(it)).toBe(16);
  });

  test('a paused connector hands nothing on and catches up when it is resumed', async () => {
    const it = await scene();
    await it.connect.call('PauseConnector', { connectorArn: it.connectorArn });
    await it.clock.advanceBy(120_000);
    expect(it.telemetry.latest(poll)).toBe(0);
    expect(it.telemetry.latest('AWS/KafkaConnect RunningTaskCount')).toBe(0);
    await it.connect.call('ResumeConnector', { connectorArn: it.connectorArn });
    await it.clock.advanceBy(60_000);
    expect(it.plane.rows(name)).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });
});

describe('what reaches the world', () => {
  test('native metrics go by the connector, Debezium ones by its server and a type', async () => {
    const it = await scene();
    const dimensions = (metric: string): unknown =>
      it.telemetry.datapoints.find((datapoint) => datapoint.metric === metric)?.dimensions;
    expect(dimensions('AWS/KafkaConnect WorkerCount')).toEqual({ ConnectorName: 'orders-cdc' });
    expect(dimensions('MSK_Connect Connected')).toEqual({ DBServerName: 'shop', type: 'streaming' });
    expect(it.telemetry.datapoints.some(({ metric }) => metric.endsWith('MilliSecondsBehindSource'))).toBe(false);
  });

  test('a deleted connector falls silent', async () => {
    const it = await scene();
    await it.connect.call('DeleteConnector', { connectorArn: it.connectorArn });
    await it.clock.advanceBy(1000);
    const { length: lines } = it.telemetry.lines;
    const { length: datapoints } = it.telemetry.datapoints;
    await it.clock.advanceBy(600_000);
    expect(it.telemetry.lines).toHaveLength(lines);
    expect(it.telemetry.datapoints).toHaveLength(datapoints);
    expect(() => it.plane.halfOpen(name)).toThrow('No connector named orders-cdc is running.');
  });

  test('the same seed shows the same, line by line', async () => {
    const [one, two] = [await scene(), await scene()];
    expect(one.telemetry.lines).toEqual(two.telemetry.lines);
    expect(one.telemetry.datapoints).toEqual(two.telemetry.datapoints);
  });

  test('a host that does not exist fails the connector', async () => {
    const it = await scene();
    const request = {
      ...it.request,
      connectorName: 'lost',
      connectorConfiguration: { 'connector.class': 'X', 'database.hostname': 'nowhere' },
    };
    const { connectorArn } = await it.connect.call('CreateConnector', request);
    await it.clock.advanceBy(1_200_000);
    expect(await stateOf(it.connect, String(connectorArn))).toBe('FAILED');
  });
});
