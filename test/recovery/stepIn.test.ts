import { describe, expect, it, test } from 'vitest';
import { composeAlarm } from '../../recovery/composeAlarm.ts';
import { decide } from '../../recovery/decide.ts';
import type { Decision } from '../../recovery/decision.ts';
import type { Act } from '../../recovery/journal.ts';
import { standingAfter, worthTelling } from '../../recovery/standing.ts';
import {
  ago,
  alarm,
  arn,
  at,
  journal,
  live,
  name,
  observation,
  person,
  policy,
  recovery,
  request,
  schedule,
  sweep,
  verdict,
} from './examples.ts';

const hold = { at: ago(600), who: 'anna', why: 'migration' };
const calledOff = { at: ago(30), who: 'anna' };
const approval = { at: ago(60), until: at(3540), who: 'anna', arn, version: 'V1' };
const onStack = { on: 'stack', at: ago(60), who: 'bert' } as const;
const newArn = `${arn}-new`;

const dead = verdict('dead', { silentSince: ago(600) });
const old = policy({ remedies: ['recreate'], connectVersion: '2.7.1' });
const keeps = policy({ remedies: ['recreate'], connectVersion: '2.7.1', deletions: 'after-approval' });

const restarted: Act = { kind: 'restart', intendedAt: ago(700), arn, onlyFailedTasks: false };
const ended: Act = { ...restarted, endedAt: ago(600), result: 'complete' };
const deletion: Act = {
  kind: 'delete',
  intendedAt: ago(500),
  arn,
  version: 'V1',
  recreateFrom: request(),
  backup: 's3://bucket/b.json',
};
const accepted: Act = { ...deletion, acceptedAt: ago(499) };
const gone: Act = { ...accepted, endedAt: ago(200), result: 'gone' };
const lost: Act = { ...deletion, endedAt: ago(400), result: 'not-carried-out' };
const creation: Act = { kind: 'create', intendedAt: ago(100), request: request() };
const answered: Act = { ...creation, arn: newArn };
const failed: Act = { ...answered, seenAt: ago(90), endedAt: ago(1000), result: 'failed' };
const refusedCreation: Act = { ...creation, endedAt: ago(90), result: 'refused', reason: 'ForbiddenException: no' };

const absent = { sighting: { kind: 'absent' } } as const;
const inHands = (state: 'DELETING' | 'RESTARTING' | 'CREATING', named = arn) =>
  ({ sighting: { kind: 'present', connector: live({ state, arn: named }) } }) as const;

/** Kind of the decision, or of the outcome, and why. */
function says(decision: Decision): readonly [string, string] {
  return [decision.kind === 'finish' ? decision.outcome.kind : decision.kind, decision.reason];
}

describe('a hold keeps from restarts and deletions', () => {
  it.each([
    ['a restart of a dead connector', {}, { verdict: dead }, policy(), alarm],
    ['a deletion', {}, { verdict: dead }, old, alarm],
    ['a restart of failed tasks', {}, { verdict: verdict('partial') }, policy(), alarm],
    ['the preventive restart', {}, { verdict: verdict('alive') }, policy(), schedule],
    ['a restart that a person asks for', {}, { verdict: verdict('alive') }, policy(), person('restart')],
    [
      'a deletion after a restart that did not help',
      { recovery: recovery([ended]) },
      { verdict: dead },
      policy(),
      sweep,
    ],
    [
      'a restart that would find out whether the source is back',
      {},
      { verdict: verdict('elsewhere', { diedUnconnectedAt: ago(2000) }) },
      policy(),
      sweep,
    ],
  ])('%s', (_what, before, seen, allowed, trigger) => {
    const decision = decide(observation(seen), journal({ hold, ...before }), allowed, trigger);
    expect(decision).toMatchObject({
      kind: 'finish',
      outcome: {
        kind: 'refused',
        objections: ['held'],
        reason: 'It is not touched, for anna has held it since 2026-01-05T11:50:00.000Z (migration).',
        lifts: [{ says: 'Release it', input: { connector: 'orders-cdc', do: 'release', who: 'your name' } }],
      },
    });
  });

  it('by the stack, with the command that releases the stack', () => {
    const decision = decide(observation({ verdict: dead, heldOnStack: onStack }), journal(), policy(), alarm);
    expect(decision).toMatchObject({
      outcome: {
        objections: ['held'],
        reason: 'It is not touched, for bert has held every connector since 2026-01-05T11:59:00.000Z.',
        lifts: [{ says: 'Release the stack', input: { do: 'release', who: 'your name' } }],
      },
    });
  });

  it('where nobody can read whether the stack is held', () => {
    const heldOnStack = { on: 'stack', unreadable: 'hold.json has 9 MB' } as const;
    expect(says(decide(observation({ verdict: dead, heldOnStack }), journal(), old, alarm))).toEqual([
      'refused',
      'It is not touched, for whether the stack is held cannot be read, which counts as held (hold.json has 9 MB).',
    ]);
  });
});

