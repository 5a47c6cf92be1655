import { afterEach, expect, test } from 'vitest';
import { seededRandom } from '../../../local/seededRandom.ts';
import type { ConnectClusterOptions } from '../../../local/selfManaged/clusterOptions.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import type { LocalClock } from '../../../local/clock.ts';
import { openCluster } from '../../../watchdog/cluster.ts';
import type { Cluster } from '../../../watchdog/cluster.ts';
import { mysql, settingsOf } from '../clusterOf.ts';

const realClock: LocalClock = {
  now: () => Date.now(),
  at(whenMs, callback) {
    const timer = setTimeout(callback, Math.max(0, whenMs - Date.now()));
    return () => clearTimeout(timer);
  },
};

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** A simulated cluster behind real servers, and the watch over it by real connections. */
async function overHttp(options: Partial<ConnectClusterOptions> = {}) {
  const connect = new SimulatedConnectCluster({ clock: realClock, random: seededRandom(3), name: 'shop', ...options });
  connect.addConnector('orders-cdc', mysql);
  const listening = await connect.listen();
  ends.push(() => listening.close());
  const { urls, prometheusUrls } = listening;
  const settings = {
    ...settingsOf(urls),
    prometheus: { urls: prometheusUrls },
    ...(options.basic && { basic: { userEnv: 'CONNECT_USER', passwordEnv: 'CONNECT_PASSWORD' } }),
  };
  const open = (env: Readonly<Record<string, string>> = {}): Cluster => {
    const cluster = openCluster(settings, {
      clock: {
        now: () => new Date().toISOString(),
        sleep: (seconds) => new Promise((resolve) => void setTimeout(resolve, 1000 * seconds)),
      },
      newId: () => 'id',
      env,
    });
    ends.push(() => cluster.close());
    return cluster;
  };
  return { connect, urls, open };
}

test('a round over real connections sees what there is, and a restart is carried out', async () => {
  const { connect, open } = await overHttp({ workers: 2 });
  const cluster = open();

  const seen = await cluster.round();
  const answer = await cluster.ports.connectors.restart('connect://shop/orders-cdc', { onlyFailedTasks: false });

  expect(seen).toMatchObject({
    workers: [{ answer: { kind: 'answers' } }, { answer: { kind: 'answers' } }],
    metrics: [{ values: { kind: 'read' } }, { values: { kind: 'read' } }],
    connectors: { kind: 'read', list: [{ name: 'orders-cdc', state: 'RUNNING', offsets: { kind: 'read' } }] },
  });
  expect(answer).toMatchObject({ kind: 'started' });
  expect(connect.asked).toMatchObject([
    { method: 'POST', path: '/connectors/orders-cdc/restart?includeTasks=true&onlyFailed=false' },
  ]);
});

test('one worker that is slow does not hold a round for 2 s', async () => {
  const { connect, open } = await overHttp({ workers: 3 });
  connect.slowWorker(0, 10_000);
  const begun = performance.now();

  const seen = await open().round();

  expect(performance.now() - begun).toBeLessThan(2000);
  expect(seen.connectors).toMatchObject({ kind: 'read', list: [{ offsets: { kind: 'read' } }] });
});

test('with basic authentication, and without: the right credentials are let in, wrong ones said to be so and nowhere shown', async () => {
  const { open } = await overHttp({ basic: { user: 'watchdog', password: 'hunter2' } });

  const right = await open({ CONNECT_USER: 'watchdog', CONNECT_PASSWORD: 'hunter2' }).round();
  const wrong = await open({ CONNECT_USER: 'watchdog', CONNECT_PASSWORD: 'hunter3' }).round();

  expect(right.connectors.kind).toBe('read');
  expect(wrong.connectors).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('HTTP 401') });
  expect(JSON.stringify(wrong)).not.toContain('hunter3');
});

test('a variable that is not set is told by its name before anything begins', async () => {
  const { open } = await overHttp({ basic: { user: 'watchdog', password: 'hunter2' } });

  expect(() => open({ CONNECT_USER: 'watchdog' })).toThrow('The environment variable CONNECT_PASSWORD is not set.');
});
