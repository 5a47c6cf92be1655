import type { Sighting } from '../recovery/connector.ts';
import type { Clock, Ports } from '../recovery/ports.ts';
import type { Series, Signs } from '../recovery/signs.ts';
import type { Instant } from '../recovery/time.ts';
import { isThisHost } from '../settings/thisHost.ts';
import { isLookedAfter } from '../settings/watchdogPolicy.ts';
import type { BasicSettings, ClusterSettings } from '../settings/watchdogSettings.ts';
import { ClusterMemory } from './memory/clusterMemory.ts';
import { nameIn, noSavedConfigs, restConnectors } from './acts/connectors.ts';
import { openConsumerGroups } from './round/consumerGroups.ts';
import type { ConsumerGroups, KafkaAccess } from './round/consumerGroups.ts';
import { workerReplacer } from './acts/replaceWorker.ts';
import type { ReplaceWorker } from './acts/replaceWorker.ts';
import { ConnectRest } from './rest/connectRest.ts';
import { workerAddresses } from './rest/workerAddresses.ts';
import type { WorkerAddress } from './rest/workerAddresses.ts';
import { Rounds } from './round/round.ts';
import type { Agent } from './round/round.ts';
import type { ClusterSeen } from './round/seen.ts';
import { openTransport } from './rest/transport.ts';
import type { OwnTransport, Transport } from './rest/transport.ts';
import { restWorkers } from './acts/workers.ts';

/** What the engine needs of a self-managed Kafka Connect, by the names `<cluster>/<connector>`. */
export type ClusterPorts = Pick<Ports, 'connectors' | 'savedConfigs' | 'signsOfLife' | 'past'> &
  Required<Pick<Ports, 'workers'>>;

/** One Kafka Connect cluster under watch. */
export interface Cluster {
  /** As its settings call it. */
  readonly name: string;
  /**
   * Looks once at everything, remembers it, and gives what was seen. Ends within 2 s of its beginning with what there is. Never throws. One at a
   * time: a call while one is under way gives the same answer.
   */
  round(): Promise<ClusterSeen>;
  /** The watched connectors that the last readable round saw, as `<cluster>/<connector>`. */
  watched(): readonly string[];
  /** What is remembered of one, without a question to anybody. @throws PortError where nothing is known yet */
  sighting(name: string): Sighting;
  /** What is remembered of its life between the two moments, without a question to anybody. */
  signs(name: string, from: Instant, to: Instant): Signs;
  /** Whether another watchdog sees more of it: ours sits beside one worker, and it lives on others, which have one beside them too. */
  isSeenBetterElsewhere(name: string): boolean;
  /** Kafka Connect's version, the lowest of the workers' that were heard; `undefined` before any was. */
  readonly version: string | undefined;
  readonly ports: ClusterPorts;
  /** Ends every connection, whatever is under way. */
  close(): Promise<void>;
}

/** What a cluster is opened with; what is absent is the real thing. */
export interface ClusterWorld {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Where the names of variables in the settings lead. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport?: Transport;
  readonly groups?: ConsumerGroups;
  readonly replace?: ReplaceWorker;
}

/** As far as the engine ever looks back: the longest pause between two tries, and the time that one takes to fail. */
const keepSeconds = 10_800;

