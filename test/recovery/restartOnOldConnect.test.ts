import { describe, expect, it } from 'vitest';
import { judge } from '../../recovery/judge.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import { ago, arn, at, journal, live, log, policy, request, signs, steady } from './examples.ts';

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
/** Five records a second in the minute that began 120 s ago, none in the one after it. */
const stoppedMidway: Series = {
  kind: 'read',
  samples: [
    { from: ago(120), to: ago(60), value: 5 },
    { from: ago(60), to: ago(0), value: 0 },
  ],
};

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

  it.each([
    { restarted: 30, verdict: 'unknown', why: 'nothing that was published since says that it did not help' },
    { restarted: 150, verdict: 'dead', why: 'two minutes were published since' },
  ])('on Connect 2.7.1, $restarted s after it ended: $verdict, for $why', async ({ restarted, verdict }) => {
    const ended = { intendedAt: ago(restarted + 60), endedAt: ago(restarted), result: 'complete' } as const;
    const recovery = {
      id: 'r',
      openedAt: ago(restarted + 90),
      trigger: { kind: 'sweep', connector: 'orders-cdc', why: 'an alarm' },
      verdict: { kind: 'dead', because: '', wouldChange: '', evidence: [] },
      acts: [{ kind: 'restart', arn, onlyFailedTasks: false, ...ended }],
    } as const;
    const found = await judge(ports, policy({ connectVersion: '2.7.1' }), live(), journal(), recovery, at(0));
    expect(found.kind).toBe(verdict);
  });

  it.each([
    ['where nothing was published since', steady(5), 30],
    ['where none has moved since', stoppedMidway, 70],
    ['where what was read before was committed after it', stoppedMidway, 100],
  ] as const)(
    'on Connect 2.7.1: records that moved before it are no proof that it helped, %s',
    async (_w, moved, end) => {
      const flowing = signs({ recordsIn: moved, log: log({ newestLineAgo: 5, commitAgo: 90 }) });
      const intendedAt = ago(end + 30);
      const ours = { kind: 'restart', arn, onlyFailedTasks: false, intendedAt, endedAt: ago(end) } as const;
      const recovery = {
        id: 'r',
        openedAt: ago(90),
        trigger: { kind: 'person', connector: 'orders-cdc', who: 'anna', dryRun: false, remedy: 'restart' },
        verdict: { kind: 'dead', because: '', wouldChange: '', evidence: [] },
        acts: [{ ...ours, result: 'complete' }],
      } as const;
      const look = { signsOfLife: { look: async () => flowing }, past: ports.past };
      const found = await judge(look, policy({ connectVersion: '2.7.1' }), live(), journal(), recovery, at(0));
      expect(found.kind).not.toBe('alive');
    },
  );

  it.each([
    { newestLineAgo: 45, verdict: 'unknown', why: 'no line was delivered since' },
    { newestLineAgo: 5, verdict: 'dead', why: 'lines were delivered since' },
  ])('on Connect 2.7.1, where only the log tells of missing heartbeats: $verdict, for $why', async (row) => {
    const beating = live({ request: request({ 'heartbeat.interval.ms': '30000' }) });
    const quiet = signs({ log: log({ newestLineAgo: row.newestLineAgo, commitAgo: 400 }) });
    const acts = [
      { kind: 'restart', arn, onlyFailedTasks: false, intendedAt: ago(60), endedAt: ago(30), result: 'complete' },
    ] as const;
    const recovery = {
      id: 'r',
      openedAt: ago(90),
      trigger: { kind: 'sweep', connector: 'orders-cdc', why: 'an alarm' },
      verdict: { kind: 'dead', because: '', wouldChange: '', evidence: [] },
      acts,
    } as const;
    const look = { signsOfLife: { look: async () => quiet }, past: ports.past };
    const found = await judge(look, policy({ connectVersion: '2.7.1' }), beating, journal(), recovery, at(0));
    expect(found.kind).toBe(row.verdict);
  });
});
