import { describe, expect, test } from 'vitest';
import type { Ended } from '../../recovery/recover.ts';
import { selfPolicy } from './selfManagedExamples.ts';
import { SelfManagedWorld } from './selfManagedWorld.ts';

const bug = 'java.lang.NullPointerException\n\tat com.example.Task.put(Task.java:1)';
const sink = (changes: Parameters<typeof selfPolicy>[0] = {}) => selfPolicy(changes, 'sink');

function outcomes(ends: readonly Ended[]): readonly string[] {
  return ends.flatMap((ended) => (ended.kind === 'finished' ? [ended.outcome.kind] : []));
}

const what = (world: SelfManagedWorld) => world.done.map((deed) => deed.what);

describe('the ladder, gentlest first', () => {
  test.each([
    { cure: 'task', lives: ['moves', 'stuck'], does: ['restart task 1'], ends: ['recovered'] },
    { cure: 'restart', lives: ['moves', 'stuck'], does: ['restart task 1', 'restart'], ends: ['recovered'] },
    {
      cure: 'stop',
      lives: ['moves', 'stuck'],
      does: ['restart task 1', 'restart', 'stop', 'resume'],
      ends: ['recovered'],
    },
    {
      cure: 'worker',
      lives: ['moves', 'stuck'],
      does: ['restart task 1', 'restart', 'stop', 'resume', 'replace w1'],
      ends: ['recovered'],
    },
    {
      cure: 'nothing',
      lives: ['stuck', 'stuck'],
      does: ['restart task 0,1', 'restart', 'stop', 'resume', 'replace w0'],
      ends: ['gave-up'],
    },
    // A FAILED task has given up its thread, and nobody interrupts the living for it.
    { cure: 'nothing', lives: ['moves', { trace: bug }], does: ['restart task 1'], ends: ['gave-up'] },
    { cure: 'task', lives: [{ trace: bug }, { trace: bug }], does: ['restart what FAILED'], ends: ['recovered'] },
    { cure: 'task', lives: [{ trace: bug }], does: ['restart task 0'], ends: ['recovered'] },
  ] as const)('$lives, cured by $cure: $does', async ({ cure, lives, does, ends }) => {
    const world = new SelfManagedWorld(lives);
    world.cure = cure;
    world.loads = [
      { worker: 'w0', others: [] },
      { worker: 'w1', others: [] },
    ];
    const ended = await world.watch(7200, { policy: sink() });
    expect([what(world), outcomes(ended)]).toEqual([does, ends]);
  });

  test('each rung needs a fresh proof, and the pauses between them grow', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.cure = 'nothing';
    world.loads = [{ worker: 'w0', others: [] }];
    await world.watch(7200, { policy: sink() });
    const at = world.done.filter(({ what: deed }) => deed !== 'resume').map((deed) => deed.at);
    const [first = 0, second = 0, third = 0, fourth = 0] = at;
    // An act of 5, 10 and 15 s, then a pause of 2, 6 and 12 min, and a look every 10 s.
    expect([first, second - first, third - second, fourth - third].map((seconds) => Math.round(seconds / 60))).toEqual([
      0, 2, 6, 12,
    ]);
  });

  test('what is FAILED is restarted at once; what is stuck may heal itself first', async () => {
    const failed = new SelfManagedWorld([{ trace: bug }]);
    const [task] = failed.tasks;
    if (task !== undefined) task.sinceMs = failed.nowMs - 5000;
    await failed.watch(600, { policy: sink() });
    expect(failed.done[0]).toEqual({ at: 0, what: 'restart task 0' });
  });

  test('a task that was restarted alone and takes nothing is not called recovered because the others do', async () => {
    const world = new SelfManagedWorld(['moves', 'stuck']);
    world.cured = 'rests';
    const ends = await world.watch(1200, { policy: sink() });
    expect(outcomes(ends)).toEqual(['acted-unproved']);
    expect(world.told.at(-1)?.text).toContain('task 1 took none of the records that wait for it');
    // That the others live is no news, and no end of it.
    await world.watch(200, { policy: sink(), until: () => false });
    expect([world.told.length, world.journal?.standing?.key]).toEqual([1, 'partial/acted-unproved']);
    for (const task of world.tasks) task.life = 'moves';
    await world.watch(60, { policy: sink() });
    expect([world.told.at(-1)?.subject, world.journal?.standing]).toEqual([
      '[connector-recovery] orders-cdc: back: data flows again',
      undefined,
    ]);
  });

  test('below Connect 3.0 a restart names every task, for it would leave them; stop and resume does not exist before 3.5', async () => {
    const world = new SelfManagedWorld(['moves', 'stuck']);
    world.cure = 'worker';
    world.loads = [{ worker: 'w1', others: [] }];
    await world.watch(7200, { policy: sink({ connectVersion: '2.7.1' }) });
    expect(what(world)).toEqual(['restart task 1', 'restart, and tasks 0,1', 'replace w1']);
  });

  test.each([
    ['3.4.0', false],
    ['3.5.0', true],
    ['4.0.0', true],
    ['7.4.1-ccs', false],
    ['7.5.0-ccs', true],
    ['8.0.0-ce', true],
    ['6.2.0-ccs', false],
    ['unknown', false],
  ])('of version %s, stop and resume is a rung: %s', async (connectVersion, isOne) => {
    const world = new SelfManagedWorld(['stuck']);
    world.cure = 'nothing';
    await world.watch(7200, { policy: sink({ connectVersion }) });
    expect(what(world).includes('stop')).toBe(isOne);
  });

  test('the connector itself FAILED while its tasks run: it alone is begun anew', async () => {
    const world = new SelfManagedWorld(['moves', 'moves']);
    world.state = 'FAILED';
    world.connectorTrace = bug;
    world.stateSinceMs = world.nowMs - 5000;
    await world.watch(600, { policy: sink() });
    expect(world.done).toEqual([{ at: 0, what: 'restart what FAILED' }]);
  });

  test('it is never recreated, even where the policy names it, nor is anything asked that only MSK Connect has', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.cure = 'nothing';
    await world.watch(7200, { policy: sink({ remedies: ['recreate', 'restart'] }) });
    expect(what(world)).toEqual(['restart']);
  });
});

