import { describe, expect, it, test } from 'vitest';
import {
  approvalInForce,
  callOffInForce,
  heldBy,
  inForce,
  intervene,
  mustBeApproved,
  sayHeld,
} from '../../recovery/intervention.ts';
import type { Approval, Command } from '../../recovery/intervention.ts';
import {
  ago,
  arn,
  at,
  journal,
  live,
  name,
  person,
  policy,
  recovery,
  request,
  schedule,
  sweep,
  verdict,
} from './examples.ts';

const here = { kind: 'present', connector: live() } as const;
const anna = (deed: Command['do'], changes: Partial<Command> = {}): Command => ({
  connector: name,
  do: deed,
  who: 'anna',
  ...changes,
});
const approved: Approval = { at: ago(60), until: at(3540), who: 'anna', arn, version: 'V1' };

describe('an order in the journal', () => {
  it('of a hold says who, when and why', () => {
    const { journal: after, done } = intervene(anna('hold', { why: 'migration' }), journal(), undefined, at(0));
    expect(after).toEqual({
      schema: 1,
      connector: name,
      history: [],
      hold: { at: at(0), who: 'anna', why: 'migration' },
      interventions: [{ did: 'hold', at: at(0), who: 'anna', why: 'migration' }],
    });
    expect(done).toBe(
      'Held: no restart and no deletion until somebody releases it. What was deleted is created all the same.',
    );
  });

  it('of a release ends the hold, whoever ordered it', () => {
    const held = journal({ hold: { at: ago(600), who: 'bert' } });
    const { journal: after, done } = intervene(anna('release'), held, undefined, at(0));
    expect(after).toEqual({
      schema: 1,
      connector: name,
      history: [],
      interventions: [{ did: 'release', at: at(0), who: 'anna' }],
    });
    expect(done).toBe('Released: bert had held it since 2026-01-05T11:50:00.000Z.');
  });

  it('of an approval names the very connector and version, for an hour', () => {
    const { journal: after, done } = intervene(anna('approve'), journal(), here, at(0));
    expect(after?.approval).toEqual({ at: at(0), until: at(3600), who: 'anna', arn, version: 'V1' });
    expect(after?.interventions).toEqual([{ did: 'approve', at: at(0), who: 'anna', arn, version: 'V1' }]);
    expect(done).toContain(`until 2026-01-05T13:00:00.000Z: the deletion of ${arn} in version V1`);
  });

  it('keeps the last ten, newest first', () => {
    const interventions = Array.from({ length: 10 }, (_, index) => ({
      did: 'hold' as const,
      at: ago(100 * (index + 1)),
      who: `nr ${index + 1}`,
    }));
    const { journal: after } = intervene(anna('hold'), journal({ interventions }), undefined, at(0));
    expect(after?.interventions?.map(({ who }) => who)).toEqual([
      'anna',
      ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((nr) => `nr ${nr}`),
    ]);
  });
});

test.each([
  [
    'hold',
    journal({ hold: { at: ago(600), who: 'bert' } }),
    'It is held already: bert has held it since 2026-01-05T11:50:00.000Z.',
  ],
  ['release', journal(), 'It is not held.'],
  [
    'call-off',
    journal({ calledOff: { at: ago(600), who: 'bert', why: 'maintenance' } }),
    'It is called off already, by bert (maintenance) at 2026-01-05T11:50:00.000Z.',
  ],
  [
    'approve',
    journal({ approval: approved }),
    'Its deletion is approved already, by anna, until 2026-01-05T12:59:00.000Z.',
  ],
] as const)('%s a second time changes nothing', (deed, before, done) => {
  expect(intervene(anna(deed), before, here, at(0))).toEqual({ done });
});

test('a recovery that a person asked for after a call-off can be called off, too', () => {
  const asked = journal({
    calledOff: { at: ago(2000), who: 'bert' },
    recovery: recovery([], { openedAt: ago(1000), trigger: person('recreate') }),
  });
  expect(intervene(anna('call-off'), asked, undefined, at(0)).journal?.calledOff).toEqual({
    at: at(0),
    who: 'anna',
    of: 'r-1',
  });
});

test.each([
  ['is another now', { tag: 'a', changed: true }, true],
  ['says the same by an order that is journalled', { tag: 'a', changed: false }, false],
  ['says the same, and nobody journalled it', { tag: 'b', changed: false }, true],
] as const)('an acceptance whose saved config %s', (_how, config, isNoted) => {
  const before = journal({ interventions: [{ did: 'accept', at: ago(600), who: 'bert', config: 'a' }] });
  const after = intervene(anna('accept'), before, undefined, at(0), config).journal;
  expect(after?.interventions?.length).toBe(isNoted ? 2 : undefined);
});

test.each([
  ['its own, opened by a clock that was ahead', { of: 'r-1' }, ago(-5), true],
  ['another, by a clock that was behind', { of: 'r-0' }, ago(5000), false],
  ['one that began before, in a journal of the version before', {}, ago(2000), true],
  ['one that began after, in a journal of the version before', {}, ago(10), false],
] as const)('a call-off bears on %s', (_which, of, openedAt, isInForce) => {
  const calledOff = { at: ago(600), who: 'bert', ...of };
  const found = callOffInForce(journal({ calledOff, recovery: recovery([], { openedAt }) }));
  expect(found).toEqual(isInForce ? calledOff : undefined);
});

