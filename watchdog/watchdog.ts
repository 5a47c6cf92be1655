import { PortError } from '../recovery/ports.ts';
import type { Clock, Directions, Notifier, Recorder } from '../recovery/ports.ts';
import { secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';
import type { WatchdogSettings } from '../settings/watchdogSettings.ts';
import { s3Journals } from '../store/journals.ts';
import type { Objects } from '../store/objects.ts';
import { tellLateOrders } from '../store/orders.ts';
import type { Cluster } from './cluster.ts';
import { ClusterWatch } from './looks/clusterWatch.ts';
import type { Labels } from './itself/exposition.ts';
import type { Pages } from './itself/http.ts';
import { KnownJournals } from './looks/knownJournals.ts';
import { Measures } from './itself/measures.ts';
import { Recoveries } from './looks/recoveries.ts';
import { Stopped, StoppableClock } from './looks/stoppableClock.ts';
import { StoreTrouble } from './troubles/storeTrouble.ts';
import { tally } from './itself/tally.ts';

/** What a watchdog is made of; everything that it touches is given to it. */
export interface WatchdogParts {
  readonly settings: WatchdogSettings;
  /** One for each of the settings. */
  readonly clusters: readonly Cluster[];
  readonly objects: Objects;
  readonly notifier: Notifier;
  readonly directions: Directions;
  readonly clock: Clock;
  /** Makes a recorder whose lines carry these fields. */
  readonly recorder: (base: Readonly<Record<string, unknown>>) => Recorder;
  readonly newId: () => string;
  /** Who this process is among several watchdogs, such as `host:pid`. */
  readonly instance: string;
}

/** Rounds are in time while the last one of each cluster ended no longer ago than this many polls, and 30 s more. */
const latePolls = 3;
const lateSeconds = 30;
/** How often it is asked whether anybody ordered something of which others have not heard. */
const lateOrdersSeconds = 60;
/** A process that is asked to end has a second; what has not come to rest by then is left to whoever comes next. */
const restsWithinSeconds = 0.7;

/** The watchdog: rounds over every cluster, in their time, until it is stopped. */
export class Watchdog {
  readonly #parts: WatchdogParts;
  readonly #clock: StoppableClock;
  readonly #recorder: Recorder;
  readonly #recoveries: Recoveries;
  readonly #watches: readonly ClusterWatch[];
  readonly #measures: Measures;
  readonly #store: StoreTrouble;
  #startedAt: Instant | undefined;
  #loops: readonly Promise<void>[] = [];

  constructor(parts: WatchdogParts) {
    const { settings, objects, clock, newId, instance } = parts;
    this.#parts = parts;
    this.#clock = new StoppableClock(clock);
    this.#recorder = parts.recorder({ watchdog: settings.name });
    this.#recoveries = new Recoveries(settings.recoveriesAtOnce, clock, () => `${instance}:${newId()}`);
    this.#measures = new Measures({
      verdicts: () => this.#watches.flatMap((watch) => counted(watch.cluster.name, 'verdict', watch.verdicts.values())),
      workers: () => this.#watches.flatMap((watch) => counted(watch.cluster.name, 'answer', answersOf(watch))),
      lastRounds: () => this.#watches.flatMap(lastRound),
      recoveriesUnderWay: () => this.#recoveries.underWay.size,
    });
    this.#store = new StoreTrouble(parts.notifier, clock, this.#recorder);
    const journals = new KnownJournals(s3Journals(objects), () => clock.now());
    const world = {
      ...parts,
      clock: this.#clock,
      journals,
      recoveries: this.#recoveries,
      measures: this.#measures,
      store: this.#store,
      recorder: (connector?: string) =>
        parts.recorder({ watchdog: settings.name, ...(connector === undefined ? {} : { connector }) }),
    };
    this.#watches = parts.clusters.map((cluster) => new ClusterWatch(cluster, world));
  }

  get measures(): Measures {
    return this.#measures;
  }

  get pages(): Pages {
    return { health: () => this.#health(), metrics: () => this.#measures.text() };
  }

  /** Begins its rounds. What was under way when its predecessor ended is continued from the journals. */
  start(): void {
    const { settings, objects, instance } = this.#parts;
    this.#startedAt = this.#clock.now();
    this.#recorder.note('started', {
      instance,
      store: storeInWords(settings, objects),
      clusters: settings.clusters.map(({ name, urls, connectors, except }) => ({ name, urls, connectors, except })),
      pollSeconds: settings.pollSeconds,
      tell: settings.tell,
    });
    this.#loops = [...this.#watches.map((watch) => this.#loop(watch)), this.#lateOrders()];
  }

  /**
   * Ends within a second: no round and no act is begun any more, whoever waits gives its lease back, and what is in the middle of a call keeps its lease
   * until that ends by itself, so that nobody does the same at once.
   */
  async stop(): Promise<void> {
    if (this.#clock.isStopped) return;
    this.#recorder.note('stopping', { underWay: [...this.#recoveries.underWay] });
    this.#clock.stop();
    const rest = Promise.allSettled([this.#recoveries.settled(), ...this.#loops]);
    await Promise.race([rest, this.#parts.clock.sleep(restsWithinSeconds)]);
    await Promise.race([
      Promise.allSettled(this.#parts.clusters.map((cluster) => cluster.close())),
      this.#parts.clock.sleep(1 - restsWithinSeconds - 0.1),
    ]);
    this.#recorder.note('stopped', { left: [...this.#recoveries.underWay] });
  }

  async #loop(watch: ClusterWatch): Promise<void> {
    const { pollSeconds } = this.#parts.settings;
    try {
      for (;;) {
        const begunAt = this.#clock.now();
        // oxlint-disable-next-line no-await-in-loop -- one round after the other is the point
        await this.#round(watch);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#clock.sleep(Math.max(0, pollSeconds - secondsBetween(begunAt, this.#clock.now())));
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  /** Orders on everything that were given where nobody could be told, or by a process that ended too soon. */
  async #lateOrders(): Promise<void> {
    const ports = { ...this.#parts, recorder: this.#recorder };
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- again and again is the point
        await this.#clock.sleep(lateOrdersSeconds);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#tellLate(ports);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  async #tellLate(ports: Parameters<typeof tellLateOrders>[1]): Promise<void> {
    try {
      await tellLateOrders(this.#parts.objects, ports, this.#clock.now());
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.#recorder.note('port.error', { code: error.code, reason: error.message });
    }
  }

  /** A fault of ours in one round must not end the rounds: it is in the log, and `/healthz` says that none ends any more. */
  async #round(watch: ClusterWatch): Promise<void> {
    try {
      await watch.round();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.#recorder.note('round.failed', { cluster: watch.cluster.name, error });
    }
  }

  #health(): ReturnType<Pages['health']> {
    const { settings, objects, instance } = this.#parts;
    const now = this.#clock.now();
    const mostSeconds = latePolls * settings.pollSeconds + lateSeconds;
    const clusters = this.#watches.map(({ cluster, endedAt, seen, verdicts }) => {
      const sinceSeconds = secondsBetween(endedAt ?? this.#startedAt ?? now, now);
      return {
        name: cluster.name,
        inTime: sinceSeconds <= mostSeconds,
        ...(endedAt === undefined ? {} : { lastRoundAt: endedAt }),
        ...(seen === undefined ? {} : { tookSeconds: seen.tookSeconds, connectors: seen.connectors.kind }),
        verdicts: Object.fromEntries(tally(verdicts.values())),
      };
    });
    const healthy = clusters.every(({ inTime }) => inTime);
    return {
      healthy,
      body: {
        status: healthy ? 'ok' : 'late',
        watchdog: settings.name,
        instance,
        startedAt: this.#startedAt,
        store: storeInWords(settings, objects),
        ...(this.#store.since === undefined ? {} : { storeOutOfReachSince: this.#store.since }),
        pollSeconds: settings.pollSeconds,
        recoveriesUnderWay: [...this.#recoveries.underWay],
        clusters,
      },
    };
  }
}

/** Which store is in force, and how far its leases reach. */
export function storeInWords({ store }: Pick<WatchdogSettings, 'store'>, { bucket }: Pick<Objects, 'bucket'>): string {
  return store.kind === 'folder'
    ? `folder ${bucket}: leases hold among the watchdogs of this host only`
    : `S3 bucket ${bucket}: leases hold among all watchdogs that use it`;
}

function counted(cluster: string, label: string, words: Iterable<string>): (readonly [Labels, number])[] {
  return [...tally(words)].map(([word, count]) => [{ cluster, [label]: word }, count] as const);
}

function answersOf({ seen }: ClusterWatch): readonly string[] {
  return (seen?.workers ?? []).flatMap(({ answer }) => (answer === undefined ? [] : [answer.kind]));
}

function lastRound({ cluster, endedAt }: ClusterWatch): (readonly [Labels, number])[] {
  return endedAt === undefined ? [] : [[{ cluster: cluster.name }, Date.parse(endedAt) / 1000] as const];
}
