import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import type { LiveConnector, Operation } from '../../recovery/connector.ts';
import type { PastRecovery } from '../../recovery/journal.ts';
import type { Pace, PastRates } from '../../recovery/pace.ts';
import { asksThePast } from '../../recovery/paceEvidence.ts';
import type { Learned } from '../../recovery/paceEvidence.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Signs } from '../../recovery/signs.ts';
import {
  ago,
  alarm,
  at,
  journal,
  live,
  log,
  minutes,
  person,
  policy,
  request,
  signs,
  steady,
  sweep,
} from './examples.ts';
import { World } from './world.ts';

const dayMinutes = 1440;
const twoWeeks = 14 * dayMinutes;
const postgres = policy({}, 'postgresql');

/** A connector that was never quiet for more than four minutes in two weeks, until that many minutes ago. */
function regular(quietMinutes: number, changes: Partial<Pace> = {}): Learned {
  const quiet = { from: ago(quietMinutes * 60), to: at(0) };
  const moved = { movedAt: ago(quietMinutes * 60 + 60), quiet };
  const longest = { seconds: 240, since: '2025-12-28T03:12:00.000Z' };
  return { kind: 'learned', pace: { observedSeconds: 14 * 86_400, sawAWeek: true, longest, ...moved, ...changes } };
}

/** It has published zeros for so long, of which a look sees a quarter of an hour. */
function silent(quietMinutes: number, changes: Partial<Signs> = {}): Signs {
  const seen = Math.min(quietMinutes, 15);
  return signs({
    recordsIn: minutes([...Array.from({ length: 15 - seen }, () => 4), ...Array.from({ length: seen }, () => 0)]),
    ...changes,
  });
}

function verdictOn(
  seen: Signs,
  learned: Learned | undefined,
  with_: { policy?: Policy; connector?: LiveConnector; actedAt?: string } = {},
) {
  const { connector = live({ request: request() }), actedAt } = with_;
  const background = learned === undefined ? {} : { learned };
  return diagnose(connector, seen, with_.policy ?? postgres, actedAt, background);
}

describe('a silence longer than any before', () => {
  it('is a death that says how long it was quiet, how long it ever was, and that only its past proves it', () => {
    expect(verdictOn(silent(11), regular(11))).toMatchObject({
      kind: 'dead',
      because:
        'No sign of life, and a proof that there should be one: quiet for 11 min; never more than 4 min in 14 days (2025-12-28, 03:12 UTC).',
      silentSince: ago(660),
      learnedOnly: true,
    });
  });

  it.each([
    { what: 'nine minutes, where ten are the least', quietMinutes: 9, pace: {}, kind: 'unknown' },
    { what: 'ten minutes', quietMinutes: 10, pace: {}, kind: 'dead' },
    {
      what: 'two hours less a minute, where it was once quiet for one',
      quietMinutes: 119,
      pace: { longest: { seconds: 3600, since: ago(86_400) } },
      kind: 'unknown',
    },
    {
      what: 'two hours, where it was once quiet for one',
      quietMinutes: 120,
      pace: { longest: { seconds: 3600, since: ago(86_400) } },
      kind: 'dead',
    },
    {
      what: 'a day, where it is often quiet for seven hours',
      quietMinutes: 1440,
      pace: { longest: { seconds: 25_200, since: ago(200_000) } },
      kind: 'unknown',
    },
    {
      what: 'a day, where it is three days old',
      quietMinutes: 1440,
      pace: { observedSeconds: 3 * 86_400, sawAWeek: false },
      kind: 'unknown',
    },
  ])('after $what: $kind', ({ quietMinutes, pace, kind }) => {
    expect(verdictOn(silent(quietMinutes), regular(quietMinutes, pace)).kind).toBe(kind);
  });

  it('is none of its own if the owner set a limit: then that is the proof', () => {
    const fixed = policy({ evidence: { ...postgres.evidence, recordsAtLeastEverySeconds: 300 } }, 'postgresql');
    const verdict = verdictOn(silent(11), undefined, { policy: fixed });
    expect(verdict).toMatchObject({ kind: 'dead', because: expect.stringContaining('its owner says') });
    expect(verdict).not.toHaveProperty('learnedOnly');
  });
});

