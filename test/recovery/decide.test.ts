import { describe, expect, it } from 'vitest';
import type { ConnectorState, LiveConnector } from '../../recovery/connector.ts';
import { decide } from '../../recovery/decide.ts';
import type { Decision } from '../../recovery/decision.ts';
import type { Act, Journal, Recovery } from '../../recovery/journal.ts';
import type { Observation } from '../../recovery/observation.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import {
  ago,
  alarm,
  arn,
  at,
  journal,
  live,
  observation,
  person,
  policy,
  recovery,
  request,
  schedule,
  sweep,
  verdict,
} from './examples.ts';

interface Row {
  readonly what: string;
  readonly sees?: Partial<Observation>;
  readonly connector?: Partial<LiveConnector>;
  readonly acts?: readonly Act[];
  readonly recovery?: Partial<Recovery>;
  readonly journal?: Partial<Journal>;
  readonly policy?: Partial<Policy>;
  readonly trigger?: Trigger;
  /** `restart`, or for an end its outcome and objections: `finish refused drift`. */
  readonly decides: string;
  readonly because?: string;
}

function decision(row: Row): Decision {
  const seen = observation({ sighting: { kind: 'present', connector: live(row.connector) }, ...row.sees });
  const written = journal({
    ...(row.acts === undefined ? {} : { recovery: recovery(row.acts, row.recovery) }),
    ...row.journal,
  });
  return decide(seen, written, policy(row.policy), row.trigger ?? alarm);
}

function inShort(decided: Decision): string {
  if (decided.kind !== 'finish') return decided.kind;
  const { outcome } = decided;
  return ['finish', outcome.kind, ...(outcome.kind === 'refused' ? outcome.objections : [])].join(' ');
}

function table(rows: readonly Row[]): void {
  it.each(rows)('$what: $decides', (row) => {
    const decided = decision(row);
    const seconds = decided.kind === 'wait' && row.decides.startsWith('wait ') ? ` ${decided.seconds}` : '';
    expect(`${inShort(decided)}${seconds}`).toBe(row.decides);
    expect(decided.reason).toContain(row.because ?? '');
    expect(decided.reason).not.toBe('');
  });
}

const dead = { verdict: verdict('dead', { silentSince: ago(400) }) };
const absent = { sighting: { kind: 'absent' } } as const;
const recreate = { remedies: ['recreate'] } as const;
const restarted = {
  kind: 'restart',
  intendedAt: ago(400),
  arn,
  onlyFailedTasks: false,
  endedAt: ago(340),
  result: 'complete',
} as const;
const deletion = {
  kind: 'delete',
  intendedAt: ago(300),
  arn,
  version: 'V1',
  backup: 's3://bucket/backups/r-1.json',
  recreateFrom: request(),
  acceptedAt: ago(299),
} as const;
const gone = { ...deletion, endedAt: ago(20), result: 'gone' } as const;
const creation = { kind: 'create', intendedAt: ago(100), request: request() } as const;
const newArn = arn.replace('000000000001', '000000000002');

describe('what the verdict asks for', () => {
  table([
    { what: 'dead', sees: dead, decides: 'restart' },
    { what: 'dead, only recreation allowed', sees: dead, policy: recreate, decides: 'delete' },
    { what: 'dead, nothing allowed', sees: dead, policy: { remedies: [] }, decides: 'finish refused policy' },
    {
      what: 'FAILED cannot be restarted',
      sees: { verdict: verdict('dead') },
      connector: { state: 'FAILED' },
      decides: 'delete',
    },
    {
      what: 'FAILED, and only restarts allowed',
      sees: { verdict: verdict('dead') },
      connector: { state: 'FAILED' },
      policy: { remedies: ['restart'] },
      decides: 'finish refused policy',
    },
    {
      what: 'silent for 109 s, may heal itself',
      sees: { verdict: verdict('dead', { silentSince: ago(109) }) },
      decides: 'wait',
    },
    { what: 'silent for 110 s', sees: { verdict: verdict('dead', { silentSince: ago(110) }) }, decides: 'restart' },
    { what: 'elsewhere', sees: { verdict: verdict('elsewhere') }, decides: 'finish left-alone' },
    { what: 'unknown', sees: { verdict: verdict('unknown') }, decides: 'finish left-alone' },
    {
      what: 'unknown, created 299 s ago: its first metrics are yet to come, and people would be told of nothing',
      sees: { verdict: verdict('unknown') },
      connector: { createdAt: ago(299) },
      decides: 'wait',
      because: 'created 4 min 59 s ago',
    },
    {
      what: 'unknown, created 300 s ago',
      sees: { verdict: verdict('unknown') },
      connector: { createdAt: ago(300) },
      decides: 'finish left-alone',
    },
    {
      what: 'unknown, created a moment ago, and a person only asks how it stands',
      sees: { verdict: verdict('unknown') },
      connector: { createdAt: ago(10) },
      trigger: person(),
      decides: 'finish left-alone',
    },
    { what: 'idle', sees: { verdict: verdict('idle') }, decides: 'finish left-alone' },
    { what: 'alive', sees: { verdict: verdict('alive') }, decides: 'finish left-alone' },
    {
      what: 'alive and nothing saved',
      sees: { verdict: verdict('alive'), saved: { kind: 'missing', place: 'p' } },
      decides: 'capture',
    },
    {
      what: 'idle and nothing saved',
      sees: { verdict: verdict('idle'), saved: { kind: 'missing', place: 'p' } },
      decides: 'finish left-alone',
    },
    {
      what: 'alive and the saved one is invalid',
      sees: { verdict: verdict('alive'), saved: { kind: 'invalid', faults: [], place: 'p' } },
      decides: 'finish left-alone',
    },
    { what: 'partial', sees: { verdict: verdict('partial') }, decides: 'restart' },
    {
      what: 'partial on 2.7.1',
      sees: { verdict: verdict('partial') },
      policy: { connectVersion: '2.7.1' },
      decides: 'finish refused policy',
    },
    {
      what: 'partial, only recreation allowed',
      sees: { verdict: verdict('partial') },
      policy: recreate,
      decides: 'finish refused policy',
    },
    {
      what: 'partial, a person asks for recreation',
      sees: { verdict: verdict('partial') },
      trigger: person('recreate'),
      decides: 'finish refused policy',
    },
    { what: 'not looked at', decides: 'wait' },
  ]);

  it('restarts the failed tasks only when partial, and everything when dead', () => {
    expect(decision({ what: '', sees: { verdict: verdict('partial') }, decides: '' })).toMatchObject({
      onlyFailedTasks: true,
    });
    expect(decision({ what: '', sees: dead, decides: '' })).toMatchObject({ onlyFailedTasks: false, arn });
  });

  it('names the ARN and the version observed, and what it recreates from', () => {
    const decided = decision({ what: '', sees: dead, policy: recreate, connector: { version: 'V7' }, decides: '' });
    expect(decided).toMatchObject({ kind: 'delete', arn, version: 'V7', live: request(), recreateFrom: request() });
  });
});

