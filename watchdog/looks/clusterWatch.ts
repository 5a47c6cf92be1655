import { openBreaker, turnOf } from '../../recovery/breaker.ts';
import type { Sighting } from '../../recovery/connector.ts';
import { judge } from '../../recovery/judge.ts';
import { isToBeJudged } from '../../recovery/observe.ts';
import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Ports, Recorder } from '../../recovery/ports.ts';
import { owesResume } from '../../recovery/stopAndResume.ts';
import { plusSeconds, secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { WatchdogSettings } from '../../settings/watchdogSettings.ts';
import type { Cluster } from '../cluster.ts';
import { ClusterTroubles, untouchableWorkers } from '../troubles/clusterTroubles.ts';
import { by } from '../round/deadline.ts';
import { enginePorts } from './enginePorts.ts';
import type { Surroundings } from './enginePorts.ts';
import type { Measures } from '../itself/measures.ts';
import { policyFor, sightingOf } from './policyFor.ts';
import { planLooks, seenOf } from './planLooks.ts';
import type { Judged, LastLook, Look } from './planLooks.ts';
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
  readonly #lastLooks = new Map<string, LastLook>();
  readonly #same = new Map<string, { readonly seen: string; readonly since: Instant }>();
  #verdicts: ReadonlyMap<string, string> = new Map();
  #saidAt: Instant | undefined;
  /** How many connectors are looked after. */
  #watched = 0;
  #seen: ClusterSeen | undefined;
  #endedAt: Instant | undefined;
  #unreadable: string | undefined;
  /** While people are being told of the cluster's own troubles. */
  #telling: Promise<void> | undefined;

  constructor(cluster: Cluster, world: WatchWorld) {
    this.cluster = cluster;
    this.#world = world;
    this.#recorder = world.recorder();
    this.#teller = new TroubleTeller(cluster.name, world.objects, world.notifier, world.instance);
  }

  /** When the last round ended, whatever it saw. */
  get endedAt(): Instant | undefined {
    return this.#endedAt;
  }

  get seen(): ClusterSeen | undefined {
    return this.#seen;
  }

  /** Verdict, or state where none is given, by connector. */
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
      this.#watched = watched.length;
      const connectors = [...new Set([...watched, ...this.#unfinished()])];
      await store.note(await journals.refresh(connectors));
      const judged = await this.#judgeAll(connectors, seen);
      const words = new Map(judged.map((one) => [one.connector, one.verdict?.kind ?? one.state ?? 'absent']));
      this.#verdicts = new Map(
        connectors.map((connector) => [connector, words.get(connector) ?? this.#notJudged(connector)]),
      );
      this.#handOver(judged, planLooks(judged, clock.now()));
      this.#forgetAllBut(new Set(connectors));
    } else {
      this.#noteUnreadable(seen.connectors.reason);
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
      policy: policyFor(connector, this.cluster, this.#world.settings, this.#watched),
    };
  }

  #unfinished(): readonly string[] {
    const mine = `${this.cluster.name}/`;
    return this.#world.journals.unfinished().filter((connector) => connector.startsWith(mine));
  }

  /** Memory is bounded by what there is. */
  #forgetAllBut(connectors: ReadonlySet<string>): void {
    for (const remembered of [this.#same, this.#lastLooks])
      for (const connector of remembered.keys()) if (!connectors.has(connector)) remembered.delete(connector);
    this.#world.journals.forgetAllBut(this.cluster.name, connectors);
    this.#world.measures.forgetAllBut(this.cluster.name, connectors);
  }

  /** Of one that is not looked at from here now. */
  #notJudged(connector: string): string {
    return this.#world.recoveries.underWay.has(connector) ? 'recovering' : 'worker-in-trouble';
  }

  async #judgeAll(connectors: readonly string[], seen: ClusterSeen): Promise<readonly Judged[]> {
    const untouchable = untouchableWorkers(seen);
    // A worker whose herder is away shows the states of yesterday, of whatever worker.
    const isOld = seen.connectors.kind === 'read' && untouchable.has(seen.connectors.by);
    const judged: Judged[] = [];
    for (const connector of connectors) {
      if (this.#world.recoveries.underWay.has(connector)) continue;
      const sighting = sightingOf(connector, this.cluster);
      if (sighting === undefined || ((isOld || livesOn(sighting, untouchable)) && !this.#owesResume(connector)))
        continue;
      // oxlint-disable-next-line no-await-in-loop -- nothing is waited for but the turn: hundreds at once would hold the process up
      judged.push(await this.#judgeOne(connector, sighting));
    }
    return judged;
  }

  /** What we stopped is resumed by whichever worker answers: nobody else will do it. */
  #owesResume(connector: string): boolean {
    const { clock, journals } = this.#world;
    const found = journals.of(connector)?.found;
    const recovery = found?.kind === 'read' ? found.journal?.recovery : undefined;
    return recovery !== undefined && owesResume(recovery, clock.now());
  }

  async #judgeOne(connector: string, sighting: Sighting): Promise<Judged> {
    const { clock, journals } = this.#world;
    const found = journals.of(connector)?.found ?? { kind: 'unreadable' as const, reason: 'not read' };
    const journal = found.kind === 'read' ? found.journal : undefined;
    const lastLook = this.#lastLooks.get(connector);
    const state = sighting.kind === 'absent' ? undefined : sighting.connector.state;
    const now = clock.now();
    const bare = { connector, state, journal: found, ...(lastLook === undefined ? {} : { lastLook }) };
    if (sighting.kind === 'absent') return this.#dated(bare, now);
    const policy = policyFor(connector, this.cluster, this.#world.settings, this.#watched);
    if (!isToBeJudged(sighting, journal?.recovery, policy)) return this.#dated(bare, now);
    const verdict = await judge(
      this.cluster.ports,
      policy,
      sighting.connector,
      journal ?? { schema: 1, connector, history: [] },
      journal?.recovery,
      now,
    );
    const free = this.#freeOfBreaker(connector, policy, now);
    return this.#dated({ ...bare, verdict, ...(free === undefined ? {} : { freeOfBreaker: free }) }, now);
  }

  /** With the moment since when the same was seen of it. */
  #dated(judged: Omit<Judged, 'since'>, now: Instant): Judged {
    const seen = seenOf(judged);
    const before = this.#same.get(judged.connector);
    const same = before?.seen === seen ? before : { seen, since: now };
    this.#same.set(judged.connector, same);
    return { ...judged, since: same.since };
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
        this.#lastLooks.set(connector, { endedAt: at, seen: seenOf(one) });
        noteEnd(connector, end, ports.recorder);
        const known = this.#world.journals.of(connector)?.found;
        const after = known?.kind === 'read' ? known.journal : undefined;
        measures.ended(this.cluster.name, before, after);
        measures.opened(this.cluster.name, connector, one.verdict?.silentSince, after);
      });
    }
  }

  /** Why one that waits for the cluster's breaker need not wait any more; `undefined`: it must, or it does not wait. */
  #freeOfBreaker(connector: string, { breaker }: Policy, now: Instant): string | undefined {
    const { journals } = this.#world;
    const found = journals.of(connector)?.found;
    const journal = found?.kind === 'read' ? found.journal : undefined;
    if (breaker === undefined || journal?.stack?.suspected?.stands === undefined) return undefined;
    const open = openBreaker(journal, journals.knownNeighbours(connector, this.cluster.watched()), breaker, now);
    if (open === undefined) return 'many connectors were silent at once, and that is over';
    const turn = turnOf(open, connector, now);
    return turn.kind === 'next' && turn.connector === connector
      ? 'many connectors are silent at once, and it is its turn to find out whether that is over'
      : undefined;
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

/** Whether its instance or a task of it lives on one of these workers. */
function livesOn(sighting: Sighting, workers: ReadonlySet<string>): boolean {
  if (sighting.kind === 'absent' || workers.size === 0) return false;
  const { worker, tasks = [] } = sighting.connector;
  return tasks.some((task) => workers.has(task.worker)) || (worker !== undefined && workers.has(worker));
}
