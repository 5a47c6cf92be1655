import { describe, expect, it } from 'vitest';
import { live, request } from './examples.ts';
import { World } from './world.ts';

async function stateOf(world: World): Promise<string> {
  const sighting = await world.ports.connectors.find('orders-cdc');
  return sighting.kind === 'present' ? sighting.connector.state : 'absent';
}

describe('the small world that the engine is tried in', () => {
  it('restarts in 60 s, and says so in an operation', async () => {
    const world = new World('dead');
    await world.ports.connectors.restart(world.connector?.arn ?? '', { onlyFailedTasks: false });
    expect(await stateOf(world)).toBe('RESTARTING');
    world.pass(60);
    expect(await stateOf(world)).toBe('RUNNING');
    expect(world.connector?.operations.map(({ state }) => state)).toEqual(['complete']);
  });

  it('deletes in 240 s, holds the name meanwhile, and creates in 300 s under a new ARN', async () => {
    const world = new World('dead');
    const before = world.connector?.arn ?? '';
    expect(await world.ports.connectors.delete(before, 'V1')).toEqual({ kind: 'started' });
    expect(await world.ports.connectors.create(request())).toMatchObject({ code: 'ConflictException' });
    expect(await world.ports.connectors.delete(before, 'V1')).toMatchObject({ kind: 'refused' });
    world.pass(240);
    expect(await stateOf(world)).toBe('absent');
    expect(await world.ports.connectors.delete(before, 'V1')).toEqual({ kind: 'gone' });
    expect(await world.ports.connectors.create(request())).toMatchObject({ kind: 'started' });
    expect(await stateOf(world)).toBe('CREATING');
    world.pass(300);
    expect(await stateOf(world)).toBe('RUNNING');
    expect(world.connector?.arn).not.toBe(before);
  });

  it('refuses to delete another version', async () => {
    const world = new World();
    expect(await world.ports.connectors.delete(world.connector?.arn ?? '', 'V2')).toMatchObject({ kind: 'refused' });
    expect(world.accepted).toEqual([]);
  });

  it('writes a journal only over the version that was read', async () => {
    const { journals } = new World().ports;
    const blank = { schema: 1, connector: 'orders-cdc', history: [] } as const;
    const first = await journals.write('orders-cdc', blank, undefined);
    expect(first.kind).toBe('written');
    expect(await journals.write('orders-cdc', blank, undefined)).toEqual({ kind: 'lost' });
  });

  it.each([
    { life: 'flowing', rate: 5, clock: 0 },
    { life: 'dead', rate: 0, clock: 540_000 },
  ] as const)('shows what is $life', async ({ life: lived, rate, clock }) => {
    const world = new World(lived);
    const seen = await world.ports.signsOfLife.look(live(), new Date(world.nowMs - 900_000).toISOString(), world.now());
    expect(seen.recordsIn.kind === 'read' && seen.recordsIn.samples.at(-1)?.value).toBe(rate);
    expect(seen.msSinceLastEvent.kind === 'read' && seen.msSinceLastEvent.samples.at(-1)?.value).toBe(clock);
  });
});
