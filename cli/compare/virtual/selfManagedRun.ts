import { strike, struckCluster } from '../../../local/actors/strike.ts';
import { SimulatedSource } from '../../../local/connect/simulated/source.ts';
import { randomHex, seededRandom } from '../../../local/seededRandom.ts';
import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import type { Clock } from '../../../recovery/ports.ts';
import { checkWatchdogSettings } from '../../../settings/watchdogRead.ts';
import type { WatchdogSettings } from '../../../settings/watchdogSettings.ts';
import { openCluster } from '../../../watchdog/cluster.ts';
import { watchdogDirections } from '../../../watchdog/directions.ts';
import { Watchdog } from '../../../watchdog/watchdog.ts';
import type { Cast } from '../../demonstration/connectors.ts';
import { configurationOf } from '../castFor.ts';
import { flushSeconds } from '../durations.ts';
import { hearWatchdog } from '../hearWatchdog.ts';
import type { SideResult } from '../marks.ts';
import { failureText, strikeOf, workerVersionOf, type Plan } from '../plan.ts';
import { SideWatch } from '../sideWatch.ts';
import { memoryObjects } from './memoryObjects.ts';
import { untilSettled } from './untilSettled.ts';

const clusterName = 'shop';

/** The same failure in the self-managed world, in virtual time in this thread: the watchdog as it is, with the simulated cluster's answers for HTTP. */
export async function selfManagedRun({ name, host, ...cast }: Cast, plan: Plan): Promise<SideResult> {
  const clock = new VirtualClock(plan.startMs);
  const random = seededRandom(plan.seed);
  const watch = new SideWatch('self-managed');
  const cluster = new SimulatedConnectCluster({
    clock,
    random,
    name: clusterName,
    workers: 1,
    version: workerVersionOf(plan.connectVersion),
    flushSeconds,
    taskStarts: plan.selfManaged.taskStarts,
    latencyMs: plan.selfManaged.latencyMs,
    databases: { [host]: new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: plan.rowsPerSecond }) },
  });
  cluster.addConnector(name, configurationOf({ name, host, ...cast }));
  const settings = settingsOf(cluster);
  const port: Clock = {
    now: () => new Date(clock.now()).toISOString(),
    sleep: (seconds) => clock.sleep(seconds * 1000),
  };
  const newId = () => randomHex(random, 12);
  const watchdog = new Watchdog({
    settings,
    clusters: settings.clusters.map((own) =>
      openCluster(own, { clock: port, newId, env: {}, transport: cluster.transport() }),
    ),
    objects: memoryObjects(),
    // What people are told is told by the engine's end, too.
    notifier: { tell: () => Promise.resolve() },
    directions: watchdogDirections(settings.clusters, 'node watchdog.mjs', 'watchdog.json'),
    clock: port,
    recorder: (base) => ({
      note: (event, fields) =>
        hearWatchdog(watch, JSON.stringify({ event, ...base, ...fields }), `${clusterName}/${name}`, clock.now()),
    }),
    newId,
    instance: 'compare',
  });
  await clock.advanceTo(plan.deployAtMs + plan.selfManaged.pollPhaseSeconds * 1000);
  watchdog.start();
  try {
    await clock.advanceTo(plan.failAtMs);
    const struck = struckCluster(cluster);
    strike(struck, name, strikeOf(plan.failure));
    watch.failed(clock.now(), struck.rows(name), failureText(plan.failure));
    let told = cluster.asked.length;
    const rows = () => {
      for (const { atMs, method, path, status } of cluster.asked.slice(told)) {
        told += 1;
        watch.called(atMs, `${method} ${path}`, status !== undefined && status < 300 ? undefined : String(status));
      }
      return struck.rows(name);
    };
    await untilSettled(clock, watch, rows, plan);
    return watch.result();
  } finally {
    const stopped = watchdog.stop();
    await clock.advanceBy(2000);
    await stopped;
  }
}

function settingsOf({ urls, prometheusUrls }: SimulatedConnectCluster): WatchdogSettings {
  return checkWatchdogSettings(
    {
      clusters: [{ name: clusterName, urls: [...urls], prometheus: { urls: [...prometheusUrls] } }],
      store: { folder: 'store' },
      tell: { webhooks: [{ urlEnv: 'WATCHDOG_WEBHOOK', format: 'json' }] },
    },
    'watchdog.json',
  );
}
