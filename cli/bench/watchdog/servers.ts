import { scaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import { addConnectors, workerCount } from './cast.ts';

/** A Kafka Connect cluster on real ports in a process of its own, until its standard input ends. Says once where it listens. */
export interface Said {
  readonly urls: readonly string[];
  readonly prometheusUrls: readonly string[];
}

const [slowMs = 0] = process.argv.slice(2).map(Number);
const cluster = new SimulatedConnectCluster({
  clock: scaledClock({ factor: 1 }),
  random: seededRandom(1),
  name: 'shop',
  workers: workerCount,
});
addConnectors(cluster);
const listening = await cluster.listen();
if (slowMs > 0) cluster.slowWorker(0, slowMs);
const said: Said = { urls: listening.urls, prometheusUrls: listening.prometheusUrls };
process.stdout.write(`${JSON.stringify(said)}\n`);
for await (const _ of process.stdin);
await listening.close();
process.exit();
