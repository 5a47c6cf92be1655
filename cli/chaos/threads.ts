import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Share } from './liveThrough.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';
import type { Told } from './thread.ts';

export interface Asked {
  /** So many histories that count. */
  readonly runs: number;
  readonly seed: number;
  /** So many of them by the SDK's clients as well. */
  readonly sdk: number;
  /** @default as many as there are cores */
  readonly threads?: number;
  /** Told after each share. */
  readonly onProgress?: (tally: Tally) => void;
}

const shareSize = 50;

/**
 * Lives through histories from the seeds `seed`, `seed + 1`, ... until so many counted, on all cores.
 * @throws what a thread throws: a fault of the world, not of the product
 */
export async function onAllCores(asked: Asked): Promise<Tally> {
  const { runs, seed, sdk, threads = availableParallelism(), onProgress } = asked;
  const all = emptyTally();
  let handedOut = 0;
  let toCompare = sdk;
  const nextShare = (): Share | undefined => {
    if (all.counted >= runs) return undefined;
    // Few are left: no more than may still be needed.
    const count = Math.min(shareSize, Math.max(1, runs - all.counted));
    const compare = Math.min(count, Math.ceil((sdk * count) / runs), toCompare);
    toCompare -= compare;
    const share = { from: seed + handedOut, count, sdk: compare };
    handedOut += count;
    return share;
  };
  const workers = Array.from(
    { length: Math.min(threads, Math.ceil(runs / shareSize)) },
    // What a history leaves is soon garbage: room for a few of them spares most of the collecting.
    () => new Worker(new URL('thread.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 64 } }),
  );
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            const next = () => {
              const share = nextShare();
              // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
              if (share !== undefined) return worker.postMessage(share);
              resolve();
            };
            worker.on('error', reject);
            worker.on('message', (told: Told) => {
              if ('error' in told) {
                reject(
                  new Error(`Seeds ${told.share.from} to ${told.share.from + told.share.count - 1}: ${told.error}`),
                );
                return;
              }
              addTally(all, told.tally);
              onProgress?.(all);
              next();
            });
            next();
          }),
      ),
    );
    return all;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
