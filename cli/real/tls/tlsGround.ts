import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Telemetry } from '../../../local/aws/service.ts';
import type { RunningConnector } from '../../../local/connect/dataPlane.ts';
import { RealDataPlane, type WorkerSample } from '../../../local/connect/real/realDataPlane.ts';
import { startBroker } from '../../../local/real/broker.ts';
import { startMariadb, type MariaDb } from '../../../local/real/mariadb.ts';
import { ownProcesses, type OwnedProcess, type OwnedProcesses } from '../../../local/real/ownedProcesses.ts';
import { startProxy, type Proxy } from '../../../local/real/proxy.ts';
import { followTopic, type TopicRows } from '../../../local/real/rows/topicRows.ts';
import { provideSoftware, type Software } from '../../../local/real/software.ts';
import { makeTlsMaterial } from '../../../local/real/tls.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { createUser, heldToTls12, startedConnector } from './tlsConnector.ts';
import { nameOf, tlsVersions, versionOf, type PerVersion, type TlsVersion } from './versions.ts';

/** Two workers alike but for their TLS version, reading one MariaDB that refuses both without TLS. */
export interface TlsGround {
  readonly software: Software;
  readonly processes: OwnedProcesses;
  readonly mariadb: MariaDb;
  /** Between each worker and the database; absent where the workers reach it directly. */
  readonly proxies?: PerVersion<Proxy>;
  /** The rows of `shop.orders` that came through each worker. */
  readonly topics: PerVersion<TopicRows>;
  connector(version: TlsVersion): RunningConnector;
  /** The present process of a worker. */
  worker(version: TlsVersion): OwnedProcess;
  /** Deletes a connector and creates it again, as a recovery does; its offsets stay. Resolves when it is RUNNING. */
  recreate(version: TlsVersion): Promise<void>;
  /** What each worker last said of itself. */
  readonly samples: Map<TlsVersion, WorkerSample>;
  close(): Promise<void>;
}

export interface TlsGroundOptions {
  /** Puts a proxy between each worker and the database. */
  readonly proxied: boolean;
  /** Where MariaDB is started and reached. @default beside the workers, on 127.0.0.1 */
  readonly databaseSite?: (processes: OwnedProcesses) => Promise<DatabaseSite>;
  /** More JVM options of both workers. @default none */
  readonly javaOptions?: (processes: OwnedProcesses) => Promise<readonly string[]>;
  /** More connector configuration of both. @default none */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly say: (text: string) => void;
  readonly onLine?: (version: TlsVersion, line: string) => void;
  readonly signal: AbortSignal;
}

export interface DatabaseSite {
  readonly processes: OwnedProcesses;
  readonly host: string;
}

/** A start that was called off ends of itself within this time, for want of what it needs. */
const longestEndMs = 5000;
const telemetry: Telemetry = { log: () => undefined, metric: () => undefined };

/**
 * Starts MariaDB with TLS, a broker, and the two workers (Kafka Connect 3.7.1, Debezium MySQL 2.6.2 with its MariaDB adapter).
 * @throws MissingSoftware; the signal's reason
 */
export async function openTlsGround(options: TlsGroundOptions): Promise<TlsGround> {
  const { say, signal } = options;
  const software = await provideSoftware({ say, signal });
  const processes = await ownProcesses();
  const closers: (() => Promise<void> | void)[] = [() => processes.close()];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });
  // Where the ground was open by then, whoever uses it is told by the signal itself.
  aborted.catch(() => undefined);
  const opening = open(options, software, processes, closers);
  try {
    return { ...(await Promise.race([opening, aborted])), close };
  } catch (error) {
    // What it makes meanwhile is closed afterwards.
    const over = opening.then(
      () => undefined,
      () => undefined,
    );
    await close();
    await Promise.race([over, sleep(longestEndMs, undefined, { ref: false })]);
    await close();
    throw error;
  }
}

async function open(
  options: TlsGroundOptions,
  software: Software,
  processes: OwnedProcesses,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<TlsGround, 'close'>> {
  const { say } = options;
  const tls = await makeTlsMaterial(processes.folder);
  const site = (await options.databaseSite?.(processes)) ?? { processes, host: '127.0.0.1' };
  const [broker, mariadb] = await Promise.all([
    startBroker(processes, software),
    startMariadb(site.processes, software, {
      tls,
      listenOn: site.host,
      // It alone shows the TLS version of other sessions.
      args: ['--performance-schema=ON'],
    }),
  ]);
  const password = randomBytes(16).toString('hex');
  for (const version of tlsVersions) await createUser(mariadb, nameOf(version), password);
  say('started a Kafka broker and MariaDB, whose two users are refused without TLS');

  const proxies = options.proxied ? await startProxies(mariadb.port, site.host, closers) : undefined;
  const javaOptions = (await options.javaOptions?.(processes)) ?? [];
  const clock = scaledClock({ factor: 1 });
  closers.push(() => clock.stop());
  const samples = new Map<TlsVersion, WorkerSample>();
  const plane = new RealDataPlane({
    clock,
    telemetry,
    processes,
    software,
    bootstrapServers: broker.workerBootstrapServers,
    plugins: software.plugins,
    // Nobody listens.
    nativeEverySeconds: 3600,
    sampleEverySeconds: 2,
    onSample: (sample) => samples.set(versionOf(sample.connector), sample),
    javaOptions: ({ name }) => [...javaOptions, ...(versionOf(name) === 'TLSv1.2' ? [heldToTls12] : [])],
    onLine: (name, line) => options.onLine?.(versionOf(name), line),
  });
  closers.push(() => plane.close());
  const start = (version: TlsVersion) =>
    plane.start(
      startedConnector(version, {
        host: proxies === undefined ? site.host : '127.0.0.1',
        port: proxies?.[version].port ?? mariadb.port,
        password,
        bootstrapServers: broker.workerBootstrapServers,
        ...(options.configuration === undefined ? {} : { more: options.configuration }),
      }),
    );
  const connectors = new Map<TlsVersion, RunningConnector>();
  await Promise.all(tlsVersions.map(async (version) => connectors.set(version, await start(version))));
  const connector = (version: TlsVersion) => {
    const found = connectors.get(version);
    if (found === undefined) throw new Error(`There is no connector with ${version}.`);
    return found;
  };
  say('the two workers are RUNNING');
  const topic = async (version: TlsVersion) => {
    const rows = await followTopic(broker.bootstrapServers, `${nameOf(version)}.shop.orders`);
    closers.push(() => rows.close());
    return rows;
  };
  const topics = { 'TLSv1.3': await topic('TLSv1.3'), 'TLSv1.2': await topic('TLSv1.2') };
  return {
    software,
    processes,
    mariadb,
    ...(proxies === undefined ? {} : { proxies }),
    topics,
    connector,
    samples,
    async recreate(version) {
      await connector(version).stop();
      connectors.set(version, await start(version));
    },
    worker(version) {
      const found = plane.worker(nameOf(version));
      if (found === undefined) throw new Error(`There is no worker with ${version}.`);
      return found;
    },
  };
}

async function startProxies(
  port: number,
  host: string,
  closers: (() => Promise<void> | void)[],
): Promise<PerVersion<Proxy>> {
  const start = async () => {
    const proxy = await startProxy({ port, host });
    closers.push(() => proxy.close());
    return proxy;
  };
  return { 'TLSv1.3': await start(), 'TLSv1.2': await start() };
}
