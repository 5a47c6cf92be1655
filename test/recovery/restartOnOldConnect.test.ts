import { describe, expect, it } from 'vitest';
import { judge } from '../../recovery/judge.ts';
import type { Signs } from '../../recovery/signs.ts';
import { ago, arn, at, journal, live, log, policy, signs, steady } from './examples.ts';

/** Silent for half an hour by its event clock; somebody restarted it ten minutes ago. */
const restart = {
  arn: 'o',
  type: 'RESTART_CONNECTOR',
  state: 'complete',
  startedAt: ago(660),
  endedAt: ago(600),
} as const;
const dead: Signs = signs({
  recordsIn: steady(0),
  log: log({ newestLineAgo: 5 }),
  msSinceLastEvent: {
    kind: 'read',
    samples: Array.from({ length: 15 }, (_, index) => {
      const from = 900 - index * 60;
      return { from: ago(from), to: ago(from - 60), value: (1800 - from) * 1000 };
    }),
  },
});
const ports = {
  signsOfLife: { look: async () => dead },
  past: { rates: async () => ({ kind: 'unreadable', reason: 'not asked' }) as const },
};

describe('a restart that does not reach the tasks', () => {
  it.each([
    {
      connectVersion: '2.7.1',
      verdict: 'dead',
      why: 'it leaves them as they are, and a dead one is as dead as it was',
    },
    { connectVersion: '3.7.x', verdict: 'unknown', why: 'the clock is that of the task before' },
  ])('on Connect $connectVersion: $verdict, for $why', async ({ connectVersion, verdict }) => {
    const connector = live({ arn, operations: [restart] });
    const allowed = policy({ connectVersion });
    expect((await judge(ports, allowed, connector, journal(), undefined, at(0))).kind).toBe(verdict);
  });

  it.each([
    { acts: ['restart'], verdict: 'dead' },
    { acts: ['restart', 'delete', 'create'], verdict: 'unknown' },
  ] as const)('on Connect 2.7.1, by ourselves ($acts): $verdict', async ({ acts, verdict }) => {
    const past = {
      id: 'r',
      openedAt: ago(700),
      endedAt: ago(590),
      actedAt: ago(600),
      outcome: 'acted-unproved',
      acts,
    } as const;
    const found = await judge(
      ports,
      policy({ connectVersion: '2.7.1' }),
      live(),
      journal({ history: [past] }),
      undefined,
      at(0),
    );
    expect(found.kind).toBe(verdict);
  });
});