describe('pauses and limits go on from one recovery to the next', () => {
  test('what dies again within the hour is tried after a growing pause', async () => {
    const world = new SelfManagedWorld(['stuck']);
    const starts: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      await world.watch(3000, {
        policy: sink(),
        until: (ended) => ended.kind === 'finished' && ended.outcome.kind === 'recovered',
      });
      starts.push(world.done.at(-1)?.at ?? 0);
      for (const task of world.tasks) {
        task.life = { trace: bug };
        task.state = 'FAILED';
        task.sinceMs = world.nowMs;
      }
    }
    const [first = 0, second = 0, third = 0] = starts;
    expect([second - first, third - second].map((seconds) => Math.round(seconds / 60))).toEqual([2, 6]);
  });

  test('an hour of health forgives it: the pauses begin anew', async () => {
    const world = new SelfManagedWorld(['stuck']);
    await world.watch(3000, { policy: sink() });
    world.moveTo(world.nowMs + 3_700_000);
    const diedAt = world.elapsed;
    world.cure = 'restart';
    for (const task of world.tasks)
      Object.assign(task, { life: { trace: bug }, state: 'FAILED', sinceMs: world.nowMs });
    await world.watch(1200, { policy: sink() });
    const minutes = world.done.slice(1).map((deed) => Math.round((deed.at - diedAt) / 60));
    expect(minutes).toEqual([0, 2]);
  });

  test('a day of it ends with a person', async () => {
    const world = new SelfManagedWorld([{ trace: bug }]);
    world.cure = 'nothing';
    const policy = sink({ remedies: ['restart-failed-tasks'], limits: { ...sink().limits, recoveriesPerDay: 3 } });
    const ends = await world.watch(3000, { policy, until: () => false });
    expect(what(world)).toHaveLength(3);
    expect(world.told.map(({ subject }) => subject)).toEqual(
      Array.from(
        { length: 3 },
        () => '[connector-recovery] orders-cdc: still dead after all that is allowed: a person is needed',
      ),
    );
    const last = ends.at(-1);
    expect(last?.kind === 'finished' ? last.outcome.reason : last).toContain('what keeps failing needs a person');
  });

  test('where a right is missing for the gentler rung, no harsher one is taken: nobody knows whether it would have helped', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.refuses = (_call, how) =>
      how?.onlyFailedTasks === true ? { kind: 'refused', code: 'Denied', reason: '403', denied: true } : undefined;
    const ends = await world.watch(3600, { policy: sink() });
    expect([what(world), outcomes(ends)]).toEqual([[], ['gave-up']]);
    expect(world.told[0]?.text).toContain('restart was refused: Denied: 403');
  });

  test('a call that was refused for a rebalance is no attempt', async () => {
    const world = new SelfManagedWorld(['stuck']);
    let refusals = 0;
    world.refuses = () => {
      refusals += 1;
      return refusals > 1 ? undefined : { kind: 'refused', code: 'Rebalancing', reason: '409', busy: true };
    };
    const ends = await world.watch(1200, { policy: sink() });
    expect([what(world), outcomes(ends)]).toEqual([['restart task 0'], ['recovered']]);
  });
});