describe('a hold never keeps from coming back', () => {
  it.each([
    ['what is gone is created', recovery([gone]), absent, 'create'],
    ['what CreateConnector refused is tried again', recovery([gone, refusedCreation]), absent, 'create'],
    ['a deletion under way is waited for', recovery([accepted]), inHands('DELETING'), 'wait'],
    ['a creation under way is waited for', recovery([gone, answered]), inHands('CREATING', newArn), 'wait'],
  ])('%s', (_what, underWay, seen, kind) => {
    const before = journal({ hold, recovery: underWay });
    expect(decide(observation({ ...seen, heldOnStack: onStack }), before, old, sweep).kind).toBe(kind);
  });

  it('what was created and FAILED is not given up: people are told who holds it, and it waits', () => {
    const connector = live({ state: 'FAILED', arn: newArn });
    const seen = observation({ sighting: { kind: 'present', connector }, verdict: dead });
    const underWay = recovery([gone, failed]);
    expect(decide(seen, journal({ hold, recovery: underWay }), old, sweep)).toEqual({
      kind: 'raise-alarm',
      reason: 'It is dead. It is not tried again, for anna has held it since 2026-01-05T11:50:00.000Z (migration).',
      lifts: [{ says: 'Release it', input: { connector: 'orders-cdc', do: 'release', who: 'your name' } }],
    });
    const told = { ...underWay, alarmed: { at: ago(10), times: 1 } };
    expect(decide(seen, journal({ hold, recovery: told }), old, sweep)).toMatchObject({ kind: 'wait', seconds: 60 });
  });

  it('and the mail shows how to release it, and how to call it off', () => {
    const directions = {
      links: () => [],
      command: (input: object) => `call ${JSON.stringify(input)}`,
      captureCommand: () => '',
    };
    const lifts = [{ says: 'Release it', input: { connector: 'orders-cdc', do: 'release', who: 'your name' } }];
    const { text } = composeAlarm('orders-cdc', 'x', recovery([gone, failed]), { directions }, undefined, lifts);
    expect(text).toContain('Release it: call {"connector":"orders-cdc","do":"release","who":"your name"}');
    expect(text).toContain(
      'Call it off: nothing more is done: call {"connector":"orders-cdc","do":"call-off","who":"your name"}',
    );
  });

  it.each([
    ['held', { hold }, { verdict: dead }],
    ['refused for something else', {}, { verdict: dead, sweepSeenAt: ago(900) }],
    ['alive', {}, { verdict: verdict('alive') }],
    ['paused', {}, { sighting: { kind: 'present', connector: live({ state: 'PAUSED' }) } }],
  ] as const)('while a deletion whose answer was lost may yet act, no recovery ends: %s', (_how, before, seen) => {
    const underWay = journal({ ...before, recovery: recovery([{ ...lost, intendedAt: ago(1199) }]) });
    expect(decide(observation(seen), underWay, old, sweep)).toMatchObject({
      kind: 'wait',
      reason: 'an answer to DeleteConnector was lost, and it may act late',
    });
    const over = journal({ ...before, recovery: recovery([{ ...lost, intendedAt: ago(1201) }]) });
    expect(decide(observation(seen), over, old, sweep).kind).toBe('finish');
    // Another connector is there by now: it cannot be the one that is deleted late.
    const other = journal({ ...before, recovery: recovery([{ ...lost, intendedAt: ago(900), arn: newArn }]) });
    expect(decide(observation(seen), other, old, sweep).kind).toBe('finish');
  });

  it('a person may have it created where it does not exist', () => {
    const seen = observation({ ...absent, heldOnStack: onStack });
    expect(decide(seen, journal({ hold }), old, person('recreate')).kind).toBe('create');
  });
});

