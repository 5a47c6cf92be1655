import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import { asksThePast } from '../../recovery/paceEvidence.ts';
import type { Learned } from '../../recovery/paceEvidence.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, live, policy, request } from './examples.ts';

/** One row of a recording: what real workers showed, every 15 s, at a flush interval of 10 s (test/recordings/README.md). */
interface Sample {
  readonly timeMs: number;
  readonly phase: string;
  readonly value: Readonly<Record<string, number | undefined>>;
}

function read(name: string): Sample[] {
  const [head = '', ...lines] = readFileSync(new URL(`../recordings/${name}.csv`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    const field = (column: string) => fields[columns.indexOf(column)] ?? '';
    const number = (column: string) => (field(column) === '' ? undefined : Number(field(column)));
    return {
      timeMs: Date.parse(`2026-01-05T${field('time')}.000Z`),
      phase: field('phase'),
      value: {
        connected: number('connected'),
        clock: number('ms_since_last_event'),
        polled: number('poll_rate'),
        written: number('write_rate'),
        commits: number('offset_commits_since_last_row'),
      },
    };
  });
}

const iso = (ms: number) => new Date(ms).toISOString();

/** What could be seen at the last of these rows, had it been published row by row; the log is read to its end and witnessed. */
function signsOf(rows: readonly Sample[], triesAreLogged: boolean): Signs {
  const first = rows[0]?.timeMs ?? 0;
  const now = rows.at(-1)?.timeMs ?? 0;
  const series = (key: string): Series => ({
    kind: 'read',
    samples: rows.flatMap(({ timeMs, value }, index) => {
      const found = value[key];
      const from = rows[index - 1]?.timeMs ?? timeMs - 15_000;
      return found === undefined ? [] : [{ from: iso(from), to: iso(timeMs), value: found }];
    }),
  });
  const committed = rows.findLast(({ value }) => (value['commits'] ?? 0) > 0);
  const out = rows.filter(({ value }) => value['connected'] === 0);
  const notWatched = { kind: 'not-watched', cure: 'x' } as const;
  const none = { count: 0 };
  // The keep-alive tries every 90 s while the database is away (measured); the last try before now.
  const tried = out[0] === undefined ? undefined : now - ((now - out[0].timeMs) % 90_000);
  return {
    from: iso(first - 15_000),
    to: iso(now),
    recordsIn: series('polled'),
    recordsOut: series('written'),
    runningTasks: notWatched,
    erroredTasks: notWatched,
    connected: series('connected'),
    msSinceLastEvent: series('clock'),
    lag: notWatched,
    log: {
      kind: 'read',
      complete: true,
      newestLineAt: iso(now),
      commits: committed === undefined ? none : { count: 1, lastAt: iso(committed.timeMs) },
      reconnects: triesAreLogged && tried !== undefined ? { count: out.length, lastAt: iso(tried) } : none,
      closed: none,
      positionLost: none,
      taskFailures: none,
      startingUp: none,
      metricsOrphaned: none,
    },
  };
}

interface Heard {
  readonly phase: string;
  readonly verdict: Verdict['kind'];
  readonly seconds: number;
}

/** The verdict at every row, with the seconds since its phase began. */
function replay(
  rows: readonly Sample[],
  kind: ConnectorKind,
  heartbeats: boolean,
  triesAreLogged = true,
  learned?: Learned,
): Heard[] {
  const configuration: Record<string, string> = heartbeats ? { 'heartbeat.interval.ms': '5000' } : {};
  const connector = live({ request: request(configuration), createdAt: ago(30 * 86_400) });
  return rows.map((row, index) => {
    const seen = signsOf(rows.slice(0, index + 1), triesAreLogged);
    const began = rows.findIndex(
      (other, place) =>
        place <= index &&
        rows.slice(place, index + 1).every((same) => same.phase === row.phase) &&
        other.phase === row.phase,
    );
    const allowed = policy({}, kind);
    const present = diagnose(connector, seen, allowed, undefined);
    const asked = learned !== undefined && asksThePast(present, { connector, policy: allowed });
    const { kind: verdict } = asked ? diagnose(connector, seen, allowed, undefined, { learned }) : present;
    return { phase: row.phase, verdict, seconds: (row.timeMs - (rows[began]?.timeMs ?? row.timeMs)) / 1000 };
  });
}

