import { watchdogDefaults } from '../../../settings/watchdogDefaults.ts';
import { drain } from '../../real/drain.ts';
import { clusterName, openSelfManagedWorld, type SelfManagedWorld } from '../../selfManaged/world.ts';
import type { Failure } from '../compareOptions.ts';
import { hearWatchdog } from '../hearWatchdog.ts';
import { restSights } from '../restSights.ts';
import type { SideWatch } from '../sideWatch.ts';
import type { SightReader } from '../sights.ts';
import { subjectOf } from '../subjectOf.ts';
import type { World } from '../world.ts';
import { cut, realSource } from './realSource.ts';
import { strikeLater } from './strikeLater.ts';

/** The watchdog has polled so often and knows what is usual. */
const healthyPolls = 12;

/** The self-managed world with everything real: broker, database, worker, Debezium, and the watchdog's bundle in a process of its own. */
export function selfManagedRealWorld(failure: Failure, watch: SideWatch, signal: AbortSignal): World {
  const source = realSource(failure);
  const { name, topic } = source;
  let world: SelfManagedWorld | undefined;
  let sights: SightReader | undefined;
  let healthyAtMs = Infinity;
  const opened = () => {
    if (world === undefined) throw new Error('The self-managed world was not opened.');
    return world;
  };
  const rows = () => {
    const { topics, writers } = opened().ground;
    const count = topics.get(name)?.count(writers.mariadb?.written ?? 0);
    if (count === undefined) throw new Error(`Nobody counts the rows of ${topic}.`);
    return count;
  };

  return {
    async open(say) {
      world = await openSelfManagedWorld({
        sources: [{ ...source, about: '', fate: 'hangs' }],
        workers: 1,
        say,
        signal,
        onRequest: ({ method, path, status }) => {
          // A worker's log tells of its own configuration being made, too, which is nobody's act.
          if (method === 'GET' || path.endsWith('/config')) return;
          watch.called(Date.now(), `${method} ${path}`, status < 300 ? undefined : String(status));
        },
        onLine: (line) =>
          hearWatchdog(
            watch,
            JSON.stringify({ ...line, time: new Date(line.atMs).toISOString() }),
            `${clusterName}/${name}`,
            line.atMs,
          ),
        onDelivery: ({ atMs, body }) => {
          if (watch.marks !== undefined) watch.tell(atMs, 'message', subjectOf(body));
        },
      });
      const { cluster, ground } = world;
      await cluster.register(name, source.configuration(ground.endpoints(source)));
      say(`registered ${name} by its REST interface`);
      const { pollSeconds } = watchdogDefaults;
      healthyAtMs = Date.now() + healthyPolls * pollSeconds * 1000;
      const [worker] = cluster.workers;
      sights = restSights({
        connector: name,
        url: worker?.url ?? '',
        prometheusUrl: worker?.prometheusUrl ?? '',
        pollSeconds,
        now: () => Date.now(),
      });
    },
    async poll() {
      if (world === undefined) return;
      watch.counted(Date.now(), rows());
      if (watch.marks !== undefined && !watch.flows) await sights?.look();
    },
    get healthy() {
      return Date.now() > healthyAtMs;
    },
    get waitsFor() {
      return Date.now() > healthyAtMs ? 'healthy' : 'the watchdog has only begun to poll';
    },
    strike: (atMs) => strikeLater(atMs, watch, failure, rows, () => cut(failure, opened().ground.proxies.get(name))),
    async sights(fromMs, toMs) {
      if (sights === undefined) throw new Error('The self-managed world was not opened.');
      return sights.read(fromMs, toMs);
    },
    async drain() {
      await drain(opened().ground, [source], () => Promise.resolve(rows()), signal);
      watch.counted(Date.now(), rows());
    },
    async end() {
      await world?.close();
    },
  };
}