const off = 'Called off by anna at 2026-01-05T11:59:30.000Z.';
const stays = 'It stays off until it was seen alive or idle, or a person asks.';

describe('a recovery that was called off ends, wherever it is', () => {
  it.each<[string, Act[], object, readonly [string, string]]>([
    [
      'restart under way',
      [restarted],
      inHands('RESTARTING'),
      ['called-off', `${off} The restart that was begun goes on by itself; nothing follows. ${stays}`],
    ],
    ['restart done', [ended], { verdict: dead }, ['called-off', `${off} Nothing more is done to it. ${stays}`]],
    [
      'deletion ordered, and no answer yet',
      [deletion],
      { verdict: dead },
      ['wait', 'it is called off; whether the deletion was carried out is yet to be seen'],
    ],
    [
      'deletion ordered, its answer lost, and it may act late',
      [lost],
      { verdict: dead },
      ['wait', 'it is called off; whether the deletion was carried out is yet to be seen'],
    ],
    [
      'deletion under way',
      [accepted],
      inHands('DELETING'),
      ['called-off', `${off} It is deleted, and is not created again. ${stays}`],
    ],
    ['deleted', [gone], absent, ['called-off', `${off} It is deleted, and is not created again. ${stays}`]],
    [
      'creation not answered yet',
      [gone, creation],
      absent,
      [
        'called-off',
        `${off} It is deleted; a call to create it again was not answered, and may be carried out yet. No other is made. ${stays}`,
      ],
    ],
    [
      'creation refused',
      [gone, refusedCreation],
      absent,
      ['called-off', `${off} It is deleted, and is not created again. ${stays}`],
    ],
    [
      'creation under way',
      [gone, answered],
      inHands('CREATING', newArn),
      ['called-off', `${off} It was created again; whether data flows, nobody looks. ${stays}`],
    ],
    [
      'created, and FAILED',
      [gone, failed],
      { sighting: { kind: 'present', connector: live({ state: 'FAILED', arn: newArn }) }, verdict: dead },
      ['called-off', `${off} It was created again and is FAILED; it is not tried once more. ${stays}`],
    ],
  ])('%s', (_where, acts, seen, expected) => {
    const before = journal({ calledOff, recovery: recovery(acts) });
    expect(says(decide(observation(seen), before, old, sweep))).toEqual(expected);
  });

  it('a deletion that may act late holds it up no longer than a deletion takes', () => {
    const lostLongAgo: Act = { ...lost, intendedAt: ago(1201) };
    const before = journal({ calledOff, recovery: recovery([lostLongAgo]) });
    expect(decide(observation({ verdict: dead }), before, old, sweep)).toMatchObject({
      outcome: { kind: 'called-off' },
    });
  });
});

const open = {
  kind: 'read',
  backup: {
    schema: 1,
    connector: 'orders-cdc',
    recoveryId: 'r-0',
    at: ago(500),
    arn,
    version: 'V1',
    live: request(),
    recreateFrom: request(),
  },
} as const;