/** @throws where a file or a variable that the settings name is not there */
export function openCluster(settings: ClusterSettings, world: ClusterWorld): Cluster {
  const { name, timeoutSeconds } = settings;
  const { clock, newId } = world;
  const wire = world.transport === undefined ? openTransport(settings.tls) : notOurs(world.transport);
  const ownGroups = world.groups === undefined ? groupsOf(settings, world) : undefined;
  const groups = world.groups ?? ownGroups;
  const addresses = workerAddresses(settings.urls, settings.advertised);
  const basic = settings.basic === undefined ? undefined : credentials(settings.basic, world);
  const rest = new ConnectRest({ workers: addresses, send: wire.send, ...(basic && { basic }) }, clock);
  const memory = new ClusterMemory(name, keepSeconds);
  const beside = workersBeside(settings);
  const timeoutMs = 1000 * timeoutSeconds;
  const replace = world.replace ?? (settings.workers && workerReplacer(settings.workers.replace));
  const access = { cluster: name, rest, memory, clock, newId, timeoutMs, ...(replace && { replace }) };
  const rounds = new Rounds({
    cluster: name,
    rest,
    workers: addresses,
    agents: agentsOf(settings, addresses),
    send: wire.send,
    ...(groups && { groups }),
    watches: (connector) => isLookedAfter(connector, settings),
    clock,
    timeoutMs,
  });
  let underWay: Promise<ClusterSeen> | undefined;
  const signs = (full: string, from: Instant, to: Instant): Signs => {
    const local = nameIn(name, full);
    return (local === undefined ? undefined : memory.signs(local, from, to)) ?? nothingKnown(full, from, to);
  };
  return {
    name,
    round() {
      underWay ??= rounds
        .next()
        .then((seen) => {
          memory.learn(seen);
          return seen;
        })
        .finally(() => {
          underWay = undefined;
        });
      return underWay;
    },
    watched: () => memory.names.map((one) => memory.fullName(one)),
    sighting: (full) => {
      const local = nameIn(name, full);
      return local === undefined ? { kind: 'absent' } : memory.sighting(local, clock.now());
    },
    signs,
    isSeenBetterElsewhere: (full) => {
      const local = nameIn(name, full);
      return local !== undefined && beside !== undefined && memory.livesElsewhere(local, beside);
    },
    get version() {
      return memory.version;
    },
    ports: {
      connectors: restConnectors(access),
      savedConfigs: noSavedConfigs(name),
      signsOfLife: { look: async (connector, from, to) => signs(connector.name, from, to) },
      past: { rates: async () => ({ kind: 'unreadable', reason: 'the watchdog remembers hours, not weeks' }) },
      workers: restWorkers(access),
    },
    async close() {
      await Promise.allSettled([wire.close(), ownGroups?.close()]);
    },
  };
}

/** The workers of this host, by the names that states have of them, where no other is asked: we are a sidecar. Else `undefined`. */
function workersBeside({ urls, advertised }: ClusterSettings): ReadonlySet<string> | undefined {
  const beside = Object.entries(advertised).filter(([, url]) => isThisHost(url));
  const isSidecar = urls.every((url) => beside.some(([, named]) => named === url));
  return isSidecar ? new Set(beside.map(([worker]) => worker)) : undefined;
}

/** Whoever gave it ends it. */
function notOurs(send: Transport): OwnTransport {
  return { send, close: async () => {} };
}

function groupsOf(settings: ClusterSettings, world: ClusterWorld): ReturnType<typeof openConsumerGroups> | undefined {
  const access = kafkaAccessOf(settings, world);
  return access === undefined ? undefined : openConsumerGroups(access);
}

/** How the Kafka cluster is reached; `undefined`: none is named. @throws where a variable is not set */
export function kafkaAccessOf(
  { kafka }: Pick<ClusterSettings, 'kafka'>,
  world: Pick<ClusterWorld, 'env'>,
): KafkaAccess | undefined {
  if (kafka === undefined) return undefined;
  const { bootstrapServers, tls, sasl } = kafka;
  return {
    bootstrapServers,
    ...(tls && { tls }),
    ...(sasl && { sasl: { mechanism: sasl.mechanism, ...credentials(sasl, world) } }),
  };
}

function credentials(
  { userEnv, passwordEnv }: BasicSettings,
  { env }: Pick<ClusterWorld, 'env'>,
): { readonly user: string; readonly password: string } {
  const [user, password] = [env[userEnv], env[passwordEnv]];
  if (user === undefined) throw new Error(`The environment variable ${userEnv} is not set.`);
  if (password === undefined) throw new Error(`The environment variable ${passwordEnv} is not set.`);
  return { user, password };
}

/** One at each worker's host, or those that are named; as many as there are workers, they are taken to be in the same order. */
function agentsOf({ prometheus, urls }: ClusterSettings, addresses: readonly WorkerAddress[]): readonly Agent[] {
  if (prometheus === undefined) return [];
  if ('port' in prometheus) {
    const { port, path } = prometheus;
    return addresses.map(({ worker, url }) => ({ worker, url: `http://${hostOf(url)}:${port}${path}` }));
  }
  return prometheus.urls.map((url, index) => {
    const workerUrl = prometheus.urls.length === urls.length ? urls[index] : undefined;
    const worker = addresses.find((address) => address.url === workerUrl)?.worker;
    return { url, ...(worker === undefined ? {} : { worker }) };
  });
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function nothingKnown(full: string, from: Instant, to: Instant): Signs {
  const unread: Series = { kind: 'unreadable', reason: `no round has seen ${full}` };
  return {
    from,
    to,
    recordsIn: unread,
    recordsOut: unread,
    runningTasks: unread,
    erroredTasks: unread,
    connected: unread,
    msSinceLastEvent: unread,
    lag: unread,
    log: unread,
  };
}
