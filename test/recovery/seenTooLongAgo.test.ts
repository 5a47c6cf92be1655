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
});
