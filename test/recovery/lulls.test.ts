import { describe, expect, it } from 'vitest';
import { alarm, policy, request, sweep } from './examples.ts';
import { World } from './world.ts';

/** Of PostgreSQL without heartbeats a lull and a death look the same. */
const mute = policy({}, 'postgresql');
const silent = 'silent, and nobody can tell why; not touched';
const again = 'alive again without our doing';

/** A lull of twenty minutes with its alarm, then an hour of data with a sweep. */
async function lull(world: World, allowed = mute): Promise<void> {
  world.live('dead');
  world.pass(600);
  await world.invoke(alarm, allowed);
  world.pass(600);
  await world.invoke(sweep, allowed);
  world.live('flowing');
  world.pass(3600);
  await world.invoke(sweep, allowed);
}

describe('a quiet connector of which nobody can tell whether it is idle', () => {
  it('is told once, and that it lives again once, however many lulls come', async () => {
    const world = new World();
    for (let count = 0; count < 5; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one lull after the other is the point
      await lull(world);
    }
    expect(world.subjects()).toEqual([silent, again]);
    expect(world.told[0]?.message.text).toContain('told this once');
    expect(world.accepted).toEqual([]);
  });

  it('is told again for another cause', async () => {
    const world = new World();
    await lull(world);
    await lull(world, policy({}, 'other-source'));
    await lull(world);
    expect(world.subjects()).toEqual([silent, again, silent, again]);
  });

  it('but that it lives is told when it was refused before nobody could tell', async () => {
    const world = new World();
    await lull(world);
    world.saved = { kind: 'missing', place: 's3://bucket/connectors/orders-cdc.json' };
    world.live('dead');
    world.pass(600);
    await world.invoke(alarm, policy({ remedies: ['recreate'] }));
    await world.invoke(sweep, mute);
    world.saved = { kind: 'valid', request: request(), place: 'p' };
    world.live('flowing');
    world.pass(600);
    await world.invoke(sweep, mute);
    expect(world.subjects()).toEqual([silent, again, 'dead, and not touched: see why', again]);
  });
});

describe('a silence that outlasts the lulls before it', () => {
  /** Looked at by the sweep every five minutes, as while its alarm is on. */
  async function silentFor(world: World, minutes: number, allowed = mute): Promise<void> {
    world.live('dead');
    world.pass(600);
    await world.invoke(alarm, allowed);
    for (let passed = 10; passed < minutes; passed += 5) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, allowed);
    }
  }

  it('is told again, once: a real death behind a lull that was told', async () => {
    const world = new World();
    await lull(world);
    await lull(world);
    await silentFor(world, 38);
    expect(world.subjects()).toEqual([silent, again]);
    for (let look = 0; look < 60; look += 1) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, mute);
    }
    expect(world.subjects()).toEqual([silent, again, silent]);
    expect(world.told[2]?.message.text).toMatch(
      /Silent for 4\d min; the longest silence that it came out of by itself lasted 2\d min/,
    );
    world.live('flowing');
    world.pass(600);
    await world.invoke(sweep, mute);
    expect(world.subjects()).toEqual([silent, again, silent, again]);
  });

  it('and is itself the measure for those that follow, if it ends by itself', async () => {
    const world = new World();
    await lull(world);
    await silentFor(world, 90);
    world.live('flowing');
    world.pass(3600);
    await world.invoke(sweep, mute);
    expect(world.subjects()).toEqual([silent, again, silent, again]);
    await silentFor(world, 150);
    expect(world.subjects()).toEqual([silent, again, silent, again]);
  });

  it('is not told while nothing is known of lulls before it: it was told itself', async () => {
    const world = new World();
    await silentFor(world, 600);
    expect(world.subjects()).toEqual([silent]);
  });
});
