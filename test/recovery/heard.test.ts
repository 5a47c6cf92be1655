import { describe, expect, it } from 'vitest';
import { PortError } from '../../recovery/ports.ts';
import { alarm, policy, schedule, sweep } from './examples.ts';
import { World } from './world.ts';

const recreateOnly = policy({ remedies: ['recreate'] });

/** From then on that call fails, until the second given. */
function fails(world: World, call: string, error: () => Error, from = 0, until = Infinity): void {
  world.fault = (made, _count, when) => {
    if (made === call && when === 'before' && world.elapsed >= from && world.elapsed < until) throw error();
  };
}

const unknownState = () => new PortError('unexpected', 'DescribeConnector: unknown state "ISOLATED"');
const noPublish = () => new PortError('denied', 'Publish: no right to publish');

/** Sweeps that may end in error; gives the errors that Lambda would count. */
async function sweeps(world: World, allowed: ReturnType<typeof policy>, forMinutes: number): Promise<string[]> {
  const errors: string[] = [];
  const end = world.elapsed + forMinutes * 60;
  while (world.elapsed < end) {
    const begun = world.nowMs;
    // oxlint-disable-next-line no-await-in-loop -- one minute after the other is the point
    await world.invoke(sweep, allowed).catch((error: unknown) => {
      errors.push(error instanceof Error ? error.message : String(error));
    });
    world.moveTo(Math.max(world.nowMs, begun + 60_000));
  }
  return errors;
}

describe('an error that stands is heard of', () => {
  it.each(['find', 'readJournal'])(
    'with nothing begun, when %s fails so: the function fails after a few tries',
    async (call) => {
      const world = new World('dead');
      fails(world, call, unknownState);
      await expect(world.invoke(alarm, policy())).rejects.toThrow('unknown state "ISOLATED"');
      expect(world.calls.filter((made) => made === call)).toHaveLength(5);
      expect(world.elapsed).toBeLessThan(120);
      expect(world.journal?.lease).toBeUndefined();
      expect(world.accepted).toEqual([]);
    },
  );

  it('but one that passes is waited out', async () => {
    const world = new World('dead');
    fails(world, 'find', unknownState, 0, 50);
    expect(await world.invoke(alarm, policy())).toMatchObject({ outcome: { kind: 'recovered' } });
  });

  it.each([
    { what: 'a state that is not known', error: unknownState },
    { what: 'a right that was taken away', error: () => new PortError('denied', 'ListConnectors: no right') },
    { what: 'a service that is away', error: () => new PortError('unavailable', 'ListConnectors: no answer') },
  ])('with a deletion begun, $what: it goes on, and people are told at 0, 5, 15 and 60 min', async ({ error }) => {
    const world = new World('dead');
    fails(world, 'find', error, 30, 7200);
    await world.invoke(alarm, recreateOnly);
    await sweeps(world, recreateOnly, 150);
    const alarms = world.told.filter(({ message }) => message.subject.includes('DELETED AND NOT BACK YET'));
    const first = alarms[0]?.at ?? 0;
    expect(first).toBeGreaterThanOrEqual(150);
    expect(first).toBeLessThanOrEqual(180);
    const blind = alarms.filter(({ at }) => at < 7200).map((told) => (told.at - first) / 60);
    expect(blind).toHaveLength(4);
    // Each invocation finds out for itself, within three minutes, that it cannot see.
    for (const [index, due] of [0, 5, 15, 60].entries()) {
      expect(blind[index]).toBeGreaterThanOrEqual(due);
      expect(blind[index]).toBeLessThanOrEqual(due + 4);
    }
    expect(alarms[0]?.message.text).toContain(error().message);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects().at(-1)).toBe('back: recreated, and data flows again');
  });

  it('with a restart begun: people hear that it cannot go on, and not that anything was deleted', async () => {
    const world = new World('dead');
    fails(world, 'find', unknownState, 30, 600);
    await world.invoke(alarm, policy());
    await sweeps(world, policy(), 20);
    expect(world.subjects()).toEqual([
      'RECOVERY CANNOT GO ON',
      'RECOVERY CANNOT GO ON',
      'back: restarted, and data flows again',
    ]);
    expect(world.told[0]?.message.text).not.toMatch(/DELETED|was deleted/);
  });
});

describe('when nobody can be told', () => {
  it('the end is written, the function fails, and it is told once as soon as it can be', async () => {
    const world = new World('dead');
    fails(world, 'tell', noPublish, 0, 3600);
    await expect(world.invoke(alarm, policy())).rejects.toThrow('no right to publish');
    const endedAt = world.elapsed;
    expect(endedAt).toBeLessThan(600);
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.journal?.lease).toBeUndefined();
    expect(world.journal?.history).toMatchObject([{ outcome: 'recovered' }]);
    const errors = await sweeps(world, policy(), 50);
    expect(errors).not.toEqual([]);
    world.moveTo(Math.max(world.nowMs, Date.UTC(2026, 0, 5, 13)));
    expect(await sweeps(world, policy(), 5)).toEqual([]);
    expect(world.subjects()).toEqual(['back: restarted, and data flows again']);
    expect(world.told[0]?.message.text).toContain('could not be told at 2026-01-05T12:0');
    expect(world.journal?.untold).toBeUndefined();
    expect(world.accepted).toEqual(['restart']);
  });

  it('a connector is recovered all the same, and both ends are told in their order', async () => {
    const world = new World('dead');
    fails(world, 'tell', noPublish, 0, 9000);
    await expect(world.invoke(alarm, policy())).rejects.toThrow('no right to publish');
    world.pass(3600);
    await expect(world.invoke(schedule, policy())).rejects.toThrow('no right to publish');
    expect(world.accepted).toEqual(['restart', 'restart']);
    world.pass(9000);
    await sweeps(world, policy(), 1);
    expect(world.told).toHaveLength(2);
    expect(world.told[0]?.message.text).toContain('could not be told at 2026-01-05T12:0');
    expect(world.told[1]?.message.text).toContain('could not be told at 2026-01-05T13:');
  });

  it('that something is deleted and not back, the invocation ends in error', async () => {
    const world = new World('dead');
    world.createRefused = () => ({ kind: 'refused', code: 'ForbiddenException', reason: 'iam:PassRole', denied: true });
    fails(world, 'tell', noPublish);
    await expect(world.invoke(alarm, recreateOnly)).rejects.toThrow('no right to publish');
    expect(world.journal?.recovery?.acts).toMatchObject([{ kind: 'delete' }, { kind: 'create' }]);
    expect(world.journal?.lease).toBeUndefined();
  });
});

describe('the end of an invocation', () => {
  it.each([
    { left: 19, acts: [] },
    { left: 21, acts: ['restart'] },
  ])('with $left s left after a wait, it begins $acts', async ({ left, acts }) => {
    const world = new World('dead');
    // The first look fails and is followed by a wait of 15 s.
    fails(world, 'find', () => new PortError('unavailable', 'no answer'), 0, 10);
    const ended = await world.invoke(alarm, policy(), 'a', 15 + left);
    expect(ended).toMatchObject({ kind: 'time-spent', atOnce: true });
    expect(world.accepted).toEqual(acts);
    expect(world.journal?.lease).toBeUndefined();
  });
});