describe('its source was out of reach when it died, and nobody tries any more', () => {
  const died = (seconds: number) => ({ verdict: verdict('elsewhere', { diedUnconnectedAt: ago(seconds) }) });
  const past = (endedAgo: number) =>
    ({
      id: 'p',
      openedAt: ago(endedAgo + 60),
      endedAt: ago(endedAgo),
      outcome: 'acted-unproved',
      acts: ['restart'],
    }) as const;
  const probe = (endedAgo: number) => ({ ...past(endedAgo), probe: true }) as const;
  table([
    {
      what: '269 s ago',
      sees: died(269),
      decides: 'finish left-alone',
      because: 'a restart will find out whether it is back, not before 2026-01-05T12:00:01.000Z',
    },
    {
      what: '270 s ago: a restart finds out',
      sees: died(270),
      decides: 'restart',
      because: 'Nobody has tried for 4 min 30 s',
    },
    {
      what: '899 s ago, and only a recreation helps',
      sees: died(899),
      policy: recreate,
      decides: 'finish left-alone',
      because: 'a recreation will find out',
    },
    { what: '900 s ago, and only a recreation helps', sees: died(900), policy: recreate, decides: 'delete' },
    {
      what: '900 s ago, and its saved config differs',
      sees: { ...died(900), saved: { kind: 'valid', request: request({ a: 'b' }), place: 'p' } },
      policy: recreate,
      decides: 'finish refused drift',
    },
    {
      what: 'FAILED cannot be restarted: 899 s',
      sees: died(899),
      connector: { state: 'FAILED' },
      decides: 'finish left-alone',
    },
    { what: 'FAILED cannot be restarted: 900 s', sees: died(900), connector: { state: 'FAILED' }, decides: 'delete' },
    { what: 'nothing is allowed', sees: died(900), policy: { remedies: [] }, decides: 'finish left-alone' },
    {
      what: 'the last recovery ended ten minutes ago: no news',
      sees: died(900),
      journal: { history: [past(600)] },
      decides: 'finish left-alone',
      because: 'no other before',
    },
    {
      what: 'three recoveries today: a restart that only finds out is none of them',
      sees: died(900),
      journal: { history: [past(4000), past(8000), past(12_000)] },
      decides: 'restart',
    },
    {
      what: 'three recoveries today, and only a recreation helps: a person must know that nobody tries again',
      sees: died(900),
      policy: recreate,
      journal: { history: [past(4000), past(8000), past(12_000)] },
      decides: 'finish refused limit',
    },
    {
      what: 'two restarts have found out nothing: the pause doubles',
      sees: died(900),
      journal: { history: [probe(3599), probe(8000), past(12_000)] },
      decides: 'finish left-alone',
      because: 'no other before',
    },
    {
      what: 'two restarts have found out nothing, an hour ago',
      sees: died(900),
      journal: { history: [probe(3600), probe(8000), past(12_000)] },
      decides: 'restart',
    },
    {
      what: 'nine restarts have found out nothing: never more than two hours',
      sees: died(900),
      journal: { history: Array.from({ length: 9 }, (_, index) => probe(7200 * (index + 1))) },
      decides: 'restart',
    },
    {
      what: 'nine restarts have found out nothing, an hour and 59 minutes ago',
      sees: died(900),
      journal: { history: Array.from({ length: 9 }, (_, index) => probe(7199 + 7200 * index)) },
      decides: 'finish left-alone',
    },
    {
      what: 'a person who asks knows more than we see',
      sees: died(10),
      trigger: person('recreate'),
      decides: 'delete',
    },
    { what: 'a person who looks', sees: died(10), trigger: person(), decides: 'finish left-alone' },
    {
      what: 'a person who asks while somebody tries',
      sees: { verdict: verdict('elsewhere') },
      trigger: person('recreate'),
      decides: 'finish left-alone',
    },
    { what: 'after our restart, 299 s', acts: [{ ...restarted, endedAt: ago(299) }], sees: died(299), decides: 'wait' },
    {
      what: 'after our restart, 300 s: never a deletion',
      acts: [{ ...restarted, endedAt: ago(300) }],
      sees: died(300),
      policy: { waits: { ...policy().waits, outOfReachSeconds: 60 } },
      decides: 'finish acted-unproved',
    },
  ]);
});

