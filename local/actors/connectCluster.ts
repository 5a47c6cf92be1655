/**
 * A self-managed Kafka Connect cluster as a process: each worker's REST interface and its JMX agent's Prometheus text on ports of their own, and one
 * connector, which breaks at a given moment. Whoever wants to know how it fares asks its workers, which say RUNNING.
 */
import { SimulatedConnectCluster } from '../selfManaged/simulatedConnectCluster.ts';
import { SimulatedSource } from '../connect/simulated/source.ts';
import { scaledClock } from '../scaledClock.ts';
import { seededRandom } from '../seededRandom.ts';
import type { FromCluster, ToCluster } from './connectClusterMessages.ts';
import { actOn, tell } from './ownProcess.ts';
import { strikeAt, struckCluster } from './strike.ts';

const answer = (message: FromCluster) => tell(message);
const lookEveryMs = 1000;

let strikes: ((message: Extract<ToCluster, { kind: 'strike' }>) => void) | undefined;

actOn(async (received) => {
  const message = received as ToCluster;
  if (message.kind === 'open') await open(message);
  else if (strikes === undefined) throw new Error('strike came before open.');
  else strikes(message);
});

async function open(message: Extract<ToCluster, { kind: 'open' }>): Promise<void> {
  const { scale, seed, name, version, flushSeconds, taskStarts, connector, configuration } = message;
  const clock = scaledClock(scale);
  const host = configuration['database.hostname'] ?? '';
  const cluster = new SimulatedConnectCluster({
    clock,
    random: seededRandom(seed),
    name,
    workers: 1,
    version,
    flushSeconds,
    taskStarts,
    databases: { [host]: new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: 1 }) },
  });
  cluster.addConnector(connector, configuration);
  const { urls, prometheusUrls } = await cluster.listen();
  let told = 0;
  const tellAsked = () => {
    for (const { atMs, method, path, status } of cluster.asked.slice(told)) {
      told += 1;
      const error =
        status !== undefined && status < 300 ? {} : { error: status === undefined ? 'no answer' : String(status) };
      answer({ kind: 'truth', truth: 'called', atMs, connector, operation: `${method} ${path}`, ...error });
    }
    clock.at(clock.now() + lookEveryMs, tellAsked);
  };
  tellAsked();
  strikes = ({ strike, atMs }) =>
    strikeAt({ clock, world: struckCluster(cluster), connector, strike, atMs, tell: answer });
  answer({ kind: 'listening', urls, prometheusUrls });
}
