import { describe, expect, it } from 'vitest';
import { promiseOfRows, promisesAfterCut, promisesAfterKill } from '../../../cli/selfManaged/promises.ts';
import type { Fate } from '../../../cli/selfManaged/witness.ts';

const act = { atMs: 5, text: 'POST /connectors/orders-cdc/restart 202', accepted: true };
const back: Fate = { cutAtMs: 1, seenAtMs: 4, acts: [act], rowsAtMs: 7, provedAtMs: 9, outcomes: ['recovered'] };
const broken = (seen: readonly { readonly instead?: string }[]) => seen.flatMap(({ instead }) => instead ?? []);

describe('of a connector whose connections were cut', () => {
  const orders = { name: 'orders-cdc', fate: 'fails' } as const;

  it('all is kept when it was found, restarted and proved to be back', () => {
    expect(promisesAfterCut(orders, back)).toEqual([
      { what: 'orders-cdc is found dead' },
      { what: 'orders-cdc is restarted' },
      { what: 'rows of orders-cdc arrive again' },
      { what: 'orders-cdc is said to be recovered' },
    ]);
  });

  it.each<[string, Fate]>([
    ['the watchdog never found orders-cdc dead', { ...back, seenAtMs: undefined }],
    ['orders-cdc was not restarted', { ...back, acts: [] }],
    ['orders-cdc was not restarted', { ...back, acts: [{ ...act, accepted: false }] }],
    ['no row of orders-cdc arrived again', { ...back, rowsAtMs: undefined }],
    ['the watchdog never said that orders-cdc has recovered', { ...back, outcomes: ['unproved'] }],
  ])('%s', (instead, seen) => {
    expect(broken(promisesAfterCut(orders, seen))).toEqual([instead]);
  });
});

describe('of a connector that only lives beside them', () => {
  const stock = { name: 'stock-cdc', fate: 'lives' } as const;

  it.each<[string, Fate['acts'], string[]]>([
    ['nothing was done to it', [], []],
    ['it was restarted', [act], [`done to stock-cdc, which was healthy: ${act.text}`]],
    [
      'somebody tried to restart it',
      [{ ...act, accepted: false }],
      [`done to stock-cdc, which was healthy: ${act.text}`],
    ],
  ])('%s', (_, acts, instead) => {
    expect(broken(promisesAfterCut(stock, { acts, outcomes: [] }))).toEqual(instead);
  });
});

describe('of a worker that was killed', () => {
  const kept = { told: true, moved: ['a', 'b'], flowing: ['b', 'a'], acts: [] };

  it.each([
    ['all is kept', kept, []],
    ['nobody is told', { ...kept, told: false }, ['people were not told of the worker that answers no more']],
    ['a task stays away', { ...kept, flowing: ['a'] }, ['no row of b arrived again']],
    [
      'the watchdog acts',
      { ...kept, acts: ['POST /connectors/a/restart 202'] },
      ['the watchdog did not leave it to Connect: POST /connectors/a/restart 202'],
    ],
  ])('%s', (_, seen, instead) => {
    expect(broken(promisesAfterKill(seen))).toEqual(instead);
  });
});

it.each([
  [{ lost: 0, waiting: 0, duplicated: 9 }, []],
  [{ lost: 1, waiting: 0, duplicated: 0 }, ['1 rows of a were lost, 0 did not come']],
  [{ lost: 0, waiting: 2, duplicated: 0 }, ['0 rows of a were lost, 2 did not come']],
])('rows that come twice are no loss, the last ones that do not come are: %j', (count, instead) => {
  expect(broken([promiseOfRows('a', { written: 20, arrived: 18, ...count })])).toEqual(instead);
});
