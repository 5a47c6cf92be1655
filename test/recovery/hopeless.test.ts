import { describe, expect, test } from 'vitest';
import type { Ended } from '../../recovery/recover.ts';
import { selfPolicy } from './selfManagedExamples.ts';
import { Killed, SelfManagedWorld, unanswered } from './selfManagedWorld.ts';

const policy = selfPolicy({}, 'sink');
const denied = {
  trace:
    "org.apache.kafka.connect.errors.ConnectException: This connector will be stopped.\n\tat x.Y.z(Y.java:1)\nCaused by: java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7' (using password: YES)",
};
const bug = { trace: 'java.lang.NullPointerException\n\tat com.example.Task.put(Task.java:1)' };
const refused = { trace: 'x\nCaused by: java.net.ConnectException: Connection refused' };
const person = (remedy?: 'restart') =>
  ({ kind: 'person', connector: 'orders-cdc', who: 'anna', dryRun: false, ...(remedy && { remedy }) }) as const;

const what = (world: SelfManagedWorld) => world.done.map((deed) => deed.what);
const outcomes = (ends: readonly Ended[]) =>
  ends.flatMap((ended) => (ended.kind === 'finished' ? [ended.outcome.kind] : []));
const never = () => false;

describe('what no restart cures', () => {
  test('is told at once with its trace, once, and is not restarted', async () => {
    const world = new SelfManagedWorld([denied]);
    await world.watch(3600, { policy, until: never });
    expect([what(world), world.told.length]).toEqual([[], 1]);
    const [told] = world.told;
    expect([told?.at, told?.subject]).toEqual([
      0,
      '[connector-recovery] orders-cdc: dead, and no restart cures it: see its trace',
    ]);
    expect(told?.text).toContain(
      "No restart cures it. Its credentials are refused: give it valid ones. It says: org.apache.kafka.connect.errors.ConnectException: This connector will be stopped. | Caused by: java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7' (using password: YES)",
    );
    expect(told?.text).toContain(
      'Once it is mended, restart it: order {"connector":"orders-cdc","remedy":"restart-failed-tasks"',
    );
  });

  test('another task of it that died of something else is restarted alone', async () => {
    const world = new SelfManagedWorld([denied, bug]);
    const ends = await world.watch(900, { policy });
    expect([what(world), outcomes(ends)]).toEqual([['restart task 1'], ['refused']]);
  });

  test.each([undefined, 'restart'] as const)('a person who asks for it (%s) gets it tried', async (remedy) => {
    const world = new SelfManagedWorld([denied]);
    await world.watch(30, { policy });
    const ends = await world.watch(900, { policy, trigger: person(remedy) });
    expect([what(world).length, outcomes(ends)]).toEqual([1, ['recovered']]);
  });

  test('with another configuration it is tried once, and told again where that did not help', async () => {
    const world = new SelfManagedWorld([denied]);
    world.cure = 'nothing';
    await world.watch(30, { policy });
    world.version = 'config-2';
    await world.watch(3600, { policy, until: never });
    expect([what(world), world.told.length]).toEqual([['restart task 0'], 2]);
    expect(world.journal?.incurable?.version).toBe('config-2');
  });

  test('is forgotten once it lives', async () => {
    const world = new SelfManagedWorld([denied]);
    await world.watch(30, { policy });
    for (const task of world.tasks) Object.assign(task, { life: 'moves', state: 'RUNNING', sinceMs: world.nowMs });
    world.moveTo(world.nowMs + 60_000);
    await world.watch(30, { policy });
    expect([world.journal?.incurable, world.told.at(-1)?.subject]).toEqual([
      undefined,
      '[connector-recovery] orders-cdc: alive again without our doing',
    ]);
  });
});

describe('what it reads from or writes to is out of reach', () => {
  test('its dead task is restarted to find out, not before it had its time, and with growing pauses', async () => {
    const world = new SelfManagedWorld([refused]);
    world.cure = 'nothing';
    for (const task of world.tasks) task.sinceMs = world.nowMs;
    await world.watch(1000, { policy, until: never });
    const [first = 0] = world.done.map(({ at }) => at);
    expect([new Set(what(world)), first >= 270, world.done.length < 8]).toEqual([
      new Set(['restart task 0']),
      true,
      true,
    ]);
  });

  test('no harsher remedy is taken for it', async () => {
    const world = new SelfManagedWorld([refused]);
    world.cure = 'nothing';
    const only = selfPolicy({ remedies: ['stop-and-resume', 'replace-worker'] }, 'sink');
    await world.watch(3600, { policy: only, until: never });
    expect(what(world)).toEqual([]);
  });

  test('the others of its tasks go on meanwhile', async () => {
    const world = new SelfManagedWorld(['moves', refused]);
    const ends = await world.watch(3600, {
      policy,
      until: (ended) => ended.kind === 'finished' && ended.outcome.kind === 'recovered',
    });
    expect([what(world), outcomes(ends).at(-1)]).toEqual([['restart task 1'], 'recovered']);
  });
});

describe('a restart is not waited for in vain, and not done twice', () => {
  const cases = [
    { life: bug, call: 'before', does: ['restart task 0'] },
    { life: bug, call: 'after', does: ['restart task 0'] },
    { life: 'stuck', call: 'after', does: ['restart task 0'] },
  ] as const;

  test.each(cases)('the process dies $call the call for a task that is $life: $does', async ({ life, call, does }) => {
    const world = new SelfManagedWorld([life]);
    let isOver = false;
    world.fault = (_call, when) => {
      if (isOver || when !== call) return;
      isOver = true;
      throw new Killed('killed');
    };
    await world.watch(1800, { policy, until: (ended) => ended.kind === 'finished' });
    expect([what(world), world.journal?.history[0]?.outcome]).toEqual([does, 'recovered']);
  });

  test('an answer that was lost: what is seen a minute later says whether it happened', async () => {
    const world = new SelfManagedWorld([bug]);
    let isOver = false;
    world.fault = (_call, when) => {
      if (isOver || when !== 'after') return;
      isOver = true;
      world.forget();
      unanswered();
    };
    await world.watch(600, { policy });
    expect(what(world)).toEqual(['restart task 0']);
    expect(world.told[0]?.at ?? Infinity).toBeLessThan(120);
  });

  test('a worker that was replaced is waited for as long as its tasks stand on the old one', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.cure = 'worker';
    world.loads = [{ worker: 'w0', others: [] }];
    const only = selfPolicy({ remedies: ['replace-worker'] }, 'sink');
    world.after(20, () => world.forget());
    const ends = await world.watch(900, { policy: only });
    const act = world.journal?.history[0];
    expect([what(world), outcomes(ends), act?.acts]).toEqual([['replace w0'], ['recovered'], ['restart']]);
    expect(world.told[0]?.text).toContain('replacement of the worker process w0: complete after');
  });
});
