import { describe, expect, test } from 'vitest';
import { parseJmx } from '../../../local/connect/real/jmx.ts';
import { debeziumMetrics, taskRates } from '../../../local/connect/real/workerMetrics.ts';
import type { AddedConnector } from '../../../local/selfManaged/clusterOptions.ts';
import { clusterAt, mysql, postgres, sink } from './clusterAt.ts';

type At = ReturnType<typeof clusterAt>;

/** The committed offsets, one after the other. */
async function offsets({ ask }: At, name: string): Promise<readonly unknown[]> {
  const { json } = await ask('GET', `/connectors/${name}/offsets`);
  return (json as { offsets: unknown[] }).offsets;
}

/** What this repository's own reader makes of a worker's JMX values. */
async function jmx(
  { clock, cluster, send }: At,
  server: string,
): Promise<{ readonly [name: string]: number | undefined; readonly MilliSecondsSinceLastEvent?: number }> {
  const asking = send({ method: 'GET', url: cluster.prometheusUrls[0] ?? '', timeoutMs: 1000 });
  await clock.advanceBy(50);
  const values = parseJmx((await asking).body);
  return { ...debeziumMetrics(values, server).streaming, ...taskRates(values, false) };
}

describe('committed offsets', () => {
  test('move at each flush, every 60 s', async () => {
    const at = clusterAt();
    at.cluster.addConnector('orders-cdc', mysql);
    const first = await offsets(at, 'orders-cdc');
    await at.clock.advanceBy(59_000);
    expect(await offsets(at, 'orders-cdc')).toEqual(first);
    await at.clock.advanceBy(2000);
    const second = await offsets(at, 'orders-cdc');

    expect(first).toMatchObject([{ partition: { server: 'orders' }, offset: { file: 'binlog.000002', pos: 157 } }]);
    expect(second).toMatchObject([{ offset: { file: 'binlog.000002', pos: 157 + 60 * 381 } }]);
  });

  test('stand still on a half-open connection from the flush after the break on', async () => {
    const at = clusterAt({ flushSeconds: 10 });
    at.cluster.addConnector('users-cdc', postgres);
    await at.clock.advanceBy(95_000);
    at.cluster.halfOpen('users-cdc');
    const before = await offsets(at, 'users-cdc');
    await at.clock.advanceBy(10_000);
    const after = await offsets(at, 'users-cdc');
    await at.clock.advanceBy(600_000);

    expect(before).toMatchObject([{ offset: { lsn_proc: 22_000_000 + 90 * 96 } }]);
    expect(after).toMatchObject([{ offset: { lsn_proc: 22_000_000 + 95 * 96 } }]);
    expect(await offsets(at, 'users-cdc')).toEqual(after);
  });

  test.each<{
    readonly what: string;
    readonly config: Readonly<Record<string, string>>;
    readonly added: AddedConnector;
    readonly moves: boolean;
  }>([
    { what: 'heartbeats alone', config: {}, added: {}, moves: false },
    { what: 'heartbeats that write', config: { 'heartbeat.action.query': 'UPDATE beat' }, added: {}, moves: true },
    { what: 'heartbeats while others write', config: {}, added: { othersWrite: true }, moves: true },
  ])('of an idle source with $what move: $moves', async ({ config, added, moves }) => {
    const at = clusterAt();
    const beating = { ...mysql, 'heartbeat.interval.ms': '5000', ...config };
    at.cluster.addConnector('orders-cdc', beating, { rowsPerSecond: 0, ...added });
    await at.clock.advanceBy(60_000);
    const before = await offsets(at, 'orders-cdc');
    await at.clock.advanceBy(120_000);
    const after = await offsets(at, 'orders-cdc');

    expect(JSON.stringify(after) !== JSON.stringify(before)).toBe(moves);
  });

  test('of a connector that was just made are none', async () => {
    const at = clusterAt();
    await at.ask('PUT', '/connectors/orders-cdc/config', { body: mysql });
    await at.clock.advanceBy(5000);
    expect(await offsets(at, 'orders-cdc')).toEqual([]);
    await at.clock.advanceBy(60_000);
    expect(await offsets(at, 'orders-cdc')).toHaveLength(1);
  });
});