describe('what a person was told of', () => {
  it.each([
    [
      'another version',
      { arn, version: 'V0' },
      `Nothing is approved: it was recreated or changed since you were told. It is ${arn} in version V1 now.`,
    ],
    [
      'a recreated connector',
      { arn: `${arn}-old`, version: 'V1' },
      `Nothing is approved: it was recreated or changed since you were told. It is ${arn} in version V1 now.`,
    ],
  ])('%s is not approved', (_what, named, done) => {
    expect(intervene(anna('approve', named), journal(), here, at(0))).toEqual({ done });
  });

  it('that is gone is not approved', () => {
    expect(intervene(anna('approve'), journal(), { kind: 'absent' }, at(0))).toEqual({
      done: 'Nothing is approved: the connector does not exist.',
    });
  });
});

describe('an approval is in force', () => {
  it.each([
    ['for what was approved', {}, live(), undefined, true],
    ['not after its hour', { until: at(0) }, live(), undefined, false],
    ['not for another version', {}, live({ version: 'V2' }), undefined, false],
    ['not after a recreation', {}, live({ arn: `${arn}-new` }), undefined, false],
    ['for the recovery that used it', { usedBy: 'r-1' }, live(), recovery([]), true],
    ['not for another recovery', { usedBy: 'r-0' }, live(), recovery([]), false],
    ['not for a later look once it was used', { usedBy: 'r-0' }, live(), undefined, false],
  ])('%s', (_when, changes, connector, underWay, isInForce) => {
    const before = journal({
      approval: { ...approved, ...changes },
      ...(underWay === undefined ? {} : { recovery: underWay }),
    });
    expect(approvalInForce(before, connector, at(0)) !== undefined).toBe(isInForce);
  });
});

describe('a deletion needs an approval', () => {
  const keeps = policy({ deletions: 'after-approval' });
  const dead = verdict('dead');
  const learned = verdict('dead', { learnedOnly: true });
  const ours = recovery([
    {
      kind: 'create',
      intendedAt: ago(900),
      request: request(),
      arn,
      seenAt: ago(800),
      endedAt: ago(500),
      result: 'failed',
    },
  ]);
  it.each([
    ['by policy', dead, keeps, sweep, undefined, 'its owner keeps deletions for people'],
    ['of the schedule too', dead, keeps, schedule, undefined, 'its owner keeps deletions for people'],
    ['for a look that a person asked for', dead, keeps, person(), undefined, 'its owner keeps deletions for people'],
    ['not by default', dead, policy(), sweep, undefined, undefined],
    [
      'where only its own past speaks',
      learned,
      policy(),
      sweep,
      undefined,
      'that it is dead rests on its own past alone',
    ],
    ['not if a person asked for that very recreation', learned, keeps, person('recreate'), undefined, undefined],
    ['not of what this recovery created itself', dead, keeps, sweep, ours, undefined],
  ])('%s', (_when, seen, allowed, trigger, underWay, why) => {
    const before = journal(underWay === undefined ? {} : { recovery: underWay });
    expect(mustBeApproved(seen, live(), before, allowed, trigger)).toBe(why);
  });
});

describe('a hold', () => {
  it('on the connector goes before the one on the stack', () => {
    const onStack = { on: 'stack', at: ago(60), who: 'bert' } as const;
    expect(heldBy(journal({ hold: { at: ago(600), who: 'anna' } }), onStack)).toEqual({
      on: 'connector',
      at: ago(600),
      who: 'anna',
    });
    expect(heldBy(journal(), onStack)).toBe(onStack);
    expect(heldBy(journal(), undefined)).toBeUndefined();
  });

  it.each([
    [
      { on: 'connector', at: ago(600), who: 'anna', why: 'migration' },
      'anna has held it since 2026-01-05T11:50:00.000Z (migration)',
    ],
    [{ on: 'stack', at: ago(600), who: 'bert' }, 'bert has held every connector since 2026-01-05T11:50:00.000Z'],
    [
      { on: 'stack', unreadable: 'hold.json is not what this product writes' },
      'whether the stack is held cannot be read, which counts as held (hold.json is not what this product writes)',
    ],
  ] as const)('says who and since when', (held, words) => {
    expect(sayHeld(held)).toBe(words);
  });
});

test('a dry run shows what is in force, and not what is over', () => {
  const before = journal({
    hold: { at: ago(600), who: 'anna' },
    approval: approved,
    calledOff: { at: ago(60), who: 'carl', why: 'it is being replaced' },
  });
  expect(inForce(before, { on: 'stack', at: ago(30), who: 'bert' }, at(0))).toEqual([
    'held: anna has held it since 2026-01-05T11:50:00.000Z',
    'held: bert has held every connector since 2026-01-05T11:59:30.000Z',
    'called off by carl (it is being replaced) at 2026-01-05T11:59:00.000Z, until it is seen alive or idle or a person asks',
    `approved by anna until 2026-01-05T12:59:00.000Z: the deletion of ${arn} in version V1`,
  ]);
  expect(inForce(journal({ approval: approved }), undefined, at(3600))).toEqual([]);
});
