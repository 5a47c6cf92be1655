import { describe, expect, it } from 'vitest';
import { announcementDue, announcerOf, mightBeOpen, openBreaker, turnOf } from '../../recovery/breaker.ts';
import type { Act, Journal, PastRecovery, Recovery } from '../../recovery/journal.ts';
import type { Neighbour } from '../../recovery/ports.ts';
import type { InStack, Suspicion } from '../../recovery/suspicion.ts';
import { ago, at, journal, recovery, request } from './examples.ts';

const settings = { atLeast: 3, share: 0.5, probe: 'restart' } as const;

/** What a journal holds, or why nothing is known. */
type Said = Partial<Journal> | 'unreadable' | 'no journal';

/** A connector that is seen dead, and has been for five minutes. */
function silent(changes: Partial<Suspicion> = {}): Partial<Journal> {
  return { stack: { suspected: { since: ago(300), seenAt: ago(20), verdict: 'dead', ...changes } } };
}

/** One that came back after an act. */
function cameBack(secondsAgo: number, host?: string): Partial<Journal> {
  return { stack: { cameBack: { at: ago(secondsAgo), ...(host === undefined ? {} : { host }) } } };
}

const alive: Partial<Journal> = {};

/** Connectors a, b, c, ... in their order, the first of whom looks. */
function stackOf(...said: readonly Said[]): { readonly self: Journal; readonly neighbours: readonly Neighbour[] } {
  const all = said.map((one, index): Neighbour => {
    const connector = String.fromCodePoint(97 + index);
    if (one === 'unreadable') return { kind: 'unreadable', connector, reason: 'throttled' };
    return { kind: 'read', connector, journal: one === 'no journal' ? undefined : journal({ connector, ...one }) };
  });
  const [self, ...neighbours] = all;
  if (self?.kind !== 'read' || self.journal === undefined) throw new Error('Who looks has a journal.');
  return { self: self.journal, neighbours };
}

function over(...said: readonly Said[]) {
  const { self, neighbours } = stackOf(...said);
  return openBreaker(self, neighbours, settings, at(0));
}

const restart: Act = { kind: 'restart', intendedAt: ago(30), arn: 'arn', onlyFailedTasks: false };
const deletion: Act = { kind: 'delete', intendedAt: ago(900), arn: 'arn', version: 'V1', recreateFrom: request() };

function treated(
  acts: readonly Act[],
  suspicion: Partial<Suspicion> = {},
  changes: Partial<Recovery> = {},
): Partial<Journal> {
  return { ...silent(suspicion), recovery: recovery(acts, changes) };
}

function pastProbe(endedAgo: number): PastRecovery {
  const endedAt = ago(endedAgo);
  return {
    id: `r-${endedAgo}`,
    openedAt: ago(endedAgo + 60),
    endedAt,
    actedAt: endedAt,
    outcome: 'acted-unproved',
    acts: ['restart'],
    probe: true,
    forStack: true,
  };
}

