import type { Character, Story } from './story.ts';

const mysql: Character = { name: 'orders', kind: 'mysql', connectVersion: '3.7.x' };
const oldMysql: Character = { ...mysql, connectVersion: '2.7.1' };
const postgres: Character = { name: 'orders', kind: 'postgresql', connectVersion: '3.7.x' };
const sink: Character = { name: 'orders', kind: 'sink', connectVersion: '3.7.x', tasks: 3 };

const restarted = 'back: restarted, and data flows again';
const recreated = 'back: recreated, and data flows again';

/** What is rare, and looks like a death that it is not; or hides one. */
export const unusual: readonly Story[] = [
  ...[mysql, { ...postgres, heartbeatSeconds: 10 }, sink].map((who): Story => ({
    name: `a rebalance of five minutes after a broker that hung, ${who.kind}: nobody touches it, and nobody hears of it`,
    who: [who],
    events: [{ atMinute: 0, event: { kind: 'broker-hangs', of: 'orders', minutes: 0.5 } }],
    lastsMinutes: 40,
    atTheEnd: { orders: { rows: { duplicated: 'not counted' } } },
  })),
  ...(['ISOLATE_CONNECTOR', 'RESTORE_CONNECTOR'] as const).map((operation): Story => ({
    name: `AWS works on it (${operation}) while it is silent: left alone until AWS is done, then restarted`,
    who: [mysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 1, event: { kind: 'aws-operates', of: 'orders', operation, minutes: 30 } },
    ],
    lastsMinutes: 90,
    atTheEnd: { orders: { acts: ['restart'], heard: [restarted], firstActNotBeforeSeconds: 30 * 60 } },
  })),
  ...(['ISOLATE_CONNECTOR', 'RESTORE_CONNECTOR'] as const).map((operation): Story => ({
    name: `AWS works on it (${operation}) while data flows: nobody touches it, and nobody hears of it`,
    who: [oldMysql],
    events: [{ atMinute: 0, event: { kind: 'aws-operates', of: 'orders', operation, minutes: 20 } }],
    lastsMinutes: 60,
    atTheEnd: { orders: {} },
  })),
  {
    name: 'all metrics stop while data flows, MySQL: its log tells that it lives',
    who: [mysql],
    events: [{ atMinute: 0, event: { kind: 'metrics-stop', of: 'orders' } }],
    lastsMinutes: 120,
    atTheEnd: { orders: {} },
  },
  {
    name: 'all metrics stop while data flows, and its log group is deleted: nobody can tell, so nobody touches it',
    who: [{ ...postgres, heartbeatSeconds: 10 }],
    events: [
      { atMinute: 0, event: { kind: 'metrics-stop', of: 'orders' } },
      { atMinute: 0, event: { kind: 'log-group-deleted', of: 'orders' } },
      { atMinute: 90, event: { kind: 'metrics-return', of: 'orders' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      orders: { heard: ['silent, and nobody can tell why; not touched', 'alive again without our doing'] },
    },
  },
  {
    name: 'somebody deleted its log group: nobody touches a living one for it, and its death is found by its metrics',
    who: [oldMysql],
    events: [
      { atMinute: 0, event: { kind: 'log-group-deleted', of: 'orders' } },
      { atMinute: 60, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      orders: {
        acts: ['delete', 'create'],
        heard: [recreated],
        firstActNotBeforeSeconds: 110,
        firstActWithinMinutes: 5,
      },
    },
  },
  {
    name: 'its alarms are muted for an hour in which it dies: left alone until then, restarted after',
    who: [mysql],
    events: [
      { atMinute: 0, event: { kind: 'alarms-muted', of: 'orders', minutes: 60 } },
      { atMinute: 1, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      orders: { acts: ['restart'], heard: [restarted], firstActNotBeforeSeconds: 59 * 60, firstActWithinMinutes: 70 },
    },
  },
];
