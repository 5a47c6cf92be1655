import { describe, expect, test } from 'vitest';
import type { LiveConnector } from '../../recovery/connector.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Signs } from '../../recovery/signs.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, steady } from './examples.ts';
import { selfLive, selfPolicy, selfSigns, stands, stuck, task, waits } from './selfManagedExamples.ts';

const bug = 'java.lang.NullPointerException\n\tat com.example.Task.put(Task.java:1)';
const refused =
  'org.apache.kafka.connect.errors.ConnectException: An exception occurred\n\tat x\nCaused by: java.net.ConnectException: Connection refused';

interface Case {
  readonly what: string;
  readonly signs: Signs;
  readonly kind?: Policy['kind'];
  readonly connector?: Partial<LiveConnector>;
  readonly configuration?: Record<string, string>;
  readonly policy?: Partial<Policy>;
  readonly actedAgo?: number;
  readonly verdict: Verdict['kind'];
  readonly dead?: readonly number[];
  readonly says?: string;
}

function judged(one: Case): Verdict {
  const connector = selfLive(one.connector, one.configuration);
  return diagnose(
    connector,
    one.signs,
    selfPolicy(one.policy, one.kind ?? 'sink'),
    one.actedAgo === undefined ? undefined : ago(one.actedAgo),
  );
}

function check(cases: readonly Case[]) {
  test.each(cases)('$what: $verdict', (one) => {
    const verdict = judged(one);
    expect([verdict.kind, verdict.deadTasks]).toEqual([one.verdict, one.dead]);
    expect(verdict.because).toContain(one.says ?? '');
  });
}

describe('a task that says RUNNING and is dead', () => {
  check([
    {
      what: 'one of two takes nothing while ever more records wait for it',
      signs: selfSigns([task(0, { position: stands(5), waiting: waits(20, 0, 3) }), stuck(1)]),
      verdict: 'partial',
      dead: [1],
      says: '1 of 2 tasks is dead: task 1 says RUNNING on w1:8083, but has taken none of the 96 records that wait for it, 95 more than 3 min 10 s ago',
    },
    { what: 'the only task', signs: selfSigns([stuck(0)]), verdict: 'dead', dead: [0], says: 'Its only task is dead' },
    {
      what: 'its offsets have stood still for less than a sign of life may be old',
      signs: selfSigns([stuck(0, 100)]),
      verdict: 'alive',
    },
    {
      what: 'a worker that commits every 90 s: nothing stands still before two commits are missing',
      signs: selfSigns([stuck(0, 170)], {}),
      policy: { evidence: { livelySeconds: 120, missedBeats: 3, learnQuiet: false, flushSeconds: 90 } },
      verdict: 'unknown',
    },
    {
      what: 'records wait, but not more of them (markers of transactions are never read)',
      signs: selfSigns([task(0, { position: stands(900), waiting: waits(90, 0, 2) })]),
      verdict: 'unknown',
    },
    {
      what: 'idle for ten minutes, and the first records came half a minute ago',
      signs: selfSigns([
        task(0, {
          position: stands(600),
          waiting: {
            kind: 'read',
            samples: [400, 200, 60, 30, 20, 10, 0].map((seconds) => ({
              from: ago(seconds),
              to: ago(seconds),
              value: seconds > 30 ? 0 : 40 - seconds,
            })),
          },
        }),
      ]),
      verdict: 'unknown',
    },
    {
      what: 'its rate says that it takes records, which it will commit later',
      signs: selfSigns([stuck(0, 200, { recordsIn: steady(5, 10) })]),
      verdict: 'unknown',
    },
    {
      what: 'its offsets were last read two minutes ago: nobody knows of the present',
      signs: selfSigns([stuck(0, 300, { position: stands(300, { readAt: ago(120) }) })]),
      verdict: 'unknown',
    },
    {
      what: 'its offsets have been watched for a minute only',
      signs: selfSigns([stuck(0, 300, { position: { kind: 'read', since: ago(60), readAt: ago(0) } })]),
      verdict: 'unknown',
    },
    {
      what: 'it has been on this worker for a minute only',
      signs: selfSigns([stuck(0, 300, { since: ago(60) })]),
      verdict: 'unknown',
    },
    {
      what: 'one is dead and one FAILED: both of three',
      signs: selfSigns([task(0), stuck(1), task(2, { state: 'FAILED', trace: bug })]),
      verdict: 'partial',
      dead: [1, 2],
      says: '2 of 3 tasks are dead',
    },
  ]);
});

