import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import { judge } from '../../recovery/judge.ts';
import type { LogSigns, Signs } from '../../recovery/signs.ts';
import { alarm, ago, at, journal, live, log, observation, policy, schedule, signs, steady, sweep } from './examples.ts';

/** Silent for half an hour by its event clock. */
function dead(read: LogSigns = log({ newestLineAgo: 5 })): Signs {
  return signs({
    recordsIn: steady(0),
    log: read,
    msSinceLastEvent: {
      kind: 'read',
      samples: Array.from({ length: 15 }, (_, index) => {
        const from = 900 - index * 60;
        return { from: ago(from), to: ago(from - 60), value: (1800 - from) * 1000 };
      }),
    },
  });
}

const ended = (type: string, endedAgo: number) =>
  ({ arn: type, type, state: 'complete', startedAt: ago(endedAgo + 120), endedAt: ago(endedAgo) }) as const;
const underWay = (type: string) => ({ arn: type, type, state: 'in-progress', startedAt: ago(120) }) as const;
const look = async (seen: Signs, ...operations: readonly ReturnType<typeof ended>[]) => {
  const ports = {
    signsOfLife: { look: async () => seen },
    past: { rates: async () => ({ kind: 'unreadable', reason: 'not asked' }) as const },
  };
  return judge(ports, policy(), live({ operations }), journal(), undefined, at(0));
};

describe('somebody at work on the connector', () => {
  const types = [
    'ISOLATE_CONNECTOR',
    'RESTORE_CONNECTOR',
    'UPDATE_CONNECTOR_CONFIGURATION',
    'UPDATE_WORKER_SETTING',
    'PAUSE_CONNECTOR',
    'RESUME_CONNECTOR',
    'RESTART_CONNECTOR',
  ];
  it.each(types)('an operation under way, %s: left alone, whoever asks', (type) => {
    for (const trigger of [alarm, sweep, schedule]) {
      const connector = live({ operations: [underWay(type)] });
      expect(
        decide(observation({ sighting: { kind: 'present', connector } }), journal(), policy(), trigger),
      ).toMatchObject({
        kind: 'finish',
        outcome: { kind: 'left-alone', reason: `Left alone: an operation is in progress on it: ${type}.` },
      });
    }
  });

  it.each(['PAUSED', 'PAUSING', 'RESUMING', 'UPDATING', 'DELETING', 'CREATING'] as const)(
    'its state is %s: left alone, without a verdict',
    (state) => {
      const decision = decide(
        observation({ sighting: { kind: 'present', connector: live({ state }) } }),
        journal(),
        policy(),
        alarm,
      );
      expect(decision).toEqual({
        kind: 'finish',
        outcome: { kind: 'left-alone', reason: `Left alone: it is ${state}, and not by our doing.` },
        reason: `Left alone: it is ${state}, and not by our doing.`,
      });
    },
  );
});

describe('after somebody was at work on the connector', () => {
  it.each([
    { type: 'ISOLATE_CONNECTOR', endedAgo: 600, verdict: 'dead' },
    { type: 'RESTORE_CONNECTOR', endedAgo: 600, verdict: 'dead' },
    { type: 'RESUME_CONNECTOR', endedAgo: 600, verdict: 'dead' },
    // Its silence counts from when it was left to itself.
    { type: 'ISOLATE_CONNECTOR', endedAgo: 130, verdict: 'unknown' },
    { type: 'RESUME_CONNECTOR', endedAgo: 130, verdict: 'unknown' },
    // New tasks, whose predecessor's clock it is.
    { type: 'UPDATE_CONNECTOR_CONFIGURATION', endedAgo: 600, verdict: 'unknown' },
    { type: 'UPDATE_WORKER_SETTING', endedAgo: 600, verdict: 'unknown' },
    { type: 'RESTART_CONNECTOR', endedAgo: 600, verdict: 'unknown' },
  ])('$type, ended $endedAgo s ago, and its event clock went on: $verdict', async ({ type, endedAgo, verdict }) => {
    const found = await look(dead(), ended(type, endedAgo));
    expect(found.kind).toBe(verdict);
  });

  it('a restart before AWS was at work stays one: the clock is that of the task before', async () => {
    const found = await look(dead(), ended('ISOLATE_CONNECTOR', 600), ended('RESTART_CONNECTOR', 1000));
    expect(found.kind).toBe('unknown');
    expect(found.watchedWithLess?.lost).toEqual(['MilliSecondsSinceLastEvent']);
  });

  it('where no log would say that its tasks began anew, the clock from before proves nothing', async () => {
    const found = await look(dead({ kind: 'not-watched', cure: 'x' }), ended('ISOLATE_CONNECTOR', 600));
    expect(found.kind).toBe('unknown');
  });
});
