import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Compared } from '../compareOptions.ts';
import type { RunResult } from '../manyRuns.ts';
import { synthesizeFor } from './deployment.ts';
import type { Task } from './thread.ts';

export interface AskedRuns extends Compared {
  readonly runs: number;
  /** Of the first; the others count on from it. */
  readonly seed: number;
  /** Told after each run how many are done. */
  readonly progress: (done: number) => void;
}

/**
 * Every run in virtual time, spread over the machine's cores, in the order of their seeds.
 * @throws what a thread dies of; the signal's reason when it was aborted
 */
export async function onAllCores(
  { runs, seed, progress, ...compared }: AskedRuns,
  signal: AbortSignal,
): Promise<readonly RunResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  const workers: Worker[] = [];
  try {
    const deployment = await synthesizeFor(compared, folder);
    signal.throwIfAborted();
    const done: RunResult[] = [];
    let next = seed;
    const work = (worker: Worker) =>
      new Promise<void>((resolve, reject) => {
        const give = () => {
          if (next >= seed + runs) return resolve();
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
          worker.postMessage({ compared, deployment, seed: next } satisfies Task);
          next += 1;
        };
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        worker.on('error', reject);
        worker.on('message', (result: RunResult) => {
          done.push(result);
          progress(done.length);
          give();
        });
        give();
      });
    for (let count = Math.min(availableParallelism(), runs); count > 0; count -= 1) {
      // What a run leaves is soon garbage: room for a few of them spares most of the collecting.
      workers.push(
        new Worker(new URL('thread.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 64 } }),
      );
    }
    await Promise.all(workers.map(work));
    return done.toSorted((a, b) => a.seed - b.seed);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    rmSync(folder, { recursive: true, force: true });
  }
}
