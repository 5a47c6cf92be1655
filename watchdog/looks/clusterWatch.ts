import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Ports, Recorder } from '../../recovery/ports.ts';
import { plusSeconds, secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { WatchdogSettings } from '../../settings/watchdogSettings.ts';
import type { Cluster } from '../cluster.ts';
import { ClusterTroubles } from '../troubles/clusterTroubles.ts';
import { by } from '../round/deadline.ts';
import { enginePorts } from './enginePorts.ts';
import type { Surroundings } from './enginePorts.ts';
import type { Measures } from '../itself/measures.ts';
import { Judging } from './judging.ts';
import { policyFor } from './policyFor.ts';
import { planLooks } from './planLooks.ts';
import type { Judged, Look } from './planLooks.ts';
import { noteEnd } from './recoveries.ts';
import type { Recoveries } from './recoveries.ts';
import type { ClusterSeen } from '../round/seen.ts';
import type { StoreTrouble } from '../troubles/storeTrouble.ts';
import { tally } from '../itself/tally.ts';
import { TroubleTeller } from '../troubles/troubleRecord.ts';

/** What the watch over one cluster works with. */
export interface WatchWorld extends Surroundings {
  readonly settings: WatchdogSettings;
  readonly recoveries: Recoveries;
  readonly measures: Measures;
  readonly store: StoreTrouble;
  /** Writes lines that name this connector, or, without one, the cluster. */
  readonly recorder: (connector?: string) => Recorder;
  /** Who we are among several watchdogs. */
  readonly instance: string;
}

/** A line `round` is written so often: alarms on the log count them by the minute. */
const sayEverySeconds = 30;
/** So long a round waits until people are told; the telling goes on beside those that follow. */
const tellsForSeconds = 2;

/** The watch over one cluster: after each round it judges every connector, and hands those to the engine that need it. */
export class ClusterWatch {
  readonly cluster: Cluster;
  readonly #world: WatchWorld;
  readonly #recorder: Recorder;
  readonly #troubles = new ClusterTroubles();
  readonly #teller: TroubleTeller;
  readonly #judging: Judging;
  #verdicts: ReadonlyMap<string, string> = new Map();
  #saidAt: Instant | undefined;
  #seen: ClusterSeen | undefined;
  #endedAt: Instant | undefined;
  #unreadable: string | undefined;
  /** While people are being told of the cluster's own troubles. */
  #telling: Promise<void> | undefined;

  constructor(cluster: Cluster, world: WatchWorld) {
    this.cluster = cluster;
    this.#world = world;
    this.#recorder = world.recorder();
    this.#judging = new Judging(cluster, world);
    this.#teller = new TroubleTeller(cluster.name, world.objects, world.notifier, world.instance);
  }

  /** When the last round ended, whatever it saw. */
  get endedAt(): Instant | undefined {
    return this.#endedAt;
  }

  get seen(): ClusterSeen | undefined {
    return this.#seen;
  }

  /** By connector: verdict, or state where none is given; `unreadable` while the last round could read none. */
  get verdicts(): ReadonlyMap<string, string> {
    return this.#verdicts;
  }

  /** One round, and what follows from it. Never throws for what may pass by itself. */
  async round(): Promise<void> {
    const { clock, measures, journals, store } = this.#world;
    const seen = await this.cluster.round();
    this.#seen = seen;
    measures.round(this.cluster.name, seen.tookSeconds);
    this.#troubles.note(seen);
    if (seen.connectors.kind === 'read') {
      this.#noteUnreadable(undefined);
      const watched = this.cluster.watched();
      const connectors = [...new Set([...watched, ...this.#unfinished()])];
      await store.note(await journals.refresh(connectors));
      const judged = await this.#judging.all(connectors, seen);
      const words = new Map(judged.map((one) => [one.connector, one.verdict?.kind ?? one.state ?? 'absent']));
      this.#verdicts = new Map(
        connectors.map((connector) => [connector, words.get(connector) ?? this.#notJudged(connector)]),
      );
      this.#handOver(judged, planLooks(judged, clock.now()));
      this.#forgetAllBut(new Set(connectors));
    } else {
      this.#noteUnreadable(seen.connectors.reason);
      this.#verdicts = new Map([...this.#verdicts.keys()].map((connector) => [connector, 'unreadable']));
    }
    this.#telling ??= this.#tellTroubles().finally(() => {
      this.#telling = undefined;
    });
    // A channel that is away takes its time for each try: nobody is looked after later for that.
    await by(clock, plusSeconds(clock.now(), tellsForSeconds), this.#telling);
    this.#endedAt = clock.now();
    this.#say(this.#endedAt, seen);
  }

  /** A line now and then, by which others see that rounds go on. */
  #say(now: Instant, { tookSeconds, workers }: ClusterSeen): void {
    if (this.#saidAt !== undefined && secondsBetween(this.#saidAt, now) < sayEverySeconds) return;
    this.#saidAt = now;
    this.#recorder.note('round', {
      cluster: this.cluster.name,
      tookSeconds,
      workers: workers.map(({ worker, answer }) => `${worker} ${answer?.kind ?? 'not asked'}`),
      verdicts: Object.fromEntries(tally(this.#verdicts.values())),
    });
  }

  /** The engine's ports and policy for one connector that was seen, or for one of which nothing is known. */
  portsAndPolicy(connector: string): { readonly ports: Ports; readonly policy: Policy } {
    const recorder = this.#world.recorder(connector);
    return {
      ports: enginePorts(this.cluster, this.#world, recorder, () => this.#endedAt),
      policy: policyFor(connector, this.cluster, this.#world.settings),
    };
  }

  #unfinished(): readonly string[] {
    const mine = `${this.cluster.name}/`;
    return this.#world.journals.unfinished().filter((connector) => connector.startsWith(mine));
  }

  /** Memory is bounded by what there is. */
  #forgetAllBut(connectors: ReadonlySet<string>): void {
    this.#judging.forgetAllBut(connectors);
    this.#world.journals.forgetAllBut(this.cluster.name, connectors);
    this.#world.measures.forgetAllBut(this.cluster.name, connectors);
  }

  /** Of one that is not looked at from here now. */
  #notJudged(connector: string): string {
    return this.#world.recoveries.underWay.has(connector) ? 'recovering' : 'worker-in-trouble';
  }

  #handOver(judged: readonly Judged[], looks: readonly Look[]): void {
    const { recoveries, measures } = this.#world;
    const byName = new Map(judged.map((one) => [one.connector, one]));
    for (const { connector, why } of looks) {
      const one = byName.get(connector);
      if (one === undefined) continue;
      if (recoveries.free <= 0) {
        this.#recorder.note('looks.wait', { cluster: this.cluster.name, underWay: recoveries.underWay.size });
        return;
      }
      const before = one.journal.kind === 'read' ? one.journal.journal : undefined;
      const { ports, policy } = this.portsAndPolicy(connector);
      const trigger = { kind: 'sweep', connector, why } as const;
      ports.recorder.note('look', { connector, why });
      measures.look(this.cluster.name);
      recoveries.begin({ connector, trigger, policy, ports }, (end, at) => {
        this.#judging.looked(one, at);
        noteEnd(connector, end, ports.recorder);
        const known = this.#world.journals.of(connector)?.found;
        const after = known?.kind === 'read' ? known.journal : undefined;
        measures.ended(this.cluster.name, before, after);
        measures.opened(this.cluster.name, connector, one.verdict?.silentSince, after);
      });
    }
  }

  /** Never throws: one round may not hear any more how it ended. */
  async #tellTroubles(): Promise<void> {
    try {
      await this.#teller.bringUpToDate(this.#troubles, this.#world.clock.now());
    } catch (error) {
      const cluster = this.cluster.name;
      if (error instanceof PortError)
        this.#recorder.note('port.error', { cluster, code: error.code, reason: error.message });
      else this.#recorder.note('round.failed', { cluster, error });
    }
  }

  #noteUnreadable(reason: string | undefined): void {
    const cluster = this.cluster.name;
    if (reason !== undefined && this.#unreadable === undefined)
      this.#recorder.note('round.unreadable', { cluster, reason });
    if (reason === undefined && this.#unreadable !== undefined) this.#recorder.note('round.readable', { cluster });
    this.#unreadable = reason;
  }
}
