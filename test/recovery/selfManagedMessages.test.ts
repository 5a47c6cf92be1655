import { describe, expect, test } from 'vitest';
import type { RestartAct } from '../../recovery/journal.ts';
import { deed, restartWords } from '../../recovery/messageParts.ts';
import { at } from './examples.ts';
import { selfArn, selfPolicy } from './selfManagedExamples.ts';
import { SelfManagedWorld } from './selfManagedWorld.ts';

const noon = at(0);
const act = (changes: Partial<RestartAct>): RestartAct => ({
  kind: 'restart',
  intendedAt: noon,
  arn: selfArn,
  onlyFailedTasks: false,
  endedAt: at(20),
  result: 'complete',
  ...changes,
});

describe('each rung of the ladder in a person’s words', () => {
  test.each([
    [{}, 'restart', 'the restart'],
    [{ tasks: [0, 1] }, 'restart', 'the restart'],
    [{ onlyFailedTasks: true }, 'restart of the failed tasks', 'the restart'],
    [{ onlyFailedTasks: true, tasks: [2] }, 'restart of task 2', 'the restart of task 2'],
    [{ onlyFailedTasks: true, tasks: [0, 2] }, 'restart of tasks 0, 2', 'the restart of tasks 0, 2'],
    [{ by: 'stop-and-resume' }, 'stop, to be resumed', 'the stop and resume'],
    [{ by: 'stop-and-resume', resumes: { times: 1, lastAt: noon } }, 'stop and resume', 'the stop and resume'],
    [
      { by: 'replace-worker', worker: 'w0:8083' },
      'replacement of the worker process w0:8083',
      "the replacement of its worker's process",
    ],
  ] as const)('%o: %s', (changes, line, words) => {
    expect([deed(act(changes)), restartWords(act(changes))]).toEqual([`${noon} ${line}: complete after 20 s`, words]);
  });
});

test('it was the watchdog that looked, and no sweep', async () => {
  const world = new SelfManagedWorld(['stuck']);
  await world.watch(600, { policy: selfPolicy({}, 'sink') });
  expect(world.told[0]?.text).toContain('the watchdog looked at it: a task of it is dead.');
});

test('whoever wants more than the limit allows reads what to ask for', async () => {
  const world = new SelfManagedWorld(['stuck']);
  const limits = { ...selfPolicy().limits, recoveriesPerDay: 0 };
  await world.watch(600, { policy: selfPolicy({ limits }, 'sink') });
  expect(world.told[0]?.text).toContain(
    'To restart its failed tasks all the same: order {"connector":"orders-cdc","remedy":"restart-failed-tasks","who":"your name"}',
  );
});