/** Where the verdict changes, such as `during+15 dead`. */
function changes(heard: readonly Heard[]): string[] {
  return heard
    .filter(({ verdict }, index) => verdict !== heard[index - 1]?.verdict)
    .map(({ phase, verdict, seconds }) => `${phase}+${seconds} ${verdict}`);
}

/** The recording up to the end of that phase, whose rows from 60 s on are repeated until it has lasted that long: invented, had it gone on so. */
function prolonged(rows: readonly Sample[], phase: string, forSeconds: number): Sample[] {
  const last = rows.findLastIndex((row) => row.phase === phase);
  const until = rows.slice(0, last + 1);
  const first = rows.findIndex(
    (row, place) => row.phase === phase && until.slice(place).every((same) => same.phase === phase),
  );
  const begin = rows[first]?.timeMs ?? 0;
  const settledRows = until.filter((row, place) => place >= first && row.timeMs - begin >= 60_000);
  const made = [...until];
  for (let index = 0; (made.at(-1)?.timeMs ?? Infinity) - begin < forSeconds * 1000; index += 1) {
    const row = settledRows[index % settledRows.length];
    if (row === undefined) break;
    made.push({ ...row, timeMs: (made.at(-1)?.timeMs ?? 0) + 15_000 });
  }
  return made;
}

describe.each(['2.7.1', '3.7.1'])('MySQL on Connect %s', (version) => {
  it('half open: found dead 151 s after it began, and not before', () => {
    expect(changes(replay(read(`mysql-half-open-connect-${version}`), 'mysql', false))).toEqual([
      'before+0 alive',
      'during+151 dead',
    ]);
  });

  it.each([
    { what: 'and attempts are logged', triesAreLogged: true },
    { what: 'and no attempt is logged', triesAreLogged: false },
  ])('the database hangs, $what: elsewhere, never dead, and alive again by itself', ({ triesAreLogged }) => {
    expect(changes(replay(read(`mysql-database-hangs-connect-${version}`), 'mysql', false, triesAreLogged))).toEqual([
      'before+0 alive',
      'during+160 elsewhere',
      'after+0 alive',
    ]);
  });

  it('the database hangs for ten minutes more while attempts are logged: still not dead', () => {
    const rows = prolonged(read(`mysql-database-hangs-connect-${version}`), 'during', 765);
    const out = rows.map((row) =>
      row.phase === 'during' ? { ...row, value: { ...row.value, clock: row.timeMs - (rows[1]?.timeMs ?? 0) } } : row,
    );
    const heard = replay(out, 'mysql', false);
    expect(heard.at(-1)).toMatchObject({ verdict: 'elsewhere' });
    expect(heard.map(({ verdict }) => verdict)).not.toContain('dead');
  });

  it.each([
    { recording: 'idle-heartbeats', heartbeats: true, last: 'alive' },
    { recording: 'idle-no-heartbeats', heartbeats: false, last: 'idle' },
    { recording: 'idle-no-keepalive', heartbeats: false, last: 'idle' },
  ])('$recording: never dead, as recorded and had it gone on for 20 min ($last)', ({ recording, heartbeats, last }) => {
    const rows = read(`mysql-${recording}-connect-${version}`);
    expect(replay(rows, 'mysql', heartbeats).map(({ verdict }) => verdict)).not.toContain('dead');
    const longer = replay(prolonged(rows, 'during', 1200), 'mysql', heartbeats);
    expect(longer.length).toBeGreaterThan(75);
    expect(longer.map(({ verdict }) => verdict)).not.toContain('dead');
    expect(longer.at(-1)?.verdict).toBe(last);
  });
});

