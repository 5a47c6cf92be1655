import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import type { Act, PastRecovery } from '../../recovery/journal.ts';
import { cooldown, limitOfTheDay } from '../../recovery/remedy.ts';
import {
  ago,
  alarm,
  arn,
  at,
  journal,
  live,
  observation,
  policy,
  recovery,
  request,
  sweep,
  verdict,
} from './examples.ts';
import { World } from './world.ts';

const minute = 60;
const hour = 3600;

/** A recovery that took ten minutes and ended so long ago; a failure unless the test says otherwise. */
function past(endedAgo: number, changes: Partial<PastRecovery> = {}): PastRecovery {
  return {
    id: `r-${endedAgo}`,
    openedAt: ago(endedAgo + 10 * minute),
    endedAt: ago(endedAgo),
    outcome: 'gave-up',
    acts: ['restart'],
    verdict: 'dead',
    ...changes,
  };
}

const back = { outcome: 'recovered' } as const;
const probe = { outcome: 'acted-unproved', probe: true } as const;

/** With a cooldown of 30 minutes: how long after the end of the last recovery the next may begin. */
function pauseMinutes(history: readonly PastRecovery[]): number {
  const [newest] = history;
  const until = cooldown(journal({ history }), policy(), at(0))?.match(/no other before ([^,]+)/)?.[1];
  if (newest === undefined || until === undefined) return 0;
  return (Date.parse(until) - Date.parse(newest.endedAt)) / 60_000;
}

describe('how long a connector rests between two recoveries', () => {
  it.each<[string, readonly PastRecovery[], number]>([
    ['it never had one', [], 0],
    ['one brought nothing back', [past(60)], 30],
    ['two in a row', [past(60), past(2 * hour)], 60],
    ['three', [past(60), past(2 * hour), past(4 * hour)], 120],
    ['four', [past(60), past(2 * hour), past(4 * hour), past(6 * hour)], 240],
    ['nine: six hours at most', Array.from({ length: 9 }, (_, n) => past(60 + 2 * n * hour)), 360],
    [
      'acted, and nothing proved that it helped: no better',
      [past(60, { outcome: 'acted-unproved' }), past(2 * hour)],
      60,
    ],
    ['it came back, and died again within the hour', [past(20 * minute, back)], 30],
    ['the same twice', [past(10 * minute, back), past(50 * minute, back)], 60],
    ['it came back and held for an hour before it died', [past(60), past(70 * minute + 60, back), past(4 * hour)], 30],
    [
      'one brought nothing back, but it lived for an hour after it',
      [past(60), past(3 * hour, { aliveAt: ago(80 * minute) }), past(4 * hour)],
      30,
    ],
    ['or for less', [past(60), past(3 * hour, { aliveAt: ago(60 * minute) })], 60],
    ['somebody took the last one in hand', [past(60), past(2 * hour, { outcome: 'left-alone' }), past(4 * hour)], 30],
    [
      'restarts that found its source away say nothing of it',
      [past(60), past(2 * hour, probe), past(4 * hour, probe)],
      30,
    ],
  ])('%s', (_, history, minutes) => {
    expect(pauseMinutes(history)).toBe(minutes);
  });

  it('what it tried for the whole stack is paced by the breaker', () => {
    expect(pauseMinutes([past(60, { ...probe, forStack: true })])).toBe(0);
    expect(pauseMinutes([past(60, { forStack: true })])).toBe(0);
    expect(pauseMinutes([past(60), past(2 * hour, { forStack: true })])).toBe(30);
  });

  it('an owner who sets no cooldown gets none', () => {
    const never = policy({ limits: { ...policy().limits, cooldownSeconds: 0 } });
    expect(cooldown(journal({ history: [past(1), past(2), past(3)] }), never, at(0))).toBeUndefined();
  });
});