describe('a connection that dies in silence', () => {
  test('heals by itself where the binlog client asks for life signs, 75 to 107 s later', async () => {
    const { clock, cluster } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    cluster.halfOpen('orders-cdc');
    await clock.advanceBy(74_000);
    expect(cluster.rows('orders-cdc').arrived).toBe(0);
    await clock.advanceBy(34_000);
    expect(cluster.rows('orders-cdc')).toMatchObject({ arrived: 108, waiting: 0, duplicated: 0 });
  });

  test('shows Connected 1, a clock that runs and rates that end', async () => {
    const at = clusterAt();
    at.cluster.addConnector('users-cdc', postgres);
    await at.clock.advanceBy(120_000);
    expect(await jmx(at, 'users')).toMatchObject({ Connected: 1, polledPerSecond: expect.closeTo(1, 1) });
    at.cluster.halfOpen('users-cdc');
    await at.clock.advanceBy(300_000);

    const { MilliSecondsSinceLastEvent, ...others } = await jmx(at, 'users');
    expect(others).toMatchObject({ Connected: 1, polledPerSecond: 0, writtenPerSecond: 0 });
    expect(MilliSecondsSinceLastEvent).toBeGreaterThanOrEqual(300_000);
  });

  test('on PostgreSQL a restarted task sends data and shows the dead one`s values, until its worker ends', async () => {
    const at = clusterAt();
    at.cluster.addConnector('users-cdc', postgres);
    await at.clock.advanceBy(60_000);
    at.cluster.halfOpen('users-cdc');
    await at.clock.advanceBy(60_000);
    await at.ask('POST', '/connectors/users-cdc/restart?includeTasks=true');
    await at.clock.advanceBy(240_000);

    expect(await jmx(at, 'users')).toMatchObject({ polledPerSecond: expect.closeTo(1, 1) });
    expect((await jmx(at, 'users')).MilliSecondsSinceLastEvent).toBeGreaterThan(290_000);
    await at.cluster.replaceWorker('shop-1.connect:8083');
    await at.clock.advanceBy(60_000);
    expect((await jmx(at, 'users')).MilliSecondsSinceLastEvent).toBeLessThan(2000);
  });

  test.each([
    // Measured: 0.02, one with each of the server's beats.
    { what: 'MySQL', config: mysql, server: 'orders', heartbeats: '5000', mean: 0.0208 },
    { what: 'MySQL without heartbeats', config: mysql, server: 'orders', heartbeats: '0', mean: 0 },
    { what: 'PostgreSQL', config: postgres, server: 'users', heartbeats: '5000', mean: 0.19 },
  ])('heartbeats of an idle source are polled on $what', async ({ config, server, heartbeats, mean }) => {
    const at = clusterAt();
    at.cluster.addConnector('cdc', { ...config, 'heartbeat.interval.ms': heartbeats }, { rowsPerSecond: 0 });
    await at.clock.advanceBy(120_000);
    let sum = 0;
    for (let look = 0; look < 96; look += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await at.clock.advanceBy(10_000);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      sum += (await jmx(at, server)).polledPerSecond ?? 0;
    }
    expect(sum / 96).toBeCloseTo(mean, 2);
    at.cluster.halfOpen('cdc', undefined, { noticedAfterSeconds: 3600 });
    await at.clock.advanceBy(120_000);
    expect(await jmx(at, server)).toMatchObject({ polledPerSecond: 0 });
  });

  test('on MySQL the server`s own beat keeps the clock of an idle source below 48 s', async () => {
    const at = clusterAt();
    at.cluster.addConnector('orders-cdc', mysql, { rowsPerSecond: 0 });
    const seen: number[] = [];
    for (let look = 0; look < 20; look += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await at.clock.advanceBy(10_000);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      seen.push((await jmx(at, 'orders')).MilliSecondsSinceLastEvent ?? -1);
    }

    expect(Math.max(...seen)).toBeGreaterThan(30_000);
    expect(Math.max(...seen)).toBeLessThanOrEqual(48_000);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
  });
});