describe('the breaker over a stack', () => {
  const dead = silent();
  const longAgo = silent({ since: ago(4000), seenAt: ago(601) });
  const before = silent({ since: ago(1000) });
  const always = silent({ since: ago(9000) });
  const tried = (secondsAgo: number) => ({ ...before, history: [pastProbe(secondsAgo)] });

  it.each<[string, readonly Said[], 'open' | 'closed']>([
    ['one of four is dead: its own cause', [dead, alive, alive, alive], 'closed'],
    ['two of four', [dead, dead, alive, alive], 'closed'],
    ['three of four', [dead, dead, dead, alive], 'open'],
    ['all of three', [dead, dead, dead], 'open'],
    ['two of three, as in the demonstration', [dead, dead, alive], 'closed'],
    ['two of two: too few to tell', [dead, dead], 'closed'],
    ['three of six: half', [dead, dead, dead, alive, alive, alive], 'open'],
    ['three of seven: less than half', [dead, dead, dead, alive, alive, alive, alive], 'closed'],
    ['a source out of reach is as silent', [dead, silent({ verdict: 'elsewhere' }), dead, alive], 'open'],
    ['so is one whose beat is overdue', [dead, silent({ verdict: 'ripening' }), dead, alive], 'open'],
    ['one was not seen silent for ten minutes', [dead, dead, longAgo, alive], 'closed'],
    ['one of them was never looked at', [dead, dead, 'no journal', alive], 'closed'],
    ['a journal that cannot be read says nothing', [dead, dead, 'unreadable', alive], 'closed'],
    [
      'one is being recreated, which takes its time',
      [dead, dead, treated([deletion], { seenAt: ago(900) }), alive],
      'open',
    ],
    [
      'one came back after an act: all who were silent by then are forgiven',
      [before, before, before, cameBack(60)],
      'closed',
    ],
    ['and who fell silent since are not', [dead, dead, dead, cameBack(301)], 'open'],
    ['some since and some before', [dead, dead, before, cameBack(400)], 'closed'],
    [
      'one came back an hour ago, and they have been silent all the time',
      [always, always, always, cameBack(3600)],
      'open',
    ],
    ['the same, a second less ago', [always, always, always, cameBack(3599)], 'closed'],
    [
      'one came back, and the others were restarted since, in vain',
      [tried(601), tried(601), tried(601), cameBack(900)],
      'open',
    ],
    [
      'one came back, and the others were restarted a moment ago',
      [tried(120), tried(120), tried(120), cameBack(900)],
      'closed',
    ],
  ])('%s', (_, said, state) => {
    expect(over(...said)?.over).toBe(state === 'open' ? 'stack' : undefined);
  });

  it('opens as its owner sets it', () => {
    const { self, neighbours } = stackOf(dead, dead, alive, alive, alive);
    expect(openBreaker(self, neighbours, { ...settings, atLeast: 2, share: 0.4 }, at(0))?.over).toBe('stack');
    expect(openBreaker(self, neighbours, { ...settings, atLeast: 2, share: 0.41 }, at(0))).toBeUndefined();
  });

  it('counts each connector once and names those who are silent, the longest silent first', () => {
    const open = over(dead, silent({ since: ago(400) }), silent({ since: ago(300) }), alive);
    expect([open?.of, open?.members.map(({ connector }) => connector)]).toEqual([4, ['b', 'a', 'c']]);
  });
});

describe('the breaker over one database', () => {
  const there = silent({ host: 'orders-db' });
  const elsewhere = silent({ host: 'stock-db' });
  const others = Array.from({ length: 7 }, () => alive);

  it.each<[string, readonly Said[], boolean]>([
    ['two others of ten that read it are silent, too', [there, there, there, ...others], true],
    ['only one other is', [there, there, ...others], false],
    ['the others read another one', [there, elsewhere, elsewhere, ...others], false],
    ['who looks reads no database', [silent(), there, there, there, ...others, ...others], false],
    ['one of them came back', [there, there, there, cameBack(60, 'orders-db'), ...others], false],
    ['one of another database came back', [there, there, there, cameBack(60, 'stock-db'), ...others], true],
  ])('%s', (_, said, isOpen) => {
    expect(over(...said)?.over).toEqual(isOpen ? { host: 'orders-db' } : undefined);
  });
});

