import type { Character, Story } from './story.ts';

/** A row every twenty seconds: no minute is without one. */
const postgres: Character = { name: 'orders', kind: 'postgresql', connectVersion: '3.7.x', rowsPerSecond: 0.05 };
const eveningMinutes = 3 * 60;
const restarted = 'back: restarted, and data flows again';
const unproved = 'restarted, but no data seen yet';
const recreated = 'back: recreated, and data flows again';
const awaitsApproval = 'dead; its deletion waits for your approval';
const approved = 'its deletion is approved by anna';
const nobodyCanTell = 'silent, and nobody can tell why; not touched';

/** Sources of which nothing but their own past tells how long they may be quiet. */
export const quiet: readonly Story[] = [
  {
    name: 'PostgreSQL without heartbeats that was never quiet for long, half-open: dead by its own past after ten minutes, restarted, back',
    who: [postgres],
    past: { days: 14, lullMinutesADay: 3 },
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 60,
    atTheEnd: {
      orders: {
        acts: ['restart'],
        heard: [restarted],
        lastMessageSays: ['never more than 3 min in 14 days'],
        firstActNotBeforeSeconds: 600,
        firstActWithinMinutes: 13,
      },
    },
  },
  {
    name: 'the same on Connect 2.7.1, where only a deletion helps: it waits for a person, and is recreated on his word',
    who: [{ ...postgres, connectVersion: '2.7.1' }],
    past: { days: 14, lullMinutesADay: 3 },
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 60, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Approve this deletion' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      orders: {
        acts: ['delete', 'create'],
        heard: [awaitsApproval, approved, recreated],
      },
    },
  },
  {
    name: 'the same, but nobody writes for nine minutes: not touched, and nobody hears of it',
    who: [postgres],
    past: { days: 14, lullMinutesADay: 3 },
    events: [
      { atMinute: 0, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0 } },
      { atMinute: 9, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0.05 } },
    ],
    lastsMinutes: 60,
    atTheEnd: { orders: {} },
  },
  {
    name: 'the same, but nobody writes for three hours: restarted once, told once, and left alone',
    who: [postgres],
    past: { days: 14, lullMinutesADay: 3 },
    events: [
      { atMinute: 0, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0 } },
      { atMinute: eveningMinutes, event: { kind: 'rate', of: 'orders', rowsPerSecond: 0.05 } },
    ],
    lastsMinutes: eveningMinutes + 60,
    atTheEnd: { orders: { acts: ['restart'], heard: [unproved, 'back: data flows again'] } },
  },
  {
    name: 'PostgreSQL without heartbeats that is quiet for seven hours a day, half-open: its past sets no limit, told once, left alone',
    who: [postgres],
    past: { days: 14, lullMinutesADay: 7 * 60 },
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 90,
    atTheEnd: {
      orders: { heard: [nobodyCanTell], lastMessageSays: ['its past sets no limit'], rows: { data: 'stands' } },
    },
  },
  {
    name: 'PostgreSQL without heartbeats that is three days old, half-open: its past is too short, told once, left alone',
    who: [postgres],
    past: { days: 3, lullMinutesADay: 3 },
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 90,
    atTheEnd: {
      orders: {
        heard: [nobodyCanTell],
        lastMessageSays: ['only 3 days of its past were seen'],
        rows: { data: 'stands' },
      },
    },
  },
];
