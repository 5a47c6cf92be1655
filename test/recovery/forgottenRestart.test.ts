import { describe, expect, test } from 'vitest';
import type { LiveConnector } from '../../recovery/connector.ts';
import type { RestartAct } from '../../recovery/journal.ts';
import { settle } from '../../recovery/settle.ts';
import { ago, at, recovery } from './examples.ts';
import { running, selfArn, selfLive, selfPolicy } from './selfManagedExamples.ts';

const resumed = { by: 'stop-and-resume', operationArn: 'op', stoppedAt: ago(90) } as const;
const accepted = (lastAgo: number) => ({ times: 1, lastAt: ago(lastAgo), acceptedAt: ago(lastAgo) });

/** What becomes of an act of ours that began so long ago, when the connector is seen so and no operation of it is shown. */
const cases: readonly {
  readonly what: string;
  readonly began: number;
  readonly act?: Partial<RestartAct>;
  readonly live?: Partial<LiveConnector>;
  readonly result: RestartAct['result'];
}[] = [
  { what: 'a moment ago: nobody knows yet', began: 59, act: { operationArn: 'op' }, result: undefined },
  { what: 'a minute ago, and everything runs', began: 60, act: { operationArn: 'op' }, result: 'complete' },
  {
    what: 'a minute ago, and a task is still between two workers',
    began: 60,
    act: { operationArn: 'op' },
    live: { tasks: [running(0, { state: 'RESTARTING' })] },
    result: undefined,
  },
  {
    what: 'for as long as a restart may take, and it still is',
    began: 300,
    act: { operationArn: 'op' },
    live: { tasks: [running(0, { state: 'UNASSIGNED' })] },
    result: 'timed-out',
  },
  {
    what: 'its answer was lost, and what it was for is FAILED as before',
    began: 60,
    act: { tasks: [0] },
    live: { tasks: [running(0, { state: 'FAILED' })] },
    result: 'not-carried-out',
  },
  {
    what: 'its answer was lost, and another task is FAILED',
    began: 60,
    act: { tasks: [0] },
    live: { tasks: [running(0), running(1, { state: 'FAILED' })] },
    result: 'complete',
  },
  {
    what: 'its answer is known, and it FAILED again',
    began: 60,
    act: { tasks: [0], operationArn: 'op' },
    live: { tasks: [running(0, { state: 'FAILED' })] },
    result: 'complete',
  },
  {
    what: 'its worker was replaced, and its tasks still stand there',
    began: 200,
    act: { by: 'replace-worker', worker: 'w0:8083', operationArn: 'op' },
    result: undefined,
  },
  {
    what: 'its worker was replaced, and its tasks run elsewhere',
    began: 100,
    act: { by: 'replace-worker', worker: 'w0:8083', operationArn: 'op' },
    live: { tasks: [running(0, { worker: 'w9:8083' })] },
    result: 'complete',
  },
  {
    what: 'its worker was replaced under the same name, a rebalance and more ago',
    began: 630,
    act: { by: 'replace-worker', worker: 'w0:8083', operationArn: 'op' },
    result: 'complete',
  },
  {
    what: 'its worker was replaced, and a rebalance may yet hand out its tasks',
    began: 500,
    act: { by: 'replace-worker', worker: 'w0:8083', operationArn: 'op' },
    live: { state: 'RUNNING', tasks: [running(0, { state: 'UNASSIGNED', worker: 'w1:8083' })] },
    result: undefined,
  },
  {
    what: 'it was stopped and resumed, and has no task yet',
    began: 100,
    act: { ...resumed, resumes: accepted(20) },
    live: { tasks: [] },
    result: undefined,
  },
  {
    what: 'it was stopped and resumed, and its tasks run',
    began: 100,
    act: { ...resumed, resumes: accepted(20) },
    result: 'complete',
  },
  {
    what: 'it was stopped and resumed, and has no task after as long as a restart may take',
    began: 400,
    act: { ...resumed, resumes: accepted(300) },
    live: { tasks: [] },
    result: 'timed-out',
  },
  {
    what: 'it was stopped, and the call to resume it was not accepted: what runs may be the old',
    began: 100,
    act: { by: 'stop-and-resume', operationArn: 'op', resumes: { times: 1, lastAt: ago(70), reason: 'no' } },
    result: undefined,
  },
];

describe('a restart of which no operation is shown', () => {
  test.each(cases)('$what: $result', ({ began, act, live, result }) => {
    const ours: RestartAct = { kind: 'restart', intendedAt: ago(began), arn: selfArn, onlyFailedTasks: false, ...act };
    const sighting = { kind: 'present', connector: selfLive(live) } as const;
    const settled = settle(recovery([ours]), sighting, at(0), selfPolicy());
    expect(settled.acts.map((each) => each.result)).toEqual([result]);
  });
});