describe('what we created again cannot reach its source', () => {
  const away = { verdict: verdict('elsewhere', { diedUnconnectedAt: ago(2000) }) };
  const failed = (endedAgo: number) =>
    ({ ...creation, arn: newArn, seenAt: ago(9000), endedAt: ago(endedAgo), result: 'failed' }) as const;
  const told = { alarmed: { at: ago(5), times: 1 } };
  const state = { state: 'FAILED', arn: newArn } as const;
  const again = (times: number, endedAgo: number) =>
    Array.from({ length: times }, () => [gone, failed(endedAgo)] as const).flat();
  table([
    {
      what: 'people are told at once',
      acts: again(1, 5),
      connector: state,
      sees: away,
      decides: 'raise-alarm',
      because: 'The next attempt comes at 2026-01-05T12:14:55.000Z',
    },
    { what: 'told, and resting', acts: again(1, 899), recovery: told, connector: state, sees: away, decides: 'wait' },
    {
      what: 'told 5 min ago: told again',
      acts: again(1, 400),
      recovery: { alarmed: { at: ago(300), times: 1 } },
      connector: state,
      sees: away,
      decides: 'raise-alarm',
    },
    {
      what: 'after 15 min it is tried again, whatever the limit on recreations',
      acts: again(1, 900),
      recovery: told,
      connector: state,
      sees: away,
      decides: 'delete',
    },
    {
      what: 'the second rests twice as long',
      acts: again(2, 1799),
      recovery: told,
      connector: state,
      sees: away,
      decides: 'wait',
    },
    {
      what: 'the second, after 30 min',
      acts: again(2, 1800),
      recovery: told,
      connector: state,
      sees: away,
      decides: 'delete',
    },
    {
      what: 'the tenth rests two hours at most',
      acts: again(10, 7199),
      recovery: told,
      connector: state,
      sees: away,
      decides: 'wait',
    },
    {
      what: 'the tenth, after two hours',
      acts: again(10, 7200),
      recovery: told,
      connector: state,
      sees: away,
      decides: 'delete',
    },
    {
      what: 'it runs and its task died: a restart is gentler',
      acts: [gone, { ...failed(900), result: 'running' }],
      recovery: told,
      connector: { arn: newArn },
      sees: away,
      decides: 'restart',
    },
    {
      what: 'it runs and its task died, where a restart does not help',
      acts: [gone, { ...failed(900), result: 'running' }],
      recovery: told,
      connector: { arn: newArn },
      policy: recreate,
      sees: away,
      decides: 'delete',
    },
    {
      what: 'what forbids a deletion forbids this one',
      acts: again(1, 900),
      recovery: told,
      connector: state,
      sees: { ...away, offsets: { kind: 'lost', reason: 'no topic' } },
      decides: 'finish refused offsets',
    },
    {
      what: 'data flows after all',
      acts: again(1, 100),
      connector: { arn: newArn },
      sees: { verdict: verdict('alive') },
      decides: 'finish recovered',
    },
    { what: 'somebody deleted it', acts: again(1, 100), sees: absent, decides: 'finish refused absent' },
  ]);
});

describe('a proof that is ripening', () => {
  const ripe = (seconds: number, kind: Verdict['kind'] = 'idle') => ({
    verdict: verdict(kind, { ripens: { at: ago(-seconds), because: 'a beat is overdue' } }),
  });
  const soon = 'a beat is overdue; unless something comes, it will be a proof at';
  table([
    { what: 'idle, ripe in 100 s', sees: ripe(100), decides: 'wait', because: soon },
    { what: 'alive', sees: ripe(100, 'alive'), decides: 'wait', because: soon },
    { what: 'unknown', sees: ripe(100, 'unknown'), decides: 'wait', because: soon },
    { what: 'a sweep', sees: ripe(100), trigger: sweep, decides: 'wait', because: soon },
    { what: 'in 240 s', sees: ripe(240), decides: 'wait' },
    { what: 'in 241 s, when the sweep comes back', sees: ripe(241), decides: 'finish left-alone' },
    { what: 'the moment is now, and it is no proof', sees: ripe(0), decides: 'finish left-alone' },
    { what: 'the moment is past', sees: ripe(-1), decides: 'finish left-alone' },
    {
      what: 'a person who looks is not kept waiting',
      sees: ripe(100),
      trigger: person(),
      decides: 'finish left-alone',
    },
    { what: 'a person who asks', sees: ripe(100), trigger: person('restart'), decides: 'restart' },
    { what: 'the schedule', sees: ripe(100), trigger: schedule, decides: 'restart' },
    {
      what: 'nothing is saved: what may be dead is not captured',
      sees: { ...ripe(100, 'alive'), saved: { kind: 'missing', place: 'p' } },
      decides: 'wait',
    },
    {
      what: 'what is alive will count as silent in 100 s, long after the next poll',
      sees: { verdict: verdict('alive', { ripens: { at: ago(-200), because: 'x', silentAt: ago(-100) } }) },
      decides: 'wait 15',
    },
    {
      what: 'what is alive will count as silent in 3 s: looks again right after',
      sees: { verdict: verdict('alive', { ripens: { at: ago(-200), because: 'x', silentAt: ago(-3) } }) },
      decides: 'wait 4',
    },
    { what: 'idle: only a datapoint is missing', sees: ripe(100), decides: 'wait 3' },
    { what: 'PAUSED', sees: ripe(100), connector: { state: 'PAUSED' }, decides: 'finish left-alone' },
  ]);
});

