import type { Character, Story } from './story.ts';

const mysql: Character = { name: 'orders', kind: 'mysql', connectVersion: '3.7.x' };
const oldMysql: Character = { ...mysql, connectVersion: '2.7.1' };
const restarted = 'back: restarted, and data flows again';
const recreated = 'back: recreated, and data flows again';
const away = 'DELETED AND NOT BACK YET';
const calledOff = 'CALLED OFF: it is deleted, and nothing is created again';

/** Fewer than half of them fall silent, so that each is judged by itself. */
const seven = ['orders', 'returns', 'stock', 'a', 'b', 'c', 'd'].map((name) => ({ ...mysql, name }));

/** Persons who order, mostly by the command in the mail that they got. */
export const stepIn: readonly Story[] = [
  {
    name: 'a deletion that its owner keeps for people: the command of the mail approves it, and running it three times is as good as once',
    who: [{ ...oldMysql, wants: { deletions: 'after-approval' } }],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 12, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Approve this deletion' } },
      { atMinute: 12.5, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Approve this deletion' } },
      { atMinute: 14, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Approve this deletion' } },
    ],
    lastsMinutes: 60,
    atTheEnd: {
      orders: {
        acts: ['delete', 'create'],
        heard: ['dead; its deletion waits for your approval', 'its deletion is approved by anna', recreated],
      },
    },
  },
  {
    name: 'an approval of last week, followed when another connector is there under the name: nothing is deleted',
    who: [{ ...oldMysql, wants: { deletions: 'after-approval' } }],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 12, event: { kind: 'person-replaces', of: 'orders' } },
      { atMinute: 40, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 60, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Approve', fromMail: 'first' } },
    ],
    lastsMinutes: 90,
    atTheEnd: {
      orders: {
        heard: [
          'dead; its deletion waits for your approval',
          'does not exist, and we did not delete it',
          'alive again without our doing',
          'dead; its deletion waits for your approval',
        ],
        rows: { data: 'stands' },
      },
    },
  },
  {
    name: 'called off before the act, while a look holds the lease and waits for the proof: nothing is touched, however often it is called',
    who: [mysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 2.5, event: { kind: 'person-orders', of: 'orders', do: 'call-off' } },
      { atMinute: 12, event: { kind: 'alarm-arrives', of: 'orders', how: 'plainly', times: 3 } },
    ],
    lastsMinutes: 60,
    atTheEnd: { orders: { heard: ['called off: nothing more is done'], rows: { data: 'stands' } } },
  },
  {
    name: 'called off before the act, and asked for again by the command of the mail: recovered',
    who: [mysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 2.5, event: { kind: 'person-orders', of: 'orders', do: 'call-off' } },
      { atMinute: 20, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Let it be recovered' } },
    ],
    lastsMinutes: 40,
    atTheEnd: { orders: { acts: ['restart'], heard: ['called off: nothing more is done', restarted] } },
  },
  {
    name: 'called off between the deletion and the creation, by the command of the mail: the alarms end, and it stays deleted',
    who: [oldMysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 12, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Call it off' } },
      { atMinute: 80, event: { kind: 'alarm-arrives', of: 'orders', how: 'plainly', times: 3 } },
    ],
    creationsRefusedMinutes: 30,
    lastsMinutes: 120,
    atTheEnd: {
      orders: {
        acts: ['delete'],
        heard: [away, away, calledOff],
        state: 'absent',
        rows: { data: 'stands' },
        refused: 'CreateConnector',
      },
    },
  },
  {
    name: 'called off between the deletion and the creation, and created after all by the command of the mail',
    who: [oldMysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 12, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Call it off' } },
      { atMinute: 60, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Create it again after all' } },
    ],
    creationsRefusedMinutes: 30,
    lastsMinutes: 90,
    atTheEnd: {
      orders: { acts: ['delete', 'create'], heard: [away, away, calledOff, recreated], refused: 'CreateConnector' },
    },
  },
  {
    name: 'the whole stack is held, three connectors hang, and the command of one mail releases them all',
    who: seven,
    events: [
      { atMinute: 0, event: { kind: 'person-orders', of: 'the stack', do: 'hold' } },
      ...['orders', 'returns', 'stock'].map((of) => ({ atMinute: 1, event: { kind: 'half-open', of } as const })),
      { atMinute: 20, event: { kind: 'person-follows-mail', of: 'returns', saying: 'Release the stack' } },
    ],
    lastsMinutes: 40,
    atTheEnd: Object.fromEntries(
      ['orders', 'returns', 'stock'].map((name) => [
        name,
        { acts: ['restart'], heard: ['dead, and held: not touched', restarted], firstActWithinMinutes: 1 },
      ]),
    ),
  },
  {
    name: 'held in the middle of a recreation: what was deleted comes back all the same',
    who: [oldMysql],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 6, event: { kind: 'person-orders', of: 'orders', do: 'hold' } },
      { atMinute: 7, event: { kind: 'person-orders', of: 'the stack', do: 'hold' } },
    ],
    lastsMinutes: 60,
    atTheEnd: {
      orders: { acts: ['delete', 'create'], heard: ['held: no restarts, no deletions, by anna', recreated] },
    },
  },
];