describe('a source that is away', () => {
  test('MySQL: Connected 0 once it is noticed; rows wait and come when it is back', async () => {
    const at = clusterAt();
    at.cluster.addConnector('orders-cdc', mysql);
    at.cluster.sourceAway('orders-cdc', 200, 80);
    await at.clock.advanceBy(60_000);
    expect(await jmx(at, 'orders')).toMatchObject({ Connected: 1 });
    await at.clock.advanceBy(60_000);
    expect(await jmx(at, 'orders')).toMatchObject({ Connected: 0 });
    await at.clock.advanceBy(200_000);

    expect(await jmx(at, 'orders')).toMatchObject({ Connected: 1 });
    expect(at.cluster.rows('orders-cdc')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });

  test('PostgreSQL: rows come by themselves when it is back', async () => {
    const { clock, cluster } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.databaseHangs('users-cdc', 100);
    await clock.advanceBy(160_000);

    expect(cluster.rows('users-cdc')).toEqual({ written: 60, arrived: 60, duplicated: 0, lost: 0, waiting: 0 });
  });

  test('a restart meanwhile ends in FAILED, with the link in the trace', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.sourceAway('users-cdc', 600);
    await clock.advanceBy(60_000);
    await ask('POST', '/connectors/users-cdc/restart?includeTasks=true');
    await clock.advanceBy(40_000);

    expect(await states('users-cdc')).toBe('RUNNING: FAILED');
    expect((await ask('GET', '/connectors/users-cdc/tasks/0/status')).json).toMatchObject({
      trace: expect.stringContaining('The connection attempt failed'),
    });
  });

  test.each([
    { version: '2.7.1', state: 'RUNNING: FAILED' },
    { version: '3.7.1', state: 'RUNNING: RUNNING' },
  ])('a reset connection on Connect $version: $state', async ({ version, state }) => {
    const { clock, cluster, states } = clusterAt({ version });
    cluster.addConnector('orders-cdc', mysql);
    cluster.connectionReset('orders-cdc');
    await clock.advanceBy(30_000);

    expect(await states('orders-cdc')).toBe(state);
    expect(cluster.rows('orders-cdc').waiting).toBe(version === '3.7.1' ? 0 : 30);
  });

  test('on 2.7.1 a restart leaves the tasks as they are, whatever is asked; a task alone can be restarted', async () => {
    const { clock, cluster, ask, states } = clusterAt({ version: '2.7.1' });
    cluster.addConnector('orders-cdc', mysql);
    cluster.failTask('orders-cdc', 0);
    expect((await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true')).status).toBe(204);
    await clock.advanceBy(60_000);
    expect(await states('orders-cdc')).toBe('RUNNING: FAILED');
    await ask('POST', '/connectors/orders-cdc/tasks/0/restart');
    await clock.advanceBy(5000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
  });
});

describe('a sink of ten tasks', () => {
  const lag = async ({ cluster }: At) => {
    const partitions = await cluster.consumerGroups().lag('connect-archive');
    return partitions.map(({ end, committed = 0 }) => end - committed);
  };

  test('shows its group, member by member', async () => {
    const at = clusterAt();
    at.cluster.addConnector('archive', sink, { rowsPerSecond: 100 });
    await at.clock.advanceBy(600_000);

    const partitions = await at.cluster.consumerGroups().lag('connect-archive');
    expect(partitions).toHaveLength(10);
    expect(partitions[3]).toEqual({
      topic: 'orders',
      partition: 3,
      end: 6000,
      committed: 6000,
      client: 'connector-consumer-archive-3',
    });
    expect(await at.cluster.consumerGroups().lag('connect-nobody')).toEqual([]);
    expect(await offsets(at, 'archive')).toMatchObject(
      Array.from({ length: 10 }, (_, partition) => ({
        partition: { kafka_topic: 'orders', kafka_partition: partition },
        offset: { kafka_offset: 6000 },
      })),
    );
  });

  test('with one stuck task all is RUNNING and the lag of its partitions grows alone', async () => {
    const at = clusterAt();
    at.cluster.addConnector('archive', sink, { rowsPerSecond: 100, partitions: 20 });
    at.cluster.stickTask('archive', 4);
    await at.clock.advanceBy(600_000);

    expect(await at.states('archive')).toBe(`RUNNING:${' RUNNING'.repeat(10)}`);
    expect(await lag(at)).toEqual(Array.from({ length: 20 }, (_, index) => (index === 8 || index === 9 ? 3000 : 0)));
    await at.ask('POST', '/connectors/archive/tasks/4/restart');
    await at.clock.advanceBy(62_000);
    expect(Math.max(...(await lag(at)))).toBeLessThanOrEqual(300);
    expect(at.cluster.rows('archive')).toMatchObject({ lost: 0, waiting: 0 });
  });

  test('the partitions of a failed task go to the others', async () => {
    const at = clusterAt();
    at.cluster.addConnector('archive', sink, { rowsPerSecond: 100 });
    at.cluster.failTask('archive', 4);
    await at.clock.advanceBy(600_000);

    expect(await lag(at)).toEqual(Array.from({ length: 10 }, () => 0));
    const clients = (await at.cluster.consumerGroups().lag('connect-archive')).map(({ client }) => client);
    expect(clients).not.toContain('connector-consumer-archive-4');
  });

  test('a thread that hangs is put out of the group after five minutes, and its partitions go on elsewhere', async () => {
    const at = clusterAt();
    at.cluster.addConnector('archive', sink, { rowsPerSecond: 100 });
    at.cluster.inventedZombie('archive', 4);
    await at.clock.advanceBy(299_000);
    expect(Math.max(...(await lag(at)))).toBeGreaterThan(2900);
    await at.clock.advanceBy(70_000);

    expect(Math.max(...(await lag(at)))).toBeLessThanOrEqual(600);
    expect(await at.states('archive')).toBe(`RUNNING:${' RUNNING'.repeat(10)}`);
  });
});

describe('the Prometheus text', () => {
  test('has nothing of a task that failed', async () => {
    const at = clusterAt();
    at.cluster.addConnector('users-cdc', postgres);
    await at.clock.advanceBy(100_000);
    expect(Object.keys(await jmx(at, 'users'))).toContain('polledPerSecond');
    at.cluster.failTask('users-cdc', 0);

    expect(await jmx(at, 'users')).toEqual({});
  });

  test('comes in the names that most people use as well', async () => {
    const at = clusterAt({ metrics: 'debezium_metrics' });
    at.cluster.addConnector('users-cdc', postgres);
    at.cluster.addConnector('archive', { ...sink, 'tasks.max': '1' }, { rowsPerSecond: 0 });
    await at.clock.advanceBy(100_000);
    at.cluster.halfOpen('users-cdc');
    await at.clock.advanceBy(100_000);
    const asking = at.send({ method: 'GET', url: at.cluster.prometheusUrls[0] ?? '', timeoutMs: 1000 });
    await at.clock.advanceBy(50);

    const lines = (await asking).body.trimEnd().split('\n');
    expect(lines).toContain('debezium_metrics_Connected{context="streaming",name="users",plugin="postgres"} 1.0');
    expect(lines).toContain(
      'kafka_connect_source_task_metrics_source_record_poll_rate{connector="users-cdc",task="0"} 0.0',
    );
    expect(lines).toContain('kafka_connect_sink_task_metrics_sink_record_read_rate{connector="archive",task="0"} 0.0');
    expect(lines).toContain('kafka_connect_connect_worker_metrics_task_count 2.0');
  });
});