describe('the first act comes no sooner than it may heal itself', () => {
  const silentFor = (seconds: number) => ({ verdict: verdict('dead', { silentSince: ago(seconds) }) });
  table([
    { what: 'a restart, 109 s', sees: silentFor(109), decides: 'wait', because: 'may heal itself within 110 s' },
    { what: 'a recreation, 109 s', sees: silentFor(109), policy: recreate, decides: 'wait' },
    { what: 'a recreation, 110 s', sees: silentFor(110), policy: recreate, decides: 'delete' },
    { what: 'on a sweep', sees: silentFor(109), trigger: sweep, decides: 'wait' },
    { what: 'a person asked', sees: silentFor(109), trigger: person('restart'), decides: 'wait' },
    {
      what: 'its source closed the connection 299 s ago: no recreation',
      sees: { verdict: verdict('dead', { silentSince: ago(299), closedBySourceAt: ago(299) }) },
      policy: recreate,
      decides: 'wait',
      because: 'may be starting anew',
    },
    {
      what: 'its source closed the connection 300 s ago',
      sees: { verdict: verdict('dead', { silentSince: ago(300), closedBySourceAt: ago(300) }) },
      policy: recreate,
      decides: 'delete',
    },
    {
      what: 'its source closed the connection 110 s ago: a restart is gentle',
      sees: { verdict: verdict('dead', { silentSince: ago(110), closedBySourceAt: ago(110) }) },
      decides: 'restart',
    },
    {
      what: 'after an act that was refused',
      acts: [{ ...restarted, result: 'refused', reason: 'x' }],
      sees: silentFor(109),
      decides: 'wait',
    },
    {
      what: 'FAILED is final',
      sees: { verdict: verdict('dead') },
      connector: { state: 'FAILED' },
      decides: 'delete',
    },
  ]);
});

describe('a state or an operation that is not ours is left alone', () => {
  const states: readonly ConnectorState[] = [
    'CREATING',
    'UPDATING',
    'DELETING',
    'RESTARTING',
    'PAUSING',
    'PAUSED',
    'RESUMING',
  ];
  table(
    states.map((state) => ({
      what: state,
      sees: dead,
      connector: { state },
      decides: 'finish left-alone',
      because: state,
    })),
  );
  table(
    ['UPDATE_CONNECTOR_CONFIGURATION', 'RESTART_CONNECTOR', 'ISOLATE_CONNECTOR', 'RESTORE_CONNECTOR'].map((type) => ({
      what: `${type} in progress`,
      sees: dead,
      connector: { operations: [{ arn: 'o', type, state: 'in-progress', startedAt: ago(5) }] },
      decides: 'finish left-alone',
      because: type,
    })),
  );
  table([
    {
      what: 'PAUSED, and a person asks for a restart',
      sees: dead,
      connector: { state: 'PAUSED' },
      trigger: person('restart'),
      decides: 'finish left-alone',
    },
    {
      what: 'PAUSED after our restart',
      acts: [restarted],
      connector: { state: 'PAUSED' },
      decides: 'finish left-alone',
      because: 'Somebody took it in hand',
    },
    {
      what: 'still described as RESTARTING just after our restart ended: two answers of the service of different age',
      acts: [{ ...restarted, endedAt: ago(59) }],
      connector: { state: 'RESTARTING' },
      decides: 'wait',
    },
    {
      what: 'PAUSED just after our restart ended: somebody’s decision',
      acts: [{ ...restarted, endedAt: ago(5) }],
      connector: { state: 'PAUSED' },
      decides: 'finish left-alone',
    },
    {
      what: 'RESTARTING long after our restart ended: somebody else’s',
      acts: [{ ...restarted, endedAt: ago(61) }],
      connector: { state: 'RESTARTING' },
      decides: 'finish left-alone',
    },
    {
      what: 'still RESTARTING after our patience',
      acts: [{ ...restarted, result: 'timed-out' }],
      connector: { state: 'RESTARTING' },
      decides: 'finish gave-up',
    },
    {
      what: 'an operation that is over',
      sees: dead,
      connector: { operations: [{ arn: 'o', type: 'x', state: 'complete', startedAt: ago(900), endedAt: ago(800) }] },
      decides: 'restart',
    },
  ]);
});

