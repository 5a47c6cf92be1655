import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { cloudWatchSigns } from '../../lambda/signsOfLife.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { LocalService } from '../../local/aws/service.ts';
import type { LiveConnector } from '../../recovery/connector.ts';
import { scripted, startServices, type TestServices } from './services.ts';
import { settings } from './settings.ts';

let services: TestServices;
afterEach(() => services.close());

const from = '2026-11-21T04:50:00.000Z';
const to = '2026-11-21T05:00:00.000Z';
const group = '/msk-connect/shop';

function live(name: string, configuration: Record<string, string> = {}): LiveConnector {
  return {
    name,
    arn: `arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/${name}/1-2`,
    version: 'K1',
    state: 'RUNNING',
    createdAt: '2026-11-01T00:00:00.000Z',
    request: { connectorName: name, kafkaConnectVersion: '3.7.x', connectorConfiguration: configuration },
    operations: [],
  };
}

async function start(own: readonly LocalService[] = [], fault?: CallHooks['fault'], connectors = settings.connectors) {
  services = await startServices(own, fault === undefined ? {} : { fault });
  await services.logs.call('CreateLogGroup', { logGroupName: group });
  return cloudWatchSigns(services.clients.cloudWatch, services.clients.logs, connectors);
}

function put(namespace: string, name: string, dimensions: Record<string, string>, at: string, value: number) {
  return services.clients.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: [
        {
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          Timestamp: new Date(at),
          Value: value,
        },
      ],
    }),
  );
}

async function log(seconds: number, message: string) {
  await services.clock.advanceTo(Date.parse(from) + seconds * 1000);
  services.logs.write(group, 'stream', message);
}

const commit37 = (name: string, count: number) =>
  `[Worker-0] [2026-11-21 04:50:00,000] INFO [${name}|task-0|offsets] WorkerSourceTask{id=${name}-0} Committing offsets for ${count} acknowledged messages (org.apache.kafka.connect.runtime.WorkerSourceTask:233)`;

