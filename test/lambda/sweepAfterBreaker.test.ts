import { describe, expect, it } from 'vitest';
import { planSweep } from '../../lambda/sweepPlan.ts';
import type { Swept } from '../../lambda/sweepPlan.ts';
import type { Journal } from '../../recovery/journal.ts';
import type { Suspicion } from '../../recovery/suspicion.ts';

const now = '2026-11-21T05:00:00.000Z';
const aMinuteAgo = '2026-11-21T04:59:00.000Z';
const breaker = { atLeast: 3, share: 0.5, probe: 'restart' } as const;
const waits = { since: '2026-11-21T04:50:00.000Z' };

/** Looked at a minute ago, so that nothing that merely lasts is a reason. */
function swept(connector: string, changes: Partial<Journal>): Swept {
  const journal: Journal = { schema: 1, connector, history: [], lookedAt: aMinuteAgo, ...changes };
  return { connector, journal: { kind: 'read', journal }, alarms: [], breaker };
}

function silent(stands?: Suspicion['stands']): Partial<Journal> {
  const suspected = { since: '2026-11-21T04:49:00.000Z', seenAt: aMinuteAgo, verdict: 'dead' } as const;
  return { stack: { suspected: { ...suspected, ...(stands && { stands }) } } };
}

const over = 'many connectors were silent at once, and that is over';
const turn = 'many connectors are silent at once, and it is its turn to find out whether that is over';

describe('the sweep, when connectors wait for the breaker', () => {
  it.each<[string, readonly Swept[], Readonly<Record<string, string>>]>([
    [
      'all wait, and none of them may find out: nobody is looked at again this minute',
      [swept('a', silent(waits)), swept('b', silent(waits)), swept('c', silent(waits))],
      {},
    ],
    [
      'one has come back: those who wait go on at once',
      [
        swept('a', { stack: { cameBack: { at: '2026-11-21T04:58:30.000Z' } } }),
        swept('b', silent(waits)),
        swept('c', silent({ ...waits, remedy: 'restart' })),
        swept('d', silent()),
      ],
      { b: over, c: over },
    ],
    [
      'the turn is the longest silent one of those who may be restarted',
      [
        swept('a', silent(waits)),
        swept('b', silent({ ...waits, remedy: 'restart' })),
        swept('c', silent({ ...waits, remedy: 'restart' })),
      ],
      { b: turn },
    ],
    [
      'somebody is at work on the one whose turn it is',
      [
        swept('a', {
          ...silent({ ...waits, remedy: 'restart' }),
          lease: { holder: 'x', until: '2026-11-21T05:01:00.000Z' },
        }),
        swept('b', silent(waits)),
        swept('c', silent(waits)),
      ],
      {},
    ],
    ['the others came back by themselves', [swept('a', silent(waits)), swept('b', {}), swept('c', {})], { a: over }],
  ])('%s', (_, seen, why) => {
    const plan = planSweep(seen, now);
    expect(Object.fromEntries(plan.map((one) => [one.connector, one.why]))).toEqual(why);
  });
});