describe('who asks', () => {
  const living = { verdict: verdict('alive') };
  table([
    { what: 'a sweep on a dead one', sees: dead, trigger: sweep, decides: 'restart' },
    { what: 'a sweep on a living one', sees: living, trigger: sweep, decides: 'finish left-alone' },
    { what: 'the schedule on a living one', sees: living, trigger: schedule, decides: 'restart' },
    { what: 'the schedule on an idle one', sees: { verdict: verdict('idle') }, trigger: schedule, decides: 'restart' },
    {
      what: 'the schedule on one of which nothing is known',
      sees: { verdict: verdict('unknown') },
      trigger: schedule,
      decides: 'restart',
    },
    {
      what: 'the schedule while the source is out of reach',
      sees: { verdict: verdict('elsewhere') },
      trigger: schedule,
      decides: 'finish left-alone',
    },
    {
      what: 'a schedule that names recreation',
      sees: living,
      trigger: { kind: 'schedule', connector: 'orders-cdc', remedy: 'recreate' },
      decides: 'delete',
    },
    {
      what: 'a schedule that names nothing',
      sees: living,
      trigger: { kind: 'schedule', connector: 'orders-cdc' },
      decides: 'finish refused policy',
    },
    {
      what: 'a person who names nothing, on a living one',
      sees: living,
      trigger: person(),
      decides: 'finish left-alone',
    },
    {
      what: 'a person who asks for a restart of a living one',
      sees: living,
      trigger: person('restart'),
      decides: 'restart',
    },
    {
      what: 'a person who asks for recreation of a living one',
      sees: living,
      trigger: person('recreate'),
      decides: 'delete',
    },
    {
      what: 'a person who asks for recreation, with drift',
      sees: { ...living, saved: { kind: 'valid', request: request({ a: 'b' }), place: 'p' } },
      trigger: person('recreate'),
      decides: 'finish refused drift',
    },
  ]);
});

describe('limits', () => {
  const past = (endedAgo: number) =>
    ({
      id: 'p',
      openedAt: ago(endedAgo + 60),
      endedAt: ago(endedAgo),
      outcome: 'recovered',
      acts: ['restart'],
    }) as const;
  table([
    {
      what: 'restarts that only found out whether a source is back are none of the recoveries of a day',
      sees: dead,
      journal: { history: [4000, 8000, 12_000].map((endedAgo) => ({ ...past(endedAgo), probe: true as const })) },
      decides: 'restart',
    },
    {
      what: 'the last recovery ended 29 min ago',
      sees: dead,
      journal: { history: [past(1799)] },
      decides: 'finish refused limit',
    },
    { what: 'the last recovery ended 30 min ago', sees: dead, journal: { history: [past(1800)] }, decides: 'restart' },
    {
      what: 'three recoveries within a day',
      sees: dead,
      journal: { history: [past(4000), past(8000), past(86_399)] },
      decides: 'finish refused limit',
    },
    {
      what: 'the third was a day ago',
      sees: dead,
      journal: { history: [past(4000), past(8000), past(86_400)] },
      decides: 'restart',
    },
    {
      what: 'a person is not held by them',
      sees: dead,
      journal: { history: [past(10)] },
      trigger: person(),
      decides: 'restart',
    },
    {
      what: 'partial is',
      sees: { verdict: verdict('partial') },
      journal: { history: [past(10)] },
      decides: 'finish refused limit',
    },
  ]);
});

describe('what forbids a deletion', () => {
  const place = 's3://b/k';
  table([
    {
      what: 'no saved config',
      sees: { ...dead, saved: { kind: 'missing', place } },
      policy: recreate,
      decides: 'finish refused saved-config',
      because: place,
    },
    {
      what: 'an invalid one',
      sees: { ...dead, saved: { kind: 'invalid', faults: ['capacity: x.'], place } },
      policy: recreate,
      decides: 'finish refused saved-config',
      because: 'capacity: x.',
    },
    {
      what: 'an unreadable one',
      sees: { ...dead, saved: { kind: 'unreadable', reason: 'over 1 MB', place } },
      policy: recreate,
      decides: 'finish refused saved-config',
      because: 'over 1 MB',
    },
    {
      what: 'drift',
      sees: { ...dead, saved: { kind: 'valid', request: request({ 'x.y': 'z' }), place } },
      policy: recreate,
      decides: 'finish refused drift',
      because: 'connectorConfiguration.x.y',
    },
    {
      what: 'drift that the policy allows',
      sees: { ...dead, saved: { kind: 'valid', request: request({ 'x.y': 'z' }), place } },
      policy: { ...recreate, drift: 'recreate-from-saved' },
      decides: 'delete',
    },
    {
      what: 'offsets lost',
      sees: { ...dead, offsets: { kind: 'lost', reason: 'no topic' } },
      policy: recreate,
      decides: 'finish refused offsets',
      because: 'no topic',
    },
    {
      what: 'offsets unknown',
      sees: { ...dead, offsets: { kind: 'unknown', reason: 'denied' } },
      policy: recreate,
      decides: 'finish refused offsets',
      because: 'denied',
    },
    {
      what: 'offsets lost, as the policy allows',
      sees: { ...dead, offsets: { kind: 'lost', reason: 'x' } },
      policy: { ...recreate, offsets: 'may-be-lost' },
      decides: 'delete',
    },
    {
      what: 'the sweep was seen 301 s ago',
      sees: { ...dead, sweepSeenAt: ago(301) },
      policy: recreate,
      decides: 'finish refused sweep',
    },
    {
      what: 'the sweep was seen 300 s ago',
      sees: { ...dead, sweepSeenAt: ago(300) },
      policy: recreate,
      decides: 'delete',
    },
    {
      what: 'all at once',
      sees: {
        ...dead,
        saved: { kind: 'valid', request: request({ 'x.y': 'z' }), place },
        offsets: { kind: 'lost', reason: 'x' },
        sweepSeenAt: ago(301),
      },
      policy: recreate,
      decides: 'finish refused drift offsets sweep',
    },
    {
      what: 'drift does not forbid a restart',
      sees: { ...dead, saved: { kind: 'valid', request: request({ 'x.y': 'z' }), place } },
      decides: 'restart',
    },
  ]);

  it('the sweep has never been seen, or offsets were not looked at', () => {
    const { sweepSeenAt: _seen, offsets: _offsets, ...blind } = observation(dead);
    expect(inShort(decide(blind, journal(), policy(recreate), alarm))).toBe('finish refused offsets sweep');
  });

  it('nothing saved was looked at', () => {
    const { saved: _saved, ...blind } = observation(dead);
    expect(inShort(decide(blind, journal(), policy(recreate), alarm))).toBe('finish refused saved-config');
  });
});

