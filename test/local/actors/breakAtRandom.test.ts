import { describe, expect, it } from 'vitest';
import { breakAtRandom } from '../../../local/actors/breakAtRandom.ts';
import type { SpectatorOnly } from '../../../local/actors/connectorMessages.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

/** A connector that, once broken, comes back after so many seconds. */
async function run(options: { windows: number; windowSeconds: number; backAfterSeconds: number; seed: number }) {
  const clock = new VirtualClock();
  const startMs = clock.now();
  let brokenMs: number | undefined;
  let arrived = 0;
  const truths: SpectatorOnly[] = [];
  breakAtRandom({
    clock,
    random: seededRandom(options.seed),
    connector: 'orders-cdc',
    windows: options.windows,
    windowSeconds: options.windowSeconds,
    dataPlane: {
      halfOpen: () => {
        brokenMs = clock.now();
      },
      rows: () => {
        if (brokenMs !== undefined && clock.now() >= brokenMs + options.backAfterSeconds * 1000) brokenMs = undefined;
        if (brokenMs === undefined) arrived += 1;
        return { written: arrived, arrived, duplicated: 0, lost: 0, waiting: 0 };
      },
    },
    state: () => Promise.resolve('RUNNING'),
    tell: (truth) => truths.push(truth),
  });
  await clock.advanceBy(options.windows * options.windowSeconds * 1000 + 3_600_000);
  const at = (wanted: string) =>
    truths.flatMap((truth) => (truth.truth === wanted && 'atMs' in truth ? [(truth.atMs - startMs) / 1000] : []));
  return { broke: at('broke'), back: at('rows-again') };
}

describe('a connector that breaks by itself', () => {
  it.each([1, 2, 3])('breaks once in each window, with time left to recover in it (seed %i)', async (seed) => {
    const { broke } = await run({ windows: 3, windowSeconds: 800, backAfterSeconds: 300, seed });
    expect(broke.map((at) => Math.floor(at / 800))).toEqual([0, 1, 2]);
    for (const at of broke) expect(at % 800).toBeLessThanOrEqual(800 - 420 + 5);
  });

  it('breaks at other moments with another seed, at the same ones with the same', async () => {
    const one = await run({ windows: 3, windowSeconds: 800, backAfterSeconds: 300, seed: 1 });
    const same = await run({ windows: 3, windowSeconds: 800, backAfterSeconds: 300, seed: 1 });
    const other = await run({ windows: 3, windowSeconds: 800, backAfterSeconds: 300, seed: 2 });
    expect(one.broke).toEqual(same.broke);
    expect(one.broke).not.toEqual(other.broke);
  });

  it('waits for a recovery that takes longer than its window, and for rows to flow a while', async () => {
    const { broke, back } = await run({ windows: 2, windowSeconds: 800, backAfterSeconds: 1500, seed: 1 });
    expect(broke).toHaveLength(2);
    expect((broke[1] ?? 0) - (back[0] ?? 0)).toBeGreaterThanOrEqual(150);
    expect((broke[1] ?? 0) - (back[0] ?? 0)).toBeLessThanOrEqual(155);
  });
});
