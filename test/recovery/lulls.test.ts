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

/** Data for an hour or longer, with a sweep at its end. */
async function flows(world: World, minutes = 60): Promise<void> {
  world.live('flowing');
  world.pass(minutes * 60);
  await world.invoke(sweep, mute);
}

/** A person restarts it in the console. */
function personRestarts({ connector, nowMs }: World): void {
  const [startedAt, endedAt] = [nowMs - 60_000, nowMs].map((ms) => new Date(ms).toISOString());
  if (connector === undefined || startedAt === undefined || endedAt === undefined) throw new Error('There is none.');
  connector.operations.unshift({ arn: 'op', type: 'RESTART_CONNECTOR', state: 'complete', startedAt, endedAt });
}

describe('a silence that outlasts the lulls before it', () => {
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

describe('what is no lull that it came out of by itself', () => {
  const known = [silent, again];

  it('three days in which it did not exist', async () => {
    const world = new World();
    await lull(world);
    const { connector } = world;
    if (connector === undefined) throw new Error('There is none.');
    world.personDeletes();
    for (let hour = 0; hour < 72; hour += 1) {
      world.pass(3600);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, mute);
    }
    world.connector = { ...connector, arn: `${connector.arn}-by-hand`, createdAtMs: world.nowMs };
    await flows(world);
    world.told.length = 0;
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([silent]);
  });

  it('that people heard of its absence says nothing of the silence of the one that was created after it', async () => {
    const world = new World();
    await lull(world);
    const { connector } = world;
    if (connector === undefined) throw new Error('There is none.');
    world.personDeletes();
    world.pass(600);
    await world.invoke(sweep, mute);
    world.connector = { ...connector, arn: `${connector.arn}-by-hand`, createdAtMs: world.nowMs };
    world.told.length = 0;
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([silent]);
  });

  it('a death that a person ended with a restart', async () => {
    const world = new World();
    await lull(world);
    await silentFor(world, 300);
    expect(world.subjects()).toEqual([...known, silent]);
    personRestarts(world);
    await flows(world);
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([...known, silent, again, silent]);
    expect(world.told.at(-1)?.message.text).toContain('that it came out of by itself lasted 20 min');
  });

  it('the same, with a restart that nobody saw before it was silent again', async () => {
    const world = new World();
    await lull(world);
    await silentFor(world, 300);
    personRestarts(world);
    world.live('flowing');
    world.pass(3600);
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([...known, silent, silent]);
  });

  it('nor is the first death: the second is told though no lull is known, once it lasts longer than ten minutes', async () => {
    const world = new World();
    await silentFor(world, 300);
    personRestarts(world);
    await flows(world);
    world.live('dead');
    world.pass(540);
    await world.invoke(alarm, mute);
    expect(world.subjects()).toEqual(known);
    world.pass(300);
    await world.invoke(sweep, mute);
    expect(world.subjects()).toEqual([...known, silent]);
  });
});

describe('the longest lull is the measure for two weeks', () => {
  const day = 24 * 60;

  it('and then forgotten', async () => {
    const world = new World();
    await silentFor(world, 300);
    await flows(world, 15 * day);
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([silent, again, silent]);
  });

  it('unless another at least half as long has confirmed it', async () => {
    const world = new World();
    await silentFor(world, 300);
    await flows(world, 8 * day);
    await silentFor(world, 170);
    await flows(world, 8 * day);
    await silentFor(world, 300);
    expect(world.subjects()).toEqual([silent, again]);
    await flows(world, 8 * day);
    await silentFor(world, 100);
    await flows(world);
    await flows(world, 8 * day);
    await silentFor(world, 120);
    expect(world.subjects()).toEqual([silent, again, silent]);
  });

  it('one of which a journal does not say when it was is as old as the first look that finds it', async () => {
    const world = new World();
    await silentFor(world, 300);
    await flows(world);
    if (world.journal === undefined) throw new Error('There is no journal.');
    world.journal = { ...world.journal, lulls: { longestSeconds: 18_000 } };
    await flows(world, 13 * day);
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([silent, again]);
    await flows(world, 15 * day);
    await silentFor(world, 60);
    expect(world.subjects()).toEqual([silent, again, silent]);
  });
});

describe('people hear in a silence of something else', () => {
  it('that it is watched with less: the silence itself is yet to be told', async () => {
    const world = new World();
    world.deadTasksClockStays = true;
    await lull(world);
    personRestarts(world);
    world.pass(3600);
    await silentFor(world, 20);
    const less = 'watched with less, until a planned recreation';
    expect(world.subjects()).toEqual([silent, again, less]);
    for (let look = 0; look < 20; look += 1) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await world.invoke(sweep, mute);
    }
    expect(world.subjects()).toEqual([silent, again, less, silent]);
  });
});
