import { describe, expect, it } from 'vitest';
import type { LiveConnector } from '../../recovery/connector.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, alarm, at, live, log, minutes, policy, request, signs, steady, sweep } from './examples.ts';
import { World } from './world.ts';

interface Row {
  readonly what: string;
  readonly kind?: ConnectorKind;
  readonly configuration?: Record<string, string>;
  readonly connector?: Partial<LiveConnector>;
  readonly signs: Partial<Signs>;
  readonly actedAt?: Instant;
  readonly verdict: Verdict['kind'];
  /** Seconds from now; absent: it does not ripen. */
  readonly ripensIn?: number;
}

/** The smallest value of the minute under way, of which 20 s have passed. */
function clock(silentSeconds: number): Series {
  return { kind: 'read', samples: [{ from: ago(20), to: at(0), value: silentSeconds * 1000 }] };
}

const quiet = { recordsIn: steady(0) };
const flowing = { recordsIn: steady(5) };
const heartbeats = { 'heartbeat.interval.ms': '5000' };

function table(rows: readonly Row[]): void {
  it.each(rows)('$what: $verdict, in $ripensIn s', (row) => {
    const connector = live({ request: request(row.configuration), ...row.connector });
    const seen = diagnose(connector, signs(row.signs), policy({}, row.kind ?? 'mysql'), row.actedAt);
    expect(seen.kind).toBe(row.verdict);
    expect(seen.ripens?.at).toBe(row.ripensIn === undefined ? undefined : at(row.ripensIn));
  });
}

describe('a beat of the database is overdue', () => {
  table([
    { what: '48 s are one beat', signs: { ...quiet, msSinceLastEvent: clock(48) }, verdict: 'idle' },
    // Heard 69 s ago at the earliest; a proof when 120 s of rate, 120 s of liveliness and the delivery have passed since.
    { what: '49 s', signs: { ...quiet, msSinceLastEvent: clock(49) }, verdict: 'idle', ripensIn: 186 },
    {
      what: 'it read 49 s, though an event came within that minute',
      signs: {
        ...quiet,
        msSinceLastEvent: { kind: 'read', samples: [{ from: ago(60), to: at(0), value: 0, greatest: 49_000 }] },
      },
      verdict: 'idle',
      ripensIn: 195,
    },
    { what: '140 s', signs: { ...quiet, msSinceLastEvent: clock(140) }, verdict: 'idle', ripensIn: 95 },
    {
      what: 'the last minute’s rate is not zero yet',
      signs: { ...flowing, msSinceLastEvent: clock(100) },
      verdict: 'alive',
      ripensIn: 135,
    },
    {
      what: 'already three beats, but records moved a minute ago',
      signs: { recordsIn: minutes([5, 5, 0]), msSinceLastEvent: clock(150) },
      verdict: 'alive',
      ripensIn: 85,
    },
    {
      what: 'records go on flowing though it was last heard an hour ago: that moment is long past',
      signs: { ...flowing, msSinceLastEvent: clock(3600) },
      verdict: 'alive',
      ripensIn: -3365,
    },
    {
      what: 'a beat every 240 s: 200 s are less than one',
      configuration: { 'connect.keep.alive.interval.ms': '300000' },
      signs: { ...quiet, msSinceLastEvent: clock(200) },
      verdict: 'idle',
    },
    {
      what: 'a beat every 240 s: three of them, and the minute in which the clock is read',
      configuration: { 'connect.keep.alive.interval.ms': '300000' },
      signs: { ...quiet, msSinceLastEvent: clock(250) },
      verdict: 'idle',
      ripensIn: 540,
    },
    {
      what: 'a beat every 8 s: 9 s',
      configuration: { 'connect.keep.alive.interval.ms': '10000' },
      signs: { ...flowing, msSinceLastEvent: clock(9) },
      verdict: 'alive',
      ripensIn: 226,
    },
    {
      what: 'nobody could say that no records flow: it would prove nothing',
      signs: { msSinceLastEvent: clock(100) },
      verdict: 'idle',
    },
    {
      what: 'commits could say it',
      signs: { msSinceLastEvent: clock(100), log: log({ commitAgo: 100, newestLineAgo: 1 }) },
      verdict: 'alive',
      ripensIn: 135,
    },
    {
      what: 'the values are a dead task’s: the log says that the new one has none',
      signs: { ...flowing, msSinceLastEvent: clock(100), log: log({ newestLineAgo: 1, orphaned: true }) },
      verdict: 'alive',
    },
    {
      what: 'the values are older than our act',
      actedAt: ago(100),
      signs: { ...flowing, msSinceLastEvent: clock(100) },
      verdict: 'alive',
    },
    {
      what: 'it was last published five minutes ago',
      signs: { ...flowing, msSinceLastEvent: minutes([100_000], 300) },
      verdict: 'alive',
    },
    {
      what: 'PostgreSQL’s clock grows while it is idle',
      kind: 'postgresql',
      signs: { ...flowing, msSinceLastEvent: clock(100) },
      verdict: 'alive',
    },
    { what: 'dead already', signs: { ...quiet, msSinceLastEvent: clock(300) }, verdict: 'dead' },
    {
      what: 'somebody tries to reconnect',
      signs: { ...quiet, connected: steady(0), msSinceLastEvent: clock(200) },
      verdict: 'elsewhere',
    },
  ]);
});

