import { parentPort } from 'node:worker_threads';
import { liveThrough, type Share } from './liveThrough.ts';
import type { Tally } from './tally.ts';

/** What a thread says of a share: its figures, or that the world itself failed. */
export type Told = { readonly tally: Tally } | { readonly error: string; readonly share: Share };

async function told(share: Share): Promise<Told> {
  try {
    return { tally: await liveThrough(share) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error), share };
  }
}

async function answer(share: Share): Promise<void> {
  const said = await told(share);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(said);
}

parentPort?.on('message', (share: Share) => void answer(share));
