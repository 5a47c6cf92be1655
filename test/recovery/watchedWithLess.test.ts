import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import type { Background } from '../../recovery/diagnose.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, arn, live, log, minutes, policy, request, signs, steady } from './examples.ts';

/** An event clock whose last event came so long ago, read once a minute for a quarter of an hour. */
function clockOf(lastEventAgo: number): Series {
  const samples = Array.from({ length: 15 }, (_, index) => {
    const from = 900 - index * 60;
    return { from: ago(from), to: ago(from - 60), value: Math.max(0, lastEventAgo - from) * 1000 };
  });
  return { kind: 'read', samples };
}

/** A task was restarted an hour ago, a quarter of an hour after its predecessor's last event; the call took a minute. */
const restart = { actedAt: ago(3600), background: { newestTaskBeganAt: ago(3660) } };
const zombie = { connected: steady(1), msSinceLastEvent: clockOf(4500) };
const flowing: Partial<Signs> = { recordsIn: steady(2), log: log({ commitAgo: 20, newestLineAgo: 5 }) };
const silent: Partial<Signs> = { recordsIn: steady(0), log: log({ newestLineAgo: 5 }) };
const remembered: Background = {
  ...restart.background,
  less: { of: arn, since: ago(3500), lost: ['Connected'], remains: [] },
};
const beating = { 'heartbeat.interval.ms': '10000' };

interface Row {
  readonly what: string;
  readonly kind?: ConnectorKind;
  readonly signs: Partial<Signs>;
  readonly configuration?: Record<string, string>;
  readonly actedAt?: Instant;
  readonly background?: Background;
  readonly verdict: Verdict['kind'];
  /** Since when it is watched with less; `false`: it is not. */
  readonly less: Instant | false;
}

const rows: readonly Row[] = [
  {
    what: 'data flows, and the event clock stands where the task before stopped: its predecessor’s',
    signs: { ...flowing, ...zombie },
    ...restart,
    verdict: 'alive',
    less: ago(60),
  },
  {
    what: 'the same on PostgreSQL, whose own clock would grow while idle too',
    kind: 'postgresql',
    signs: { ...flowing, ...zombie },
    ...restart,
    verdict: 'alive',
    less: ago(60),
  },
  {
    what: 'a quiet night after it: an hour of silence, and a clock that would prove a death three times over',
    signs: { ...silent, ...zombie },
    ...restart,
    verdict: 'unknown',
    less: ago(60),
  },
  {
    what: 'the log says that it goes on without metrics, and nothing is known of an act (its journal is lost)',
    signs: { ...silent, ...zombie, log: log({ newestLineAgo: 5, orphaned: true }) },
    verdict: 'unknown',
    less: ago(60),
  },
  {
    what: 'the line has left the window, the history forgot the act: the journal still knows',
    signs: { ...silent, ...zombie },
    background: remembered,
    verdict: 'unknown',
    less: ago(3500),
  },
  {
    what: 'the dead task left Connected at 0: that the source is out of reach is not believed for ever',
    signs: { ...silent, ...zombie, connected: steady(0) },
    background: remembered,
    verdict: 'unknown',
    less: ago(3500),
  },
  {
    what: 'a second, real death, PostgreSQL: its heartbeats stop',
    kind: 'postgresql',
    configuration: beating,
    signs: { ...zombie, recordsIn: minutes([1, 1, 1, 1, 0, 0, 0, 0]), log: log({ newestLineAgo: 5, commitAgo: 290 }) },
    ...restart,
    verdict: 'dead',
    less: ago(60),
  },
  {
    what: 'a second, real death whose dead task left Connected at 0: it does not hide behind it',
    configuration: beating,
    signs: {
      ...zombie,
      connected: steady(0),
      recordsIn: minutes([1, 1, 1, 1, 0, 0, 0, 0]),
      log: log({ newestLineAgo: 5, commitAgo: 290 }),
    },
    background: remembered,
    verdict: 'dead',
    less: ago(3500),
  },
  {
    what: 'a second, real death: no task runs',
    signs: { ...silent, ...zombie, runningTasks: steady(0, 10) },
    background: remembered,
    verdict: 'dead',
    less: ago(3500),
  },
  {
    what: 'a second, real death: its task is in error',
    signs: { ...silent, ...zombie, erroredTasks: steady(1), runningTasks: steady(0) },
    background: remembered,
    verdict: 'dead',
    less: ago(3500),
  },
  {
    what: 'the living task is heard: its metrics are its own again, and its beat proves that it listens',
    signs: { ...silent, connected: steady(1), msSinceLastEvent: steady(20_000) },
    background: remembered,
    verdict: 'idle',
    less: false,
  },
  {
    what: 'a restarted task with metrics of its own, which dies: its clock counts',
    signs: { ...silent, connected: steady(1), msSinceLastEvent: clockOf(700) },
    ...restart,
    verdict: 'dead',
    less: false,
  },
  {
    what: 'a recreation gave it another worker: what is remembered of the old one is over',
    signs: { ...silent, connected: steady(1), msSinceLastEvent: clockOf(700) },
    background: { less: { of: `${arn}-before`, since: ago(300), lost: ['Connected'], remains: [] } },
    verdict: 'dead',
    less: false,
  },
  {
    what: 'a minute after the restart its predecessor’s names may yet be freed: nothing is lost so far',
    signs: { ...silent, msSinceLastEvent: clockOf(1000) },
    actedAt: ago(120),
    background: { newestTaskBeganAt: ago(180) },
    verdict: 'unknown',
    less: false,
  },
  {
    what: 'the new task may have heard it between the call and its end: whose it is nobody can say',
    signs: { ...silent, msSinceLastEvent: clockOf(625) },
    actedAt: ago(600),
    background: { newestTaskBeganAt: ago(660) },
    verdict: 'unknown',
    less: false,
  },
  {
    what: 'nobody watches its metrics: nothing is lost',
    signs: { ...flowing, log: log({ commitAgo: 20, newestLineAgo: 5, orphaned: true }) },
    ...restart,
    verdict: 'alive',
    less: false,
  },
];

