import type { Herd } from './herd.ts';
import type { Answered } from './http.ts';
import { RestError } from './restError.ts';
import { atLeast } from './version.ts';
import type { ClusterWorker } from './worker.ts';

/** RestServer's default for a request that waits for the herder. */
const requestTimeoutMs = 90_000;
/** How long a worker tries to write to its config topic (measured). */
const writeTimeoutMs = 30_000;

const staleConfiguration =
  'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)';
const rebalanceExpected = 'Request cannot be completed because a rebalance is expected';

/**
 * The one thread in each worker that knows and changes anything: it answers nothing while it is at work, or while its worker is out of its group.
 * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/distributed/DistributedHerder.java
 */
export class HerderThread {
  readonly #herd: Herd;

  constructor(herd: Herd) {
    this.#herd = herd;
  }

  /**
   * Acts once the thread is free.
   * @param rebalancing What a rebalance means to it: a change is refused with 409, a question with 500 (measured), the rest waits for its end.
   * @param staged Whether it says, since 3.7, at what the thread is when the time is up; all do but the question for a configuration (measured).
   */
  async run<Result>(
    worker: ClusterWorker,
    rebalancing: 'conflicts' | 'fails' | 'waits',
    act: () => Result | Promise<Result>,
    staged = true,
  ): Promise<Result> {
    const { clock, membership } = this.#herd;
    if (!worker.inGroup) return this.#timeOut(staged);
    if (membership.rebalancing && rebalancing === 'conflicts') throw new RestError(409, staleConfiguration);
    if (membership.rebalancing && rebalancing === 'fails') throw new RestError(500, rebalanceExpected);
    const waitMs = Math.max(worker.busyUntilMs, membership.rebalancingUntilMs) - clock.now();
    if (waitMs > requestTimeoutMs) return this.#timeOut(staged);
    if (waitMs > 0) await this.sleep(waitMs);
    return act();
  }

  /** Past the thread: a target state goes to the config topic from any worker that can write to it. */
  async write(worker: ClusterWorker, act: () => void): Promise<Answered> {
    if (!worker.inGroup) {
      await this.sleep(writeTimeoutMs);
      throw new RestError(500, 'Error writing target state to Kafka');
    }
    act();
    return { status: 202 };
  }

  sleep(milliseconds: number): Promise<void> {
    const { clock } = this.#herd;
    return new Promise((resolve) => {
      clock.at(clock.now() + milliseconds, resolve);
    });
  }

  async #timeOut(staged: boolean): Promise<never> {
    const since = new Date(this.#herd.clock.now()).toISOString();
    await this.sleep(requestTimeoutMs);
    const stage = `The worker is currently ensuring membership in the cluster, which began at ${since}`;
    const tells = staged && atLeast(this.#herd.version, '3.7');
    throw new RestError(500, tells ? `Request timed out. ${stage}` : 'Request timed out');
  }
}
