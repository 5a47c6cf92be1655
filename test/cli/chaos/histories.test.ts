import { describe, expect, it } from 'vitest';
import { drawHistory } from '../../../cli/chaos/draw.ts';
import { liveThrough } from '../../../cli/chaos/liveThrough.ts';
import { brokenLines, reportLines } from '../../../cli/chaos/report.ts';

describe('hostile histories', () => {
  it('two hundred of them break no rule', async () => {
    const tally = await liveThrough({ from: 1, count: 200, sdk: 0 });
    expect(brokenLines(tally)).toEqual(['No rule was broken.']);
    expect(tally.counted).toBeGreaterThan(150);
    const lines = reportLines(tally, 10);
    expect(lines[0]).toMatch(/^\d+ hostile histories, \d+ a second; of 200 drawn/);
  }, 60_000);
});

describe('what is drawn', () => {
  it('is the same for the same seed and another for another', () => {
    expect(drawHistory(4)).toEqual(drawHistory(4));
    expect(drawHistory(4).befalls).not.toEqual(drawHistory(5).befalls);
  });

  it('leaves nothing out', () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 4000; seed += 1) for (const { kind } of drawHistory(seed).befalls) kinds.add(kind);
    expect([...kinds].toSorted()).toEqual([
      'acts-late',
      'alarm',
      'answer-lost',
      'backup-gone',
      'comes-up',
      'connect-throttles',
      'connect-unavailable',
      'creation-refused',
      'deletion-hangs',
      'deletion-refused',
      'dies-after',
      'dies-before',
      'dies-during',
      'error-500',
      'error-500-but-done',
      'error-503',
      'falls-silent',
      'journal-cut',
      'journal-from-older-version',
      'journal-gone',
      'journal-rolled-back',
      'looks-at-once',
      'metrics-missing',
      'own-operation',
      'pauses-after',
      'pauses-before',
      'person-asks',
      'person-deletes',
      'person-pauses',
      'person-recreates',
      'person-resumes',
      'person-says',
      'person-updates',
      'restart-refused',
      's3-refuses',
      's3-unavailable',
      'saved-broken',
      'saved-changed',
      'saved-gone',
      'schedule',
      'signs-unreadable',
      'slow',
      'sns-refuses',
      'sns-unavailable',
      'stale-reads',
      'sweep-off',
      'throttled',
      'timeout',
      'timeout-but-done',
      'turns',
    ]);
  });
});
