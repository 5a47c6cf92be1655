import type { Character, Story } from './story.ts';

const unpinned: Character = {
  name: 'orders',
  kind: 'mysql',
  connectVersion: '2.7.1',
  offsets: 'new with each creation',
  wants: { offsets: 'pin-default-topic', limits: { cooldownSeconds: 600 } },
};
const recreated = 'back: recreated, and data flows again';

/** Sources whose offsets lie in the topic that MSK Connect makes anew with each creation. */
export const pinning: readonly Story[] = [
  {
    name: 'offsets in the default topic, to be pinned: recreated, it finds its place, and every row arrives once',
    who: [unpinned],
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 60,
    atTheEnd: { orders: { acts: ['delete', 'create'], heard: [recreated] } },
  },
  {
    name: 'it dies again on the worker configuration that was made for it: recreated on the same, and every row arrives once',
    who: [unpinned],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 60, event: { kind: 'half-open', of: 'orders' } },
    ],
    lastsMinutes: 120,
    atTheEnd: { orders: { acts: ['delete', 'create', 'delete', 'create'], heard: [recreated, recreated] } },
  },
  {
    name: 'called off after its topic was pinned and it was deleted, and created after all by the command of the mail: it finds its place',
    who: [unpinned],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 12, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Call it off' } },
      { atMinute: 60, event: { kind: 'person-follows-mail', of: 'orders', saying: 'Create it again after all' } },
    ],
    creationsRefusedMinutes: 30,
    lastsMinutes: 90,
    atTheEnd: {
      orders: {
        acts: ['delete', 'create'],
        heard: [
          'DELETED AND NOT BACK YET',
          'DELETED AND NOT BACK YET',
          'CALLED OFF: it is deleted, and nothing is created again',
          recreated,
        ],
        refused: 'CreateConnector',
      },
    },
  },
  {
    name: 'somebody deletes what was recreated on a pinned topic, and a person lets it be created: it finds its place',
    who: [unpinned],
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'orders' } },
      { atMinute: 60, event: { kind: 'person-deletes', of: 'orders' } },
      { atMinute: 80, event: { kind: 'person-asks', of: 'orders', remedy: 'recreate' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      orders: {
        acts: ['delete', 'create', 'create'],
        heard: [recreated, 'does not exist, and we did not delete it', recreated],
      },
    },
  },
  {
    name: 'offsets in the default topic, to be pinned, while the product dies again and again: recreated, and every row arrives once',
    who: [unpinned],
    events: [{ atMinute: 0, event: { kind: 'half-open', of: 'orders' } }],
    lastsMinutes: 90,
    productDies: { how: 'exits', chance: 0.04, atMost: 6, seed: 3 },
    atTheEnd: { orders: { acts: ['delete', 'create'], heard: [recreated], heardMayRepeat: true } },
    aboutTheProduct: ['function-errors'],
  },
];
