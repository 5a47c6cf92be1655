import { describe, expect, it } from 'vitest';
import type { Command } from '../../recovery/intervention.ts';
import { obey } from '../../recovery/obey.ts';
import { PortError } from '../../recovery/ports.ts';
import { alarm, name, person, policy, sweep } from './examples.ts';
import { World } from './world.ts';

const old = policy({ remedies: ['recreate'], connectVersion: '2.7.1' });

function order(world: World, deed: Command['do'], who = 'anna', forSeconds = 600) {
  const until = new Date(world.nowMs + forSeconds * 1000).toISOString();
  return obey({ connector: name, do: deed, who }, old, world.ports, { until, holder: 'person' });
}

const losses: readonly (readonly [string, (world: World) => void])[] = [
  ['is deleted', (world) => void (world.journal = undefined)],
  ['is cut short, or of another version', (world) => void (world.broken = true)],
];

describe.each(losses)('a journal that %s', (_how, lose) => {
  it('takes no hold with it: nothing is touched until somebody releases it', async () => {
    const world = new World('dead');
    await order(world, 'hold');
    lose(world);
    await world.invoke(alarm, old);
    await world.invoke(person('recreate'), old);
    expect(world.accepted).toEqual([]);
    expect(world.journal?.hold).toEqual({ at: '2026-01-05T12:00:00.000Z', who: 'anna' });
    expect(world.subjects()).toEqual(['held: no restarts, no deletions, by anna', 'dead, and held: not touched']);
    await order(world, 'release');
    await world.invoke(sweep, old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('takes no call-off with it: nothing is touched until a person asks', async () => {
    const world = new World('dead');
    await order(world, 'call-off');
    lose(world);
    await world.invoke(alarm, old);
    await world.invoke(sweep, old);
    expect(world.accepted).toEqual([]);
    await world.invoke(person(), old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('in the middle of a recreation that is called off: what is deleted is not created', async () => {
    const world = new World('dead');
    world.createRefused = () => ({ kind: 'refused', code: 'ForbiddenException', reason: 'no' });
    await world.invoke(alarm, old);
    // The invocation that took the order died right after it was written.
    world.fault = (call, count, when) => {
      if (call === 'find' && when === 'before' && count > 0) throw new PortError('unavailable', 'it died');
    };
    await order(world, 'call-off');
    world.fault = () => {};
    lose(world);
    world.createRefused = undefined;
    await world.sweepFor(old, 30);
    expect(world.accepted).toEqual(['delete']);
    expect(world.backups.map(({ closed }) => closed?.why)).toEqual(['called off by anna']);
  });

  it('brings back no order that was ended', async () => {
    const world = new World('dead');
    await order(world, 'hold');
    await order(world, 'release');
    await order(world, 'call-off');
    world.live('flowing');
    world.pass(300);
    await world.invoke(sweep, old);
    expect(world.orders).toEqual({});
    lose(world);
    world.live('dead');
    world.pass(600);
    await world.invoke(alarm, old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('is begun anew with the orders before by whoever orders next', async () => {
    const world = new World('dead');
    await order(world, 'hold');
    lose(world);
    await order(world, 'call-off', 'bert');
    expect(world.journal).toMatchObject({ hold: { who: 'anna' }, calledOff: { who: 'bert' } });
    expect(world.orders).toMatchObject({ hold: { who: 'anna' }, calledOff: { who: 'bert' } });
  });

  it('keeps nobody waiting where nothing was ordered', async () => {
    const world = new World('dead');
    lose(world);
    await world.invoke(alarm, old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('counts as held where what was ordered cannot be understood either; people are told once, and a release lifts it', async () => {
    const world = new World('dead');
    await order(world, 'hold');
    lose(world);
    world.ordersBroken = true;
    await world.invoke(alarm, old);
    await world.invoke(sweep, old);
    expect(world.accepted).toEqual([]);
    expect(world.subjects()).toEqual([
      'held: no restarts, no deletions, by anna',
      'held: no restarts, no deletions, by nobody knows who',
      'dead, and held: not touched',
    ]);
    expect(world.told[1]?.message.text).toContain(
      'Release: call {"connector":"orders-cdc","do":"release","who":"your name"}',
    );
    // Also where that new journal is lost once more.
    lose(world);
    await world.invoke(sweep, old);
    expect(world.accepted).toEqual([]);
    await order(world, 'release', 'bert');
    await world.invoke(sweep, old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('and whose orders cannot be understood either: what was deleted is created all the same', async () => {
    const world = new World('dead');
    await world.invoke(alarm, old, 'a', 60);
    expect(world.accepted).toEqual(['delete']);
    lose(world);
    world.ordersBroken = true;
    world.pass(300);
    await world.sweepFor(old, 30);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('says in a dry run what is in force, and touches nothing', async () => {
    const world = new World('dead');
    await order(world, 'hold');
    lose(world);
    const before = world.calls.length;
    expect(await world.invoke(person(undefined, true), old)).toMatchObject({
      inForce: ['held: anna has held it since 2026-01-05T12:00:00.000Z'],
    });
    expect(world.calls.slice(before).filter((call) => call.startsWith('write'))).toEqual([]);
  });
});

it('an order is kept beside the journal before it is written into it', async () => {
  const world = new World('dead');
  world.fault = (call, _count, when) => {
    if (call === 'writeJournal' && when === 'before') throw new PortError('unavailable', 'S3 is away');
  };
  await expect(order(world, 'hold', 'anna', 5)).rejects.toThrow(PortError);
  expect(world.orders.hold?.who).toBe('anna');
  world.fault = () => {};
  expect((await order(world, 'hold')).done).toMatch(/^Held: /);
  expect(world.journal?.hold).toEqual(world.orders.hold);
  expect(world.subjects()).toEqual(['held: no restarts, no deletions, by anna']);
});

it('that cannot be kept beside the journal is no order', async () => {
  const world = new World('dead');
  world.fault = (call, _count, when) => {
    if (call === 'writeOrders' && when === 'before') throw new PortError('denied', 'no right');
  };
  await expect(order(world, 'hold')).rejects.toThrow('no right');
  expect(world.journal).toBeUndefined();
});

it('an order in a journal of the version before is kept beside it from the next look on, and no look fails for it', async () => {
  const world = new World('dead');
  const hold = { at: '2026-01-05T11:00:00.000Z', who: 'anna' };
  world.journal = { schema: 1, connector: name, history: [], hold };
  world.fault = (call, _count, when) => {
    if (call === 'writeOrders' && when === 'before') throw new PortError('unavailable', 'S3 is away');
  };
  expect(await world.invoke(alarm, old)).toMatchObject({ outcome: { objections: ['held'] } });
  expect(world.orders).toEqual({});
  world.fault = () => {};
  await world.invoke(alarm, old);
  expect(world.orders).toEqual({ hold });
});

it('what is written at the same moment is read again', async () => {
  const world = new World('dead');
  let others = 3;
  const write = world.ports.standingOrders.write.bind(world.ports.standingOrders);
  const standingOrders = {
    ...world.ports.standingOrders,
    write: async (...input: Parameters<typeof write>) =>
      (others -= 1) >= 0 ? ({ kind: 'lost' } as const) : write(...input),
  };
  const until = new Date(world.nowMs + 600_000).toISOString();
  const ports = { ...world.ports, standingOrders };
  await obey({ connector: name, do: 'hold', who: 'anna' }, old, ports, { until, holder: 'person' });
  expect(world.orders.hold?.who).toBe('anna');
});