describe('metrics', () => {
  it('are asked for in one question, each with the datapoint that does not hide life', async () => {
    const signs = await start();
    const own = { ConnectorName: 'orders-cdc' };
    const debezium = { DBServerName: 'shop', type: 'streaming' };
    await put('AWS/KafkaConnect', 'SourceRecordPollRate', own, '2026-11-21T04:52:10Z', 0);
    await put('AWS/KafkaConnect', 'SourceRecordPollRate', own, '2026-11-21T04:53:10Z', 2);
    await put(
      'AWS/KafkaConnect',
      'SourceRecordPollRate',
      { ConnectorName: 'orders-cdc-old' },
      '2026-11-21T04:54:10Z',
      9,
    );
    await put('AWS/KafkaConnect', 'ErroredTaskCount', own, '2026-11-21T04:53:05Z', 1);
    await put('AWS/KafkaConnect', 'ErroredTaskCount', own, '2026-11-21T04:53:35Z', 0);
    for (const [at, value] of [
      ['04:54:00', 40_000],
      ['04:54:15', 1_000],
      ['04:54:30', 16_000],
    ] as const) {
      await put('MSK_Connect', 'MilliSecondsSinceLastEvent', debezium, `2026-11-21T${at}Z`, value);
    }
    await put('MSK_Connect', 'Connected', debezium, '2026-11-21T04:54:00Z', 0);
    await put('MSK_Connect', 'Connected', debezium, '2026-11-21T04:54:15Z', 1);
    const minute = (begin: string, end: string, value: number) => ({
      from: `2026-11-21T${begin}:00.000Z`,
      to: `2026-11-21T${end}:00.000Z`,
      value,
    });
    expect(await signs.look(live('orders-cdc'), from, to)).toMatchObject({
      recordsIn: { kind: 'read', samples: [minute('04:52', '04:53', 0), minute('04:53', '04:54', 2)] },
      recordsOut: { kind: 'read', samples: [] },
      erroredTasks: { kind: 'read', samples: [minute('04:53', '04:54', 1)] },
      msSinceLastEvent: { kind: 'read', samples: [{ ...minute('04:54', '04:55', 1_000), greatest: 40_000 }] },
      connected: { kind: 'read', samples: [minute('04:54', '04:55', 1)] },
      lag: { kind: 'not-watched', cure: 'a source has no consumer lag' },
    });
    expect(services.calls.filter(({ operation }) => operation === 'GetMetricData')).toHaveLength(1);
  });

  it('say what to switch on where nothing publishes them', async () => {
    const signs = await start();
    expect(await signs.look(live('orders-cdc-old'), from, to)).toMatchObject({
      msSinceLastEvent: {
        kind: 'not-watched',
        cure: 'let the JMX exporter plugin publish MilliSecondsSinceLastEvent, and name it in metrics.debezium of connectors.json',
      },
    });
  });

  it("add a sink's lag up over its topics, where every topic has a value", async () => {
    const signs = await start();
    const topic = (name: string) => ({
      'Cluster Name': 'shop',
      'Consumer Group': 'connect-orders-to-search',
      Topic: name,
    });
    await put('AWS/Kafka', 'SumOffsetLag', topic('shop.orders'), '2026-11-21T04:52:00Z', 100);
    await put('AWS/Kafka', 'SumOffsetLag', topic('shop.beat'), '2026-11-21T04:52:00Z', 5);
    await put('AWS/Kafka', 'SumOffsetLag', topic('shop.orders'), '2026-11-21T04:53:00Z', 110);
    const { lag } = await signs.look(live('orders-to-search'), from, to);
    expect(lag).toEqual({
      kind: 'read',
      samples: [{ from: '2026-11-21T04:52:00.000Z', to: '2026-11-21T04:53:00.000Z', value: 105 }],
    });
  });

  it('are read over several pages', async () => {
    const times = { m0: ['2026-11-21T04:52:00Z', '2026-11-21T04:53:00Z'] };
    const page = (index: number, more: object) => ({
      MetricDataResults: [
        {
          Id: 'm0',
          Timestamps: [new Date(times.m0[index] ?? '')],
          Values: [index],
          StatusCode: index === 0 ? 'PartialData' : 'Complete',
        },
        ...['m1', 'm2', 'm3', 'm4', 'm5'].map((Id) => ({ Id, Timestamps: [], Values: [], StatusCode: 'Complete' })),
      ],
      ...more,
    });
    const monitoring = scripted('monitoring', {
      GetMetricData: (input) => (input['NextToken'] === 'more' ? page(1, {}) : page(0, { NextToken: 'more' })),
    });
    const { recordsIn } = await (await start([monitoring])).look(live('orders-cdc'), from, to);
    expect(recordsIn).toMatchObject({ kind: 'read', samples: [{ value: 0 }, { value: 1 }] });
  });

  it('say so when they cannot be read, and the log is read all the same', async () => {
    const denied = new AwsError('AccessDenied', 403, 'not authorized');
    const signs = await start([], ({ operation }) => (operation === 'GetMetricData' ? denied : undefined));
    await log(0, 'hello');
    const seen = await signs.look(live('orders-cdc'), from, to);
    expect(seen.recordsIn).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringMatching(/^GetMetricData: AccessDenied 403/),
    });
    expect(seen.log.kind).toBe('read');
  });
});

