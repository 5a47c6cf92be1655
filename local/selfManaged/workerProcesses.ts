import type { Herd } from './herd.ts';
import type { ClusterWorker } from './worker.ts';

/** Whoever has to know that a process ended or began. */
export interface ProcessWatch {
  readonly ended: (worker: ClusterWorker) => void;
  readonly begun: (worker: ClusterWorker) => void;
}

/** From the start of a worker's process to its first answer (measured). */
const defaultStartSeconds = 11;

/** What befalls the workers' processes, and what becomes of the connectors with it. */
export class WorkerProcesses {
  readonly #herd: Herd;
  readonly #startMs: number;
  readonly #watch: ProcessWatch;

  constructor(herd: Herd, startSeconds: number | undefined, watch: ProcessWatch) {
    this.#herd = herd;
    this.#startMs = (startSeconds ?? defaultStartSeconds) * 1000;
    this.#watch = watch;
  }

  kill(worker: ClusterWorker, how: 'killed' | 'stopped'): void {
    if (worker.process === 'down') return;
    worker.process = 'down';
    worker.busyUntilMs = 0;
    worker.metricsOwners.clear();
    for (const connector of this.#herd.everyConnector()) {
      connector.leaveWorker(worker, how === 'stopped' ? 'process-ended' : 'crashed');
      connector.cured('replace-worker', worker);
    }
    this.#herd.membership.depart(worker, how === 'stopped');
    this.#watch.ended(worker);
  }

  start(worker: ClusterWorker): void {
    if (worker.process !== 'down') return;
    worker.process = 'starting';
    this.#after(this.#herd.vary(this.#startMs), () => {
      worker.process = 'up';
      this.#herd.membership.join(worker, false);
      this.#watch.begun(worker);
    });
  }

  freeze(worker: ClusterWorker): void {
    if (worker.process !== 'up') return;
    worker.process = 'frozen';
    for (const connector of this.#herd.connectors.values()) connector.freeze(worker, true);
    this.#herd.membership.depart(worker, false);
  }

  thaw(worker: ClusterWorker): void {
    if (worker.process !== 'frozen') return;
    worker.process = 'up';
    for (const connector of this.#herd.connectors.values()) connector.freeze(worker, false);
    this.#rejoin(worker);
  }

  loseGroup(worker: ClusterWorker, seconds?: number): void {
    this.#herd.membership.depart(worker, false);
    if (seconds !== undefined) this.#after(seconds * 1000, () => this.#rejoin(worker));
  }

  /** Back in its group: in time, as if nothing had been; too late, without what it had. */
  #rejoin(worker: ClusterWorker): void {
    if (worker.process !== 'up') return;
    if (worker.counted) {
      worker.inGroup = true;
      return;
    }
    for (const connector of this.#herd.connectors.values()) connector.leaveWorker(worker, 'lost-group');
    this.#herd.membership.join(worker, true);
  }

  #after(delayMs: number, act: () => void): void {
    this.#herd.clock.at(this.#herd.clock.now() + delayMs, act);
  }
}
