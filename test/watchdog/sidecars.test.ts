import { expect, it } from 'vitest';
import { openCluster } from '../../watchdog/cluster.ts';
import { Watchdog } from '../../watchdog/watchdog.ts';
import { curable, mysqlSource, WatchdogWorld } from './watchdogWorld.ts';

/** Two workers with a watchdog beside each, which asks that one worker and its JMX agent alone. */
function twoSidecars(names: readonly string[]): WatchdogWorld {
  const world = new WatchdogWorld({ workers: 2 });
  for (const name of names) world.add(name, { ...mysqlSource, 'topic.prefix': name, 'connect.keep.alive': 'false' });
  const send = world.connect.transport();
  for (const [index, worker] of world.connect.workerIds.entries()) {
    const { parts } = world.parts(`beside-${index}`);
    const [url = '', metrics = ''] = [world.connect.urls[index], world.connect.prometheusUrls[index]];
    const [shop] = parts.settings.clusters;
    if (shop === undefined) throw new Error('there is a cluster');
    const own = {
      ...shop,
      urls: ['http://127.0.0.1:8083'],
      advertised: { [worker]: 'http://127.0.0.1:8083' },
      prometheus: { urls: [metrics] },
    };
    const cluster = openCluster(own, {
      clock: parts.clock,
      newId: parts.newId,
      env: {},
      transport: (request) => send({ ...request, url: request.url.replace('http://127.0.0.1:8083', url) }),
      groups: world.connect.consumerGroups(),
    });
    new Watchdog({ ...parts, settings: { ...parts.settings, clusters: [own] }, clusters: [cluster] }).start();
  }
  return world;
}

it('of two watchdogs, each beside a worker, none tells that it cannot know what the other sees', async () => {
  const world = twoSidecars(['orders', 'customers', 'invoices', 'stock']);
  await world.pass(120);
  for (const name of ['orders', 'customers']) world.connect.goIdle(name);
  await world.pass(3 * 3600);
  expect(world.told).toEqual([]);
  expect(world.asked).toEqual([]);
});

it('what dies is restarted once, whichever watchdog sees it', async () => {
  const world = twoSidecars(['orders', 'customers', 'invoices', 'stock', 'returns', 'prices']);
  await world.pass(180);
  world.connect.halfOpen('orders');
  world.connect.failTask('customers', 0, curable);
  await world.pass(1800);
  expect([...world.asked].toSorted()).toEqual([
    'POST /connectors/customers/tasks/0/restart',
    'POST /connectors/orders/tasks/0/restart',
  ]);
  expect([...world.subjects].toSorted()).toEqual([
    'shop/customers: back: restarted, and data flows again',
    'shop/orders: back: restarted, and data flows again',
  ]);
});