describe('a FAILED task', () => {
  check([
    {
      what: 'one of three: it alone is dead, and its trace is told',
      signs: selfSigns([task(0), task(1, { state: 'FAILED', trace: bug, since: ago(20) }), task(2)]),
      verdict: 'partial',
      dead: [1],
      says: 'task 1 is FAILED: java.lang.NullPointerException',
    },
    {
      what: 'while the others move records',
      signs: selfSigns([task(0), task(1, { state: 'FAILED' })], { position: stands(5) }),
      verdict: 'partial',
      dead: [1],
    },
    {
      what: 'every one of them',
      signs: selfSigns([task(0, { state: 'FAILED', trace: bug }), task(1, { state: 'FAILED', trace: bug })]),
      verdict: 'dead',
      dead: [0, 1],
      says: 'Every task (2) is dead',
    },
    {
      what: 'of a source out of reach, and nobody tries any more',
      signs: selfSigns([task(0, { state: 'FAILED', trace: refused })]),
      verdict: 'elsewhere',
      dead: [0],
      says: 'could not be reached',
    },
    {
      what: 'one out of reach and one of a bug: the bug is restarted',
      signs: selfSigns([task(0, { state: 'FAILED', trace: refused }), task(1, { state: 'FAILED', trace: bug })]),
      verdict: 'dead',
      dead: [1],
    },
    {
      what: 'of a position that its source no longer has',
      signs: selfSigns([
        task(0, {
          state: 'FAILED',
          trace: 'DebeziumException: Reconfigure the connector to use a snapshot when needed.',
        }),
      ]),
      verdict: 'elsewhere',
      says: 'no longer has the log',
    },
    {
      what: 'the connector itself is FAILED while its tasks run',
      connector: { state: 'FAILED', stateReason: bug, stateSince: ago(30) },
      signs: selfSigns([task(0), task(1)]),
      verdict: 'partial',
      dead: [],
      says: '2 of 2 tasks still run',
    },
    {
      what: 'the connector itself and all its tasks',
      connector: { state: 'FAILED', stateReason: bug, stateSince: ago(30) },
      signs: selfSigns([task(0, { state: 'FAILED', trace: bug })]),
      verdict: 'dead',
      dead: [0],
    },
    {
      what: 'the connector itself could not reach its source',
      connector: { state: 'FAILED', stateReason: refused, stateSince: ago(30) },
      signs: selfSigns([]),
      verdict: 'elsewhere',
      dead: [],
    },
  ]);

  test('one that could not reach its source says when nobody tried any more', () => {
    const verdict = judged({
      what: '',
      signs: selfSigns([task(0, { state: 'FAILED', trace: refused, since: ago(77) })]),
      verdict: 'elsewhere',
    });
    expect(verdict.diedUnconnectedAt).toBe(ago(77));
  });
});

