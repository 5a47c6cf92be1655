import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/real/freePort.ts';
import type { OwnedProcess, OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { startServer } from '../../local/real/startedServer.ts';
import type { ClusterWorker } from '../../local/selfManagedReal/connectCluster.ts';
import type { WatchdogFile } from '../../settings/watchdogSchema.ts';

/** A line of the watchdog's log, as far as a spectator needs it. */
export interface WatchdogLine {
  readonly atMs: number;
  readonly event: string;
  /** `<cluster>/<connector>` */
  readonly connector?: string;
  /** Why it looks at the connector. */
  readonly why?: string;
  readonly reason?: string;
  readonly outcome?: string;
}

/** The watchdog as a process of its own, as its user starts it. */
export interface Watchdog {
  readonly process: OwnedProcess;
  /** Where it serves /healthz and /metrics. */
  readonly url: string;
  /** What stands in its watchdog.json. */
  readonly settings: WatchdogFile;
  /** Its log so far. */
  readonly log: readonly string[];
  metrics(): Promise<string>;
}

export interface WatchdogParts {
  /** The bundle. */
  readonly file: string;
  /** Where its settings and its store are put. */
  readonly folder: string;
  readonly clusterName: string;
  readonly workers: readonly ClusterWorker[];
  /** What the workers commit offsets at, where that is not the default. */
  readonly offsetFlushSeconds: number | undefined;
  readonly webhookUrl: string;
  readonly onLine: (line: WatchdogLine) => void;
}

/** @throws with its last lines when it ends before it answers */
export async function startWatchdog(processes: OwnedProcesses, parts: WatchdogParts): Promise<Watchdog> {
  const port = await freePort();
  const settings = settingsOf(parts, port);
  const file = join(parts.folder, 'watchdog.json');
  await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`);
  const log: string[] = [];
  const url = `http://127.0.0.1:${port}`;
  const process = await startServer(
    processes,
    {
      name: 'the watchdog',
      command: globalThis.process.execPath,
      args: [parts.file, '--settings', file],
      cwd: parts.folder,
      env: { WATCHDOG_WEBHOOK: parts.webhookUrl },
      onLine: (text) => {
        log.push(text);
        const line = readLine(text);
        if (line !== undefined) parts.onLine(line);
      },
    },
    async () => {
      await get(`${url}/healthz`);
    },
    30,
  );
  return { process, url, settings, log, metrics: () => get(`${url}/metrics`) };
}

/** What its owner would write; all else is left to its defaults. */
function settingsOf({ clusterName, workers, offsetFlushSeconds }: WatchdogParts, port: number): WatchdogFile {
  return {
    clusters: [
      {
        name: clusterName,
        urls: workers.map(({ url }) => url),
        prometheus: { urls: workers.map(({ prometheusUrl }) => prometheusUrl) },
        ...(offsetFlushSeconds === undefined ? {} : { offsetFlushSeconds }),
      },
    ],
    store: { folder: 'store' },
    tell: { webhooks: [{ urlEnv: 'WATCHDOG_WEBHOOK', format: 'json' }] },
    listen: { port },
  };
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
  return text;
}

function readLine(text: string): WatchdogLine | undefined {
  try {
    const { time, ...line } = JSON.parse(text) as WatchdogLine & { readonly time: string };
    return { ...line, atMs: Date.parse(time) };
  } catch {
    return undefined;
  }
}
