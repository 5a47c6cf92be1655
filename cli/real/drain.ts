import { setTimeout as sleep } from 'node:timers/promises';
import type { RowCount } from '../../local/connect/rowCount.ts';
import type { Ground } from './ground.ts';

/** How long rows may still arrive once nothing more is written. */
const longestMs = 90_000;
/** A row that comes twice comes after the first. */
const afterwardsMs = 5000;
const lookEveryMs = 500;

/** Ends the writing, and waits for what is on its way to any of the connectors' topics. */
export async function drain(
  { writers }: Ground,
  connectors: readonly { readonly name: string }[],
  rows: (name: string) => Promise<RowCount>,
  signal: AbortSignal,
): Promise<void> {
  for (const writer of Object.values(writers)) {
    writer.setRate(0);
    await writer.settled();
  }
  const waiting = async () => {
    const counts = await Promise.all(connectors.map(({ name }) => rows(name)));
    return counts.some((count) => count.waiting > 0);
  };
  const giveUpAtMs = Date.now() + longestMs;
  let enoughAtMs = Date.now() + afterwardsMs;
  while (Date.now() < Math.min(enoughAtMs, giveUpAtMs)) {
    signal.throwIfAborted();
    if (await waiting()) enoughAtMs = Date.now() + afterwardsMs;
    await sleep(lookEveryMs);
  }
}