describe('what was called off stays off', () => {
  const ripens = { at: at(60), because: 'a beat is overdue' };
  it.each([
    ['an alarm finds it dead', alarm, { verdict: dead }, 'called-off'],
    ['a sweep finds it dead', sweep, { verdict: dead }, 'called-off'],
    ['the preventive restart is due', schedule, { verdict: verdict('unknown') }, 'called-off'],
    ['some tasks failed', alarm, { verdict: verdict('partial') }, 'called-off'],
    ['nobody can tell', sweep, { verdict: verdict('unknown') }, 'called-off'],
    ['its source is away', sweep, { verdict: verdict('elsewhere', { diedUnconnectedAt: ago(5000) }) }, 'called-off'],
    ['it does not exist', sweep, absent, 'called-off'],
    ['it is alive, and a beat is overdue', alarm, { verdict: verdict('alive', { ripens }) }, 'called-off'],
    ['until it is alive', sweep, { verdict: verdict('alive') }, 'left-alone'],
    ['until it is idle', sweep, { verdict: verdict('idle') }, 'left-alone'],
    ['while somebody is at work on it, it is left to him', sweep, inHands('RESTARTING'), 'left-alone'],
    ['until a person asks', person(), { verdict: dead }, 'delete'],
    ['it does not exist, and a person only looks', person(), absent, 'called-off'],
    ['it does not exist, until a person asks for it', person('recreate'), absent, 'create'],
    ['its journal was lost, and its backup is open', sweep, { ...absent, newestBackup: open }, 'close-backup'],
    [
      'its journal was lost while it is being deleted',
      sweep,
      { ...inHands('DELETING'), newestBackup: open },
      'close-backup',
    ],
    [
      'its journal was lost, and its deletion may act late',
      sweep,
      { verdict: dead, newestBackup: { ...open, backup: { ...open.backup, arn: live().arn } } },
      'wait',
    ],
    [
      'its journal was lost, and its deletion can act no more',
      sweep,
      { verdict: dead, newestBackup: { ...open, backup: { ...open.backup, arn: live().arn, at: ago(1300) } } },
      'close-backup',
    ],
    ['until a person asks for a remedy', person('restart'), { verdict: dead }, 'restart'],
  ])('%s', (_when, trigger, seen, expected) => {
    expect(says(decide(observation(seen), journal({ calledOff }), old, trigger))[0]).toBe(expected);
  });

  it('goes on with a recovery that a person asked for afterwards', () => {
    const asked = recovery([gone], { openedAt: ago(10), trigger: person('recreate') });
    expect(decide(observation(absent), journal({ calledOff, recovery: asked }), old, sweep).kind).toBe('create');
  });

  it('is told once, whatever is seen of it meanwhile', () => {
    const outcome = { kind: 'called-off', reason: 'x', verdict: dead } as const;
    expect(worthTelling(outcome, journal())).toBe(true);
    const standing = standingAfter(outcome, journal(), at(0));
    expect(standing).toEqual({ key: 'called-off', since: at(0) });
    const later = journal({ standing: { key: 'called-off', since: at(0) } });
    expect(worthTelling({ ...outcome, verdict: verdict('unknown') }, later)).toBe(false);
    expect(worthTelling({ kind: 'left-alone', reason: 'x', verdict: verdict('alive') }, later)).toBe(true);
    expect(worthTelling(outcome, { ...later, recovery: recovery([gone]) })).toBe(true);
  });
});

test.each([
  [
    { kind: 'missing', place: 's3://b/orders-cdc.json' },
    'The connector does not exist, and there is no saved config to create it from: there is nothing at s3://b/orders-cdc.json.',
  ],
  [
    { kind: 'unreadable', place: 's3://b/orders-cdc.json', reason: 'access denied' },
    'The connector does not exist, and there is no saved config to create it from: it cannot be read (s3://b/orders-cdc.json): access denied.',
  ],
  [
    { kind: 'invalid', place: 's3://b/orders-cdc.json', faults: ['capacity: missing'] },
    'The connector does not exist, and there is no saved config to create it from: it is not a create request (s3://b/orders-cdc.json): capacity: missing.',
  ],
] as const)('who asks for what does not exist hears what is missing: %j', (saved, reason) => {
  expect(says(decide(observation({ ...absent, saved }), journal(), old, person('recreate')))).toEqual([
    'refused',
    reason,
  ]);
});

test('the command that lifts a limit leaves a name to be filled in, as every command does', () => {
  const history = [
    { id: 'r-0', openedAt: ago(900), endedAt: ago(300), outcome: 'gave-up', acts: ['restart'], verdict: 'dead' },
  ] as const;
  const refused = decide(observation({ verdict: dead }), journal({ history }), policy(), alarm);
  expect(refused).toMatchObject({
    outcome: { objections: ['limit'], lifts: [{ input: { connector: name, remedy: 'restart', who: 'your name' } }] },
  });
});

