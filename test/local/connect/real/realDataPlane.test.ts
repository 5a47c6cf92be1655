import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Telemetry } from '../../../../local/aws/service.ts';
import type { StartedConnector } from '../../../../local/connect/dataPlane.ts';
import { RealDataPlane, type WorkerSample } from '../../../../local/connect/real/realDataPlane.ts';
import { ownProcesses, type OwnedProcesses } from '../../../../local/real/ownedProcesses.ts';
import { scaledClock } from '../../../../local/scaledClock.ts';

const connector: StartedConnector = {
  name: 'orders-cdc',
  arn: 'arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/0a1b2c-2',
  connectVersion: '3.7.x',
  configuration: { 'connector.class': 'x.MySqlConnector', 'topic.prefix': 'shop' },
  plugins: ['debezium'],
  workerProperties: { 'offset.storage.topic': 'offsets' },
  logGroup: '/msk-connect/shop',
};

interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

let processes: OwnedProcesses;
let plane: RealDataPlane;
let lines: { readonly group: string; readonly stream: string; readonly message: string }[];
let metrics: Metric[];
let samples: WorkerSample[];

beforeEach(async () => {
  processes = await ownProcesses();
  const java = join(processes.folder, 'java');
  const entry = fileURLToPath(new URL('fakeWorker.ts', import.meta.url));
  await writeFile(java, `#!/bin/sh\nexec "${process.execPath}" "${entry}" "$@"\n`);
  await chmod(java, 0o755);
  lines = [];
  metrics = [];
  samples = [];
  const telemetry: Telemetry = {
    log: (group, stream, message) => lines.push({ group, stream, message }),
    metric: (namespace, name, dimensions, value) => metrics.push({ namespace, name, dimensions, value }),
  };
  plane = new RealDataPlane({
    clock: scaledClock({ factor: 60 }),
    telemetry,
    processes,
    software: { java, classPath: { '2.7.1': '', '3.7.1': '' }, jmxAgent: 'agent.jar' },
    bootstrapServers: '127.0.0.1:9',
    plugins: { debezium: '/plugins/debezium' },
    exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent'] }),
    onSample: (sample) => samples.push(sample),
  });
});

afterEach(async () => {
  await plane.close();
  await processes.close();
});

const messages = () => lines.map(({ message }) => message);
/** The worker's id in front of a line. */
const workerIds = () => new Set(messages().map((message) => /^\[Worker-([0-9a-f]{17})\] /.exec(message)?.[1]));
const heard = (text: string) =>
  vi.waitFor(() => messages().join('\n').includes(text) || Promise.reject(new Error(text)), 5000);

describe('a connector that starts', () => {
  test('delivers each line of its worker, with the worker in front, traces and all', async () => {
    await plane.start(connector);
    await heard('Connection reset');
    const [id] = workerIds();
    expect(lines[0]).toEqual({
      group: '/msk-connect/shop',
      stream: 'orders-cdc-0a1b2c-2',
      message: `[Worker-${id}] [2026-11-21 02:34:01,769] INFO worker of group __amazon_msk_connect_orders-cdc_0a1b2c-2 (x.Y:1)`,
    });
    expect(messages()).toContain(`[Worker-${id}] java.net.SocketException: Connection reset`);
    expect(workerIds().size).toBe(1);
  });

  test('shows what the exporter was told to publish, and the native metrics', async () => {
    await plane.start(connector);
    await vi.waitFor(() => expect(metrics.some(({ name }) => name === 'SourceRecordPollRate')).toBe(true), 5000);
    expect(metrics).toContainEqual({
      namespace: 'MSK_Connect',
      name: 'MilliSecondsSinceLastEvent',
      dimensions: { DBServerName: 'shop', type: 'streaming' },
      value: 48_000,
    });
    expect(metrics).toContainEqual({
      namespace: 'AWS/KafkaConnect',
      name: 'SourceRecordPollRate',
      dimensions: { ConnectorName: 'orders-cdc' },
      value: 0.5,
    });
    expect(metrics.filter(({ name }) => name === 'TotalNumberOfEventsSeen')).toEqual([]);
  });

  test('is sampled for whoever records it', async () => {
    await plane.start(connector);
    await vi.waitFor(() => expect(samples.some(({ errors }) => errors > 0)).toBe(true), 5000);
    expect(samples.at(-1)).toEqual({
      connector: 'orders-cdc',
      at: expect.any(Number),
      connectorState: 'RUNNING',
      tasks: [{ id: 0, state: 'RUNNING' }],
      connected: 1,
      msSinceLastEvent: 48_000,
      pollRate: 0.5,
      commits: 0,
      errors: 1,
      warnings: 0,
    });
  });
});