describe('the worker log', () => {
  it('counts the commits of that connector and of no other', async () => {
    const signs = await start();
    await log(10, commit37('orders-cdc', 12));
    await log(20, commit37('orders-cdc', 0));
    await log(30, commit37('orders-cdc', 3));
    await log(40, commit37('orders-cdc-blue', 3));
    await log(90, 'anything at all');
    expect((await signs.look(live('orders-cdc'), from, to)).log).toEqual({
      kind: 'read',
      complete: true,
      newestLineAt: '2026-11-21T04:51:30.000Z',
      commits: { count: 2, lastAt: '2026-11-21T04:50:30.000Z' },
      reconnects: { count: 0 },
      closed: { count: 0 },
      positionLost: { count: 0 },
      taskFailures: { count: 0 },
      startingUp: { count: 0 },
      metricsOrphaned: { count: 0 },
    });
  });

  it('of a half-open connection on Connect 2.7.1, as recorded, shows the last true commit', async () => {
    const lines = readFileSync(
      new URL('../recordings/mysql-half-open-connect-2.7.1.log', import.meta.url),
      'utf8',
    ).split('\n');
    const signs = await start();
    for (const [index, line] of lines.entries()) if (line !== '') await log(index, line);
    const { log: seen } = await signs.look(live('orders-cdc-old'), from, to);
    const finished = lines.flatMap((line, index) =>
      line.includes('Finished commitOffsets successfully') ? [index] : [],
    );
    expect(finished.slice(0, 4)).toEqual([3, 6, 10, 13]);
    expect(seen).toMatchObject({ commits: { count: finished.length }, newestLineAt: '2026-11-21T04:50:45.000Z' });
  });

  it.each([
    [
      'a task that died',
      '[Worker-0] ERROR [orders-cdc|task-0] WorkerSourceTask{id=orders-cdc-0} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted (x:1)',
      { taskFailures: { count: 1 } },
    ],
    [
      "another's task that died",
      '[Worker-0] ERROR [orders-cdc-old|task-0] Task threw an uncaught and unrecoverable exception.',
      { taskFailures: { count: 0 } },
    ],
    [
      'metrics of a dead task',
      '[Worker-0] ERROR [orders-cdc|task-0] Failed to register metrics MBean, metrics will not be available (io.debezium.metrics.Metrics:81)',
      { metricsOrphaned: { count: 1 } },
    ],
    [
      'an own retry',
      '[Worker-0] WARN [orders-cdc|task-0] Going to restart connector after 10 sec. after a retriable exception (x:1)',
      { reconnects: { count: 1 } },
    ],
    [
      'Kafka out of reach',
      '[Worker-0] WARN [orders-cdc|task-0] [Producer clientId=a] Connection to node 1 (b-1/10.0.0.1:9098) could not be established. Broker may not be available. (x:1)',
      { reconnects: { count: 1 } },
    ],
    [
      'a position that its source no longer has, as a tagged line',
      '[Worker-0] ERROR [orders-cdc|task-0] The connector is trying to read binlog starting at SourceInfo [currentBinlogFilename=b.1], but this is no longer available on the server. Reconfigure the connector to use a snapshot when needed.',
      { positionLost: { count: 1 }, reconnects: { count: 0 } },
    ],
    [
      "the same of another's",
      '[Worker-0] ERROR [orders-cdc-old|task-0] Reconfigure the connector to use a snapshot when needed.',
      { positionLost: { count: 0 } },
    ],
    [
      "the binlog client's keep-alive, which names no connector but its host",
      'INFO: Keepalive: Trying to restore lost connection to db.example.internal:3306',
      { reconnects: { count: 1 } },
    ],
    [
      "the same for another's host",
      'INFO: Keepalive: Trying to restore lost connection to db2.example.internal:3306',
      { reconnects: { count: 0 } },
    ],
    [
      "a stack trace in a shared group, which is nobody's",
      'Caused by: java.net.ConnectException: Connection refused (Connection refused)',
      { reconnects: { count: 0 } },
    ],
  ])('knows %s', async (_title, line, expected) => {
    const signs = await start();
    await log(10, line);
    const { log: seen } = await signs.look(
      live('orders-cdc', { 'database.hostname': 'db.example.internal' }),
      from,
      to,
    );
    expect(seen).toMatchObject(expected);
  });

  it.each([
    ['a connection refused', ['Caused by: java.net.ConnectException: Connection refused (Connection refused)'], 1],
    ['a connection that could not be made in time', ['java.net.ConnectException: Connection timed out'], 1],
    ['a host without a name', ['java.net.UnknownHostException: db.example.internal'], 1],
    ['PostgreSQL out of reach', ['org.postgresql.util.PSQLException: The connection attempt failed.'], 1],
    ['a PostgreSQL that is stopped', ['FATAL: terminating connection due to administrator command'], 1],
    ['a connection that was reset', ['Caused by: java.net.SocketException: Connection reset'], 0],
    ['a stream that ended', ['Caused by: java.io.EOFException'], 0],
    ['the kernel’s end of a half-open one', ['Caused by: java.net.SocketException: Connection timed out'], 0],
    [
      'a link failure without a cause',
      ['com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure'],
      1,
    ],
    [
      'a link failure that was a reset',
      ['CommunicationsException: Communications link failure', 'Caused by: java.net.SocketException: Connection reset'],
      0,
    ],
    [
      'a link failure that was a refusal',
      [
        'CommunicationsException: Communications link failure',
        'Caused by: java.net.ConnectException: Connection refused',
      ],
      2,
    ],
  ])('of %s: out of reach or not', async (_title, lines, count) => {
    const alone = settings.connectors.filter(({ name }) => name === 'orders-cdc');
    const signs = await start([], undefined, alone);
    for (const line of lines) await log(10, line);
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({ reconnects: { count } });
  });

  it.each([
    [
      'MariaDB',
      'io.debezium.DebeziumException: Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required binlog files have been purged. Error code: 1236; SQLSTATE: HY000.',
      1,
    ],
    [
      'a server id that is taken',
      'io.debezium.DebeziumException: A slave with the same server_uuid/server_id as this slave has connected to the master; Error code: 1236; SQLSTATE: HY000.',
      0,
    ],
    [
      'PostgreSQL',
      'org.postgresql.util.PSQLException: ERROR: can no longer get changes from replication slot "shop"',
      1,
    ],
    [
      'WAL that was removed',
      'org.postgresql.util.PSQLException: ERROR: requested WAL segment 0000000400002B4400000023 has already been removed',
      1,
    ],
  ])('finds in a stack trace that the position is gone: %s', async (_title, line, count) => {
    const alone = settings.connectors.filter(({ name }) => name === 'orders-cdc');
    const signs = await start([], undefined, alone);
    await log(10, line);
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({ positionLost: { count } });
  });

  it('knows a connection that its source closed from one that was reset', async () => {
    const alone = settings.connectors.filter(({ name }) => name === 'orders-cdc');
    const signs = await start([], undefined, alone);
    await log(10, 'Caused by: java.io.EOFException');
    await log(20, 'Caused by: java.net.SocketException: Connection reset');
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({
      reconnects: { count: 0 },
      closed: { count: 1, lastAt: '2026-11-21T04:50:10.000Z' },
    });
  });

  it.each([
    { what: 'its own worker', worker: '0edd', count: 1 },
    { what: 'another worker', worker: '0abc', count: 0 },
    { what: 'a worker that writes for another connector as well', worker: '0edd', besides: 'orders-cdc-old', count: 0 },
  ])('in a shared group knows a stack trace by $what: $count', async ({ worker, besides, count }) => {
    const signs = await start();
    await log(10, '[Worker-0edd] ERROR [orders-cdc|task-0] Task threw an uncaught and unrecoverable exception. (x:1)');
    await log(10, `[Worker-${worker}] Caused by: java.net.ConnectException: Connection refused`);
    if (besides !== undefined) {
      await log(
        20,
        `[Worker-0edd] ERROR [${besides}|task-0] Task threw an uncaught and unrecoverable exception. (x:1)`,
      );
    }
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({
      taskFailures: { count: 1 },
      reconnects: { count },
    });
  });

  it('takes a stack trace for its own where it is alone in the group', async () => {
    const alone = settings.connectors.filter(({ name }) => name === 'orders-cdc');
    const signs = await start([], undefined, alone);
    await log(10, 'Caused by: java.net.ConnectException: Connection refused (Connection refused)');
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({ reconnects: { count: 1 } });
  });

  it('has no commits to count of a sink on Connect 3.7, which writes none', async () => {
    const signs = await start();
    await log(10, 'hello');
    const { log: seen } = await signs.look(live('orders-to-search'), from, to);
    expect(seen).not.toHaveProperty('commits');
  });

  it('is complete only once a page comes without a token, however many are empty', async () => {
    const pages = (last: number) =>
      scripted('logs', {
        FilterLogEvents: (input) => {
          const page = Number(input['nextToken'] ?? 0);
          return page >= last ? { events: [] } : { events: [], nextToken: String(page + 1) };
        },
      });
    const signs = await start([pages(5)]);
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({ kind: 'read', complete: true });
    await services.close();
    const endless = await start([pages(1_000)]);
    expect((await endless.look(live('orders-cdc'), from, to)).log).toMatchObject({ kind: 'read', complete: false });
  });

  it('that is too long to be read whole is read from its end, where the lines are that forbid a deletion', async () => {
    const tries = '[Worker-0] Keepalive: Trying to restore lost connection to db.example.internal:3306';
    const told = { atMs: Date.parse('2026-11-21T04:59:50.000Z'), message: tries };
    const busy = scripted('logs', {
      // A page holds what was written in half a minute.
      FilterLogEvents: ({ startTime, endTime, nextToken, filterPattern }) => {
        const since = Number(nextToken ?? startTime);
        const until = Math.min(since + 30_000, Number(endTime));
        const isThere = filterPattern !== undefined && since <= told.atMs && told.atMs < until;
        const events = isThere ? [{ eventId: '1', timestamp: told.atMs, message: told.message }] : [];
        return until < Number(endTime) ? { events, nextToken: String(until) } : { events };
      },
    });
    const alone = settings.connectors.filter(({ name }) => name === 'orders-cdc');
    const signs = await start([busy], undefined, alone);
    expect((await signs.look(live('orders-cdc'), from, to)).log).toMatchObject({
      kind: 'read',
      complete: false,
      wholeSince: '2026-11-21T04:55:00.000Z',
      reconnects: { count: 1, lastAt: '2026-11-21T04:59:50.000Z' },
    });
  });

  it('tells a start that lasts by lines of a snapshot or of the schema history, until one says that it ended', async () => {
    const signs = await start();
    const says = (text: string) => `[Worker-0] [2026-11-21 04:50:00,000] INFO [orders-cdc|task-0] ${text}`;
    const seen = async () => (await signs.look(live('orders-cdc'), from, to)).log;
    await log(
      10,
      says('Started database schema history recovery (io.debezium.relational.history.SchemaHistoryMetrics:1)'),
    );
    expect(await seen()).toMatchObject({ startingUp: { count: 1, lastAt: '2026-11-21T04:50:10.000Z' } });
    await log(20, says('Finished database schema history recovery of 9 change(s) in 9 ms'));
    expect(await seen()).toMatchObject({ startingUp: { count: 0 } });
    await log(30, says('Snapshot step 1 - Preparing'));
    await log(40, says("Exporting data from table 'shop.orders' (1 of 2 tables)"));
    await log(50, says("\t Exported 5000 of 90000 records for table 'shop.orders' after 00:00:10.0"));
    expect(await seen()).toMatchObject({ startingUp: { count: 3, lastAt: '2026-11-21T04:50:50.000Z' } });
    await log(60, says('Snapshot ended with SnapshotResult [status=COMPLETED]'));
    expect(await seen()).toMatchObject({ startingUp: { count: 0 } });
  });

  it('that somebody deleted is watched no more, and the cure is to make it again', async () => {
    const signs = await start();
    await services.logs.call('DeleteLogGroup', { logGroupName: group });
    expect((await signs.look(live('orders-cdc'), from, to)).log).toEqual({
      kind: 'not-watched',
      cure: 'create log group /msk-connect/shop again, to which its worker log was delivered',
    });
  });
});