describe('whose turn it is to find out', () => {
  const waits = (remedy?: 'restart' | 'recreate', changes: Partial<Suspicion> = {}) =>
    silent({ stands: { since: ago(60), ...(remedy && { remedy }) }, ...changes });
  const turn = (...said: readonly Said[]) => {
    const open = over(...said);
    return open === undefined ? 'closed' : turnOf(open, 'a', at(0));
  };
  const vain = (endedAgo: readonly number[], said: Partial<Journal>) => ({ ...said, history: endedAgo.map(pastProbe) });
  const since = { since: ago(40_000) };

  it.each<[string, readonly Said[], ReturnType<typeof turnOf>]>([
    [
      'the longest silent',
      [waits('restart'), waits('restart', { since: ago(301) }), waits('restart')],
      { kind: 'next', connector: 'b', remedy: 'restart' },
    ],
    [
      'of those who are as long silent, by name',
      [waits('restart'), waits('restart'), waits('restart')],
      { kind: 'next', connector: 'a', remedy: 'restart' },
    ],
    [
      'a restart before a recreation',
      [waits('recreate', { since: ago(400) }), waits('restart'), waits()],
      { kind: 'next', connector: 'b', remedy: 'restart' },
    ],
    [
      'a recreation where nobody can be restarted',
      [waits(), waits('recreate'), waits()],
      { kind: 'next', connector: 'b', remedy: 'recreate' },
    ],
    ['nobody, where none may', [waits(), waits(), waits()], { kind: 'nobody' }],
    ['nobody, who has not said that he waits', [silent(), silent(), silent()], { kind: 'nobody' }],
    [
      'one is being restarted',
      [waits('restart'), waits('restart'), treated([restart])],
      { kind: 'under-way', connector: 'c' },
    ],
    [
      'one was deleted and is being created',
      [waits('restart'), waits('restart'), treated([{ ...deletion, endedAt: ago(500), result: 'gone' }])],
      { kind: 'under-way', connector: 'c' },
    ],
    [
      'one has hung in its deletion for an hour: nobody waits for it',
      [waits('restart'), waits('restart'), treated([{ ...deletion, intendedAt: ago(3601) }])],
      { kind: 'next', connector: 'a', remedy: 'restart' },
    ],
    [
      'one was refused',
      [waits('restart'), waits('restart'), treated([{ ...restart, endedAt: ago(29), result: 'refused' }])],
      { kind: 'next', connector: 'a', remedy: 'restart' },
    ],
    [
      'what is done to who asks keeps it not',
      [treated([{ ...restart, endedAt: ago(20), result: 'complete' }]), waits('restart'), waits()],
      { kind: 'next', connector: 'b', remedy: 'restart' },
    ],
    [
      'one probe was in vain: a quarter of an hour',
      [waits('restart', since), vain([60], waits('restart', since)), waits()],
      { kind: 'resting', until: at(840) },
    ],
    [
      'and then the one that has tried less, though it is silent for less',
      [waits('restart', since), vain([900], waits('restart', { since: ago(50_000) })), waits()],
      { kind: 'next', connector: 'a', remedy: 'restart' },
    ],
    [
      'two: half an hour',
      [vain([60], waits('restart', since)), vain([2000], waits('restart', since)), waits()],
      { kind: 'resting', until: at(1740) },
    ],
    [
      'three: an hour',
      [vain([60, 9000], waits('restart', since)), vain([2000], waits('restart', since)), waits()],
      { kind: 'resting', until: at(3540) },
    ],
    [
      'seven: an hour still',
      [
        vain([60, 9000, 12_000], waits('restart', since)),
        vain([2000, 15_000, 18_000, 21_000], waits('restart', since)),
        waits(),
      ],
      { kind: 'resting', until: at(3540) },
    ],
    [
      'what was tried in an earlier silence does not count',
      [waits('restart'), vain([400], waits('restart')), waits()],
      { kind: 'next', connector: 'a', remedy: 'restart' },
    ],
    [
      'what is tried and not proved yet counts as in vain for who tries it',
      [
        treated([{ ...restart, endedAt: ago(100), result: 'complete' }], since, { forStack: true }),
        waits('restart'),
        waits(),
      ],
      { kind: 'resting', until: at(800) },
    ],
  ])('%s', (_, said, expected) => {
    expect(turn(...said)).toEqual(expected);
  });
});