function judge(row: Row): Verdict {
  const connector = live({ request: request(row.configuration ?? {}) });
  return diagnose(connector, signs(row.signs), policy({}, row.kind ?? 'mysql'), row.actedAt, row.background);
}

describe('metrics of a dead task that stand beside a living one', () => {
  it.each(rows)('$what: $verdict', (row) => {
    const seen = judge(row);
    expect(seen.kind).toBe(row.verdict);
    expect(seen.watchedWithLess?.since ?? false).toBe(row.less);
  });

  it('the verdict names what is lost and what remains', () => {
    const seen = judge({
      what: '',
      kind: 'postgresql',
      configuration: beating,
      signs: { ...flowing, ...zombie, runningTasks: steady(1), erroredTasks: steady(0) },
      ...restart,
      verdict: 'alive',
      less: false,
    });
    expect(seen.watchedWithLess).toEqual({
      of: arn,
      since: ago(60),
      lost: ['Connected', 'MilliSecondsSinceLastEvent'],
      remains: [
        'the rate of records',
        'offset commits in the worker log',
        'its heartbeat record, due every 10 s',
        'the count of running tasks',
        'the count of tasks in error',
      ],
    });
  });

  it('its evidence says of whom the values are', () => {
    const seen = judge({
      what: '',
      signs: { ...silent, ...zombie },
      background: remembered,
      verdict: 'unknown',
      less: false,
    });
    expect(seen.evidence.filter(({ source }) => source === 'Connected' || source === 'event clock')).toEqual([
      {
        source: 'event clock',
        seen: 'no event of the source counted since its tasks began; what shows may be the value of the task before them',
        says: 'nothing',
      },
      {
        source: 'Connected',
        seen: `what shows is the value of a task that is gone, since ${ago(3500)}`,
        says: 'nothing',
      },
    ]);
  });
});
