import { VirtualClock } from '../../../local/virtualClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import { addConnectors, workerCount } from './cast.ts';
import { memoryObjects } from './memoryObjects.ts';
import { openWorld } from './world.ts';

/** What this process says after each virtual hour. */
export interface Said {
  readonly hour: number;
  readonly rounds: number;
  /** After a collection of all garbage. */
  readonly heapBytes: number;
  /** How many connectors got which verdict in the last round. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

const [hours = 24] = process.argv.slice(2).map(Number);
const virtual = new VirtualClock(Date.UTC(2026, 0, 5), 0);
const cluster = new SimulatedConnectCluster({
  clock: virtual,
  random: seededRandom(1),
  name: 'shop',
  workers: workerCount,
});
addConnectors(cluster);
const world = openWorld({
  urls: cluster.urls,
  prometheusUrls: cluster.prometheusUrls,
  clock: {
    now: () => new Date(virtual.now()).toISOString(),
    sleep: (seconds) => virtual.sleep(1000 * seconds),
  },
  objects: memoryObjects(),
  transport: cluster.transport(),
  groups: cluster.consumerGroups(),
});
let rounds = 0;
const next = async () => {
  const begunMs = virtual.now();
  await world.watch.round();
  rounds += 1;
  virtual.at(begunMs + 1000 * world.pollSeconds, () => void next());
};
void next();
for (let hour = 1; hour <= hours; hour += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one hour after the other is the point
  await virtual.advanceBy(3_600_000);
  if (globalThis.gc === undefined) throw new Error('To be called with --expose-gc.');
  globalThis.gc();
  const verdicts: Record<string, number> = {};
  for (const verdict of world.watch.verdicts.values()) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const said: Said = { hour, rounds, heapBytes: process.memoryUsage().heapUsed, verdicts, faults: world.faults };
  console.log(JSON.stringify(said));
}
process.exit();
