import { openBreaker, turnOf } from '../../recovery/breaker.ts';
import type { Sighting } from '../../recovery/connector.ts';
import { judge } from '../../recovery/judge.ts';
import { isToBeJudged } from '../../recovery/observe.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Clock, Recorder } from '../../recovery/ports.ts';
import { owesResume } from '../../recovery/stopAndResume.ts';
import type { Instant } from '../../recovery/time.ts';
import type { WatchdogSettings } from '../../settings/watchdogSettings.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterSeen } from '../round/seen.ts';
import { untouchableWorkers } from '../troubles/clusterTroubles.ts';
import type { KnownJournals } from './knownJournals.ts';
import { seenOf } from './planLooks.ts';
import type { Judged, LastLook } from './planLooks.ts';
import { policyFor, sightingOf } from './policyFor.ts';
import type { Recoveries } from './recoveries.ts';

interface JudgingWorld {
  readonly settings: WatchdogSettings;
  readonly clock: Pick<Clock, 'now'>;
  readonly journals: KnownJournals;
  readonly recoveries: Pick<Recoveries, 'underWay'>;
  readonly recorder: (connector: string) => Recorder;
}

/** What each round makes of the connectors of one cluster, and since when it made the same of them. */
export class Judging {
  readonly #cluster: Cluster;
  readonly #world: JudgingWorld;
  readonly #lastLooks = new Map<string, LastLook>();
  readonly #same = new Map<string, { readonly seen: string; readonly since: Instant }>();

  constructor(cluster: Cluster, world: JudgingWorld) {
    this.#cluster = cluster;
    this.#world = world;
  }

  /** Takes in that the engine's look at it has ended, which began with that. */
  looked(one: Judged, endedAt: Instant): void {
    this.#lastLooks.set(one.connector, { endedAt, seen: seenOf(one) });
  }

  /** Memory is bounded by what there is. */
  forgetAllBut(connectors: ReadonlySet<string>): void {
    for (const remembered of [this.#same, this.#lastLooks])
      for (const connector of remembered.keys()) if (!connectors.has(connector)) remembered.delete(connector);
  }

  /** Those that can be judged from here now: none that is recovering, and none whose worker is in trouble, unless it waits to be resumed. */
  async all(connectors: readonly string[], seen: ClusterSeen): Promise<readonly Judged[]> {
    const untouchable = untouchableWorkers(seen);
    // A worker whose herder is away shows the states of yesterday, of whatever worker.
    const isOld = seen.connectors.kind === 'read' && untouchable.has(seen.connectors.by);
    const ofCluster = this.#cluster.watched().length;
    const judged: Judged[] = [];
    for (const connector of connectors) {
      if (this.#world.recoveries.underWay.has(connector)) continue;
      const sighting = sightingOf(connector, this.#cluster);
      if (sighting === undefined || ((isOld || livesOn(sighting, untouchable)) && !this.#owesResume(connector)))
        continue;
      try {
        // oxlint-disable-next-line no-await-in-loop -- nothing is waited for but the turn: hundreds at once would hold the process up
        judged.push(await this.#judgeOne(connector, sighting, ofCluster));
      } catch (error) {
        // A fault of ours over one connector must not leave the others without a watch.
        this.#world.recorder(connector).note('judge.failed', { connector, error });
      }
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

  async #judgeOne(connector: string, sighting: Sighting, connectorsOfCluster: number): Promise<Judged> {
    const { clock, journals } = this.#world;
    const found = journals.of(connector)?.found ?? { kind: 'unreadable' as const, reason: 'not read' };
    const journal = found.kind === 'read' ? found.journal : undefined;
    const lastLook = this.#lastLooks.get(connector);
    const state = sighting.kind === 'absent' ? undefined : sighting.connector.state;
    const now = clock.now();
    const bare = {
      connector,
      state,
      journal: found,
      ...(lastLook === undefined ? {} : { lastLook }),
      ...(this.#cluster.isSeenBetterElsewhere(connector) ? { isSeenBetterElsewhere: true as const } : {}),
    };
    if (sighting.kind === 'absent') return this.#dated(bare, now);
    const policy = policyFor(connector, this.#cluster, this.#world.settings, connectorsOfCluster);
    if (!isToBeJudged(sighting, journal?.recovery, policy)) return this.#dated(bare, now);
    const verdict = await judge(
      this.#cluster.ports,
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

  /** Why one that waits for the cluster's breaker need not wait any more; `undefined`: it must, or it does not wait. */
  #freeOfBreaker(connector: string, { breaker }: Policy, now: Instant): string | undefined {
    const { journals } = this.#world;
    const found = journals.of(connector)?.found;
    const journal = found?.kind === 'read' ? found.journal : undefined;
    if (breaker === undefined || journal?.stack?.suspected?.stands === undefined) return undefined;
    const open = openBreaker(journal, journals.knownNeighbours(connector, this.#cluster.watched()), breaker, now);
    if (open === undefined) return 'many connectors were silent at once, and that is over';
    const turn = turnOf(open, connector, now);
    return turn.kind === 'next' && turn.connector === connector
      ? 'many connectors are silent at once, and it is its turn to find out whether that is over'
      : undefined;
  }
}

/** Whether its instance or a task of it lives on one of these workers. */
function livesOn(sighting: Sighting, workers: ReadonlySet<string>): boolean {
  if (sighting.kind === 'absent' || workers.size === 0) return false;
  const { worker, tasks = [] } = sighting.connector;
  return tasks.some((task) => workers.has(task.worker)) || (worker !== undefined && workers.has(worker));
}