describe('after a restart', () => {
  const lost = (intendedAgo: number) =>
    ({
      ...restarted,
      intendedAt: ago(intendedAgo),
      endedAt: ago(intendedAgo - 60),
      result: 'not-carried-out',
    }) as const;
  table([
    {
      what: 'under way',
      acts: [{ kind: 'restart', intendedAt: ago(5), arn, onlyFailedTasks: false }],
      decides: 'wait',
    },
    { what: 'data flows', acts: [restarted], sees: { verdict: verdict('alive') }, decides: 'finish recovered' },
    { what: 'dead anew', acts: [restarted], sees: dead, decides: 'delete', because: 'did not help' },
    {
      what: 'dead, but the restart ended only 109 s ago',
      acts: [{ ...restarted, endedAt: ago(109) }],
      sees: dead,
      decides: 'wait',
    },
    {
      what: 'dead anew, for its source closed the new connection 299 s ago',
      acts: [restarted],
      sees: { ...dead, verdict: verdict('dead', { closedBySourceAt: ago(299) }) },
      decides: 'wait',
      because: 'may be starting anew',
    },
    {
      what: 'dead anew, for its source closed the new connection 300 s ago',
      acts: [restarted],
      sees: { ...dead, verdict: verdict('dead', { closedBySourceAt: ago(300) }) },
      decides: 'delete',
    },
    {
      what: 'FAILED right after it',
      acts: [{ ...restarted, endedAt: ago(5) }],
      sees: { verdict: verdict('dead') },
      connector: { state: 'FAILED' },
      decides: 'delete',
    },
    {
      what: 'dead anew, and drift',
      acts: [restarted],
      sees: { ...dead, saved: { kind: 'valid', request: request({ a: 'b' }), place: 'p' } },
      decides: 'finish refused drift',
    },
    {
      what: 'dead anew, only restarts allowed',
      acts: [restarted],
      sees: dead,
      policy: { remedies: ['restart'] },
      decides: 'finish gave-up',
    },
    {
      what: 'dead anew, a person had asked for a restart only',
      acts: [restarted],
      recovery: { trigger: person('restart') },
      sees: dead,
      decides: 'finish gave-up',
    },
    {
      what: 'unknown, 299 s after',
      acts: [{ ...restarted, endedAt: ago(299) }],
      sees: { verdict: verdict('unknown') },
      decides: 'wait',
    },
    {
      what: 'unknown, 300 s after, is no reason to delete',
      acts: [{ ...restarted, endedAt: ago(300) }],
      sees: { verdict: verdict('unknown') },
      decides: 'finish acted-unproved',
    },
    { what: 'idle', acts: [restarted], sees: { verdict: verdict('idle') }, decides: 'finish acted-unproved' },
    { what: 'elsewhere', acts: [restarted], sees: { verdict: verdict('elsewhere') }, decides: 'finish acted-unproved' },
    {
      what: 'partial: the tasks that live deliver',
      acts: [restarted],
      sees: { verdict: verdict('partial') },
      decides: 'finish acted-unproved',
      because: 'Some tasks are in error 5 min 40 s after the restart.',
    },
    {
      what: 'refused: the next remedy',
      acts: [{ ...restarted, result: 'refused', reason: 'older' }],
      sees: dead,
      decides: 'delete',
    },
    {
      what: 'refused, only restarts allowed',
      acts: [{ ...restarted, result: 'refused', reason: 'older' }],
      sees: dead,
      policy: { remedies: ['restart'] },
      decides: 'finish gave-up',
      because: 'older',
    },
    {
      what: 'refused to the schedule',
      acts: [{ ...restarted, result: 'refused', reason: 'older' }],
      recovery: { trigger: schedule },
      sees: { verdict: verdict('alive') },
      decides: 'finish refused service',
      because: 'older',
    },
    { what: 'never carried out: once more', acts: [lost(400)], sees: dead, decides: 'restart' },
    {
      what: 'never carried out three times',
      acts: [lost(400), lost(300), lost(200)],
      sees: dead,
      policy: { remedies: ['restart'] },
      decides: 'finish gave-up',
    },
    {
      what: 'lived before it was carried out',
      acts: [lost(400)],
      sees: { verdict: verdict('alive') },
      decides: 'finish left-alone',
    },
    {
      what: 'the connector is gone',
      acts: [{ ...restarted, result: 'failed' }],
      sees: absent,
      decides: 'finish refused absent',
    },
  ]);
});

