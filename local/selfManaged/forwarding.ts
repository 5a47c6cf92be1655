import type { Herd } from './herd.ts';
import type { HerderThread } from './herderThread.ts';
import type { Answered, Asked } from './http.ts';
import { RestError } from './restError.ts';
import type { Slot } from './slot.ts';
import type { ClusterWorker } from './worker.ts';

/** How long a worker waits for another to which it forwards [inferred: the HTTP client's idle timeout]. */
const forwardTimeoutMs = 30_000;

const noLeaderUrl =
  'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.';
const twoHops = 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)';

/**
 * Which worker does what is asked of any: workers pass it on to the one that can, over two hops at most.
 * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/HerderRequestHandler.java
 */
export class Forwarding {
  readonly #herd: Herd;
  readonly #herder: HerderThread;
  /** Asks another worker, after so many hops. */
  readonly #ask: (worker: ClusterWorker, asked: Asked, hops: number) => Promise<Answered>;

  constructor(
    herd: Herd,
    herder: HerderThread,
    ask: (worker: ClusterWorker, asked: Asked, hops: number) => Promise<Answered>,
  ) {
    this.#herd = herd;
    this.#herder = herder;
    this.#ask = ask;
  }

  /** Done by the leader, to which others pass it on. */
  async led(
    worker: ClusterWorker,
    asked: Asked,
    hops: number,
    rebalancing: 'conflicts' | 'waits',
    act: () => Answered,
  ): Promise<Answered> {
    const { leader } = this.#herd.membership;
    if (worker === leader) return this.#herder.run(worker, rebalancing, act);
    return this.#forward(await this.#target(worker, rebalancing, () => leader), asked, hops);
  }

  /** Done by the worker that has the place; the leader knows which one that is. */
  async owned(
    worker: ClusterWorker,
    asked: Asked,
    hops: number,
    slotOf: () => Slot,
    act: () => Answered | Promise<Answered>,
  ): Promise<Answered> {
    const target = await this.#target(worker, 'conflicts', () => {
      const owner = slotOf().worker;
      return owner === worker || worker === this.#herd.membership.leader ? owner : this.#herd.membership.leader;
    });
    return target === worker ? act() : this.#forward(target, asked, hops);
  }

  async #target(
    worker: ClusterWorker,
    rebalancing: 'conflicts' | 'waits',
    find: () => ClusterWorker | undefined,
  ): Promise<ClusterWorker> {
    const target = await this.#herder.run(worker, rebalancing, find);
    if (target === undefined) throw new RestError(409, noLeaderUrl);
    return target;
  }

  async #forward(target: ClusterWorker, asked: Asked, hops: number): Promise<Answered> {
    if (hops >= 2) throw new RestError(409, twoHops);
    if (target.process === 'frozen') {
      await this.#herder.sleep(forwardTimeoutMs);
      throw new RestError(500, `IO Error trying to forward REST request: Idle timeout ${forwardTimeoutMs} ms`);
    }
    if (target.process !== 'up') {
      throw new RestError(
        500,
        'IO Error trying to forward REST request: java.net.ConnectException: Connection refused',
      );
    }
    if (target.slowMs > 0) await this.#herder.sleep(target.slowMs);
    return this.#ask(target, asked, hops + 1);
  }
}