describe('a deletion that waits for an approval', () => {
  const learned = verdict('dead', { silentSince: ago(600), learnedOnly: true });

  it('is refused with the command that approves it', () => {
    expect(decide(observation({ verdict: dead }), journal(), keeps, alarm)).toMatchObject({
      outcome: {
        kind: 'refused',
        objections: ['approval'],
        reason: 'It is not deleted, for its owner keeps deletions for people, and nobody has approved it.',
        lifts: [
          {
            says: 'Approve this deletion and the recreation that follows (the approval lasts an hour)',
            input: { connector: 'orders-cdc', do: 'approve', arn, version: 'V1', who: 'your name' },
          },
        ],
      },
    });
  });

  it.each([
    ['approved', { approval }, { verdict: dead }, keeps, sweep, 'delete'],
    [
      'approved though the last recovery ended a minute ago',
      { approval, history: [past(60)] },
      { verdict: dead },
      keeps,
      sweep,
      'delete',
    ],
    [
      'approved, and no restart was tried: nothing gentler comes first',
      { approval },
      { verdict: dead },
      policy({ deletions: 'after-approval' }),
      sweep,
      'delete',
    ],
    [
      'approved where the policy has no recreation: it stays with the restart',
      { approval },
      { verdict: dead },
      policy({ remedies: ['restart'] }),
      sweep,
      'restart',
    ],
    [
      'approved, and the hour is over',
      { approval: { ...approval, until: ago(1) } },
      { verdict: dead },
      keeps,
      sweep,
      'refused',
    ],
    [
      'approved, and recreated since',
      { approval: { ...approval, arn: newArn } },
      { verdict: dead },
      keeps,
      sweep,
      'refused',
    ],
    [
      'approved, and used by another recovery',
      { approval: { ...approval, usedBy: 'r-0' } },
      { verdict: dead },
      keeps,
      sweep,
      'refused',
    ],
    ['approved, and alive at the fresh look', { approval }, { verdict: verdict('alive') }, keeps, sweep, 'left-alone'],
    ['approved, and nobody can tell', { approval }, { verdict: verdict('unknown') }, keeps, sweep, 'left-alone'],
    ['approved, and held', { approval, hold }, { verdict: dead }, keeps, sweep, 'refused'],
    [
      'approved, and its offsets would be lost',
      { approval },
      { verdict: dead, offsets: { kind: 'lost', reason: 'not pinned' } },
      keeps,
      sweep,
      'refused',
    ],
    ['dead by its own past alone', {}, { verdict: learned }, old, sweep, 'refused'],
    ['dead by its own past alone, and approved', { approval }, { verdict: learned }, old, sweep, 'delete'],
    ['dead by its own past alone: a restart needs no approval', {}, { verdict: learned }, policy(), sweep, 'restart'],
    ['asked for by a person in as many words', {}, { verdict: dead }, keeps, person('recreate'), 'delete'],
  ] as const)('%s', (_how, before, seen, allowed, trigger, expected) => {
    expect(says(decide(observation(seen), journal(before), allowed, trigger))[0]).toBe(expected);
  });
});

function past(endedAgo: number) {
  return {
    id: 'r-0',
    openedAt: ago(endedAgo + 600),
    endedAt: ago(endedAgo),
    outcome: 'refused',
    acts: ['restart'],
  } as const;
}

test.each([
  ['held', ['held'], 'dead/held'],
  ['waits for an approval', ['drift', 'approval'], 'dead/awaits-approval'],
  ['refused for the rest', ['drift'], 'dead/refused'],
] as const)('%s: what stands says so, so that people hear of each', (_what, objections, key) => {
  const outcome = { kind: 'refused', objections, reason: 'x', verdict: dead } as const;
  expect(standingAfter(outcome, journal(), at(0))?.key).toBe(key);
  expect(worthTelling(outcome, journal({ standing: { key: 'dead/gave-up', since: ago(5) } }))).toBe(true);
  expect(worthTelling(outcome, journal({ standing: { key, since: ago(5) } }))).toBe(false);
});