describe('PostgreSQL on Connect 3.7.1', () => {
  it('with heartbeats: never dead while idle, had it gone on for 20 min too', () => {
    const rows = read('postgres-heartbeats-connect-3.7.1');
    const longer = replay(
      prolonged(
        rows.filter(({ phase }) => phase !== 'halfopen'),
        'idle',
        1200,
      ),
      'postgresql',
      true,
    );
    expect(changes(longer)).toEqual(['healthy+0 alive']);
  });

  it('with heartbeats: half open is silence at 167 s, and dead once three beats and flushes are missed', () => {
    const rows = read('postgres-heartbeats-connect-3.7.1');
    expect(changes(replay(rows, 'postgresql', true))).toEqual(['healthy+0 alive', 'halfopen+167 unknown']);
    expect(changes(replay(prolonged(rows, 'halfopen', 400), 'postgresql', true))).toEqual([
      'healthy+0 alive',
      'halfopen+167 unknown',
      'halfopen+212 dead',
    ]);
  });

  it('without heartbeats: idle and half open look alike, so neither is ever dead', () => {
    const rows = read('postgres-no-heartbeats-connect-3.7.1');
    expect(changes(replay(rows, 'postgresql', false))).toEqual(['healthy+0 alive', 'halfopen+167 unknown']);
    const longer = replay(prolonged(rows, 'halfopen', 1200), 'postgresql', false);
    expect(longer.map(({ verdict }) => verdict)).not.toContain('dead');
  });
});

describe('with a past of two weeks', () => {
  const past = (longestMinutes: number): Learned => ({
    kind: 'learned',
    pace: {
      observedSeconds: 14 * 86_400,
      sawAWeek: true,
      movedAt: '2026-01-05T00:00:00.000Z',
      ...(longestMinutes === 0 ? {} : { longest: { seconds: longestMinutes * 60, since: '2026-01-01T03:00:00.000Z' } }),
    },
  });

  it.each(['idle-heartbeats', 'idle-no-heartbeats', 'idle-no-keepalive'])(
    '%s: MySQL that was never quiet for a minute is never dead, had it gone on for 20 min',
    (recording) => {
      for (const version of ['2.7.1', '3.7.1']) {
        const rows = prolonged(read(`mysql-${recording}-connect-${version}`), 'during', 1200);
        const heard = replay(rows, 'mysql', recording === 'idle-heartbeats', true, past(0));
        expect(heard.map(({ verdict }) => verdict)).not.toContain('dead');
      }
    },
  );

  it('idle PostgreSQL with heartbeats: never dead, whatever its past', () => {
    const rows = read('postgres-heartbeats-connect-3.7.1').filter(({ phase }) => phase !== 'halfopen');
    const heard = replay(prolonged(rows, 'idle', 1200), 'postgresql', true, true, past(0));
    expect(changes(heard)).toEqual(['healthy+0 alive']);
  });

  it('idle PostgreSQL without heartbeats: never dead as recorded, nor for as long as it was ever quiet', () => {
    const rows = read('postgres-no-heartbeats-connect-3.7.1');
    expect(replay(rows, 'postgresql', false, true, past(0)).map(({ verdict }) => verdict)).not.toContain('dead');
    const longer = replay(prolonged(rows, 'halfopen', 1200), 'postgresql', false, true, past(20));
    expect(longer.map(({ verdict }) => verdict)).not.toContain('dead');
  });

  it('half-open PostgreSQL without heartbeats that was never quiet for more than four minutes: dead after ten', () => {
    const rows = read('postgres-no-heartbeats-connect-3.7.1');
    expect(changes(replay(prolonged(rows, 'halfopen', 1200), 'postgresql', false, true, past(4)))).toEqual([
      'healthy+0 alive',
      'halfopen+167 unknown',
      'halfopen+632 dead',
    ]);
  });
});
