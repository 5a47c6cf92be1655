import { afterEach, describe, expect, test } from 'vitest';
import { scaledClock, type ScaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import type { ConnectClusterOptions, Listening } from '../../../local/selfManaged/clusterOptions.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import { mysql } from './clusterAt.ts';

const open: { readonly servers: Listening; readonly clock: ScaledClock }[] = [];

afterEach(async () => {
  for (const { servers, clock } of open.splice(0)) {
    clock.stop();
    // oxlint-disable-next-line no-await-in-loop -- a few, one after the other
    await servers.close();
  }
});

/** Real servers, in a time that runs 60 times as fast. */
async function listen(options: Partial<ConnectClusterOptions> = {}) {
  const clock = scaledClock({ factor: 60 });
  const cluster = new SimulatedConnectCluster({ clock, random: seededRandom(3), name: 'shop', workers: 2, ...options });
  cluster.addConnector('orders-cdc', mysql);
  const servers = await cluster.listen();
  open.push({ servers, clock });
  return { cluster, servers };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- tried again and again
    if (await holds()) return;
    // oxlint-disable-next-line no-await-in-loop -- tried again and again
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error('It never came to pass.');
}

describe('a cluster that listens', () => {
  test('answers by HTTP, and its statuses name the ports', async () => {
    const { servers, cluster } = await listen();
    const response = await fetch(`${servers.urls[1]}/connectors/orders-cdc/status`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      connector: { worker_id: new URL(servers.urls[0] ?? '').host },
      tasks: [{ id: 0, state: 'RUNNING', worker_id: new URL(servers.urls[0] ?? '').host }],
    });
    expect(cluster.workerIds).toEqual(servers.urls.map((url) => new URL(url).host));
  });

  test('gives 204 without a body, and errors in Connect`s form', async () => {
    const { servers } = await listen();
    const restarted = await fetch(`${servers.urls[1]}/connectors/orders-cdc/tasks/0/restart`, { method: 'POST' });
    const unknown = await fetch(`${servers.urls[0]}/connectors/nobody/restart`, { method: 'POST' });

    expect([restarted.status, await restarted.text()]).toEqual([204, '']);
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error_code: 404, message: 'Unknown connector: nobody' },
    ]);
  });

  test('shows Prometheus text beside it', async () => {
    const { servers } = await listen();

    expect(await (await fetch(servers.prometheusUrls[0] ?? '')).text()).toContain(
      'jmx{attribute="Connected",domain="debezium.mysql",properties="type=connector-metrics, context=streaming, server=orders"} 1.0',
    );
  });

  test('a killed worker refuses connections, and is back on the same port', async () => {
    const { servers, cluster } = await listen();
    const url = servers.urls[1] ?? '';
    cluster.killWorker(1);
    await until(async () => {
      const refused = await fetch(url).then(
        () => '',
        (error: Error) => String((error.cause as NodeJS.ErrnoException).code),
      );
      return refused === 'ECONNREFUSED';
    });
    cluster.startWorker(1);
    await until(async () => (await fetch(url).catch(() => undefined))?.status === 200);

    expect(cluster.urls[1]).toBe(url);
  });

  test('a frozen worker takes a connection and says nothing', async () => {
    const { servers, cluster } = await listen();
    cluster.freezeWorker(1);

    await expect(fetch(servers.urls[1] ?? '', { signal: AbortSignal.timeout(300) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('an answer cut short ends before the length that it promised', async () => {
    const { servers, cluster } = await listen();
    cluster.cutShort(0);
    const response = await fetch(`${servers.urls[0]}/connectors?expand=status`);

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError' });
  });

  test('a slow worker takes its time', async () => {
    const { servers, cluster } = await listen();
    cluster.slowWorker(0, 18_000);
    const before = performance.now();
    await fetch(`${servers.urls[0]}/connectors`);

    expect(performance.now() - before).toBeGreaterThan(250);
  });

  test('closes within moments, whoever waits', async () => {
    const { servers, cluster } = await listen();
    cluster.freezeWorker(0);
    const waiting = fetch(servers.urls[0] ?? '').catch(() => 'ended');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    const before = performance.now();
    await servers.close();

    expect(await waiting).toBe('ended');
    expect(performance.now() - before).toBeLessThan(500);
  });
});