describe('a silence that its past does not condemn', () => {
  it('says until when, and then would be a proof', () => {
    const verdict = verdictOn(silent(6), regular(6));
    expect(verdict).toMatchObject({
      kind: 'unknown',
      because:
        'Nothing that was seen tells whether it is dead or idle: quiet for 6 min; never more than 4 min in 14 days (2025-12-28, 03:12 UTC), so only 10 min would be a proof.',
      ripens: {
        at: at(-360 + 600 + 75),
        because: `no record has moved since ${ago(360)}; it was quiet never more than 4 min in 14 days (2025-12-28, 03:12 UTC)`,
      },
    });
  });

  it.each([
    {
      what: 'of a new connector says what is missing and what would help',
      learned: regular(60, { observedSeconds: 3 * 86_400, sawAWeek: false }),
      says: 'quiet for 1 h; only 3 days of its past were seen, and it takes 8 days with every hour of a week among them to learn how long it may be quiet; until then evidence.recordsAtLeastEverySeconds can say it',
    },
    {
      what: 'of one without a rhythm says so',
      learned: regular(60, { longest: { seconds: 25_200, since: '2026-01-02T22:10:00.000Z' } }),
      says: 'quiet for 1 h; never more than 7 h in 14 days (2026-01-02, 22:10 UTC), so its past sets no limit; evidence.recordsAtLeastEverySeconds can',
    },
    {
      what: 'of one whose past cannot be read is unknown for that',
      learned: { kind: 'unreadable', reason: 'GetMetricData: Throttling 400: Rate exceeded' } as const,
      says: 'how long it may be quiet could not be learned: GetMetricData: Throttling 400: Rate exceeded',
    },
  ])('$what', ({ learned, says }) => {
    const verdict = verdictOn(silent(60), learned);
    expect(verdict).toMatchObject({
      kind: 'unknown',
      because: `Nothing that was seen tells whether it is dead or idle: ${says}.`,
    });
    expect(verdict).not.toHaveProperty('ripens');
  });

  it('is told under one and the same advice, whatever its past says, so that people hear of it once', () => {
    const advice = [
      verdictOn(silent(60), undefined),
      verdictOn(silent(60), regular(60, { observedSeconds: 86_400 })),
      verdictOn(silent(60), { kind: 'unreadable', reason: 'throttled' }),
    ].map(({ wouldChange }) => wouldChange);
    expect(new Set(advice).size).toBe(1);
  });

  it('is that of a task that moved no record since it began: a restart that brought nothing is not made again', () => {
    const actedAt = ago(3600);
    const unproved = verdictOn(silent(120), regular(120), { actedAt });
    expect(unproved).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('quiet for 1 h, but no record moved since its tasks began'),
    });
    expect(verdictOn(silent(50), regular(50), { actedAt })).toMatchObject({ kind: 'dead', learnedOnly: true });
  });

  it('is that of a connector that moved no record since it was created', () => {
    const connector = live({ createdAt: ago(7200) });
    expect(verdictOn(silent(115), regular(125), { connector }).kind).toBe('unknown');
    expect(verdictOn(silent(100), regular(100), { connector }).kind).toBe('dead');
  });

  it('is counted from the last restart on', () => {
    const verdict = verdictOn(silent(8), regular(8), { actedAt: ago(3600) });
    expect(verdict.kind).toBe('unknown');
    expect(verdict.because).toContain('quiet for 8 min');
  });

  it('is not prolonged by a past that was read before its last record', () => {
    const stale = { quiet: { from: ago(3600), to: ago(540) }, movedAt: ago(3660) };
    expect(verdictOn(silent(5), regular(5, stale))).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('quiet for 5 min'),
    });
  });

  it('is prolonged by a past that was read in the midst of it', () => {
    const stale = { quiet: { from: ago(3600), to: ago(540) }, movedAt: ago(3660) };
    expect(verdictOn(silent(15), regular(60, stale))).toMatchObject({ kind: 'dead', silentSince: ago(3600) });
  });
});

