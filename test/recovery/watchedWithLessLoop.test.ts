import { describe, expect, it } from 'vitest';
import { alarm, person, policy, sweep } from './examples.ts';
import { World } from './world.ts';

const less = 'watched with less, until a planned recreation';
const back = 'back: restarted, and data flows again';

/** It died, was restarted, and its dead task's event clock stays. */
async function restarted(): Promise<World> {
  const world = new World('dead');
  world.deadTasksClockStays = true;
  await world.invoke(alarm, policy());
  return world;
}

describe('a connector whose dead task keeps the names of its metrics', () => {
  it('people are told once, with what was lost, what remains, and the command of the way out', async () => {
    const world = await restarted();
    for (let look = 0; look < 12; look += 1) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, policy());
    }
    expect(world.subjects()).toEqual([back, less]);
    const { text } = world.told[1]?.message ?? { text: '' };
    expect(text).toContain('Lost: MilliSecondsSinceLastEvent');
    expect(text).toContain('It is judged by what remains: the rate of records');
    expect(text).toContain('call {"connector":"orders-cdc","remedy":"recreate","who":"your name"}');
    expect(world.accepted).toEqual(['restart']);
  });

  it('a night of silence is not acted on, although the dead clock would prove a death, and twenty other recoveries have passed', async () => {
    const world = await restarted();
    world.pass(600);
    await world.invoke(sweep, policy());
    if (world.journal === undefined) throw new Error('There is no journal.');
    // The history and the list of operations forget; that it is watched with less is remembered.
    world.journal = { ...world.journal, history: [] };
    if (world.connector !== undefined) world.connector.operations = [];
    world.live('idle');
    for (let look = 0; look < 96; look += 1) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, policy());
    }
    expect(world.accepted).toEqual(['restart']);
    expect(world.journal.watchedWithLess?.lost).toEqual(['MilliSecondsSinceLastEvent']);
  });

  it('a planned recreation gives it another worker: nothing is lost any more', async () => {
    const world = await restarted();
    world.pass(600);
    await world.invoke(sweep, policy());
    world.pass(3600);
    await world.invoke(person('recreate'), policy());
    expect(world.accepted).toEqual(['restart', 'delete', 'create']);
    expect(world.journal?.watchedWithLess).toBeUndefined();
    world.live('dead');
    world.pass(3600);
    await world.invoke(sweep, policy());
    expect(world.accepted).toEqual(['restart', 'delete', 'create', 'restart']);
  });
});
