import { parentPort } from 'node:worker_threads';
import { liveThrough, type Share } from './liveThrough.ts';

/** One thread: takes shares, gives tallies. */
parentPort?.on('message', (share: Share) => {
  void liveThrough(share).then(
    (tally) => parentPort?.postMessage({ tally }),
    (error: unknown) =>
      parentPort?.postMessage({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        share,
      }),
  );
});