describe('better evidence stands alone', () => {
  it.each([
    {
      what: 'a MySQL source that is heard',
      kind: 'mysql',
      changes: { msSinceLastEvent: steady(20_000) },
      verdict: 'idle',
    },
    { what: 'a sink with nothing to read', kind: 'sink', changes: { lag: steady(0) }, verdict: 'idle' },
    {
      what: 'a source that is out of reach',
      kind: 'postgresql',
      changes: { log: log({ reconnectAgo: 30, newestLineAgo: 5 }) },
      verdict: 'elsewhere',
    },
    { what: 'a disconnected source', kind: 'postgresql', changes: { connected: steady(0) }, verdict: 'elsewhere' },
    {
      what: 'a position that is gone',
      kind: 'postgresql',
      changes: { log: log({ positionLostAgo: 30, newestLineAgo: 5 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'offsets that are committed',
      kind: 'postgresql',
      changes: { log: log({ commitAgo: 30, newestLineAgo: 5 }) },
      verdict: 'alive',
    },
  ] as const)('$what: $verdict, however long it was quiet', ({ kind, changes, verdict }) => {
    const found = verdictOn(silent(60, changes), regular(60), { policy: policy({}, kind) });
    expect(found.kind).toBe(verdict);
    expect(found.evidence.map(({ source }) => source)).not.toContain('learned silence');
  });

  it('a missed heartbeat is a proof by itself, and no person is needed', () => {
    const connector = live({ request: request({ 'heartbeat.interval.ms': '10000' }) });
    const verdict = verdictOn(silent(11), regular(11), { connector });
    expect(verdict.kind).toBe('dead');
    expect(verdict).not.toHaveProperty('learnedOnly');
  });

  it('a rate that was not published lately says nothing', () => {
    const verdict = verdictOn(signs({ recordsIn: minutes([0, 0, 0, 0, 0], 300) }), regular(60));
    expect(verdict.kind).toBe('unknown');
    expect(verdict.evidence.map(({ source }) => source)).toEqual(['records in']);
  });
});

describe('the past is asked', () => {
  const asked = (seen: Signs, allowed: Policy = postgres, connector = live()) =>
    asksThePast(diagnose(connector, seen, allowed, undefined), { connector, policy: allowed });

  it.each([
    { what: 'a PostgreSQL source without heartbeats that is silent', seen: silent(11), expected: true },
    { what: 'one whose records move', seen: signs({ recordsIn: steady(4) }), expected: false },
    { what: 'one that is out of reach', seen: silent(11, { connected: steady(0) }), expected: false },
    { what: 'one of which no rate is published', seen: signs(), expected: false },
    {
      what: 'one with a task in error, of which nobody knows the rest',
      seen: silent(11, { erroredTasks: steady(1) }),
      expected: false,
    },
  ])('of $what: $expected', ({ seen, expected }) => {
    expect(asked(seen)).toBe(expected);
  });

  it.each([
    { what: 'a limit is set', changes: { recordsAtLeastEverySeconds: 3600 } },
    { what: 'its owner does not want it', changes: { learnQuiet: false } },
  ])('not where $what', ({ changes }) => {
    expect(asked(silent(11), policy({ evidence: { ...postgres.evidence, ...changes } }, 'postgresql'))).toBe(false);
  });

  it('not where heartbeats are a better proof, even before they are', () => {
    const beating = live({ request: request({ 'heartbeat.interval.ms': '600000' }) });
    expect(asked(silent(5), postgres, beating)).toBe(false);
    expect(asked(silent(11), postgres, beating)).toBe(false);
  });

  it.each([
    {
      what: 'some task is in error, and nobody knows the others',
      seen: silent(11, { erroredTasks: steady(1) }),
      allowed: postgres,
      configuration: { 'tasks.max': '2' },
    },
    {
      what: 'the evidence contradicts itself',
      seen: silent(11, { msSinceLastEvent: steady(20_000), runningTasks: steady(0) }),
      allowed: policy(),
    },
    {
      what: 'more and more records wait for a sink, which will be a proof',
      seen: silent(4, { lag: minutes([0, 0, 3]) }),
      allowed: policy({}, 'sink'),
    },
  ])('not where $what', ({ seen, allowed, configuration = {} }) => {
    const connector = live({ request: request(configuration) });
    expect(diagnose(connector, seen, allowed, undefined).kind).toBe('unknown');
    expect(asked(seen, allowed, connector)).toBe(false);
  });

  it('not of a MySQL source that is heard, but of one of which nothing is published', () => {
    expect(asked(silent(11, { msSinceLastEvent: steady(20_000) }), policy())).toBe(false);
    expect(asked(silent(11), policy())).toBe(true);
  });
});

/** The two weeks up to noon, in which records moved but for the silences named: how many minutes before noon, and how long. */
function past(...silences: readonly (readonly [minutesAgo: number, count: number])[]): PastRates {
  const perMinute = Array.from({ length: twoWeeks }, (): number | undefined => 5);
  for (const [minutesAgo, count] of silences) perMinute.fill(0, twoWeeks - minutesAgo, twoWeeks - minutesAgo + count);
  return { kind: 'read', from: ago(twoWeeks * 60), perMinute };
}

describe('a recovery that rests on the past', () => {
  /** Dead since 11:50; its clock is nothing to a PostgreSQL source. */
  function dying(...silences: readonly (readonly [number, number])[]): World {
    const world = new World('dead');
    world.past = past([10, 10], ...silences);
    return world;
  }

  it('restarts it and sees it back', async () => {
    const world = dying();
    expect(await world.invoke(alarm, postgres)).toMatchObject({ outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['restart']);
    expect(world.journal?.history[0]).toMatchObject({ outcome: 'recovered', verdict: 'dead' });
  });

  it('is not begun where the past knows such silences', async () => {
    const world = dying([5000, 8]);
    expect(await world.invoke(person(undefined, true), postgres)).toMatchObject({
      decision: { outcome: { kind: 'left-alone' } },
    });
    expect(world.accepted).toEqual([]);
  });

  it.each([
    { what: 'it was created since, by somebody else', createdAgo: 7 * 86_400, history: [], expected: false },
    {
      what: 'we created it since from what it was',
      createdAgo: 7 * 86_400,
      history: [recreation(7 * 86_400)],
      expected: true,
    },
    {
      what: 'we created it since from what may have been another',
      createdAgo: 7 * 86_400,
      history: [recreation(7 * 86_400)],
      drift: 'recreate-from-saved' as const,
      expected: false,
    },
    {
      what: 'its configuration was changed since',
      createdAgo: 30 * 86_400,
      history: [],
      operation: 'UPDATE_CONNECTOR_CONFIGURATION',
      expected: false,
    },
    {
      what: 'its workers were scaled since',
      createdAgo: 30 * 86_400,
      history: [],
      operation: 'UPDATE_WORKER_SETTING',
      expected: true,
    },
  ])(
    'counts the past where $what: $expected',
    async ({ createdAgo, history, operation, drift = 'refuse' as const, expected }) => {
      const world = dying();
      const ended: Operation[] =
        operation === undefined
          ? []
          : [
              {
                arn: 'op-1',
                type: operation,
                state: 'complete',
                startedAt: ago(5 * 86_400 + 300),
                endedAt: ago(5 * 86_400),
              },
            ];
      if (world.connector === undefined) throw new Error('The world has a connector.');
      world.connector = { ...world.connector, createdAtMs: Date.parse(ago(createdAgo)), operations: ended };
      world.journal = journal({ history, lookedAt: ago(3600) });
      await world.invoke(alarm, policy({ drift }, 'postgresql'));
      expect(world.accepted.length > 0).toBe(expected);
    },
  );

  it('does not take for survived what we ended ourselves, but what a preventive restart merely met', async () => {
    const silence = [5000, 180] as const;
    const met = { from: ago(4900 * 60), to: ago(4821 * 60) };
    const tried = async (verdict: PastRecovery['verdict'], outcome: PastRecovery['outcome']) => {
      const world = dying(silence);
      const entry = {
        id: 'r-0',
        openedAt: met.from,
        endedAt: met.to,
        outcome,
        acts: ['restart'] as const,
        ...(verdict === undefined ? {} : { verdict }),
      };
      world.journal = journal({ history: [entry], lookedAt: ago(3600) });
      await world.invoke(sweep, postgres);
      return world.accepted.length;
    };
    expect(await tried('dead', 'recovered')).toBe(1);
    expect(await tried('alive', 'recovered')).toBe(0);
    expect(await tried('dead', 'acted-unproved')).toBe(0);
    expect(await tried(undefined, 'recovered')).toBe(0);
  });

  it('tells nobody of a silence that its past knows, neither of its beginning nor of its end', async () => {
    const world = dying([5000, 40]);
    await world.invoke(alarm, postgres);
    expect(world.journal?.standing).toBeUndefined();
    world.live('flowing');
    world.pass(300);
    await world.invoke(sweep, postgres);
    expect(world.told).toEqual([]);
  });

  it('restarts once what stays silent, tells so once, and never deletes it', async () => {
    const world = dying();
    world.cure = 'nothing';
    await world.invoke(alarm, postgres);
    for (let look = 0; look < 100; look += 1) {
      world.pass(300);
      world.past = past([10, 10]);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
      await world.invoke(sweep, postgres);
    }
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects()).toEqual(['restarted, but no data seen yet']);
  });

  it('is never begun on a past that cannot be read', async () => {
    const world = dying();
    world.past = { kind: 'unreadable', reason: 'GetMetricData: Throttling 400: Rate exceeded' };
    await world.invoke(alarm, postgres);
    expect(world.accepted).toEqual([]);
  });

  it('asks the past of nobody else', async () => {
    const world = new World('dead');
    await world.invoke(alarm, policy());
    expect(world.calls).not.toContain('past');
  });
});

/** A recreation of ours that ended so many seconds ago, when the connector that is there now was created. */
function recreation(secondsAgo: number): PastRecovery {
  return {
    id: 'r-0',
    openedAt: ago(secondsAgo + 600),
    endedAt: ago(secondsAgo - 600),
    outcome: 'recovered',
    acts: ['delete', 'create'],
    verdict: 'dead',
  };
}
