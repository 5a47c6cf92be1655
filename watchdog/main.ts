import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { PortError } from '../recovery/ports.ts';
import type { Clock } from '../recovery/ports.ts';
import { SettingsError } from '../settings/faults.ts';
import { readWatchdogSettings } from '../settings/watchdogRead.ts';
import type { ClusterSettings, WatchdogSettings } from '../settings/watchdogSettings.ts';
import { jsonRecorder } from '../tell/jsonRecorder.ts';
import { severalNotifiers } from '../tell/severalNotifiers.ts';
import type { Told } from '../tell/severalNotifiers.ts';
import { check } from './commands/check.ts';
import { tryReplacer } from './acts/replaceWorker.ts';
import { kafkaAccessOf, openCluster } from './cluster.ts';
import { brokersOf } from './round/consumerGroups.ts';
import type { Cluster } from './cluster.ts';
import { help, readCommandLine } from './commands/commandLine.ts';
import { watchdogDirections } from './directions.ts';
import { listen } from './itself/http.ts';
import { namedAsInTask } from './namedAsInTask.ts';
import { openChannels } from './openChannels.ts';
import { openStore } from './openStore.ts';
import { carryOut } from './commands/order.ts';
import { clustersFor, missingFor, notifierFor } from './commands/orderParts.ts';
import { readOrder } from './commands/readOrder.ts';
import { missingSecrets } from './secretsOf.ts';
import type { Environment } from './secretsOf.ts';
import { Watchdog } from './watchdog.ts';
import type { WatchdogParts } from './watchdog.ts';

/** The process: `node watchdog.mjs --settings FILE`, and the subcommands `order` and `check`. */

const faulty = 2;
const notDone = 1;

/** What is wrong with the input, in lines of their own, and nothing else: no stack, no value that may be a secret. */
class Faults extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'Faults';
  }
}

const clock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
};

async function main(args: readonly string[], environment: Environment): Promise<number> {
  const asked = readCommandLine(args);
  switch (asked.kind) {
    case 'help':
      process.stdout.write(help);
      return 0;
    case 'faulty':
      throw new Faults([...asked.faults, 'See --help.']);
    case 'check': {
      const settings = await readSettings(asked.settings, environment);
      const found = await check(settings, {
        store: () => openStore(settings.store),
        cluster: (one) => opened(one, environment),
        kafka: async (one) => {
          const access = kafkaAccessOf(one, { env: environment });
          return access === undefined ? 0 : brokersOf(access);
        },
        replacer: (replace) => tryReplacer(replace),
        now: () => clock.now(),
      });
      process.stdout.write(`${found.lines.join('\n')}\n`);
      return found.well ? 0 : notDone;
    }
    case 'order': {
      const read = readWatchdogSettings(textOf(asked.settings, environment), asked.settings);
      const settings = await namedAsInTask(read, environment);
      const order = readOrder(asked.order, settings);
      if (order.kind === 'rejected') throw new Faults(order.faults);
      const missing = missingFor(order, settings, environment);
      if (missing.length > 0) throw new SettingsError(asked.settings, missing);
      const clusters = clustersFor(order, settings, { clock, environment, open: (one) => opened(one, environment) });
      const parts = await partsOf(settings, clusters, asked.settings, environment, toStderr);
      const notifier = notifierFor(settings, environment, () => parts.notifier);
      const done = await carryOut(order, { ...parts, notifier });
      process.stdout.write(`${done.said}\n`);
      return done.well ? 0 : notDone;
    }
    case 'watch':
      return watch(asked.settings, environment);
  }
}

/** Watches until it is asked to end. */
async function watch(place: string, environment: Environment): Promise<number> {
  const settings = await readSettings(place, environment);
  let watchdog: Watchdog | undefined;
  const told: Told = (channel, result) => watchdog?.measures.told(channel, result);
  const clusters = settings.clusters.map((one) => opened(one, environment));
  const parts = await partsOf(settings, clusters, place, environment, toStdout, told);
  watchdog = new Watchdog(parts);
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  let listening;
  try {
    listening = await listen(settings.listen.host, settings.listen.port, watchdog.pages);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Faults([`listen: ${settings.listen.host}:${settings.listen.port} cannot be listened on (${code})`]);
  }
  parts.recorder({ watchdog: settings.name }).note('listening', { host: listening.host, port: listening.port });
  watchdog.start();
  await asked;
  await Promise.all([watchdog.stop(), listening.close()]);
  return 0;
}

/** @throws Faults, SettingsError, PortError */
async function readSettings(place: string, environment: Environment): Promise<WatchdogSettings> {
  const settings = readWatchdogSettings(textOf(place, environment), place);
  const missing = missingSecrets(settings, environment);
  if (missing.length > 0) throw new SettingsError(place, missing);
  return namedAsInTask(settings, environment);
}

function textOf(place: string, environment: Environment): string {
  const variable = /^env:(.+)$/.exec(place)?.[1];
  if (variable !== undefined) {
    const text = environment[variable];
    if (text === undefined || text === '')
      throw new Faults([`--settings: the environment variable ${variable} is not set`]);
    return text;
  }
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Faults([`--settings: ${place} cannot be read (${code})`]);
  }
}

const toStdout = (line: string) => void process.stdout.write(`${line}\n`);
const toStderr = (line: string) => void process.stderr.write(`${line}\n`);

async function partsOf(
  settings: WatchdogSettings,
  clusters: readonly Cluster[],
  place: string,
  environment: Environment,
  writeLine = toStdout,
  told: Told = () => undefined,
): Promise<WatchdogParts> {
  const recorder = (base: Readonly<Record<string, unknown>>) => jsonRecorder(base, writeLine);
  const objects = await openStore(settings.store);
  return {
    settings,
    clusters,
    objects,
    notifier: severalNotifiers(openChannels(settings, clock, environment), recorder({ watchdog: settings.name }), told),
    directions: watchdogDirections(settings.clusters, `node ${basename(process.argv[1] ?? 'watchdog.mjs')}`, place),
    clock,
    recorder,
    newId: randomUUID,
    instance: `${hostname()}:${process.pid}`,
  };
}

/** @throws Faults where a file that the settings name cannot be used */
function opened(settings: ClusterSettings, environment: Environment): Cluster {
  try {
    return openCluster(settings, { clock, newId: randomUUID, env: environment });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Faults([`cluster ${settings.name}: ${reason}`]);
  }
}

try {
  process.exit(await main(process.argv.slice(2), process.env));
} catch (error) {
  if (error instanceof Faults || error instanceof SettingsError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(faulty);
  }
  process.stderr.write(
    `${error instanceof PortError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(notDone);
}
