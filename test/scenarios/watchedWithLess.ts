import type { Character, Story } from './story.ts';

const mysql: Character = { name: 'orders', kind: 'mysql', connectVersion: '3.7.x' };
const postgres: Character = { name: 'orders', kind: 'postgresql', connectVersion: '3.7.x' };

const restarted = 'back: restarted, and data flows again';
const nobodyCanTell = 'silent, and nobody can tell why; not touched';

/** Minutes: the first death; the night begins and ends; the second death. */
const [nightFrom, nightTo, secondDeath] = [40, 520, 550];

/**
 * A restart that worked leaves the dead task's metrics standing, and their alarm in ALARM, as long as the worker lives. Nobody may act on that, and
 * a second death must be found by what remains.
 */
export const watchedWithLess: readonly Story[] = [
  {
    name: 'PostgreSQL with heartbeats: restarted, a quiet night beside its dead task’s metrics, and its second death is found and cured',
    who: [{ ...postgres, heartbeatSeconds: 10 }],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: nightFrom, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0 } },
      { atMinute: nightTo, event: { kind: 'rate', of: 'orders', rowsPerSecond: 1 } },
      { atMinute: secondDeath, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: secondDeath + 60,
    atTheEnd: { orders: { acts: ['restart', 'restart'], heard: [restarted, restarted], lastActWithinMinutes: 5 } },
  },
  {
    name: 'MySQL with heartbeats, the alarm on its dead task’s event clock in ALARM for good: nobody hears of it again, and its second death is found',
    who: [{ ...mysql, heartbeatSeconds: 10 }],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders', metricsStay: true } },
      { atMinute: nightFrom, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0 } },
      { atMinute: nightTo, event: { kind: 'rate', of: 'orders', rowsPerSecond: 1 } },
      { atMinute: secondDeath, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: secondDeath + 60,
    atTheEnd: { orders: { acts: ['restart', 'restart'], heard: [restarted, restarted], lastActWithinMinutes: 6 } },
  },
  {
    name: 'MySQL without heartbeats, a quiet night beside its dead task’s event clock: not touched, and people hear that nobody can tell',
    who: [mysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders', metricsStay: true } },
      { atMinute: nightFrom, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0 } },
    ],
    lastsMinutes: nightTo,
    atTheEnd: { orders: { acts: ['restart'], heard: [restarted, nobodyCanTell] } },
  },
  {
    name: 'the mail of the restart says once that it is watched with less, what remains, and the command of the way out',
    who: [{ ...postgres, heartbeatSeconds: 10 }],
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 60,
    atTheEnd: {
      orders: {
        acts: ['restart'],
        heard: [restarted],
        lastMessageSays: [
          'Watched with less from now on',
          'Lost: Connected, MilliSecondsSinceLastEvent',
          'its heartbeat record, due every 10 s',
          '"remedy":"recreate"',
        ],
      },
    },
  },
];