describe('after a deletion', () => {
  table([
    { what: 'DELETING', acts: [deletion], connector: { state: 'DELETING' }, decides: 'wait' },
    {
      what: 'not ended after our patience',
      acts: [{ ...deletion, acceptedAt: ago(1201) }],
      connector: { state: 'DELETING' },
      decides: 'raise-alarm',
    },
    { what: 'gone', acts: [gone], sees: absent, decides: 'create' },
    {
      what: 'refused',
      acts: [{ ...deletion, endedAt: ago(20), result: 'refused', reason: 'no right' }],
      sees: dead,
      policy: recreate,
      decides: 'finish gave-up',
      because: 'no right',
    },
    {
      what: 'not carried out, a minute ago',
      acts: [{ ...deletion, endedAt: ago(20), result: 'not-carried-out' }],
      sees: dead,
      policy: recreate,
      decides: 'delete',
    },
    {
      what: 'refused beside one whose answer was lost, which may act late',
      acts: [
        { ...deletion, endedAt: ago(100), result: 'not-carried-out' },
        { ...deletion, endedAt: ago(20), result: 'refused', reason: 'busy' },
      ],
      sees: dead,
      policy: recreate,
      decides: 'wait',
    },
  ]);

  it('creates from what was kept, whatever the saved config says now', () => {
    const kept = { ...gone, recreateFrom: request({ kept: 'yes' }) };
    expect(decision({ what: '', acts: [kept], sees: absent, decides: '' })).toMatchObject({
      request: request({ kept: 'yes' }),
    });
  });
});

describe('after a creation', () => {
  const refused = {
    ...creation,
    endedAt: ago(10),
    result: 'refused',
    reason: 'ForbiddenException: x',
    refusals: { times: 1, since: ago(10) },
  } as const;
  const nameTaken = { ...refused, reason: 'ConflictException: taken' } as const;
  const longGone = { ...gone, intendedAt: ago(9000) } as const;
  const alarmed = (times: number, secondsAgo: number) => ({ alarmed: { at: ago(secondsAgo), times } });
  const running = { ...creation, arn: newArn, seenAt: ago(90), endedAt: ago(60), result: 'running' } as const;
  table([
    { what: 'under way', acts: [gone, creation], sees: absent, decides: 'wait' },
    {
      what: 'CREATING',
      acts: [gone, { ...creation, arn: newArn, seenAt: ago(90) }],
      connector: { arn: newArn, state: 'CREATING' },
      decides: 'wait',
    },
    {
      what: 'not ended after our patience',
      acts: [gone, { ...creation, intendedAt: ago(2701) }],
      connector: { arn: newArn, state: 'CREATING' },
      decides: 'raise-alarm',
      because: 'CREATING',
    },
    { what: 'running and data flows', acts: [gone, running], connector: { arn: newArn }, sees: {}, decides: 'wait' },
    {
      what: 'refused: told at once',
      acts: [gone, refused],
      sees: absent,
      decides: 'raise-alarm',
      because: 'ForbiddenException: x',
    },
    {
      what: 'refused this moment',
      acts: [gone, { ...refused, endedAt: at(0), refusals: { times: 1, since: at(0) } }],
      sees: absent,
      decides: 'raise-alarm',
      because: 'It is deleted, and CreateConnector has refused to create it again: ',
    },
    {
      what: 'refused and told, resting',
      acts: [longGone, refused],
      recovery: alarmed(1, 5),
      sees: absent,
      decides: 'wait',
    },
    {
      what: 'refused, and rested enough',
      acts: [gone, { ...refused, endedAt: ago(15) }],
      sees: absent,
      decides: 'create',
    },
    {
      what: 'refused three times: rests 60 s',
      acts: [longGone, { ...refused, endedAt: ago(59), refusals: { times: 3, since: ago(200) } }],
      recovery: alarmed(1, 5),
      sees: absent,
      decides: 'wait',
    },
    {
      what: 'refused many times: rests 300 s at most',
      acts: [longGone, { ...refused, endedAt: ago(300), refusals: { times: 30, since: ago(9000) } }],
      recovery: alarmed(1, 5),
      sees: absent,
      decides: 'create',
    },
    { what: 'told 299 s ago', acts: [longGone, refused], recovery: alarmed(1, 299), sees: absent, decides: 'wait' },
    {
      what: 'told 300 s ago',
      acts: [longGone, refused],
      recovery: alarmed(1, 300),
      sees: absent,
      decides: 'raise-alarm',
    },
    {
      what: 'told twice, 600 s ago',
      acts: [longGone, refused],
      recovery: alarmed(2, 600),
      sees: absent,
      decides: 'raise-alarm',
    },
    {
      what: 'told three times, 2699 s ago',
      acts: [longGone, refused],
      recovery: alarmed(3, 2699),
      sees: absent,
      decides: 'wait',
    },
    {
      what: 'told nine times, 3600 s ago',
      acts: [longGone, refused],
      recovery: alarmed(9, 3600),
      sees: absent,
      decides: 'raise-alarm',
    },
    { what: 'the name is still taken: no news yet', acts: [gone, nameTaken], sees: absent, decides: 'wait' },
    {
      what: 'the name is taken for over 5 min',
      acts: [gone, { ...nameTaken, refusals: { times: 2, since: ago(301) } }],
      sees: absent,
      decides: 'raise-alarm',
    },
    {
      what: 'never answered: told as well',
      acts: [gone, { ...creation, endedAt: ago(10), result: 'vanished' }],
      sees: absent,
      decides: 'raise-alarm',
    },
    {
      what: 'the old one still holds the name',
      acts: [gone, nameTaken],
      connector: { state: 'DELETING' },
      decides: 'wait',
      because: 'name',
    },
    {
      what: 'seen, and gone since',
      acts: [gone, { ...creation, arn: newArn, seenAt: ago(90), endedAt: ago(10), result: 'vanished' }],
      sees: absent,
      decides: 'finish refused absent',
    },
    { what: 'a person deletes what runs again', acts: [gone, running], sees: absent, decides: 'finish refused absent' },
    {
      what: 'FAILED, whatever of: told at once',
      acts: [gone, { ...running, result: 'failed' }],
      connector: { arn: newArn, state: 'FAILED' },
      sees: {
        sighting: { kind: 'present', connector: live({ arn: newArn, state: 'FAILED' }) },
        verdict: verdict('dead'),
      },
      decides: 'raise-alarm',
      because: 'The next attempt comes at',
    },
    {
      what: 'FAILED and told: the next attempt waits 15 min, whatever the limit on recreations',
      acts: [longGone, { ...running, endedAt: ago(899), result: 'failed' }],
      recovery: alarmed(2, 5),
      connector: { arn: newArn, state: 'FAILED' },
      sees: {
        sighting: { kind: 'present', connector: live({ arn: newArn, state: 'FAILED' }) },
        verdict: verdict('dead'),
      },
      decides: 'wait 1',
    },
    {
      what: 'FAILED for 15 min: another try',
      acts: [longGone, { ...running, endedAt: ago(900), result: 'failed' }],
      recovery: alarmed(2, 5),
      connector: { arn: newArn, state: 'FAILED' },
      sees: {
        sighting: { kind: 'present', connector: live({ arn: newArn, state: 'FAILED' }) },
        verdict: verdict('dead'),
      },
      decides: 'delete',
    },
    {
      what: 'FAILED, for its position is gone from the source: no attempt could help',
      acts: [gone, { ...running, result: 'failed' }],
      connector: { arn: newArn, state: 'FAILED' },
      sees: {
        sighting: { kind: 'present', connector: live({ arn: newArn, state: 'FAILED' }) },
        verdict: verdict('elsewhere', { positionLostAt: ago(10) }),
      },
      decides: 'finish gave-up',
    },
  ]);

  it('is recovered only when data was seen', () => {
    const seen = { sighting: { kind: 'present', connector: live({ arn: newArn }) } } as const;
    const decided = (kind: 'alive' | 'unknown') =>
      inShort(
        decision({
          what: '',
          acts: [gone, { ...running, endedAt: ago(400) }],
          sees: { ...seen, verdict: verdict(kind) },
          decides: '',
        }),
      );
    expect(decided('alive')).toBe('finish recovered');
    expect(decided('unknown')).toBe('finish acted-unproved');
  });
});

