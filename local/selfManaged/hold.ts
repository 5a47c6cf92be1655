import type { ClusterWorker } from './worker.ts';

/** What a new task needs to work again, where that is more than a restart of it [invented]. */
export type InventedCure = 'restart' | 'stop-and-resume' | 'replace-worker' | 'none';

/** Tasks that are of no use, however often they are started, until the cure. */
export class Hold {
  readonly #cure: InventedCure;
  /** Whose process has to end, where that is the cure. */
  readonly #worker: ClusterWorker | undefined;
  readonly #tasks: ReadonlySet<number>;

  constructor(cure: InventedCure, worker: ClusterWorker | undefined, tasks: readonly number[]) {
    this.#cure = cure;
    this.#worker = worker;
    this.#tasks = new Set(tasks);
  }

  holds(task: number): boolean {
    return this.#tasks.has(task);
  }

  /** Whether this, on that worker, was what it takes. */
  endsWith(done: Exclude<InventedCure, 'none'>, worker?: ClusterWorker): boolean {
    switch (this.#cure) {
      case 'restart':
        return done !== 'replace-worker' || worker === this.#worker;
      case 'stop-and-resume':
        return done === 'stop-and-resume' || (done === 'replace-worker' && worker === this.#worker);
      case 'replace-worker':
        return done === 'replace-worker' && worker === this.#worker;
      case 'none':
        return false;
    }
  }
}
