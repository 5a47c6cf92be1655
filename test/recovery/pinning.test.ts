import { describe, expect, it } from 'vitest';
import { pinName } from '../../recovery/ownPin.ts';
import { PortError } from '../../recovery/ports.ts';
import { alarm, at, person, policy, request } from './examples.ts';
import { Crash, World } from './world.ts';

const pins = policy({ remedies: ['recreate'], connectVersion: '2.7.1', offsets: 'pin-default-topic' });

/** A source on MSK Connect's default offsets topic, dead. */
function unpinned(): World {
  const world = new World('dead');
  world.offsets = 'unpinned';
  return world;
}

const ofCalls = (world: World, ...names: string[]) => world.calls.filter((call) => names.includes(call));
const pinned = (world: World) =>
  world.pinMade.kind === 'pinned' ? world.pinMade.workerConfiguration : 'was never to be made';

describe('a source whose offsets lie in the default topic', () => {
  it('is recreated on a worker configuration that pins it, which was made before the deletion and stands in the backup', async () => {
    const world = unpinned();
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'makePin', 'writeBackup', 'delete', 'create')).toEqual([
      'makePin',
      'writeBackup',
      'delete',
      'create',
      // The backup is closed.
      'writeBackup',
    ]);
    expect(world.backups[0]?.recreateFrom.workerConfiguration).toEqual(pinned(world));
    expect(world.backups[0]?.live.workerConfiguration).toBeUndefined();
    expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
  });

  it('is recreated a second time on the same, though its saved config knows nothing of it: no drift, and no second pin', async () => {
    const world = unpinned();
    await world.invoke(alarm, pins);
    world.pass(86_400);
    world.offsets = 'kept';
    world.live('dead');
    world.pass(900);
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'makePin', 'delete', 'create')).toEqual(['makePin', 'delete', 'create', 'delete', 'create']);
    expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
  });

  it('is not deleted by a policy that says nothing of pinning', async () => {
    const world = unpinned();
    await world.invoke(alarm, { ...pins, offsets: 'must-survive' });
    expect(ofCalls(world, 'findPin', 'makePin', 'delete')).toEqual([]);
    expect(world.subjects()).toEqual(['dead, and not touched: see why']);
  });

  it('is not deleted where the topic cannot be pinned', async () => {
    const world = unpinned();
    world.pinMade = { kind: 'refused', reason: 'AccessDeniedException: not authorized' };
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'delete')).toEqual([]);
    expect(world.told[0]?.message.text).toContain(
      'It is not deleted, for its offsets topic could not be pinned: AccessDeniedException: not authorized.',
    );
  });

  it('is not deleted where another thing stands under the name of the pin', async () => {
    const world = unpinned();
    world.pin = { kind: 'refused', reason: 'worker configuration x is there and says something else' };
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'makePin', 'delete')).toEqual([]);
    expect(world.told[0]?.message.text).toContain('says something else');
  });

  it('gets no pin while something else forbids the deletion', async () => {
    const world = unpinned();
    world.sweepRuns = false;
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'makePin', 'delete')).toEqual([]);
  });

  it('is not said to lose its offsets by the mail that asks for approval, and keeps them once it is approved', async () => {
    const world = unpinned();
    const kept = { ...pins, deletions: 'after-approval' as const };
    await world.invoke(alarm, kept);
    expect(world.subjects()).toEqual(['dead; its deletion waits for your approval']);
    const text = world.told[0]?.message.text ?? '';
    expect(text).toContain('The topic of its offsets would be pinned first, so that they are kept.');
    expect(text).not.toMatch(/would be lost|might be lost/);
    expect(ofCalls(world, 'makePin', 'delete')).toEqual([]);
    if (world.journal === undefined || world.connector === undefined) throw new Error('it is gone');
    const { arn, version } = world.connector;
    const approval = { at: world.now(), until: at(86_400), who: 'anna', arn, version };
    world.journal = { ...world.journal, approval };
    await world.sweepFor(kept, 40);
    expect(ofCalls(world, 'makePin', 'delete', 'create')).toEqual(['makePin', 'delete', 'create']);
    expect(world.connector.request.workerConfiguration).toEqual(pinned(world));
  });

  it.each(['before', 'after'] as const)('keeps its place when the process dies %s it was made', async (moment) => {
    const world = unpinned();
    let died = false;
    world.fault = (call, _count, when) => {
      if (call !== 'makePin' || when !== moment || died) return;
      died = true;
      throw new Crash();
    };
    await expect(world.invoke(alarm, pins)).rejects.toThrow(Crash);
    await world.sweepFor(pins, 30);
    expect(ofCalls(world, 'delete', 'create')).toEqual(['delete', 'create']);
    expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
  });

  it('keeps its place when it was called off after the deletion, and a person has it created after all', async () => {
    const world = unpinned();
    world.createRefused = (nowMs) =>
      nowMs < Date.UTC(2026, 0, 5, 12, 30) ? { kind: 'refused', code: 'ForbiddenException', reason: 'no' } : undefined;
    await world.invoke(alarm, pins);
    const orders = { calledOff: { at: world.now(), who: 'anna' } };
    if (world.journal === undefined) throw new Error('there is no journal');
    world.journal = { ...world.journal, ...orders };
    await world.sweepFor(pins, 10);
    expect(world.backups.map(({ closed }) => closed?.why)).toEqual(['called off by anna']);
    world.pass(3600);
    await world.invoke(person('recreate'), pins);
    expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
    expect(world.connector?.request.connectorConfiguration).toEqual(request().connectorConfiguration);
  });

  it.each(['pin-default-topic', 'must-survive'] as const)(
    'keeps its place when somebody deletes it a second time, and a person has it created: %s',
    async (offsets) => {
      const world = unpinned();
      await world.invoke(alarm, pins);
      world.pass(3600);
      world.personDeletes();
      await world.invoke(person('recreate'), { ...pins, offsets });
      expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
    },
  );

  it('keeps its place without a backup, where the worker configuration is there', async () => {
    const world = unpinned();
    world.pin = world.pinMade;
    world.personDeletes();
    await world.invoke(person('recreate'), pins);
    expect(world.connector?.request.workerConfiguration).toEqual(pinned(world));
  });

  it.each([
    [
      'pin-default-topic',
      'does not exist',
      'is not created from the saved config as it is, for its offsets might be lost',
    ],
    ['may-be-lost', 'exists', 'back: recreated, and data flows again'],
  ] as const)('has nobody who can tell which topic it had, and by the policy %s it %s', async (offsets, then, says) => {
    const world = unpinned();
    world.pin = { kind: 'refused', reason: 'they may be in several' };
    world.personDeletes();
    await world.invoke(person('recreate'), { ...pins, offsets });
    expect(world.connector === undefined ? 'does not exist' : 'exists').toBe(then);
    expect(world.told.map(({ message }) => `${message.subject} ${message.text}`)).toEqual([
      expect.stringContaining(says),
    ]);
  });

  it('is created as saved where there never was a pin, and nobody looks for one that has not to be', async () => {
    const world = unpinned();
    world.personDeletes();
    await world.invoke(person('recreate'), { ...pins, offsets: 'must-survive' });
    expect([ofCalls(world, 'findEarlierPin'), world.connector?.request.workerConfiguration]).toEqual([[], undefined]);
  });

  it('of a connector that does not exist: not looked for unasked', async () => {
    const world = unpinned();
    world.personDeletes();
    await world.invoke(alarm, pins);
    expect(ofCalls(world, 'findEarlierPin', 'create')).toEqual([]);
  });

  it('waits where AWS does not answer', async () => {
    const world = unpinned();
    let tries = 0;
    world.fault = (call, _count, when) => {
      if (call !== 'makePin' || when !== 'before') return;
      tries += 1;
      if (tries < 3) throw new PortError('throttled', 'slow down');
    };
    await world.invoke(alarm, pins);
    expect([tries, ofCalls(world, 'delete', 'create')]).toEqual([3, ['delete', 'create']]);
  });
});

it.each([
  ['orders-cdc', 'connector-recovery-orders-cdc-6f1d2c3b-2'],
  ['orders.cdc_v2', 'connector-recovery-orders-cdc-v2-6f1d2c3b-2'],
  ['n'.repeat(128), `connector-recovery-${'n'.repeat(60)}-6f1d2c3b-2`],
])('the pin of %s is called after it and its id', (name, called) => {
  expect(pinName({ name, arn: `arn:aws:kafkaconnect:eu-west-1:111122223333:connector/${name}/6f1d2c3b-2` })).toBe(
    called,
  );
});