describe('a connector that cannot start', () => {
  test('is refused in the words of Kafka Connect, and leaves no process', async () => {
    await expect(
      plane.start({ ...connector, configuration: { ...connector.configuration, refuse: 'yes' } }),
    ).rejects.toMatchObject({
      code: 'InvalidInput.InvalidConnectorConfiguration',
      message:
        'The connector configuration is invalid. Message: Connector configuration is invalid and contains the following 1 error(s):\n' +
        'Unable to connect: Access denied',
    });
    expect(plane.worker('orders-cdc')?.running).toBe(false);
  });

  test('says the last words of a worker that dies', async () => {
    await expect(plane.start({ ...connector, workerProperties: { die: 'now' } })).rejects.toMatchObject({
      code: 'InternalError',
      message: expect.stringMatching(
        /ended with code 2\. .*Stopping due to error .*ConfigException: Invalid value die/,
      ),
    });
  });

  test('names a plugin that nobody has', async () => {
    await expect(plane.start({ ...connector, plugins: ['other'] })).rejects.toThrow('No such plugin: other');
  });
});

describe('what a call asks of the worker', () => {
  test.for([
    ['2.7.1', false, 'POST /connectors/orders-cdc/restart ('],
    ['3.7.x', false, 'POST /connectors/orders-cdc/restart?includeTasks=true&onlyFailed=false ('],
    ['3.7.x', true, 'POST /connectors/orders-cdc/restart?includeTasks=true&onlyFailed=true ('],
  ] as const)('a restart on %s, only failed tasks: %s', async ([connectVersion, onlyFailedTasks, request]) => {
    const running = await plane.start({ ...connector, connectVersion });
    await running.restart(onlyFailedTasks);
    expect(await heard(request)).toBe(true);
  });

  test('pause and resume', async () => {
    const running = await plane.start(connector);
    await running.pause();
    expect(await heard('PUT /connectors/orders-cdc/pause (')).toBe(true);
    await running.resume();
    expect(await heard('PUT /connectors/orders-cdc/resume (')).toBe(true);
  });

  test('an update that Kafka Connect refuses is refused', async () => {
    const running = await plane.start(connector);
    await expect(running.update({ refuse: 'yes' })).rejects.toThrow('Unable to connect: Access denied');
  });

  test('a stop takes the connector off the worker and ends it', async () => {
    const running = await plane.start(connector);
    await running.stop();
    expect(messages().at(-1)).toContain('DELETE /connectors/orders-cdc (');
    expect(plane.worker('orders-cdc')?.running).toBe(false);
  });
});

describe('a worker in trouble', () => {
  test('that dies by itself is started again, with an id of its own', async () => {
    await plane.start(connector);
    plane.worker('orders-cdc')?.signal('SIGKILL');
    await vi.waitFor(() => expect(workerIds().size).toBe(2), 5000);
    await vi.waitFor(() => expect(plane.worker('orders-cdc')?.running).toBe(true), 5000);
  });

  test('that is dead can be stopped, and is not started again', async () => {
    const running = await plane.start(connector);
    plane.worker('orders-cdc')?.signal('SIGKILL');
    await plane.worker('orders-cdc')?.ended;
    await running.stop();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(workerIds().size).toBe(1);
  });

  test('that hangs shows nothing, and answers nobody', async () => {
    await plane.start(connector);
    await vi.waitFor(() => expect(metrics.length).toBeGreaterThan(0), 5000);
    plane.worker('orders-cdc')?.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = metrics.length;
    await vi.waitFor(() => expect(samples.at(-1)?.connectorState).toBeUndefined(), 8000);
    expect(samples.at(-1)).toMatchObject({ tasks: [] });
    expect(metrics.length).toBe(before);
  }, 15_000);
});