describe('a task that no worker has', () => {
  check([
    {
      what: 'for two minutes, as in a rebalance: nothing is due',
      signs: selfSigns([task(0, { state: 'UNASSIGNED', since: ago(120) }), stuck(1, 100)]),
      verdict: 'alive',
    },
    {
      what: 'for two minutes, alone',
      signs: selfSigns([task(0, { state: 'UNASSIGNED', since: ago(120) })], { position: stands(900) }),
      verdict: 'unknown',
    },
    {
      what: 'for longer than a rebalance may take: people are told, and no restart would reach it',
      signs: selfSigns([task(0), task(1, { state: 'UNASSIGNED', since: ago(331) })], { position: stands(5) }),
      verdict: 'elsewhere',
      says: 'No worker has taken up 1 of 2 tasks',
    },
    {
      what: 'RESTARTING for as long',
      signs: selfSigns([task(0, { state: 'RESTARTING', since: ago(400) })]),
      verdict: 'elsewhere',
      says: 'task 0 is RESTARTING for 6 min 40 s',
    },
    {
      what: 'the connector itself, for as long, though its tasks run',
      connector: { state: 'UNASSIGNED', stateSince: ago(400) },
      signs: selfSigns([task(0)], { position: stands(5) }),
      verdict: 'elsewhere',
      says: 'No worker has taken up the connector',
    },
    {
      what: 'the connector itself, for a minute: its tasks run on',
      connector: { state: 'UNASSIGNED', stateSince: ago(60) },
      signs: selfSigns([task(0)], { position: stands(5) }),
      verdict: 'alive',
    },
    {
      what: 'there is no task at all, for an hour',
      connector: { stateSince: ago(3600) },
      signs: selfSigns([]),
      verdict: 'unknown',
      says: 'It has no task',
    },
  ]);

  test('what is between two workers is waited for, and no proof counts meanwhile', () => {
    const verdict = judged({
      what: '',
      kind: 'mysql',
      configuration: { 'heartbeat.interval.ms': '5000' },
      signs: selfSigns([task(0, { state: 'UNASSIGNED', since: ago(30) })], {
        recordsIn: steady(0, 15),
        msSinceLastEvent: steady(400_000, 15),
      }),
      verdict: 'unknown',
    });
    expect([verdict.kind, verdict.ripens?.because]).toEqual([
      'unknown',
      'task 0 is UNASSIGNED for 30 s, as in a rebalance, which takes 5 min by default',
    ]);
  });
});

const writes = { 'heartbeat.interval.ms': '10000', 'heartbeat.action.query': 'UPDATE beat SET at = NOW()' };
const reads = { 'heartbeat.interval.ms': '10000', 'heartbeat.action.query': 'SELECT 1' };
const often = { livelySeconds: 40, missedBeats: 3, learnQuiet: false, flushSeconds: 10 };