describe('who tells people', () => {
  const waits = (stands: Partial<NonNullable<Suspicion['stands']>>, changes: Partial<Suspicion> = {}) =>
    silent({ stands: { since: ago(60), ...stands }, ...changes });
  const teller = (...said: readonly Said[]) => {
    const open = over(...said);
    return open === undefined ? 'closed' : announcerOf(open);
  };

  it.each<[string, readonly Said[], string | undefined]>([
    ['who may be restarted', [waits({}), waits({ approvable: true }), waits({ remedy: 'restart' })], 'c'],
    ['else who could be recreated', [waits({}), waits({ approvable: true }), waits({})], 'b'],
    ['else the longest silent', [waits({}), waits({}, { since: ago(900) }), waits({})], 'b'],
    ['of those only who waits: others may not be looked at', [silent({ since: ago(900) }), waits({}), silent()], 'b'],
    ['nobody yet', [silent(), silent(), silent()], undefined],
  ])('%s', (_, said, who) => {
    expect(teller(...said)).toBe(who);
  });

  const told = (announced: InStack['announced'], probes: readonly number[] = []) => {
    const { stack } = silent({ since: ago(30_000) });
    return over({ stack: { ...stack, ...(announced && { announced }) } }, silent({ since: ago(30_000) }), {
      ...silent({ since: ago(30_000) }),
      history: probes.map(pastProbe),
    });
  };

  const resting = { kind: 'resting', until: at(600) } as const;

  it.each<[string, ReturnType<typeof told>, boolean]>([
    ['nobody has heard', told(undefined), true],
    ['they have', told({ at: ago(20_000), probes: 0 }), false],
    ['they heard of an earlier outage', told({ at: ago(30_001), probes: 0 }), true],
    ['two probes were in vain since', told({ at: ago(20_000), probes: 0 }, [100, 9000]), false],
    ['three were: a person is needed', told({ at: ago(20_000), probes: 0 }, [100, 9000, 12_000]), true],
    ['and they heard so', told({ at: ago(100), probes: 3 }, [100, 9000, 12_000, 15_000]), false],
  ])('%s', (_, open, isDue) => {
    expect(open === undefined ? 'closed' : announcementDue(open, resting, at(0))).toBe(isDue);
  });

  const toldLongAgo = (announced: InStack['announced']) => {
    const lasting = silent({ since: ago(500_000) });
    return over({ stack: { ...lasting.stack, ...(announced && { announced }) } }, lasting, lasting);
  };

  it.each<[string, InStack['announced'], boolean]>([
    ['they heard once, less than an hour ago', { at: ago(3599), probes: 0, times: 1 }, false],
    ['they heard once, an hour ago', { at: ago(3600), probes: 0, times: 1 }, true],
    ['they heard twice, less than a day ago', { at: ago(86_399), probes: 0, times: 2 }, false],
    ['they heard twice, a day ago', { at: ago(86_400), probes: 0, times: 2 }, true],
    ['they heard five times, a day ago', { at: ago(86_400), probes: 0, times: 5 }, true],
    ['a journal that does not count: once', { at: ago(3600), probes: 0 }, true],
  ])('nobody can find out, and only a person helps: %s', (_, announced, isDue) => {
    const open = toldLongAgo(announced);
    expect(open && announcementDue(open, { kind: 'nobody' }, at(0))).toBe(isDue);
    expect(open && announcementDue(open, resting, at(0))).toBe(false);
  });

  it('the third is under way: not before it was in vain', () => {
    const open = told({ at: ago(20_000), probes: 0 }, [100, 9000, 12_000]);
    expect(open && announcementDue(open, { kind: 'under-way', connector: 'b' }, at(0))).toBe(false);
  });
});

describe('journals that cannot be read', () => {
  const dead = silent();
  const there = silent({ host: 'orders-db' });

  it.each<[string, readonly Said[], boolean]>([
    ['might hold the third of four', [dead, dead, 'unreadable', alive], true],
    ['one more is not enough', [dead, alive, 'unreadable', alive], false],
    ['all can be read', [dead, dead, alive, alive], false],
    ['might be of the same database', [there, there, 'unreadable', ...Array.from({ length: 9 }, () => alive)], true],
    ['or of another one', [dead, dead, 'unreadable', ...Array.from({ length: 9 }, () => alive)], false],
  ])('%s', (_, said, might) => {
    const { self, neighbours } = stackOf(...said);
    expect(mightBeOpen(self, neighbours, settings, at(0))).toBe(might);
  });
});
