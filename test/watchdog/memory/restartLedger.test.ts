import { describe, expect, test } from 'vitest';
import type { RestartHow } from '../../../recovery/ports.ts';
import type { StatesSeen } from '../../../watchdog/memory/connectorMemory.ts';
import { RestartLedger } from '../../../watchdog/memory/restartLedger.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8) + 1000 * seconds).toISOString();

type Task = StatesSeen['tasks'][number];

/** Its instance and its tasks, as `RUNNING FAILED`; tasks are on worker `one:8083` unless another is said, as `RUNNING@two`. */
function states(instance: string, tasks: string): StatesSeen {
  return {
    name: 'orders',
    type: 'source',
    state: instance as StatesSeen['state'],
    worker: 'one:8083',
    tasks: tasks
      .split(' ')
      .filter((task) => task !== '')
      .map((task, id): Task => {
        const [state = '', worker = 'one'] = task.split('@');
        const trace = state === 'FAILED' ? { trace: 'it failed' } : {};
        return { id, state: state as Task['state'], worker: `${worker}:8083`, ...trace };
      }),
  };
}

interface Seen {
  readonly after: number;
  readonly states: StatesSeen;
  readonly silent?: readonly string[];
}

function stateAfter(how: RestartHow, before: StatesSeen, seen: readonly Seen[]): string | undefined {
  const ledger = new RestartLedger();
  ledger.begin('op', how, before, at(0));
  for (const one of seen) ledger.see(one.states, at(one.after), new Set(one.silent));
  return ledger.operations[0]?.state;
}

const runs = states('RUNNING', 'RUNNING RUNNING');
const oneFailed = states('RUNNING', 'RUNNING FAILED');
const failedTasks: RestartHow = { onlyFailedTasks: true, tasks: [1] };
const whole: RestartHow = { onlyFailedTasks: false };
const stop: RestartHow = { onlyFailedTasks: false, by: 'stop-and-resume' };
const replace: RestartHow = { onlyFailedTasks: false, by: 'replace-worker', worker: 'one:8083' };

describe('what became of a restart', () => {
  test.each<{
    readonly what: string;
    readonly how: RestartHow;
    readonly before: StatesSeen;
    readonly seen: readonly Seen[];
    readonly state: string;
  }>([
    { what: 'nothing seen yet', how: whole, before: runs, seen: [], state: 'in-progress' },
    {
      what: 'a failed task runs',
      how: failedTasks,
      before: oneFailed,
      seen: [{ after: 2, states: runs }],
      state: 'complete',
    },
    {
      what: 'a failed task is as it was',
      how: failedTasks,
      before: oneFailed,
      seen: [{ after: 9, states: oneFailed }],
      state: 'in-progress',
    },
    {
      what: 'a failed task failed again',
      how: failedTasks,
      before: oneFailed,
      seen: [{ after: 31, states: oneFailed }],
      state: 'complete',
    },
    {
      what: 'a failed task is being begun',
      how: failedTasks,
      before: oneFailed,
      seen: [{ after: 31, states: states('RUNNING', 'RUNNING RESTARTING') }],
      state: 'in-progress',
    },
    {
      what: 'another task’s state says nothing of it',
      how: failedTasks,
      before: oneFailed,
      seen: [{ after: 31, states: states('RUNNING', 'RESTARTING RUNNING') }],
      state: 'complete',
    },
    {
      what: 'what ran may not have been stopped yet',
      how: whole,
      before: runs,
      seen: [{ after: 5, states: runs }],
      state: 'in-progress',
    },
    {
      what: 'what ran, and runs after the time to stop it',
      how: whole,
      before: runs,
      seen: [{ after: 11, states: runs }],
      state: 'complete',
    },
    {
      what: 'what ran was seen on its way',
      how: whole,
      before: runs,
      seen: [
        { after: 2, states: states('RUNNING', 'RUNNING RESTARTING') },
        { after: 4, states: runs },
      ],
      state: 'complete',
    },
    {
      what: 'a stop that is not seen yet',
      how: stop,
      before: runs,
      seen: [{ after: 60, states: runs }],
      state: 'in-progress',
    },
    {
      what: 'stopped',
      how: stop,
      before: runs,
      seen: [{ after: 60, states: states('STOPPED', '') }],
      state: 'in-progress',
    },
    {
      what: 'resumed, without tasks yet',
      how: stop,
      before: runs,
      seen: [
        { after: 5, states: states('STOPPED', '') },
        { after: 9, states: states('RUNNING', '') },
      ],
      state: 'in-progress',
    },
    {
      what: 'resumed, with its tasks',
      how: stop,
      before: runs,
      seen: [
        { after: 5, states: states('STOPPED', '') },
        { after: 9, states: runs },
      ],
      state: 'complete',
    },
    {
      what: 'the worker is gone',
      how: replace,
      before: runs,
      seen: [{ after: 9, states: runs, silent: ['one:8083'] }],
      state: 'in-progress',
    },
    {
      what: 'the worker is back',
      how: replace,
      before: runs,
      seen: [
        { after: 9, states: runs, silent: ['one:8083'] },
        { after: 20, states: runs },
      ],
      state: 'complete',
    },
    {
      what: 'its tasks have moved, its instance too',
      how: replace,
      before: runs,
      seen: [
        {
          after: 20,
          states: { ...states('RUNNING', 'RUNNING@two RUNNING@two'), worker: 'two:8083' },
          silent: ['one:8083'],
        },
      ],
      state: 'complete',
    },
    {
      what: 'its tasks have no worker yet',
      how: replace,
      before: runs,
      seen: [{ after: 90, states: { ...states('RUNNING', 'UNASSIGNED@two RUNNING@two'), worker: 'two:8083' } }],
      state: 'in-progress',
    },
  ])('$what: $state', ({ how, before, seen, state }) => {
    expect(stateAfter(how, before, seen)).toBe(state);
  });

  test('what is seen of the moment before is none of its doing', () => {
    expect(stateAfter(failedTasks, oneFailed, [{ after: 0, states: runs }])).toBe('in-progress');
  });

  test('the newest come first, and few are kept', () => {
    const ledger = new RestartLedger();
    for (let index = 1; index <= 9; index += 1) ledger.begin(`op-${index}`, whole, runs, at(index));

    expect(ledger.operations.map(({ arn }) => arn)).toEqual(['op-9', 'op-8', 'op-7', 'op-6', 'op-5']);
  });
});
