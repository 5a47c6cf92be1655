import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';
import type { Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, live, log, minutes, policy, request, signs, steady } from './examples.ts';

const beats = { 'heartbeat.interval.ms': '10000' };
/** So many minutes of records, then so many of none, until now. */
const rates = (flowing: number, silent: number) =>
  minutes([...Array.from({ length: flowing }, () => 2), ...Array.from({ length: silent }, () => 0)]);
const read = log({ newestLineAgo: 5 });

interface Row {
  readonly what: string;
  readonly kind: ConnectorKind;
  readonly signs: Partial<Signs>;
  readonly actedAt?: Instant;
  readonly createdAt?: Instant;
  readonly verdict: Verdict['kind'];
  /** Whether it is waited for the end of a rebalance. @default false */
  readonly waits?: boolean;
}

const rows: readonly Row[] = [
  {
    what: 'a rebalance: no task has run for four minutes, and heartbeats are missing for four',
    kind: 'postgresql',
    signs: { recordsIn: rates(6, 4), runningTasks: rates(6, 4), log: read },
    verdict: 'unknown',
    waits: true,
  },
  {
    what: 'no task has run for seven minutes: nobody hands them out any more',
    kind: 'postgresql',
    signs: { recordsIn: rates(6, 7), runningTasks: rates(6, 7), log: read },
    verdict: 'dead',
  },
  {
    what: 'a rebalance that is over since two minutes: its heartbeats are due from then on',
    kind: 'postgresql',
    signs: {
      recordsIn: rates(4, 7),
      runningTasks: minutes([1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1]),
      log: read,
    },
    verdict: 'unknown',
  },
  {
    what: 'a rebalance that is over since four minutes, and no heartbeat came',
    kind: 'postgresql',
    signs: {
      recordsIn: rates(4, 9),
      runningTasks: minutes([1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1]),
      log: read,
    },
    verdict: 'dead',
  },
  {
    what: 'a sink in a rebalance, whose lag grows meanwhile',
    kind: 'sink',
    signs: { recordsIn: rates(6, 4), runningTasks: rates(6, 4), lag: minutes([4, 4, 4, 4, 4, 4, 300, 600, 900, 1200]) },
    verdict: 'unknown',
    waits: true,
  },
  {
    what: 'a sink whose tasks are back for a minute: what has waited is not what they do not read',
    kind: 'sink',
    signs: {
      recordsIn: rates(4, 6),
      runningTasks: minutes([3, 3, 3, 3, 0, 0, 0, 0, 0, 3]),
      lag: minutes([4, 4, 4, 4, 300, 600, 900, 1200, 1500, 1800]),
    },
    verdict: 'unknown',
  },
  {
    what: 'a first snapshot: ten minutes after its last row one query still gives none',
    kind: 'postgresql',
    createdAt: ago(7200),
    signs: { recordsIn: rates(5, 10), log: log({ newestLineAgo: 5, startingUpAgo: 600 }) },
    verdict: 'unknown',
  },
  {
    what: 'the same, and nothing in the log says so any more: its stream has counted no event yet',
    kind: 'mysql',
    signs: { recordsIn: steady(0), msSinceLastEvent: steady(-1), log: read },
    verdict: 'unknown',
  },
  {
    what: 'a snapshot: not connected to a stream that has not begun is not out of reach',
    kind: 'mysql',
    signs: { recordsIn: steady(0), msSinceLastEvent: steady(-1), connected: steady(0), log: read },
    verdict: 'unknown',
  },
  {
    what: 'but attempts to reconnect say that its source is away',
    kind: 'mysql',
    signs: {
      recordsIn: steady(0),
      msSinceLastEvent: steady(-1),
      connected: steady(0),
      log: log({ newestLineAgo: 5, reconnectAgo: 30, startingUpAgo: 600 }),
    },
    verdict: 'elsewhere',
  },
  {
    what: 'the schema history is read after a restart, for ten minutes so far',
    kind: 'mysql',
    actedAt: ago(600),
    signs: { recordsIn: steady(0, 10), log: log({ newestLineAgo: 5, startingUpAgo: 5 }) },
    verdict: 'unknown',
  },
  {
    what: 'ten minutes after a restart without a heartbeat, and the log says nothing of a start that lasts',
    kind: 'mysql',
    actedAt: ago(600),
    signs: { recordsIn: steady(0, 10), log: read },
    verdict: 'dead',
  },
  {
    what: 'no task runs in the middle of a snapshot, for seven minutes',
    kind: 'mysql',
    signs: { recordsIn: steady(0), runningTasks: rates(6, 7), log: log({ newestLineAgo: 5, startingUpAgo: 500 }) },
    verdict: 'dead',
  },
  {
    what: 'its task died in the middle of a snapshot',
    kind: 'mysql',
    signs: {
      recordsIn: steady(0),
      erroredTasks: steady(1, 3),
      runningTasks: steady(0, 3),
      log: log({ newestLineAgo: 5, startingUpAgo: 500 }),
    },
    verdict: 'dead',
  },
];

describe('a task that owes no record yet', () => {
  it.each(rows)('$what: $verdict', ({ kind, signs: seen, actedAt, createdAt, verdict, waits = false }) => {
    const connector = live({ request: request(kind === 'sink' ? {} : beats), ...(createdAt && { createdAt }) });
    const found = diagnose(connector, signs(seen), policy({}, kind), actedAt);
    expect(found.kind).toBe(verdict);
    expect(found.ripens?.because.includes('as in a rebalance') === true).toBe(waits);
  });

  it('says so in its evidence', () => {
    const found = diagnose(
      live({ request: request(beats) }),
      signs({ recordsIn: rates(5, 10), log: log({ newestLineAgo: 5, startingUpAgo: 600 }) }),
      policy({}, 'postgresql'),
      undefined,
    );
    expect(found.evidence.map(({ seen }) => seen)).toEqual(
      expect.arrayContaining([
        'no heartbeat record for 10 min, where one is due every 10 s, but its stream has not begun',
        '3 line(s) in the log of a snapshot or of the reading of its schema history, the last 10 min ago, and none of its end',
      ]),
    );
  });
});
