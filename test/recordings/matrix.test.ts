import { describe, expect, it } from 'vitest';
import { verdicts, type Recorded } from './replay.ts';

/** Cells of the table of failures, as real workers showed them (docs/failures.md), replayed through the detection of today. */
interface Replayed {
  readonly what: string;
  readonly recorded: Recorded;
  /** Where the verdict changes, in seconds since the first row after the break. */
  readonly heard: readonly string[];
  /** Seconds that are invented after the last row: as it would have gone on, had the product not acted. */
  readonly hadNobodyActed?: number;
}

const replayed: readonly Replayed[] = [
  {
    what: 'half open on 3.7',
    recorded: {
      name: 'matrix-half-open-mariadb-3.7-no-keepalive-product',
      kind: 'mariadb',
      connectVersion: '3.7.x',
      configuration: { 'connect.keep.alive': 'false' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+180 dead'],
  },
  {
    what: 'half open on 2.7.1',
    recorded: {
      name: 'matrix-half-open-mysql-2.7.1-no-keepalive-product',
      kind: 'mysql',
      connectVersion: '2.7.1',
      configuration: { 'connect.keep.alive': 'false' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+175 dead'],
  },
  {
    what: 'half open on 3.7, while nothing is written',
    recorded: {
      name: 'matrix-half-open-mariadb-3.7-no-keepalive-quiet-product',
      kind: 'mariadb',
      connectVersion: '3.7.x',
      configuration: { 'connect.keep.alive': 'false' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+100 dead'],
  },
  {
    what: 'PostgreSQL half open, with heartbeats',
    recorded: {
      name: 'matrix-half-open-postgres-3.7-heartbeats-product',
      kind: 'postgresql',
      connectVersion: '3.7.x',
      configuration: { 'heartbeat.interval.ms': '5000' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+175 unknown', 'during+220 dead'],
  },
  {
    what: 'packets lost for 20 min, keep-alive off: dead, and dead still when they pass again',
    recorded: {
      name: 'matrix-dropped-packets-mariadb-3.7-no-keepalive-watch',
      kind: 'mariadb',
      connectVersion: '3.7.x',
      configuration: { 'connect.keep.alive': 'false' },
    },
    heard: ['before+0 alive', 'during+180 dead'],
  },
  {
    what: 'the network away for 5 min, keep-alive on: elsewhere, and alive again by itself',
    recorded: { name: 'matrix-hole-5min-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive', 'during+180 elsewhere', 'during+360 alive'],
  },
  {
    what: 'the database away for 5 min: elsewhere, and alive again by itself',
    recorded: { name: 'matrix-database-killed-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive', 'during+180 elsewhere', 'during+330 alive'],
  },
  {
    what: 'half open with keep-alive on, 3.7: it heals, and is never dead',
    recorded: { name: 'matrix-half-open-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive'],
  },
  {
    what: 'half open with keep-alive on, 2.7.1: it heals, and is never dead',
    recorded: { name: 'matrix-half-open-mysql-2.7.1-product', kind: 'mysql', connectVersion: '2.7.1' },
    heard: ['before+0 alive'],
  },
  {
    // Its last words are of a "Communications link failure" on a connection that was cut: no sign that the database is away.
    what: 'a connection reset on 2.7.1: its task has FAILED',
    recorded: { name: 'matrix-reset-mysql-2.7.1-product', kind: 'mysql', connectVersion: '2.7.1' },
    heard: ['before+0 alive', 'during+0 dead'],
  },
  {
    what: 'a connection reset on 3.7: its own retry heals it',
    recorded: { name: 'matrix-reset-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive'],
  },
  {
    what: 'the database stopped for 5 min, on 2.7.1: its keep-alive tries on',
    recorded: { name: 'matrix-database-stopped-mysql-2.7.1-product', kind: 'mysql', connectVersion: '2.7.1' },
    heard: ['before+0 alive', 'during+175 elsewhere', 'during+325 alive'],
  },
  {
    what: 'the database away for a minute, whose binlog is purged meanwhile: its task dies of the former',
    recorded: { name: 'matrix-binlog-purged-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive', 'during+15 elsewhere'],
  },
  {
    // Its event clock reads 0 whenever it is published, for five minutes, and it listens to nothing.
    what: 'the same, restarted: never idle',
    recorded: {
      name: 'matrix-binlog-purged-mariadb-3.7-product',
      kind: 'mariadb',
      connectVersion: '3.7.x',
      afterItsRestart: true,
    },
    heard: ['after+0 unknown', 'after+15 elsewhere'],
  },
  {
    what: 'idle for 10 min without heartbeats: idle, and never dead',
    recorded: { name: 'matrix-idle-mariadb-3.7-product', kind: 'mariadb', connectVersion: '3.7.x' },
    heard: ['before+0 alive', 'during+180 idle', 'during+600 alive'],
  },
];

describe('what the matrix recorded, replayed', () => {
  it.each(replayed)('$what: $heard', ({ recorded, heard, hadNobodyActed }) => {
    expect(verdicts(recorded, hadNobodyActed)).toEqual(heard);
  });

  it.each(replayed)('$what: the same, had it never been quiet for a minute before', ({ recorded, heard, hadNobodyActed }) => {
    const pace = { observedSeconds: 14 * 86_400, sawAWeek: true, movedAt: '2026-01-05T00:00:00.000Z' };
    expect(verdicts(recorded, hadNobodyActed, { kind: 'learned', pace })).toEqual(heard);
  });
});