describe('a rebalance that nobody sees but whoever asks', () => {
  const refuses = (world: SelfManagedWorld, seconds: number) => {
    const asked: number[] = [];
    world.refuses = () => {
      asked.push(world.elapsed);
      return world.elapsed < seconds ? { kind: 'refused', code: 'Rebalancing', reason: '409', busy: true } : undefined;
    };
    return asked;
  };

  test('is asked again at every poll, counts as no attempt and is told to nobody', async () => {
    const world = new SelfManagedWorld(['stuck']);
    const asked = refuses(world, 200);
    const ends = await world.watch(1200, { policy: sink() });
    expect([what(world), outcomes(ends)]).toEqual([['restart task 0'], ['recovered']]);
    expect(asked.length).toBeLessThanOrEqual(22);
    expect(world.done[0]?.at).toBeLessThanOrEqual(220);
    expect(world.told.map(({ subject }) => subject)).toEqual([
      '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    ]);
  });

  test('that lasts longer than one may take is a person’s, and nothing harsher is tried', async () => {
    const world = new SelfManagedWorld(['stuck']);
    const asked = refuses(world, 7200);
    const ends = await world.watch(1200, { policy: sink() });
    expect([what(world), outcomes(ends)]).toEqual([[], ['gave-up']]);
    expect(asked.at(-1)).toBeGreaterThan(300);
    expect(asked.at(-1)).toBeLessThan(400);
    expect(world.told[0]?.text).toContain('restart was refused: Rebalancing: 409');
  });

  test('keeps nobody from what he asked for', async () => {
    const world = new SelfManagedWorld(['moves']);
    refuses(world, 60);
    const trigger = { kind: 'person', connector: 'orders-cdc', who: 'anna', remedy: 'restart', dryRun: false } as const;
    const ends = await world.watch(600, { policy: sink(), trigger });
    expect([what(world), outcomes(ends)]).toEqual([['restart'], ['recovered']]);
  });
});

describe('the worker process', () => {
  const shared = [
    {
      worker: 'w1',
      others: [
        { connector: 'shop/billing', tasks: 3, healthy: 2 },
        { connector: 'shop/dead', tasks: 1, healthy: 0 },
      ],
    },
  ];

  test.each([
    { what: 'healthy tasks of others live on it', loads: shared, changes: {}, replaced: false },
    {
      what: 'the policy says that they may be interrupted',
      loads: shared,
      changes: { workers: { others: 'may-be-interrupted' } },
      replaced: true,
    },
    {
      what: 'only dead tasks of others live on it',
      loads: [{ worker: 'w1', others: [{ connector: 'shop/dead', tasks: 1, healthy: 0 }] }],
      changes: {},
      replaced: true,
    },
    { what: 'nobody can say who lives on it', loads: [], changes: {}, replaced: false },
  ] as const)('$what: replaced $replaced', async ({ loads, changes, replaced }) => {
    const world = new SelfManagedWorld(['moves', 'stuck']);
    world.cure = 'worker';
    world.loads = loads;
    await world.watch(7200, { policy: sink(changes) });
    expect(what(world).includes('replace w1')).toBe(replaced);
  });

  test('people read who lives on it, and how it is replaced all the same', async () => {
    const world = new SelfManagedWorld(['moves', 'stuck']);
    world.cure = 'worker';
    world.loads = shared;
    await world.watch(7200, { policy: sink() });
    const { subject, text } = world.told.at(-1) ?? { subject: '', text: '' };
    expect(subject).toContain('its worker is not replaced, for others live on it');
    expect(text).toContain('2 healthy task(s) of other connectors live on it: shop/billing.');
    expect(text).toContain('order {"connector":"orders-cdc","remedy":"replace-worker","who":"your name"}');
  });

  test('a person who asks for it has weighed that', async () => {
    const world = new SelfManagedWorld(['moves', 'stuck']);
    world.cure = 'worker';
    world.loads = shared;
    const trigger = {
      kind: 'person',
      connector: 'orders-cdc',
      who: 'anna',
      remedy: 'replace-worker',
      dryRun: false,
    } as const;
    const ends = await world.watch(1200, { policy: sink(), trigger });
    expect([what(world), outcomes(ends)]).toEqual([['replace w1'], ['recovered']]);
  });
});

describe('what is somebody else’s', () => {
  test.each(['PAUSED', 'STOPPED'] as const)('%s is left alone, though a task is dead', async (state) => {
    const world = new SelfManagedWorld(['stuck']);
    world.state = state;
    const ends = await world.watch(60, { policy: sink() });
    expect([what(world), outcomes(ends), world.told]).toEqual([[], ['left-alone'], []]);
  });

  test('a held connector is not touched', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.heldOnStack = { on: 'stack', at: '2026-01-05T11:00:00.000Z', who: 'anna' };
    const ends = await world.watch(600, { policy: sink() });
    expect([what(world), outcomes(ends)]).toEqual([[], ['refused']]);
  });

  test('a rebalance under way is waited for; one that does not end is told, once', async () => {
    const world = new SelfManagedWorld(['stuck']);
    world.operations = [{ arn: 'r', type: 'REBALANCE', state: 'in-progress', startedAt: '2026-01-05T12:00:00.000Z' }];
    await world.watch(300, { policy: sink(), until: () => false });
    expect([what(world), world.told]).toEqual([[], []]);
    await world.watch(600, { policy: sink(), until: () => false });
    expect([what(world), world.told.length]).toEqual([[], 1]);
    expect(world.told[0]?.text).toContain('A rebalance of its worker group does not end');
  });
});
