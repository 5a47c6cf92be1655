import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { MskConnect } from '../../local/connect/mskConnect.ts';
import { RealDataPlane, type WorkerSample } from '../../local/connect/real/realDataPlane.ts';
import { startBroker, type Broker } from '../../local/real/broker.ts';
import { startMariadb, type MariaDb } from '../../local/real/mariadb.ts';
import { ownProcesses, type OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { followTopic, type TopicRows } from '../../local/real/rows/topicRows.ts';
import { provideSoftware, type Software } from '../../local/real/software.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { seededRandom } from '../../local/seededRandom.ts';

type Fields = Readonly<Record<string, unknown>>;
type Version = '2.7.1' | '3.7.x';

interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

let software: Software;
let processes: OwnedProcesses;
let broker: Broker;
let database: MariaDb;
let written = 0;

beforeAll(async () => {
  software = await provideSoftware({ say: () => undefined });
  processes = await ownProcesses();
  [broker, database] = await Promise.all([startBroker(processes, software), startMariadb(processes, software)]);
}, 600_000);

afterAll(() => processes.close());

async function writeRows(count: number): Promise<void> {
  for (const last = written + count; written < last; written += 1) {
    await database.sql(`INSERT INTO shop.orders (id, note, at) VALUES (${written + 1}, 'a row', NOW(3))`);
  }
}

/** An account with nothing in it yet, whose connectors run on real workers and whose own waiting takes no time. */
function account() {
  const lines: string[] = [];
  const metrics: Metric[] = [];
  const samples: WorkerSample[] = [];
  const clock = scaledClock({ factor: 1 });
  const plane = new RealDataPlane({
    clock,
    telemetry: {
      log: (_group, _stream, message) => lines.push(message),
      metric: (namespace, name, dimensions, value) => metrics.push({ namespace, name, dimensions, value }),
    },
    processes,
    software,
    bootstrapServers: broker.workerBootstrapServers,
    clusterBootstrapServers: broker.bootstrapServers,
    plugins: {
      'debezium-mysql-1-9': software.plugins['debezium-mysql-1.9.7'],
      'debezium-mysql-2-6': software.plugins['debezium-mysql-2.6.2'],
    },
    exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent'], everySeconds: 2 }),
    nativeEverySeconds: 2,
    sampleEverySeconds: 1,
    onSample: (sample) => samples.push(sample),
  });
  const connect = new MskConnect({
    clock,
    random: seededRandom(Date.now()),
    dataPlane: plane,
    durations: {
      createSeconds: 0,
      createFailureSeconds: 0,
      deleteSeconds: 0,
      restartSeconds: 0,
      updateSeconds: 0,
      pauseSeconds: 0,
    },
  });
  return { lines, metrics, samples, plane, connect, clock };
}

/** What differs between the connectors of two tests: they read the same table. */
let serial = 0;

function configuration(version: Version, server: string): Readonly<Record<string, string>> {
  serial += 1;
  const own: Readonly<Record<string, string>> =
    version === '2.7.1'
      ? {
          'database.server.name': server,
          'database.history.kafka.bootstrap.servers': broker.workerBootstrapServers,
          'database.history.kafka.topic': `history-${server}`,
        }
      : {
          'topic.prefix': server,
          'schema.history.internal.kafka.bootstrap.servers': broker.workerBootstrapServers,
          'schema.history.internal.kafka.topic': `history-${server}`,
          'connector.adapter': 'mariadb',
        };
  return {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'tasks.max': '1',
    'database.hostname': '127.0.0.1',
    'database.port': String(database.port),
    'database.user': 'cdc',
    'database.password': database.password,
    'database.server.id': String(5400 + serial),
    'database.include.list': 'shop',
    ...own,
  };
}

const json = 'org.apache.kafka.connect.json.JsonConverter';
const workerConfiguration = `key.converter=${json}\nvalue.converter=${json}\noffset.flush.interval.ms=1000\n`;

describe.each(['2.7.1', '3.7.x'] as const)('on Connect %s', (version) => {
  let it: ReturnType<typeof account>;
  let rows: TopicRows | undefined;
  let request: Fields;
  let server: string;
  const name = 'orders-cdc';

  async function create(changes: Fields = {}): Promise<string> {
    const { connectorArn } = await it.connect.call('CreateConnector', { ...request, ...changes });
    await vi.waitFor(async () => expect(await state(String(connectorArn))).not.toBe('CREATING'), wait);
    return String(connectorArn);
  }

  const wait = { timeout: 120_000, interval: 200 };
  const describeIt = (connectorArn: string) => it.connect.call('DescribeConnector', { connectorArn });
  const state = async (arn: string) =>
    describeIt(arn).then(
      ({ connectorState }) => connectorState,
      () => 'gone',
    );
  const counted = (expected: Fields) => vi.waitFor(() => expect(rows?.count(written)).toMatchObject(expected), wait);
  const allOnce = () => counted({ arrived: written, duplicated: 0, lost: 0, waiting: 0 });

  async function remove(connectorArn: string): Promise<void> {
    await it.connect.call('DeleteConnector', { connectorArn });
    await vi.waitFor(async () => expect(await state(connectorArn)).toBe('gone'), wait);
  }

  beforeEach(async () => {
    it = account();
    server = `shop${version === '2.7.1' ? 'old' : 'new'}${(serial += 1)}`;
    const plugin = await it.connect.call('CreateCustomPlugin', {
      name: version === '2.7.1' ? 'debezium-mysql-1-9' : 'debezium-mysql-2-6',
      contentType: 'ZIP',
      location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'debezium.zip' } },
    });
    request = {
      connectorName: name,
      kafkaConnectVersion: version,
      capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
      connectorConfiguration: configuration(version, server),
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: broker.workerBootstrapServers,
          vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
        },
      },
      kafkaClusterClientAuthentication: { authenticationType: 'NONE' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'PLAINTEXT' },
      plugins: [{ customPlugin: { customPluginArn: plugin['customPluginArn'], revision: 1 } }],
      serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
      logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' } } },
      workerConfiguration: await worker(workerConfiguration),
    };
    rows = await followTopic(broker.bootstrapServers, `${server}.shop.orders`);
    await writeRows(3);
  });

  afterEach(async () => {
    await rows?.close();
    await it.plane.close();
    it.clock.stop();
  });

  async function worker(text: string): Promise<Fields> {
    const { workerConfigurationArn } = await it.connect.call('CreateWorkerConfiguration', {
      name: `worker-${(serial += 1)}`,
      propertiesFileContent: Buffer.from(text).toString('base64'),
    });
    return { workerConfigurationArn, revision: 1 };
  }

  test('a connector starts, its rows arrive, and it shows itself as on AWS', async () => {
    const arn = await create();
    expect(await state(arn)).toBe('RUNNING');
    // A row that is written while a snapshot is taken may be in it and come again afterwards.
    await allOnce();
    await writeRows(3);
    await allOnce();
    await vi.waitFor(() => expect(it.samples.at(-1)?.commits).toBeGreaterThan(0), wait);
    expect(it.samples.at(-1)).toMatchObject({
      connectorState: 'RUNNING',
      tasks: [{ id: 0, state: 'RUNNING' }],
      connected: 1,
    });
    expect(it.lines.every((line) => /^\[Worker-[0-9a-f]{17}\] /.test(line))).toBe(true);
    expect(it.lines.join('\n')).toMatch(/\] \[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] INFO \[orders-cdc\|task-0\] /);
    expect(it.lines.join('\n')).toContain('INFO: Connected to 127.0.0.1:');
    expect(it.lines.join('\n')).not.toContain(database.password);
    const last = (metric: string) => it.metrics.findLast(({ name: each }) => each === metric);
    await vi.waitFor(() => expect([last('Connected'), last('RunningTaskCount')]).not.toContain(undefined), wait);
    expect(last('Connected')).toEqual({
      namespace: 'MSK_Connect',
      name: 'Connected',
      dimensions: { DBServerName: server, type: 'streaming' },
      value: 1,
    });
    expect(last('RunningTaskCount')).toMatchObject({
      namespace: 'AWS/KafkaConnect',
      dimensions: { ConnectorName: name },
      value: 1,
    });
    for (const metric of ['SourceRecordPollRate', 'SourceRecordWriteRate', 'BytesOutPerSec', 'MemoryUtilization']) {
      expect([metric, last(metric)?.value]).toEqual([metric, expect.any(Number)]);
      expect(last(metric)?.value).toBeGreaterThan(0);
    }
  });

  test('a restart, a pause and a resume lose nothing', async () => {
    const arn = await create();
    await allOnce();
    await it.connect.call('RestartConnector', { connectorArn: arn });
    await vi.waitFor(async () => expect(await state(arn)).toBe('RUNNING'), wait);
    await writeRows(2);
    await allOnce();
    await it.connect.call('PauseConnector', { connectorArn: arn });
    await vi.waitFor(() => expect(it.samples.at(-1)?.tasks[0]?.state).toBe('PAUSED'), wait);
    await writeRows(2);
    await it.connect.call('ResumeConnector', { connectorArn: arn });
    await allOnce();
  });

  test('with its offsets topic pinned, a recreated connector goes on where it was', async () => {
    const pinned = {
      workerConfiguration: await worker(`${workerConfiguration}offset.storage.topic=offsets-${server}\n`),
    };
    const arn = await create(pinned);
    await allOnce();
    await remove(arn);
    expect(it.plane.worker(name)?.running).toBe(false);
    await writeRows(3);
    expect(await create(pinned)).not.toBe(arn);
    await allOnce();
  });

  test('without that, a recreated connector reads everything again', async () => {
    const arn = await create();
    await allOnce();
    await remove(arn);
    const before = written;
    await writeRows(3);
    expect(await create()).not.toBe(arn);
    await counted({ arrived: written, duplicated: before, lost: 0, waiting: 0 });
  });

  test('a configuration that Kafka Connect refuses ends as FAILED, in its words, and leaves no process', async () => {
    const refused = { ...configuration(version, server), 'database.password': 'wrong' };
    const arn = await create({ connectorConfiguration: refused });
    expect(await describeIt(arn)).toMatchObject({
      connectorState: 'FAILED',
      stateDescription: {
        code: 'InvalidInput.InvalidConnectorConfiguration',
        message: expect.stringMatching(
          /^The connector configuration is invalid\. Message: Connector configuration is invalid and contains the following 1 error\(s\):\s.*Access denied for user 'cdc'/s,
        ),
      },
    });
    expect(it.plane.worker(name)?.running).toBe(false);
  });

  test('a worker that is killed comes back by itself and goes on', async () => {
    await create();
    await allOnce();
    it.plane.worker(name)?.signal('SIGKILL');
    await writeRows(3);
    // The last offsets may not have been committed: then the rows after them come again.
    await counted({ arrived: written, lost: 0, waiting: 0 });
    expect(new Set(it.lines.map((line) => line.slice(0, 26))).size).toBe(2);
  });

  test('a worker that hangs can be deleted', async () => {
    const arn = await create();
    await allOnce();
    it.plane.worker(name)?.signal('SIGSTOP');
    await remove(arn);
    expect(it.plane.worker(name)?.running).toBe(false);
  });

  test('a sink of a worker that hangs still shows the lag that the cluster sees', async () => {
    const file = join(processes.folder, `sink-${server}.txt`);
    await create();
    await allOnce();
    const sink = {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      topics: `${server}.shop.orders`,
      file,
    };
    await create({ connectorName: 'copy', connectorConfiguration: sink });
    await vi.waitFor(async () => expect((await readFile(file, 'utf8')).split('\n').length).toBe(written + 1), wait);
    const lags = () => it.metrics.filter(({ name: each }) => each === 'SumOffsetLag');
    await vi.waitFor(() => expect(lags().at(-1)?.value).toBe(0), wait);
    it.plane.worker('copy')?.signal('SIGSTOP');
    await writeRows(4);
    await vi.waitFor(() => expect(lags().at(-1)?.value).toBe(4), wait);
    expect(lags().at(-1)).toMatchObject({
      namespace: 'AWS/Kafka',
      dimensions: { 'Cluster Name': 'local', 'Consumer Group': 'connect-copy', Topic: `${server}.shop.orders` },
    });
  });
});
