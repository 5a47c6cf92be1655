import type { Character, Story } from './story.ts';

const mysql: Character = { name: 'orders', kind: 'mysql', connectVersion: '3.7.x' };
const oldMysql: Character = { ...mysql, connectVersion: '2.7.1' };
const recreated = 'back: recreated, and data flows again';
const drift = 'connectorConfiguration.heartbeat.interval.ms: saved nothing, live 5000';

/** What people are told by day, so that it does not keep a recovery from succeeding at night. */
export const readyBefore: readonly Story[] = [
  {
    name: 'somebody changed the connector: told by day with the command that accepts it, and at night it is recreated as it ran',
    who: [oldMysql],
    events: [
      {
        atMinute: 0,
        event: { kind: 'person-updates', of: 'orders', property: 'heartbeat.interval.ms', value: '5000' },
      },
      { atMinute: 10, event: { kind: 'daily-check', of: 'the stack' } },
      { atMinute: 15, event: { kind: 'person-follows-mail', of: 'readiness', saying: drift } },
      { atMinute: 40, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: 90,
    readiness: { messages: 1, lastSays: [`orders: `, drift, 'Do: accept the live one: aws lambda invoke'] },
    atTheEnd: {
      orders: {
        acts: ['delete', 'create'],
        heard: ['its live configuration was accepted by anna', recreated],
        savedConfigSays: { 'heartbeat.interval.ms': '5000' },
      },
    },
  },
  {
    name: 'somebody changed the connector and nobody accepted it: told once, however often it is checked, and not deleted at night',
    who: [oldMysql],
    events: [
      {
        atMinute: 0,
        event: { kind: 'person-updates', of: 'orders', property: 'heartbeat.interval.ms', value: '5000' },
      },
      { atMinute: 10, event: { kind: 'daily-check', of: 'the stack' } },
      { atMinute: 20, event: { kind: 'daily-check', of: 'the stack' } },
      { atMinute: 40, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 60, event: { kind: 'daily-check', of: 'the stack' } },
    ],
    lastsMinutes: 90,
    readiness: { messages: 1, lastSays: [drift] },
    atTheEnd: {
      orders: {
        heard: ['dead, and not touched: see why'],
        lastMessageSays: ['the saved config differs from the live one in connectorConfiguration.heartbeat.interval.ms'],
        rows: { data: 'stands' },
        savedConfigLacks: ['heartbeat.interval.ms'],
      },
    },
  },
  {
    name: 'a day passes: the check comes by itself in the morning, and nothing is touched',
    who: [{ ...mysql, rowsPerSecond: 0 }],
    events: [],
    lastsMinutes: 22 * 60,
    readiness: { messages: 1, lastSays: ['orders', 'Needs: iam:GetRole'] },
    atTheEnd: { orders: {} },
  },
];
