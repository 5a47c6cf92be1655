import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startActor } from '../../../local/actors/actorProcess.ts';
import type { FromCluster, ToCluster } from '../../../local/actors/connectClusterMessages.ts';
import type { ScaledClock } from '../../../local/scaledClock.ts';
import { watchdogDefaults } from '../../../settings/watchdogDefaults.ts';
import type { WatchdogFile } from '../../../settings/watchdogSchema.ts';
import type { Cast } from '../../demonstration/connectors.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../selfManaged/webhookReceiver.ts';
import { configurationOf } from '../castFor.ts';
import { flushSeconds } from '../durations.ts';
import { hearWatchdog } from '../hearWatchdog.ts';
import { strikeOf, workerVersionOf, type Plan } from '../plan.ts';
import { restSights } from '../restSights.ts';
import type { SideWatch } from '../sideWatch.ts';
import type { SightReader } from '../sights.ts';
import { subjectOf } from '../subjectOf.ts';
import type { World } from '../world.ts';
import { hearTruth } from './hearTruth.ts';
import { untilMs } from './untilMs.ts';
import { startWatchdog, type WatchdogProcess } from './watchdogProcess.ts';

const clusterName = 'shop';
/** The bundler as the deployment calls it; in a process of its own, so that this one hears Ctrl+C meanwhile. */
const bundler = fileURLToPath(new URL('../../../infra/selfManagedBundler.ts', import.meta.url));
const bundle = (folder: string, signal: AbortSignal) =>
  promisify(execFile)(process.execPath, [bundler, folder], { signal, killSignal: 'SIGKILL' });
/** The watchdog has polled so often and knows what is usual. */
const healthyPolls = 12;

/**
 * The self-managed world: the cluster is a process of its own, and so is the watchdog, which is both monitor and recovery. What is told here of the
 * watchdog is its log and its webhook, as a person would hear of it.
 */
export function selfManagedWorld(clock: ScaledClock, cast: Cast, plan: Plan, watch: SideWatch): World {
  const { name } = cast;
  const folder = mkdtempSync(join(tmpdir(), 'connector-watchdog-'));
  const cluster = startActor<ToCluster, FromCluster>(
    'cluster',
    new URL('../../../local/actors/connectCluster.ts', import.meta.url),
    (message) => {
      if (message.kind === 'truth') hearTruth(watch, plan, message);
    },
  );
  let webhook: WebhookReceiver | undefined;
  let watchdog: WatchdogProcess | undefined;
  let sights: SightReader | undefined;
  let healthyAtMs = Infinity;
  const ending = new AbortController();
  let bundling: Promise<unknown> | undefined;

  return {
    async open(say) {
      cluster.send({
        kind: 'open',
        scale: clock.scale,
        seed: plan.seed,
        name: clusterName,
        version: workerVersionOf(plan.connectVersion),
        flushSeconds,
        taskStarts: plan.selfManaged.taskStarts,
        connector: name,
        configuration: configurationOf(cast),
      });
      bundling = bundle(folder, ending.signal);
      const [{ urls, prometheusUrls }] = await Promise.all([cluster.next('listening'), bundling]);
      say(`started a Kafka Connect cluster with ${name} (process ${cluster.pid})`);
      webhook = await startWebhookReceiver(({ body }) => watch.tell(clock.now(), 'message', subjectOf(body)));
      const settings: WatchdogFile = {
        clusters: [{ name: clusterName, urls: [...urls], prometheus: { urls: [...prometheusUrls] } }],
        store: { folder: join(folder, 'store') },
        tell: { webhooks: [{ urlEnv: 'WATCHDOG_WEBHOOK', format: 'json' }] },
        listen: { port: 0 },
      };
      const settingsFile = join(folder, 'watchdog.json');
      writeFileSync(settingsFile, JSON.stringify(settings));
      watchdog = startWatchdog({
        file: join(folder, 'watchdog.mjs'),
        settingsFile,
        scale: clock.scale,
        environment: { WATCHDOG_WEBHOOK: webhook.url },
        onLine: (line) => hearWatchdog(watch, line, `${clusterName}/${name}`, clock.now()),
      });
      const { pollSeconds } = watchdogDefaults;
      healthyAtMs = clock.now() + healthyPolls * pollSeconds * 1000;
      say(`started the watchdog (process ${watchdog.pid}), which polls every ${pollSeconds} s`);
      const [url = ''] = urls;
      const [prometheusUrl = ''] = prometheusUrls;
      sights = restSights({ connector: name, url, prometheusUrl, pollSeconds, now: () => clock.now() });
    },
    async poll() {
      watchdog?.mustRun();
      if (watch.marks !== undefined && !watch.flows) await sights?.look();
    },
    get healthy() {
      return clock.now() > healthyAtMs;
    },
    get waitsFor() {
      return clock.now() > healthyAtMs ? 'healthy' : 'the watchdog has only begun to poll';
    },
    strike: (atMs) => cluster.send({ kind: 'strike', strike: strikeOf(plan.failure), atMs }),
    async sights(fromMs, toMs) {
      if (sights === undefined) throw new Error('The self-managed world was not opened.');
      return sights.read(fromMs, toMs);
    },
    drain: () => untilMs(clock, clock.now() + 20_000),
    async end() {
      ending.abort();
      // What still writes must not write behind what is cleared away.
      await Promise.allSettled([bundling, cluster.end(), watchdog?.end(), webhook?.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
