import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../recovery/journal.ts';
import { PortError } from '../../../recovery/ports.ts';
import type { Journals } from '../../../recovery/ports.ts';
import { KnownJournals } from '../../../watchdog/looks/knownJournals.ts';

const beginMs = Date.UTC(2026, 0, 5, 8);
const standing = { key: 'dead/gave-up', since: new Date(beginMs).toISOString() };

/** A store that counts what is read, and that others write too. */
function store() {
  let nowMs = beginMs;
  const read: string[] = [];
  const kept = new Map<string, Journal>();
  const denied = new Set<string>();
  const journals: Journals = {
    read: async (connector) => {
      read.push(connector);
      if (denied.has(connector)) throw new PortError('unavailable', `${connector}: the disk is full`);
      const journal = kept.get(connector);
      return { journal, tag: journal === undefined ? undefined : 'tag' };
    },
    write: async (connector, journal, tag) => {
      if (tag === 'old') return { kind: 'lost' };
      kept.set(connector, journal);
      return { kind: 'written', tag: 'tag' };
    },
  };
  const known = new KnownJournals(journals, () => new Date(nowMs).toISOString());
  return {
    known,
    denied,
    write: (connector: string, more: Partial<Journal> = {}) =>
      kept.set(connector, { schema: 1, connector, history: [], ...more }),
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    /** What was read since the last time that was asked. */
    read: () => read.splice(0).toSorted(),
  };
}

describe('a journal is read', () => {
  it('when its connector is first seen, and again after five minutes', async () => {
    const { known, pass, read } = store();
    await known.refresh(['shop/a', 'shop/b']);
    expect(read()).toEqual(['shop/a', 'shop/b']);
    pass(299);
    await known.refresh(['shop/a', 'shop/b', 'shop/c']);
    expect(read()).toEqual(['shop/c']);
    pass(1);
    await known.refresh(['shop/a', 'shop/b', 'shop/c']);
    expect(read()).toEqual(['shop/a', 'shop/b']);
  });

  it.each<[string, Partial<Journal>]>([
    ['something stands', { standing }],
    ['somebody works on it', { lease: { holder: 'x', until: standing.since } }],
    [
      'people could not be told',
      { untold: [{ at: standing.since, message: { connector: 'a', subject: 'b', text: 'c' } }] },
    ],
    ['it is called off', { calledOff: { at: standing.since, who: 'kim' } }],
  ])('in each round while %s', async (_title, more) => {
    const { known, write, pass, read } = store();
    write('shop/a', more);
    await known.refresh(['shop/a', 'shop/b']);
    read();
    pass(10);
    await known.refresh(['shop/a', 'shop/b']);
    expect(read()).toEqual(['shop/a']);
    expect(known.unfinished()).toEqual(['shop/a']);
  });

  it('in each round while the store does not give it, and why is said', async () => {
    const { known, denied, pass, read } = store();
    denied.add('shop/a');
    expect(await known.refresh(['shop/a'])).toMatchObject({
      kind: 'out-of-reach',
      error: { message: 'shop/a: the disk is full' },
    });
    expect(known.of('shop/a')?.found.kind).toBe('unreadable');
    pass(10);
    denied.clear();
    expect(await known.refresh(['shop/a'])).toEqual({ kind: 'reached' });
    expect(await known.refresh(['shop/a'])).toEqual({ kind: 'not-asked' });
    expect(known.of('shop/a')?.found).toEqual({ kind: 'read', journal: undefined });
    expect(read()).toEqual(['shop/a', 'shop/a']);
  });

  it('again at once where somebody else wrote it meanwhile', async () => {
    const { known, read } = store();
    await known.refresh(['shop/a']);
    read();
    await known.port.write('shop/a', { schema: 1, connector: 'shop/a', history: [] }, 'old');
    await known.refresh(['shop/a']);
    expect(read()).toEqual(['shop/a']);
  });

  it('not again where we wrote it', async () => {
    const { known, read } = store();
    await known.refresh(['shop/a']);
    read();
    await known.port.write('shop/a', { schema: 1, connector: 'shop/a', history: [], lookedAt: standing.since }, 'tag');
    await known.refresh(['shop/a']);
    expect(read()).toEqual([]);
    expect(known.of('shop/a')?.found).toMatchObject({ journal: { lookedAt: standing.since } });
  });

  it('in its turn: of five hundred that are due 25 in each round, the oldest first', async () => {
    const { known, pass, read } = store();
    const all = Array.from({ length: 500 }, (_, index) => `shop/${index}`);
    await known.refresh(all);
    expect(read()).toHaveLength(500);
    pass(400);
    await known.refresh(all);
    const first = read();
    expect(first).toHaveLength(25);
    pass(10);
    await known.refresh(all);
    const second = read();
    expect(second).toHaveLength(25);
    expect(second.filter((one) => first.includes(one))).toEqual([]);
  });
});

it('of a neighbour no view older than a minute counts', async () => {
  const { known, write, pass, read } = store();
  await known.refresh(['shop/a', 'shop/b']);
  read();
  write('shop/b', { standing });
  const neighbours = known.neighbours(() => ['shop/a', 'shop/b']);
  pass(60);
  expect(await neighbours.of('shop/a')).toEqual([{ kind: 'read', connector: 'shop/b', journal: undefined }]);
  expect(read()).toEqual([]);
  pass(1);
  expect(await neighbours.of('shop/a')).toMatchObject([{ kind: 'read', journal: { standing } }]);
  expect(read()).toEqual(['shop/b']);
});

it('what is gone is forgotten, unless something of it is unfinished', async () => {
  const { known, write } = store();
  write('shop/b', { standing });
  await known.refresh(['shop/a', 'shop/b', 'bank/c']);
  known.forgetAllBut('shop', new Set());
  expect(['shop/a', 'shop/b', 'bank/c'].map((one) => known.of(one) !== undefined)).toEqual([false, true, true]);
});
