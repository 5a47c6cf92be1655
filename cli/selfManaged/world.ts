import { setTimeout as sleep } from 'node:timers/promises';
import { ownProcesses } from '../../local/real/ownedProcesses.ts';
import { provideSoftware } from '../../local/real/software.ts';
import {
  startConnectCluster,
  type ConnectCluster,
  type RestRequest,
} from '../../local/selfManagedReal/connectCluster.ts';
import { openGround, type Ground } from '../real/ground.ts';
import type { Quicker, Source } from './cast.ts';
import { bundleWatchdog } from './bundleWatchdog.ts';
import { startWatchdog, type Watchdog, type WatchdogLine } from './watchdogProcess.ts';
import { startWebhookReceiver, type Delivery } from './webhookReceiver.ts';

/** A Kafka Connect cluster of one's own on this machine, and the watchdog beside it: all real, in real time. */
export interface SelfManagedWorld {
  readonly ground: Ground;
  readonly cluster: ConnectCluster;
  readonly watchdog: Watchdog;
  /** What was told to people. */
  readonly deliveries: readonly Delivery[];
  /** Ends every process and removes every file of the run. */
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly sources: readonly Source[];
  readonly quicker?: Quicker;
  readonly workers: number;
  readonly say: (text: string) => void;
  readonly onRequest: (request: RestRequest, worker: number) => void;
  readonly onLine: (line: WatchdogLine) => void;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly signal: AbortSignal;
}

export const clusterName = 'shop';
const longestEndMs = 5000;

/**
 * Opens it: bundles the watchdog, starts broker, database and workers, and the watchdog over them. Whatever ends it early, nothing is left.
 * @throws MissingSoftware naming all that is missing, and how to get it; the signal's reason when it was aborted
 */
export async function openSelfManagedWorld(options: WorldOptions): Promise<SelfManagedWorld> {
  const { signal } = options;
  signal.throwIfAborted();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  const opening = open(options, (closer) => closers.push(closer), close);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    // It fails for want of what is closed now, which is no news; what it made meanwhile is closed afterwards.
    const over = opening.then(
      () => undefined,
      () => undefined,
    );
    await close();
    await Promise.race([over, sleep(longestEndMs, undefined, { ref: false })]);
    await close();
    signal.throwIfAborted();
    throw error;
  }
}

async function open(
  { sources, quicker, workers, say, onRequest, onLine, onDelivery, signal }: WorldOptions,
  onClose: (closer: () => Promise<void>) => void,
  close: () => Promise<void>,
): Promise<SelfManagedWorld> {
  const software = await provideSoftware({ say, signal });
  const processes = await ownProcesses();
  onClose(() => processes.close());
  const bundle = await bundleWatchdog(processes);
  say(`bundled the watchdog: watchdog.mjs, ${Math.round(bundle.bytes / 1024)} KB, in ${bundle.milliseconds} ms`);
  const ground = await openGround(processes, software, {
    connectors: sources,
    rowsPerSecond: 1,
    brokerProxy: false,
    tls: false,
    mariadbArgs: [],
    say,
  });
  onClose(() => ground.close());
  const beganAtMs = Date.now();
  const cluster = await startConnectCluster({
    processes,
    software,
    bootstrapServers: ground.broker.workerBootstrapServers,
    group: clusterName,
    workers,
    pluginFolders: [software.plugins['debezium-mysql-2.6.2']],
    settings:
      quicker === undefined
        ? {}
        : {
            'offset.flush.interval.ms': String(quicker.flushSeconds * 1000),
            'scheduled.rebalance.max.delay.ms': String(quicker.rebalanceDelaySeconds * 1000),
          },
    onRequest,
  });
  const seconds = ((Date.now() - beganAtMs) / 1000).toFixed(0);
  const urls = cluster.workers.map(({ url }) => url);
  say(
    `started Kafka Connect 3.7.1, ${workers === 1 ? 'one worker' : `${workers} workers of one cluster`} in distributed mode, at ${urls.join(' and ')} (${seconds} s)`,
  );
  const webhook = await startWebhookReceiver(onDelivery);
  onClose(() => webhook.close());
  const watchdog = await startWatchdog(processes, {
    file: bundle.file,
    folder: processes.folder,
    clusterName,
    workers: cluster.workers,
    offsetFlushSeconds: quicker?.flushSeconds,
    webhookUrl: webhook.url,
    onLine,
  });
  say(`started it: node watchdog.mjs --settings watchdog.json; it serves ${watchdog.url}/metrics and polls every 10 s`);
  return { ground, cluster, watchdog, deliveries: webhook.deliveries, close };
}