describe('what is waited for', () => {
  /** A database that beats every 8 s. */
  const quick = { 'connect.keep.alive.interval.ms': '10000' };
  it.each([
    {
      what: 'two beats are missing',
      signs: { ...flowing, msSinceLastEvent: clock(20) },
      because:
        'a beat of the database is overdue: it is heard every 8 s, and was last heard at 2026-01-05T11:59:20.000Z',
    },
    {
      what: 'three are, and the rate of the last minute is above 0',
      signs: { ...flowing, msSinceLastEvent: clock(30) },
      because:
        '3 beats of the database are missing, and the rate of records is to fall to 0: it remembers a minute, and is published once a minute; the last beat was heard at 2026-01-05T11:59:10.000Z',
    },
    {
      what: 'the rate is 0, and was not a minute ago',
      signs: { recordsIn: minutes([5, 5, 0]), msSinceLastEvent: clock(100) },
      because:
        '3 beats of the database are missing, and 2 min without a sign of life are to pass: the last was seen at 2026-01-05T11:59:00.000Z; the last beat was heard at 2026-01-05T11:58:00.000Z',
    },
    {
      what: 'no rate is published, and offsets were committed 100 s ago',
      signs: { msSinceLastEvent: clock(100), log: log({ commitAgo: 100, newestLineAgo: 1 }) },
      because:
        '3 beats of the database are missing, and 2 min without a sign of life are to pass: the last was seen at 2026-01-05T11:58:20.000Z; the last beat was heard at 2026-01-05T11:58:00.000Z',
    },
  ])('$what', ({ signs: seen, because }) => {
    const found = diagnose(live({ request: request(quick) }), signs(seen), policy(), undefined);
    expect(found.kind).toBe('alive');
    expect(found.ripens?.because).toBe(because);
  });
});

describe('a heartbeat record is overdue', () => {
  const postgresql = { kind: 'postgresql', configuration: heartbeats } as const;
  table([
    { what: 'it came in this minute', ...postgresql, signs: { recordsIn: minutes([0.2, 0.2]) }, verdict: 'alive' },
    // Three flushes from the first zero on, and the delivery.
    {
      what: 'a minute of zeros',
      ...postgresql,
      signs: { recordsIn: minutes([0.2, 0]) },
      verdict: 'alive',
      ripensIn: 135,
    },
    {
      what: 'two and a half minutes of zeros',
      ...postgresql,
      signs: { recordsIn: minutes([0.2, 0, 0], 30), log: log({ newestLineAgo: 1 }) },
      verdict: 'unknown',
      ripensIn: 45,
    },
    { what: 'three minutes of zeros', ...postgresql, signs: { recordsIn: minutes([0.2, 0, 0, 0]) }, verdict: 'dead' },
    {
      what: 'one is due every ten minutes: nine minutes of zeros',
      kind: 'postgresql',
      configuration: { 'heartbeat.interval.ms': '600000' },
      signs: { recordsIn: minutes([0.2, ...Array.from({ length: 9 }, () => 0)]) },
      verdict: 'unknown',
    },
    {
      what: 'one is due every ten minutes: ten minutes of zeros',
      kind: 'postgresql',
      configuration: { 'heartbeat.interval.ms': '600000' },
      signs: { recordsIn: minutes([0.2, ...Array.from({ length: 10 }, () => 0)]) },
      verdict: 'unknown',
      ripensIn: 1215,
    },
    {
      what: 'no rate is published, and commits have stopped',
      ...postgresql,
      signs: { log: log({ commitAgo: 150, newestLineAgo: 1 }) },
      verdict: 'unknown',
      ripensIn: 45,
    },
    { what: 'none is made', kind: 'postgresql', signs: { recordsIn: minutes([0.2, 0]) }, verdict: 'alive' },
    {
      what: 'it may be taking its first snapshot',
      ...postgresql,
      connector: { createdAt: ago(3600) },
      signs: { recordsIn: minutes([0, 0]) },
      verdict: 'unknown',
    },
    {
      what: 'its task failed: nothing needs to ripen',
      ...postgresql,
      signs: { recordsIn: minutes([0.2, 0]), erroredTasks: steady(1) },
      verdict: 'dead',
    },
  ]);
});

