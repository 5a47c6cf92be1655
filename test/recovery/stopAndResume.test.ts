import { describe, expect, test } from 'vitest';
import { intervene } from '../../recovery/intervention.ts';
import type { Ended } from '../../recovery/recover.ts';
import { selfPolicy } from './selfManagedExamples.ts';
import { Killed, SelfManagedWorld, unanswered } from './selfManagedWorld.ts';

const policy = selfPolicy({ remedies: ['stop-and-resume'] }, 'sink');

function stopping(): SelfManagedWorld {
  const world = new SelfManagedWorld(['stuck', 'stuck']);
  world.cure = 'stop';
  return world;
}

const what = (world: SelfManagedWorld) => world.done.map((deed) => deed.what);
const outcomes = (ends: readonly Ended[]) =>
  ends.flatMap((ended) => (ended.kind === 'finished' ? [ended.outcome.kind] : []));

/** A fault that comes once, at that call. */
function once(world: SelfManagedWorld, call: string, when: 'before' | 'after', fault: () => never): void {
  let isOver = false;
  world.fault = (called, moment) => {
    if (isOver || called !== call || moment !== when) return;
    isOver = true;
    fault();
  };
}

describe('a connector that we stopped is never left stopped', () => {
  test('it is resumed once it is seen STOPPED, and both are told as one deed', async () => {
    const world = stopping();
    const ends = await world.watch(900, { policy });
    expect([what(world), outcomes(ends), world.state]).toEqual([['stop', 'resume'], ['recovered'], 'RUNNING']);
    expect(world.told[0]?.text).toContain('stop and resume: complete after 20 s');
  });

  test.each([
    // Whether the stop acted nobody can tell, so what was asked of it is undone; then it is stopped another time.
    ['stop-and-resume', 'before', ['resume', 'stop', 'resume']],
    ['stop-and-resume', 'after', ['stop', 'resume']],
    ['resume', 'before', ['stop', 'resume']],
    ['resume', 'after', ['stop', 'resume', 'resume']],
  ] as const)('the process dies at the call %s, %s it acts', async (call, when, does) => {
    const world = stopping();
    once(world, call, when, () => {
      throw new Killed('killed');
    });
    const isBack = (ended: Ended) => ended.kind === 'finished' && ended.outcome.kind === 'recovered';
    await world.watch(1800, { policy, until: isBack });
    expect(what(world)).toEqual(does);
    expect([world.state, world.tasks.map(({ state }) => state)]).toEqual(['RUNNING', ['RUNNING', 'RUNNING']]);
  });

  test.each([
    ['stop-and-resume', 'after'],
    ['resume', 'before'],
    ['resume', 'after'],
  ] as const)('the answer to %s is lost %s it acts', async (call, when) => {
    const world = stopping();
    once(world, call, when, unanswered);
    await world.watch(1800, {
      policy,
      until: (ended) => ended.kind === 'finished' && ended.outcome.kind === 'recovered',
    });
    expect([world.state, what(world).filter((deed) => deed === 'stop')]).toEqual(['RUNNING', ['stop']]);
    expect(world.told.map(({ subject }) => subject)).toEqual([
      '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    ]);
  });

  test('a stop whose answer was lost and that acts ten minutes late is resumed, too', async () => {
    const world = stopping();
    world.cure = 'nothing';
    once(world, 'stop-and-resume', 'before', () => {
      world.after(600, () => {
        world.state = 'STOPPED';
        world.cure = 'stop';
      });
      return unanswered();
    });
    await world.watch(3000, { policy, until: (ended) => ended.kind === 'finished' });
    expect([world.state, what(world)]).toEqual(['RUNNING', ['resume', 'stop', 'resume', 'resume']]);
  });

  test('as long as it cannot be resumed people are told, at once, after 5, 15 and 60 minutes, and it is tried again and again', async () => {
    const world = stopping();
    let calls = 0;
    world.refuses = (call) => {
      if (call !== 'resume') return undefined;
      calls += 1;
      return { kind: 'refused', code: 'HTTP500', reason: 'the worker is not the leader' };
    };
    await world.watch(4000, { policy, until: () => false });
    const stoppedAt = world.done[0]?.at ?? 0;
    const told = world.told.map(({ at }) => Math.round((at - stoppedAt) / 60));
    expect(world.told[0]?.subject).toBe('[connector-recovery] orders-cdc: STOPPED AND NOT RUNNING YET');
    expect(world.told[0]?.text).toContain('HTTP500: the worker is not the leader');
    expect(told).toEqual([0, 5, 15, 60]);
    expect(calls).toBeGreaterThan(100);
    world.refuses = undefined;
    await world.watch(600, { policy });
    expect([world.state, world.told.at(-1)?.subject]).toEqual([
      'RUNNING',
      '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    ]);
  });

  test('a hold that comes meanwhile keeps it no longer stopped', async () => {
    const world = stopping();
    world.after(3, () => {
      world.heldOnStack = { on: 'stack', at: '2026-01-05T12:00:00.000Z', who: 'anna' };
    });
    await world.watch(900, { policy });
    expect([what(world), world.state]).toEqual([['stop', 'resume'], 'RUNNING']);
  });

  test('who calls it off meanwhile gets it back running, as far as it can be', async () => {
    const world = stopping();
    world.after(3, () => {
      const order = { do: 'call-off', who: 'anna', connector: 'orders-cdc' } as const;
      world.write((journal) => intervene(order, journal, undefined, world.ports.clock.now()).journal ?? journal);
    });
    const ends = await world.watch(900, { policy, until: () => true });
    expect([what(world), world.state, outcomes(ends)]).toEqual([['stop', 'resume'], 'RUNNING', ['called-off']]);
  });

  test('who calls it off while it cannot be resumed is told that it stays so, after three calls in vain', async () => {
    const world = stopping();
    let calls = 0;
    world.refuses = (call) => {
      if (call !== 'resume') return undefined;
      calls += 1;
      return { kind: 'refused', code: 'HTTP500', reason: 'no' };
    };
    world.after(3, () => {
      const order = { do: 'call-off', who: 'anna', connector: 'orders-cdc' } as const;
      world.write((journal) => intervene(order, journal, undefined, world.ports.clock.now()).journal ?? journal);
    });
    const ends = await world.watch(900, { policy });
    expect([calls, world.state, outcomes(ends)]).toEqual([3, 'STOPPED', ['called-off']]);
    expect(world.told.at(-1)?.text).toContain('We stopped it, and it does not run again: it was asked to, in vain.');
  });
});

describe('whoever takes it in hand meanwhile is respected', () => {
  test('a person who pauses it: it is not resumed', async () => {
    const world = stopping();
    world.after(7, () => {
      world.state = 'PAUSED';
    });
    const ends = await world.watch(900, { policy });
    expect([what(world), outcomes(ends), world.state]).toEqual([['stop'], ['left-alone'], 'PAUSED']);
    expect(world.told[0]?.subject).toContain('taken in hand by somebody during the recovery');
  });

  test('a person who resumes it: that is as good as ours', async () => {
    const world = stopping();
    world.refuses = (call) => (call === 'resume' ? { kind: 'refused', code: 'HTTP500', reason: 'no' } : undefined);
    world.after(60, () => {
      world.state = 'RUNNING';
      for (const task of world.tasks) Object.assign(task, { state: 'RUNNING', life: 'moves', sinceMs: world.nowMs });
    });
    world.after(61, () => {
      world.refuses = undefined;
    });
    const ends = await world.watch(1200, { policy });
    expect([outcomes(ends), world.state]).toEqual([['recovered'], 'RUNNING']);
  });

  test('one that a person stops once it runs again stays stopped', async () => {
    const world = stopping();
    world.cure = 'nothing';
    world.after(120, () => {
      world.state = 'STOPPED';
    });
    const ends = await world.watch(1200, { policy });
    expect([what(world), outcomes(ends), world.state]).toEqual([['stop', 'resume'], ['left-alone'], 'STOPPED']);
  });
});
