import { expect, test } from 'vitest';
import { judge } from '../../recovery/judge.ts';
import { ago, at, journal, recovery } from './examples.ts';
import { selfArn, selfLive, selfPolicy, selfSigns, stands, task } from './selfManagedExamples.ts';

test.each([
  ['a minute ago: what stood still before it says nothing of it', 60, 'unknown'],
  ['four minutes ago, and they have not moved since', 240, 'dead'],
] as const)('committed offsets stand still for an hour, and it was restarted %s', async (_what, endedAgo, kind) => {
  const connector = selfLive(
    {},
    { 'heartbeat.interval.ms': '10000', 'heartbeat.action.query': 'UPDATE beat SET at = NOW()' },
  );
  const under = recovery([
    {
      kind: 'restart',
      intendedAt: ago(endedAgo + 5),
      arn: selfArn,
      onlyFailedTasks: true,
      tasks: [0],
      endedAt: ago(endedAgo),
      result: 'complete',
    },
  ]);
  const ports = {
    signsOfLife: { look: async () => selfSigns([task(0)], { position: stands(3600) }) },
    past: { rates: async () => ({ kind: 'unreadable', reason: 'nobody keeps it' }) as const },
  };
  const policy = selfPolicy({}, 'postgresql');
  const verdict = await judge(ports, policy, connector, journal({ recovery: under }), under, at(0));
  expect(verdict.kind).toBe(kind);
});

test.each([
  ['between a reading before its restart ended and one after: by whom, nobody knows', 65, 'unknown'],
  ['between two readings since', 55, 'alive'],
] as const)('committed offsets moved %s', async (_what, movedAfterAgo, kind) => {
  const under = recovery([
    {
      kind: 'restart',
      intendedAt: ago(65),
      arn: selfArn,
      onlyFailedTasks: true,
      tasks: [0],
      endedAt: ago(60),
      result: 'complete',
    },
  ]);
  const position = stands(50, { movedAfter: ago(movedAfterAgo) });
  const ports = {
    signsOfLife: { look: async () => selfSigns([task(0)], { position }) },
    past: { rates: async () => ({ kind: 'unreadable', reason: 'nobody keeps it' }) as const },
  };
  const policy = selfPolicy({}, 'postgresql');
  const verdict = await judge(ports, policy, selfLive(), journal({ recovery: under }), under, at(0));
  expect(verdict.kind).toBe(kind);
});
