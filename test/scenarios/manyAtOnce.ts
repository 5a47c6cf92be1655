import type { Character, Event, Story } from './story.ts';

/** Of all those stories, what people hear of the stack as a whole: the subject after `[connector-recovery] `. */
export interface StackStory extends Story {
  readonly heardOfTheStack: readonly string[];
}

const names = ['invoices', 'orders', 'returns', 'stock'] as const;

function four(character: Omit<Character, 'name'>): readonly Character[] {
  return names.map((name) => ({ ...character, name }));
}

const mysql = { kind: 'mysql', connectVersion: '3.7.x' } as const;
const oldMysql = { ...mysql, connectVersion: '2.7.1' } as const;
const restarted = 'back: restarted, and data flows again';
const less = 'watched with less, until a planned recreation';
const recreated = 'back: recreated, and data flows again';

function all(event: (of: string) => Event, of: readonly string[] = names) {
  return of.map((name) => ({ atMinute: 0, event: event(name) }));
}

const heldOnce = ['4 of 4 connectors: silent at once: held'];
const heldTwice = [...heldOnce, ...heldOnce];
const stands = { rows: { data: 'stands' } } as const;
const others = ['orders', 'returns', 'stock'] as const;

function each<T>(expected: T, of: readonly string[] = names): Record<string, T> {
  return Object.fromEntries(of.map((name) => [name, expected]));
}

/** Several connectors of one stack, each with a database of its own, and what befalls many of them in the same moment. */
export const manyAtOnce: readonly StackStory[] = [
  {
    name: 'two of four hang: each is restarted by itself, as ever',
    who: four(mysql),
    events: all((of) => ({ kind: 'half-open', of }), ['invoices', 'orders']),
    lastsMinutes: 40,
    atTheEnd: each({ acts: ['restart'], heard: [restarted], firstActWithinMinutes: 4.5 }, ['invoices', 'orders']),
    heardOfTheStack: [],
  },
  {
    name: 'two of four hang on Connect 2.7.1: each is recreated by itself',
    who: four(oldMysql),
    events: all((of) => ({ kind: 'half-open', of }), ['invoices', 'orders']),
    lastsMinutes: 60,
    atTheEnd: each({ acts: ['delete', 'create'], heard: [recreated], firstActWithinMinutes: 6 }, [
      'invoices',
      'orders',
    ]),
    heardOfTheStack: [],
  },
  {
    name: 'all four hang, and a restart helps: one is restarted as a probe, and then the others',
    who: four(mysql),
    events: all((of) => ({ kind: 'half-open', of })),
    lastsMinutes: 60,
    atTheEnd: each({ acts: ['restart'], heard: [restarted], firstActWithinMinutes: 8 }),
    heardOfTheStack: heldOnce,
  },
  {
    name: 'the cluster hangs for forty minutes, and every metric stops with it: nobody can tell, and nobody is touched',
    who: four(mysql),
    events: all((of) => ({ kind: 'broker-hangs', of, minutes: 40 })),
    lastsMinutes: 120,
    atTheEnd: each({
      heard: ['silent, and nobody can tell why; not touched', 'alive again without our doing'],
    }),
    heardOfTheStack: [],
  },
  {
    name: 'the databases hang for thirty minutes, and connections with them: the third probe finds them back, and then the others',
    who: four(mysql),
    events: [
      ...all((of) => ({ kind: 'half-open', of })),
      ...all((of) => ({ kind: 'database-hangs', of, minutes: 30 })),
    ],
    lastsMinutes: 150,
    atTheEnd: {
      ...each({ acts: ['restart', 'restart'], heard: [less, restarted] }, ['invoices', 'orders']),
      ...each({ acts: ['restart'], heard: [restarted] }, ['returns', 'stock']),
    },
    heardOfTheStack: heldOnce,
  },
  {
    name: 'the databases hang for a hundred minutes, and connections with them: told again after three probes, and back within the hour',
    who: four(mysql),
    events: [
      ...all((of) => ({ kind: 'half-open', of })),
      ...all((of) => ({ kind: 'database-hangs', of, minutes: 100 })),
    ],
    lastsMinutes: 190,
    atTheEnd: {
      ...each({ acts: ['restart', 'restart'], heard: [less, restarted] }, ['invoices', 'orders', 'returns']),
      stock: { acts: ['restart'], heard: [restarted] },
    },
    heardOfTheStack: [...heldOnce, '4 of 4 connectors: still silent after 3 probes: a person is needed'],
  },
  {
    name: 'all four hang on Connect 2.7.1, where no restart helps: nothing is deleted, and people are told again after an hour',
    who: four(oldMysql),
    events: all((of) => ({ kind: 'half-open', of })),
    lastsMinutes: 180,
    atTheEnd: each(stands),
    heardOfTheStack: heldTwice,
  },
  {
    name: 'all four hang on Connect 2.7.1, and a person approves one: it is recreated, and then the others by themselves',
    who: four(oldMysql),
    events: [
      ...all((of) => ({ kind: 'half-open', of })),
      { atMinute: 30, event: { kind: 'person-approves', of: 'invoices' } },
    ],
    lastsMinutes: 120,
    atTheEnd: {
      invoices: { acts: ['delete', 'create'], heard: ['its deletion is approved by anna', recreated] },
      ...each({ acts: ['delete', 'create'], heard: [recreated] }, others),
    },
    heardOfTheStack: heldOnce,
  },
  {
    name: 'all four hang on Connect 2.7.1, and their owner lets a recreation find out: one, and then the others',
    who: four(oldMysql),
    breaker: { probe: 'recreate' },
    events: all((of) => ({ kind: 'half-open', of })),
    lastsMinutes: 90,
    atTheEnd: each({ acts: ['delete', 'create'], heard: [recreated] }),
    heardOfTheStack: heldOnce,
  },
  {
    name: 'one is deleted already when the others fall silent: it is created again, and then the others',
    who: four(oldMysql),
    events: [
      { atMinute: 0, event: { kind: 'half-open', of: 'invoices' } },
      ...others.map((of) => ({ atMinute: 4, event: { kind: 'half-open', of } }) as const),
    ],
    lastsMinutes: 90,
    atTheEnd: each({ acts: ['delete', 'create'], heard: [recreated] }),
    heardOfTheStack: heldOnce,
  },
  {
    name: 'a connection reset kills the tasks of all four on Connect 2.7.1 at once: nothing is deleted',
    who: four(oldMysql),
    events: all((of) => ({ kind: 'connection-reset', of })),
    lastsMinutes: 90,
    atTheEnd: each(stands),
    heardOfTheStack: heldTwice,
  },
];
