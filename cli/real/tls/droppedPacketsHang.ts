import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { insideOwnNetwork, NoOwnNetwork } from '../../../local/real/ownNetwork.ts';
import { provideSoftware } from '../../../local/real/software.ts';

/**
 * Tries to bring about JDK-8241239 as a connector would meet it: packets really dropped between worker and database for more than three minutes, then a restart of
 * the task. It runs in a network of its own, in a process of its own (droppedPacketsInside.ts).
 * @returns whether it could be tried; what was seen is printed, however it turned out
 */
export async function tryDroppedPacketsHang(signal: AbortSignal, say: (text: string) => void): Promise<boolean> {
  // Inside nothing can be fetched.
  await provideSoftware({ say, signal });
  signal.throwIfAborted();
  try {
    const inside = await insideOwnNetwork([fileURLToPath(new URL('droppedPacketsInside.ts', import.meta.url))]);
    const end = () => inside.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    const [code] = (await once(inside, 'exit')) as [number | null];
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    return code === 0;
  } catch (error) {
    if (!(error instanceof NoOwnNetwork)) throw error;
    say(`Dropped packets: not tried. ${error.message}`);
    return false;
  }
}