describe('what keeps failing ends with a person', () => {
  it.each<[string, readonly PastRecovery[], boolean]>([
    ['two today', [past(5 * hour), past(10 * hour)], false],
    ['three today', [past(5 * hour), past(10 * hour), past(23 * hour)], true],
    ['three, the first of them a day ago', [past(5 * hour), past(10 * hour), past(24 * hour)], false],
    ['three that worked are as many', [past(5 * hour, back), past(10 * hour, back), past(23 * hour, back)], true],
    [
      'restarts that found its source away do not count',
      [past(5 * hour), past(10 * hour), past(23 * hour, probe)],
      false,
    ],
    [
      'nor do restarts for the whole stack',
      [past(5 * hour), past(10 * hour), past(23 * hour, { ...probe, forStack: true })],
      false,
    ],
    [
      'recreations for the whole stack do, for each leaves partitions behind',
      [past(5 * hour), past(10 * hour), past(23 * hour, { forStack: true })],
      true,
    ],
  ])('%s', (_, history, isOver) => {
    const said = limitOfTheDay(journal({ history }), policy(), at(0));
    expect(said?.includes('needs a person') ?? false).toBe(isOver);
  });

  it('the person is told how to act all the same, and is not held by the limit', () => {
    const written = journal({ history: [past(5 * hour), past(10 * hour), past(23 * hour)] });
    const dead = observation({ verdict: verdict('dead', { silentSince: ago(900) }) });
    expect(decide(dead, written, policy(), alarm)).toMatchObject({
      kind: 'finish',
      outcome: {
        objections: ['limit'],
        lifts: [{ says: 'To restart it all the same', input: { connector: 'orders-cdc', remedy: 'restart' } }],
      },
    });
    const asked = { kind: 'person', connector: 'orders-cdc', who: 'anna', remedy: 'restart', dryRun: false } as const;
    expect(decide(dead, written, policy(), asked)).toMatchObject({ kind: 'restart' });
  });

  it('nothing cures it: three recoveries a day with growing pauses, and people hear of each and of the end', async () => {
    const world = new World('dead');
    world.cure = 'nothing';
    const begun: number[] = [];
    world.fault = (call, _count, when) => {
      if (call === 'restart' && when === 'before') begun.push(Math.round(world.elapsed / minute));
    };
    const until = world.nowMs + 23 * hour * 1000;
    while (world.nowMs < until) {
      const from = world.nowMs;
      // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
      await world.invoke(sweep, policy());
      world.moveTo(Math.max(world.nowMs, from + 5 * minute * 1000));
    }
    const pauses = begun.slice(1).map((next, index) => next - (begun[index] ?? 0));
    expect(begun.length).toBe(3);
    // Each recovery itself takes about a quarter of an hour.
    expect(pauses[0]).toBeGreaterThan(30);
    expect(pauses[0]).toBeLessThan(60);
    expect(pauses[1]).toBeGreaterThan(60);
    expect(pauses[1]).toBeLessThan(90);
    expect(world.subjects()).toEqual(
      Array.from({ length: 3 }, () => 'still dead after all that is allowed: a person is needed'),
    );
  });
});

describe('what was created again and does not run is never given up', () => {
  const newArn = arn.replace('000000000001', '000000000002');
  const deletion: Act = {
    kind: 'delete',
    intendedAt: ago(30 * hour),
    arn,
    version: 'V1',
    recreateFrom: request(),
    endedAt: ago(30 * hour),
    result: 'gone',
    backupClosedAt: ago(29 * hour),
  };
  const creation = (endedAgo: number): Act => ({
    kind: 'create',
    intendedAt: ago(endedAgo + 300),
    request: request(),
    arn: newArn,
    seenAt: ago(endedAgo + 290),
    endedAt: ago(endedAgo),
    result: 'failed',
  });
  const denied = (endedAgo: number): Act => ({
    kind: 'restart',
    intendedAt: ago(endedAgo),
    arn: newArn,
    onlyFailedTasks: false,
    endedAt: ago(endedAgo),
    result: 'refused',
    denied: true,
    reason: 'kafkaconnect:RestartConnector',
  });
  const decided = (acts: readonly Act[], seen: 'FAILED' | 'RUNNING', kind: 'dead' | 'elsewhere', alarmedAgo = 5) =>
    decide(
      observation({
        sighting: { kind: 'present', connector: live({ arn: newArn, state: seen }) },
        verdict: verdict(kind, kind === 'elsewhere' ? { diedUnconnectedAt: ago(9000) } : {}),
      }),
      journal({ recovery: recovery([deletion, ...acts], { alarmed: { at: ago(alarmedAgo), times: 5 } }) }),
      policy(),
      alarm,
    );
  const six = [23, 20, 16, 12, 8, 3].map((hours) => creation(hours * hour));

  it('FAILED five times today for a reason that nobody can read: tried again', () => {
    expect(decided(six.slice(1), 'FAILED', 'dead')).toMatchObject({ kind: 'delete' });
  });

  it('six times: not before a day after the first of them, and people are told meanwhile', () => {
    expect(decided(six, 'FAILED', 'dead')).toMatchObject({ kind: 'wait', seconds: hour });
    expect(decided(six, 'FAILED', 'dead', hour)).toMatchObject({ kind: 'raise-alarm' });
    expect(decided([creation(24 * hour), ...six.slice(1)], 'FAILED', 'dead')).toMatchObject({ kind: 'delete' });
  });

  it('six times because its source was out of reach, which may be back any moment: tried again', () => {
    expect(decided(six, 'FAILED', 'elsewhere')).toMatchObject({ kind: 'delete' });
  });

  it('a right is missing to restart it: not deleted for that, but asked again with growing pauses', () => {
    const once = [creation(20 * hour), denied(29 * minute)];
    expect(decided(once, 'RUNNING', 'elsewhere')).toMatchObject({ kind: 'wait', seconds: minute });
    expect(decided([creation(20 * hour), denied(30 * minute)], 'RUNNING', 'elsewhere')).toMatchObject({
      kind: 'restart',
    });
    const twice = [creation(20 * hour), denied(2 * hour), denied(59 * minute)];
    expect(decided(twice, 'RUNNING', 'elsewhere')).toMatchObject({ kind: 'wait', seconds: minute });
    expect(decided(twice, 'RUNNING', 'elsewhere', hour)).toMatchObject({ kind: 'raise-alarm' });
  });
});