describe('records wait that a sink does not read', () => {
  const sink = { kind: 'sink' } as const;
  table([
    // Three minutes of growth from the first zero on, and the delivery.
    {
      what: 'a minute of zeros',
      ...sink,
      signs: { recordsIn: minutes([5, 5, 0]), lag: minutes([40, 40, 60]) },
      verdict: 'alive',
      ripensIn: 135,
    },
    {
      what: 'a single one, which may only be uncommitted',
      ...sink,
      signs: { recordsIn: minutes([0, 0.02, 0]), lag: minutes([0, 1, 1]) },
      verdict: 'alive',
      ripensIn: 135,
    },
    {
      what: 'two and a half minutes of zeros',
      ...sink,
      signs: { recordsIn: minutes([5, 0, 0], 30), lag: minutes([40, 60, 120], 30) },
      verdict: 'unknown',
      ripensIn: 45,
    },
    {
      what: 'three minutes of zeros and of growth',
      ...sink,
      signs: { recordsIn: minutes([5, 0, 0, 0]), lag: minutes([40, 60, 120, 180]) },
      verdict: 'dead',
    },
    {
      what: 'three minutes of zeros, and it did not grow: the moment has passed',
      ...sink,
      signs: { recordsIn: minutes([5, 0, 0, 0], 20), lag: minutes([40, 40, 40, 40], 20) },
      verdict: 'unknown',
      ripensIn: -5,
    },
    {
      what: 'it is committed: nothing waits any more',
      ...sink,
      signs: { recordsIn: minutes([5, 5, 0]), lag: minutes([40, 40, 0]) },
      verdict: 'alive',
    },
    {
      what: 'after a long lull the moment is reckoned from when records were first seen to wait',
      ...sink,
      signs: { recordsIn: steady(0), lag: minutes([0, 0, 0, 1]) },
      verdict: 'unknown',
      ripensIn: 195,
    },
    { what: 'it reads', ...sink, signs: { recordsIn: steady(5), lag: steady(40) }, verdict: 'alive' },
    {
      what: 'the lag is five minutes old',
      ...sink,
      signs: { recordsIn: minutes([5, 5, 0]), lag: minutes([40, 60], 300) },
      verdict: 'alive',
    },
    { what: 'whether it reads is not known', ...sink, signs: { lag: minutes([40, 60, 120]) }, verdict: 'unknown' },
    {
      what: 'a source has no such lag',
      kind: 'mysql',
      signs: { recordsIn: minutes([5, 5, 0]), lag: minutes([40, 40, 60]) },
      verdict: 'alive',
    },
  ]);
});

describe('called before the proof is ripe', () => {
  /** Silent for that long when the alarm calls. */
  function silentFor(seconds: number): World {
    const world = new World('flowing');
    world.live('dead');
    world.pass(seconds);
    return world;
  }

  it('waits for the proof, says why, and acts in the same invocation', async () => {
    const world = silentFor(125);
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['restart']);
    expect(world.notes.filter((note) => note.includes('overdue'))).toEqual([
      expect.stringContaining(
        'a beat of the database is overdue: it is heard every 48 s, and was last heard at 2026-01-05T12:00:00.000Z; unless something comes, it will be a proof at 2026-01-05T12:04:15.000Z',
      ),
    ]);
  });

  it.each([alarm, sweep])('ends at once when it is heard again, and tells nobody ($kind)', async (trigger) => {
    const world = silentFor(125);
    world.after(5, () => world.live('flowing'));
    const ended = await world.invoke(trigger, policy());
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'left-alone', verdict: { kind: 'alive' } } });
    // Heard again at 130 s; the minute that says so is published at 180 s.
    expect(world.elapsed).toBeLessThanOrEqual(195);
    expect(world.accepted).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('does not act before the time in which it may heal itself, however often its database beats', async () => {
    const world = silentFor(60);
    if (world.connector === undefined) throw new Error('there is one');
    world.connector.request = request({ 'connect.keep.alive.interval.ms': '10000' });
    const patient = policy({ evidence: { livelySeconds: 1, missedBeats: 3, learnQuiet: true } });
    let restartedAt = 0;
    world.fault = (call, _count, when) => {
      if (call === 'restart' && when === 'before') restartedAt = world.elapsed;
    };
    await world.invoke(alarm, patient);
    // Silent from 12:00:00 on; the clock's first minute says 15 s later at most.
    expect(restartedAt).toBeGreaterThanOrEqual(110);
    expect(restartedAt).toBeLessThan(200);
  });
});