describe('a connector that does not exist', () => {
  const backup = {
    schema: 1,
    connector: 'orders-cdc',
    recoveryId: 'r-0',
    at: ago(500),
    arn,
    version: 'V1',
    live: request(),
    recreateFrom: request(),
  } as const;
  const closed = { ...backup, closed: { at: ago(100), why: 'created again' } };
  table([
    { what: 'no backup', sees: absent, decides: 'finish refused absent' },
    { what: 'an open backup', sees: { ...absent, newestBackup: { kind: 'read', backup } }, decides: 'take-up' },
    {
      what: 'a closed backup',
      sees: { ...absent, newestBackup: { kind: 'read', backup: closed } },
      decides: 'finish refused absent',
    },
    {
      what: 'a broken backup: told, never guessed',
      sees: { ...absent, newestBackup: { kind: 'broken', reason: 'not JSON' } },
      decides: 'finish refused absent',
    },
    {
      what: 'an open backup, and the connector it names is still being deleted',
      sees: {
        sighting: { kind: 'present', connector: live({ state: 'DELETING', arn }) },
        newestBackup: { kind: 'read', backup },
      },
      decides: 'take-up',
    },
    {
      what: 'an open backup, and the connector is there',
      sees: { newestBackup: { kind: 'read', backup: { ...backup, at: ago(1300) } } },
      decides: 'close-backup',
    },
    {
      what: 'an open backup of five minutes ago, and the connector is there: a call to delete it may act so late',
      sees: { newestBackup: { kind: 'read', backup: { ...backup, at: ago(300) } } },
      decides: 'wait',
    },
    {
      what: 'an open backup of a minute ago, and the connector is there as if nothing were: its description may be old',
      sees: { newestBackup: { kind: 'read', backup: { ...backup, at: ago(70) } } },
      decides: 'wait',
    },
    {
      what: 'an open backup of a minute ago, and another connector has the name',
      sees: { newestBackup: { kind: 'read', backup: { ...backup, at: ago(70), arn: `${arn}-before` } } },
      decides: 'close-backup',
    },
    {
      what: 'no backup, and a person asks for recreation',
      sees: absent,
      trigger: person('recreate'),
      decides: 'create',
    },
    { what: 'a person asks for a restart', sees: absent, trigger: person('restart'), decides: 'finish refused absent' },
    {
      what: 'a person asks, and nothing valid is saved',
      sees: { ...absent, saved: { kind: 'missing', place: 'p' } },
      trigger: person('recreate'),
      decides: 'finish refused absent',
    },
    { what: 'the schedule', sees: absent, trigger: schedule, decides: 'finish refused absent' },
  ]);

  it('takes up the intent under its own id', () => {
    expect(
      decision({ what: '', sees: { ...absent, newestBackup: { kind: 'read', backup } }, decides: '' }),
    ).toMatchObject({
      recoveryId: 'r-0',
      act: { kind: 'delete', arn, version: 'V1', recreateFrom: request() },
    });
  });
});
