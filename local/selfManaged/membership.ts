import type { LocalClock } from '../clock.ts';
import type { ClusterConnector } from './connector.ts';
import type { Slot } from './slot.ts';
import type { ClusterWorker } from './worker.ts';

/** `session.timeout.ms` of the workers' group. */
const sessionMs = 10_000;
/** `scheduled.rebalance.max.delay.ms`. */
const rebalanceDelayMs = 300_000;
/** How long the group is busy with itself when a member comes or goes, or connectors do [inferred]. */
const rebalanceMs = 1000;

interface Placed {
  readonly connector: ClusterConnector;
  readonly slot: Slot;
}

/**
 * Who is in the workers' group, who leads it, and which worker has which place: incremental cooperative rebalancing as Kafka Connect does it.
 * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/distributed/IncrementalCooperativeAssignor.java
 */
export class Membership {
  leader: ClusterWorker | undefined;
  readonly #clock: LocalClock;
  readonly #workers: readonly ClusterWorker[];
  readonly #connectors: () => Iterable<ClusterConnector>;
  #rebalancingUntilMs = 0;
  /** Until when the places of a worker that is gone wait for it. */
  #delayUntilMs: number | undefined;
  #callOffDelay: () => void = () => undefined;

  constructor(clock: LocalClock, workers: readonly ClusterWorker[], connectors: () => Iterable<ClusterConnector>) {
    this.#clock = clock;
    this.#workers = workers;
    this.#connectors = connectors;
    this.leader = workers[0];
  }

  get rebalancing(): boolean {
    return this.#clock.now() < this.#rebalancingUntilMs;
  }

  get rebalancingUntilMs(): number {
    return this.#rebalancingUntilMs;
  }

  /** The group is busy with itself for so long. */
  rebalance(milliseconds = rebalanceMs): void {
    this.#rebalancingUntilMs = Math.max(this.#rebalancingUntilMs, this.#clock.now() + milliseconds);
  }

  /** Gives a place to the member with the least to do. */
  assign(slot: Slot): void {
    this.#give(slot, this.#idlest(slot));
  }

  release(slot: Slot): void {
    this.#give(slot, undefined);
  }

  /** A member is heard of no more, or has said that it leaves. */
  depart(worker: ClusterWorker, said: boolean): void {
    worker.inGroup = false;
    if (said) {
      this.#missed(worker);
      return;
    }
    this.#clock.at(this.#clock.now() + sessionMs, () => {
      if (!worker.inGroup) this.#missed(worker);
    });
  }

  /**
   * A worker joins: one that starts, or one that had lost the group.
   * @param remembers It is the same process as before, so that, alone, it waits for what it lost as a leader would.
   */
  join(worker: ClusterWorker, remembers: boolean): void {
    if (worker.counted) this.#missed(worker);
    worker.inGroup = true;
    worker.counted = true;
    this.rebalance();
    if (this.leader === undefined) {
      this.leader = worker;
      if (remembers) {
        this.#delay();
      } else {
        this.#callOffDelay();
        this.#delayUntilMs = undefined;
        this.#startLost();
      }
      return;
    }
    // While places wait for the worker that is gone, this one waits with them; it will be the idlest when they are given out.
    if (this.#delayUntilMs !== undefined) return;
    this.#startLost();
    this.#balance();
  }

  /** The others know now that it is gone. */
  #missed(worker: ClusterWorker): void {
    if (!worker.counted) return;
    worker.counted = false;
    for (const { slot } of this.#placed()) if (slot.worker === worker) this.#give(slot, undefined);
    const led = this.leader === worker;
    if (led) this.leader = this.#members()[0];
    if (this.leader === undefined) return;
    this.rebalance();
    // A new leader knows nothing of what was assigned before, so that it takes lost places for new ones.
    if (led) {
      this.#callOffDelay();
      this.#delayUntilMs = undefined;
      this.#startLost();
    } else if (this.#lost().length > 0) this.#delay();
  }

  #delay(): void {
    if (this.#delayUntilMs !== undefined) return;
    this.#delayUntilMs = this.#clock.now() + rebalanceDelayMs;
    this.#callOffDelay = this.#clock.at(this.#delayUntilMs, () => {
      this.#delayUntilMs = undefined;
      this.rebalance();
      this.#startLost();
      this.#balance();
    });
  }

  #startLost(): void {
    for (const { connector, slot } of this.#lost()) {
      this.assign(slot);
      this.#start(connector, slot);
    }
  }

  #start(connector: ClusterConnector, slot: Slot): void {
    // A thread that went on in a worker that is no member any more is fenced off here.
    slot.running?.vanish();
    if (slot.task === undefined) connector.startInstance();
    else connector.startTask(slot);
  }

  /** Places move from busier members to the idlest, until they differ by one at most. */
  #balance(): void {
    for (const { connector, slot } of this.#placed().toReversed()) {
      const least = this.#idlest(slot);
      const what = kindOf(slot);
      const { worker } = slot;
      if (least === undefined || worker === undefined || worker.load[what] - least.load[what] <= 1) continue;
      slot.say('UNASSIGNED', worker);
      this.#give(slot, least);
      if (slot.task === undefined) connector.startInstance();
      else connector.stopTasks([slot], () => connector.startTask(slot));
    }
  }

  #give(slot: Slot, worker: ClusterWorker | undefined): void {
    if (slot.worker !== undefined) slot.worker.load[kindOf(slot)] -= 1;
    slot.worker = worker;
    if (worker !== undefined) worker.load[kindOf(slot)] += 1;
  }

  #members(): readonly ClusterWorker[] {
    return this.#workers.filter(({ counted }) => counted);
  }

  /** The member with the fewest of what this place is for. */
  #idlest(slot: Slot): ClusterWorker | undefined {
    const what = kindOf(slot);
    let idlest: ClusterWorker | undefined;
    for (const each of this.#members()) if (idlest === undefined || each.load[what] < idlest.load[what]) idlest = each;
    return idlest;
  }

  #lost(): readonly Placed[] {
    return this.#placed().filter(({ slot }) => slot.worker === undefined);
  }

  #placed(): readonly Placed[] {
    return [...this.#connectors()].flatMap((connector) =>
      [connector.instance, ...connector.tasks].map((slot) => ({ connector, slot })),
    );
  }
}

function kindOf(slot: Slot): 'instances' | 'tasks' {
  return slot.task === undefined ? 'instances' : 'tasks';
}
