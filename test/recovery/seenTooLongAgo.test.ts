import { describe, expect, it } from 'vitest';
import { alarm, policy } from './examples.ts';
import { World } from './world.ts';

/** The process stands still for so long right after that call, while data flows again. */
function standingStill(call: string, seconds: number, world = new World('dead')): World {
  let left = 1;
  world.fault = (made, _count, when) => {
    if (made !== call || when !== 'after' || left === 0) return;
    left -= 1;
    world.live('flowing');
    world.pass(seconds);
  };
  return world;
}

describe('what was seen long ago is not acted on: it may have been mended meanwhile', () => {
  it.each([
    ['restarted', 'look', ['restart', 'recreate'] as const],
    ['deleted', 'look', ['recreate'] as const],
    ['deleted', 'writeBackup', ['recreate'] as const],
  ])('nothing is %s by a process that stood still for 95 s after %s', async (_what, call, remedies) => {
    const world = standingStill(call, 95);
    await world.invoke(alarm, policy({ remedies }));
    expect(world.accepted).toEqual([]);
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.backups.filter(({ closed }) => closed === undefined)).toEqual([]);
  });

  it('is restarted by one that stood still for a few seconds', async () => {
    const world = new World('dead');
    let left = 1;
    world.fault = (made, _count, when) => {
      if (made === 'look' && when === 'after' && left > 0) {
        left -= 1;
        world.pass(20);
      }
    };
    await world.invoke(alarm, policy());
    expect(world.accepted).toEqual(['restart']);
  });

  it('the log says that it was withdrawn, and why', async () => {
    const world = standingStill('look', 95);
    await world.invoke(alarm, policy());
    expect(world.notes.filter((note) => note.startsWith('port.error'))).toEqual([
      expect.stringContaining('nothing was done, for what it was decided on had been seen 95 s before'),
    ]);
  });
});

/** The services answer each look only after 70 s, until the second given. */
function slowFrom(world: World, fromSeconds: number, untilSeconds = Infinity): World {
  world.fault = (made, _count, when) => {
    const isSlow = world.elapsed >= fromSeconds && world.elapsed < untilSeconds;
    if (made === 'look' && when === 'after' && isSlow) world.pass(70);
  };
  return world;
}

describe('services that are always too slow to act on what they say are heard of', () => {
  it.each([
    ['restart', ['restart'] as const],
    ['deletion', ['recreate'] as const],
  ])('with nothing begun: the function fails after five withdrawals of a %s', async (_what, remedies) => {
    const world = slowFrom(new World('dead'), 0);
    await expect(world.invoke(alarm, policy({ remedies }))).rejects.toThrow('had been seen 70 s before');
    expect(world.accepted).toEqual([]);
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.journal?.lease).toBeUndefined();
    expect(world.backups.filter(({ closed }) => closed === undefined)).toEqual([]);
    expect(world.notes.filter((note) => note.startsWith('port.error'))).toHaveLength(5);
  });

  it('with a restart begun that brought nothing back: people are told, and it goes on when they are faster', async () => {
    const world = slowFrom(new World('dead'), 60, 1500);
    world.cure = 'recreate';
    await world.invoke(alarm, policy(), 'first', 1500);
    await world.sweepFor(policy(), 40);
    expect(world.subjects()[0]).toBe('RECOVERY CANNOT GO ON');
    expect(world.told[0]?.message.text).toContain('had been seen 70 s before');
    expect(world.accepted).toEqual(['restart', 'delete', 'create']);
    expect(world.subjects().at(-1)).toBe('back: recreated, and data flows again');
  });
});
