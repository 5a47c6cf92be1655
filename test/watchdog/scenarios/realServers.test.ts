import { afterEach, expect, test } from 'vitest';
import { memoryObjects } from '../../../cli/compare/virtual/memoryObjects.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import { checkWatchdogSettings } from '../../../settings/watchdogRead.ts';
import { openCluster } from '../../../watchdog/cluster.ts';
import { watchdogDirections } from '../../../watchdog/directions.ts';
import { Watchdog } from '../../../watchdog/watchdog.ts';
import { curable } from '../watchdogWorld.ts';
import { jdbc, mysql, sink } from './stories.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- in the order in which one needs the other
    await close();
  }
});

/** Five times as fast as real: a round's two seconds are four tenths, which a busy machine keeps. */
const factor = 5;

/** Two clusters behind real servers, one of them with JMX agents, and one watchdog over both, by real connections. */
async function overRealServers() {
  const clock = scaledClock({ factor });
  closers.push(() => clock.stop());
  const open = async (name: string, seed: number) => {
    const connect = new SimulatedConnectCluster({
      clock,
      random: seededRandom(seed),
      name,
      workers: 2,
      flushSeconds: 5,
    });
    const served = await connect.listen();
    closers.push(() => served.close());
    return { connect, served };
  };
  const [shop, bank] = [await open('shop', 3), await open('bank', 5)];
  const settings = checkWatchdogSettings(
    {
      clusters: [
        {
          name: 'shop',
          urls: shop.served.urls,
          prometheus: { urls: shop.served.prometheusUrls },
          offsetFlushSeconds: 5,
        },
        { name: 'bank', urls: bank.served.urls, offsetFlushSeconds: 5 },
      ],
      store: { folder: 'memory' },
      tell: { logOnly: true },
      breaker: { atLeast: 100 },
      defaults: { waits: { healSeconds: 0 } },
      overrides: [{ connectors: ['bank/payments'], evidence: { recordsAtLeastEverySeconds: 40 } }],
    },
    'watchdog.json',
  );
  const told: string[] = [];
  const lines: string[] = [];
  let ids = 0;
  const newId = () => `id-${(ids += 1)}`;
  const now = () => new Date(clock.now()).toISOString();
  const watchClock = {
    now,
    sleep: (seconds: number) => new Promise<void>((resolve) => void clock.at(clock.now() + 1000 * seconds, resolve)),
  };
  const watchdog = new Watchdog({
    settings,
    clusters: settings.clusters.map((own) =>
      openCluster(own, {
        clock: watchClock,
        newId,
        env: {},
        groups: (own.name === 'shop' ? shop : bank).connect.consumerGroups(),
      }),
    ),
    objects: memoryObjects(),
    notifier: {
      tell: async ({ subject, text }) => void told.push(`${subject.replace('[connector-recovery] ', '')}\n${text}`),
    },
    directions: watchdogDirections(settings.clusters, 'node watchdog.mjs', 'watchdog.json'),
    clock: watchClock,
    recorder: (base) => ({ note: (event, fields) => void lines.push(JSON.stringify({ event, ...base, ...fields })) }),
    newId,
    instance: 'first',
  });
  watchdog.start();
  closers.push(() => watchdog.stop());
  return { shop: shop.connect, bank: bank.connect, watchdog, told, lines, pass: watchClock.sleep };
}

/** What was carried out of all that was asked for, in no order. */
function done({ asked }: SimulatedConnectCluster): readonly string[] {
  return asked
    .filter(({ status = 0 }) => status >= 200 && status < 300)
    .map(({ method, path }) => `${method} ${path}`)
    .toSorted();
}

test(
  'over real servers: each kind of death at once, on workers that redirect, rebalance and are slow',
  { timeout: 120_000 },
  async () => {
    const { shop, bank, watchdog, told, lines, pass } = await overRealServers();
    const prefixed = (name: string, config: Readonly<Record<string, string>>) => ({
      ...config,
      'topic.prefix': name,
      'database.hostname': `${name}-db`,
      'database.password': 'hunter2-5c2e88',
    });
    const restless = { 'connect.keep.alive': 'false', 'connect.keep.alive.interval.ms': '10000' };
    shop.redirectToLeader();
    shop.addConnector('orders', prefixed('orders', mysql));
    shop.addConnector('clicks', prefixed('clicks', { ...mysql, ...restless }));
    shop.addConnector('archive', sink(10), { partitions: 20, rowsPerSecond: 20 });
    shop.addConnector('quiet', prefixed('quiet', mysql), { rowsPerSecond: 0, existingRows: 3 });
    shop.addConnector('broken', prefixed('broken', mysql));
    bank.addConnector(
      'users',
      prefixed('users', { ...mysql, ...restless, 'heartbeat.action.query': 'UPDATE beat SET at = now()' }),
    );
    bank.addConnector('payments', jdbc);
    bank.addConnector('ledger', prefixed('ledger', mysql));
    bank.slowWorker(1, 600);
    await pass(40);

    shop.failTask('orders', 0, curable);
    shop.halfOpen('clicks');
    shop.stickTask('archive', 4);
    shop.failTask(
      'broken',
      0,
      "java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7' (using password: hunter2-5c2e88)",
    );
    bank.halfOpen('users');
    bank.halfOpen('payments');
    bank.rebalance(20);
    bank.failTask('ledger', 0, curable);
    // On a busy machine a worker may truly be slow, which is told besides.
    const ofConnectors = () => told.filter((text) => /^(?:shop|bank)\//.test(text));
    for (let waited = 0; ofConnectors().length < 7 && waited < 300; waited += 5) {
      // oxlint-disable-next-line no-await-in-loop -- until everything has been told
      await pass(5);
    }
    // What would be too much comes soon after, if it comes.
    await pass(30);

    expect(done(shop)).toEqual([
      'POST /connectors/archive/tasks/4/restart',
      'POST /connectors/clicks/tasks/0/restart',
      'POST /connectors/orders/tasks/0/restart',
    ]);
    expect(done(bank)).toEqual([
      'POST /connectors/ledger/tasks/0/restart',
      'POST /connectors/payments/tasks/0/restart',
      'POST /connectors/users/tasks/0/restart',
    ]);
    const subjects = ofConnectors().map((text) => text.split('\n')[0] ?? '');
    expect(subjects.toSorted()).toEqual([
      'bank/ledger: back: restarted, and data flows again',
      'bank/payments: back: restarted, and data flows again',
      'bank/users: back: restarted, and data flows again',
      'shop/archive: back: restarted, and data flows again',
      'shop/broken: dead, and no restart cures it: see its trace',
      'shop/clicks: back: restarted, and data flows again',
      'shop/orders: back: restarted, and data flows again',
    ]);
    for (const name of ['orders', 'clicks', 'archive']) expect(shop.rows(name)).toMatchObject({ lost: 0 });
    for (const name of ['users', 'payments', 'ledger']) expect(bank.rows(name)).toMatchObject({ lost: 0 });
    expect(JSON.stringify([told, lines])).not.toContain('hunter2-5c2e88');

    const begunAt = performance.now();
    await watchdog.stop();
    expect(performance.now() - begunAt).toBeLessThan(1000);
  },
);
