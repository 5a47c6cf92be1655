import { describe, expect, it } from 'vitest';
import { drawHistory } from '../../../cli/chaos/draw.ts';
import { smallestFor } from '../../../cli/chaos/explain.ts';
import type { Befall, History } from '../../../cli/chaos/history.ts';
import { shrink } from '../../../cli/chaos/shrink.ts';
import { inWords } from '../../../cli/chaos/words.ts';
import { dies, history, plan } from './examples.ts';

/** Kinds of what befalls, for a failure that needs exactly these. */
function needs(...kinds: readonly Befall['kind'][]): (candidate: History) => Promise<boolean> {
  return async ({ befalls }) => kinds.every((kind) => befalls.some((befall) => befall.kind === kind));
}

describe('a failing history is made as small as it can be', () => {
  it('keeps only what it needs, and that in its plainest form', async () => {
    const noise = [40, 41, 42, 43]
      .flatMap((seed) => drawHistory(seed).befalls)
      .filter(({ kind }) => kind !== 'journal-cut');
    const planted: Befall[] = [
      { kind: 'journal-cut', when: { after: 'DeleteConnector', nth: 1, seconds: 20 }, connector: 2 },
      { kind: 'sweep-off', when: { atSeconds: 30 }, lastsSeconds: 600 },
    ];
    const big = history([...noise.filter((befall) => befall.kind !== 'sweep-off'), ...planted], {
      connectors: [plan({ name: 'a' }), plan({ name: 'b' }), plan({ name: 'c', limits: { recoveriesPerDay: 1 } })],
      clockSpreadSeconds: 3,
      calmAtSeconds: 7200,
    });
    const smallest = await shrink(big, needs('journal-cut', 'sweep-off'));
    expect(smallest.connectors.map(({ name, limits }) => ({ name, limits }))).toEqual([{ name: 'c', limits: {} }]);
    expect(smallest.befalls).toEqual([
      { kind: 'journal-cut', when: { after: 'DeleteConnector', nth: 1, seconds: 0 }, connector: 0 },
      { kind: 'sweep-off', when: { atSeconds: 30 }, lastsSeconds: 60 },
    ]);
    expect([smallest.clockSpreadSeconds, smallest.calmAtSeconds]).toEqual([0, 600]);
    expect(inWords(smallest).slice(-3)).toEqual([
      '0 s after DeleteConnector 1: journal-cut (connector 0)',
      'at 30 s: sweep-off (lastsSeconds 60)',
      'calm from 600 s on',
    ]);
  });

  it('gives a history that breaks nothing back as it is', async () => {
    const whole = history([]);
    expect(await smallestFor(whole, 'a rule that nobody breaks', 'direct')).toBe(whole);
    expect(whole.befalls).toEqual(dies);
  });
});