describe('a source whose committed offsets stand still', () => {
  check([
    {
      what: 'though its heartbeat writes, which moves them (PostgreSQL): three beats, each a flush at least',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0)], { position: stands(181) }),
      verdict: 'dead',
      dead: [0],
      says: 'no heartbeat record for 3 min 1 s, where one is due every 10 s',
    },
    {
      what: 'for one beat less',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0)], { position: stands(170) }),
      verdict: 'unknown',
    },
    {
      what: 'on a worker that commits every 10 s it is known sooner',
      kind: 'postgresql',
      configuration: writes,
      policy: { evidence: often },
      signs: selfSigns([task(0)], { position: stands(45) }),
      verdict: 'dead',
      dead: [0],
    },
    {
      what: 'a MySQL source beats no more often than its database does',
      kind: 'mysql',
      configuration: writes,
      policy: { evidence: often },
      signs: selfSigns([task(0)], { position: stands(120) }),
      verdict: 'unknown',
    },
    {
      what: 'of an idle database with a heartbeat that writes nothing: it commits the same offsets again, so nobody knows',
      kind: 'postgresql',
      configuration: { 'heartbeat.interval.ms': '10000' },
      signs: selfSigns([task(0)], { position: stands(3000) }),
      verdict: 'unknown',
    },
    {
      what: 'the same with a query that only reads',
      kind: 'mysql',
      configuration: reads,
      signs: selfSigns([task(0)], { position: stands(3000) }),
      verdict: 'unknown',
    },
    {
      what: 'the rate of its worker says that heartbeats are polled',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0)], { position: stands(400), recordsIn: steady(0.1, 15) }),
      verdict: 'alive',
    },
    {
      what: 'for longer than its owner says that records may be missing',
      kind: 'other-source',
      policy: { evidence: { ...often, recordsAtLeastEverySeconds: 300 } },
      signs: selfSigns([task(0)], { position: stands(311) }),
      verdict: 'dead',
      dead: [0],
      says: 'where its owner says that a record comes at least every 5 min',
    },
    {
      what: 'for no longer than that and a commit',
      kind: 'other-source',
      policy: { evidence: { ...often, recordsAtLeastEverySeconds: 300 } },
      signs: selfSigns([task(0)], { position: stands(309) }),
      verdict: 'unknown',
    },
    {
      what: 'but were read without a gap for a minute only',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0)], { position: { kind: 'read', since: ago(60), readAt: ago(0) } }),
      verdict: 'unknown',
    },
    {
      what: 'as far as they were last read, two minutes ago',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0)], { position: stands(500, { readAt: ago(120) }) }),
      verdict: 'unknown',
    },
    {
      what: 'since its task was seen to begin a minute ago',
      kind: 'postgresql',
      configuration: writes,
      signs: selfSigns([task(0, { begunAt: ago(60), since: ago(60) })], { position: stands(500) }),
      actedAgo: 60,
      verdict: 'unknown',
    },
    {
      what: 'and moved a moment ago',
      kind: 'postgresql',
      signs: selfSigns([task(0)], { position: stands(8) }),
      verdict: 'alive',
      says: 'Records moved 8 s ago',
    },
  ]);
});

describe('a sink whose tasks nobody could tell apart', () => {
  check([
    {
      what: 'its lag grows while its committed offsets stand still',
      signs: selfSigns([task(0)], { position: stands(400), lag: waits(40, 2) }),
      verdict: 'dead',
      dead: [0],
      says: 'none was read',
    },
    {
      what: 'its lag grows while they move',
      signs: selfSigns([task(0)], { position: stands(5), lag: waits(40, 2) }),
      verdict: 'alive',
    },
  ]);
});

describe('what is alive is not yet every task', () => {
  test('a task for which records wait and that has taken none since it was restarted is named', () => {
    const verdict = judged({
      what: '',
      signs: selfSigns(
        [
          task(0, { position: stands(5), waiting: waits(2, 0, 4) }),
          task(1, { position: { kind: 'read', since: ago(20), readAt: ago(0) }, waiting: waits(2, 1, 4) }),
          task(2, { position: { kind: 'read', since: ago(20), readAt: ago(0) }, waiting: waits(2, 0, 0) }),
        ],
        { position: stands(5) },
      ),
      verdict: 'alive',
    });
    expect([verdict.kind, verdict.unprovedTasks]).toEqual(['alive', [1]]);
  });

  test.each([
    ['since the restart', 60, [2]],
    ['and nothing was done', undefined, undefined],
  ] as const)('a task that has taken nothing is named, though nothing waits for it: %s', (_when, actedAgo, unseen) => {
    const verdict = judged({
      what: '',
      ...(actedAgo === undefined ? {} : { actedAgo }),
      signs: selfSigns(
        [
          task(0, { position: stands(5), waiting: waits(2, 0, 4) }),
          task(1, { position: { kind: 'read', since: ago(20), readAt: ago(0) }, waiting: waits(2, 1, 4) }),
          task(2, { position: { kind: 'read', since: ago(20), readAt: ago(0) }, waiting: waits(2, 0, 0) }),
        ],
        { position: stands(5), lag: waits(2, 1, 4) },
      ),
      verdict: 'alive',
    });
    expect([verdict.kind, verdict.unprovedTasks, verdict.unseenTasks]).toEqual(['alive', [1], unseen]);
  });
});
