import { describe, expect, it } from 'vitest';
import type { Command } from '../../recovery/intervention.ts';
import type { Journal } from '../../recovery/journal.ts';
import { obey } from '../../recovery/obey.ts';
import type { Obeyed } from '../../recovery/obey.ts';
import { observe } from '../../recovery/observe.ts';
import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import { recover } from '../../recovery/recover.ts';
import { alarm, name, person, policy, steady, sweep } from './examples.ts';
import { Crash, World } from './world.ts';

const old = policy({ remedies: ['recreate'], connectVersion: '2.7.1' });

function anna(deed: Command['do'], changes: Partial<Command> = {}): Command {
  return { connector: name, do: deed, who: 'anna', ...changes };
}

function order(world: World, command: Command, allowed: Policy = old, holder = 'person'): Promise<Obeyed> {
  const until = new Date(world.nowMs + 600_000).toISOString();
  return obey(command, allowed, world.ports, { until, holder });
}

/** A person orders at the moment of that call of the port, while its caller goes on. */
function orderAt(world: World, call: string, command: Command, allowed: Policy = old): { answer?: Promise<Obeyed> } {
  const ordered: { answer?: Promise<Obeyed> } = {};
  world.fault = (made, _count, when) => {
    if (made !== call || when !== 'before' || ordered.answer !== undefined) return;
    ordered.answer = order(world, command, allowed);
  };
  return ordered;
}

const calledOffSubject = 'CALLED OFF: it is deleted, and nothing is created again';

describe('a call-off', () => {
  it('before the act, while a look holds the lease and waits: nothing is touched, and a second alarm changes nothing', async () => {
    const world = new World('dead');
    world.nowMs -= 540_000;
    const ordered: Promise<Obeyed>[] = [];
    world.after(40, () => ordered.push(order(world, anna('call-off', { why: 'we are moving it' }))));
    await world.invoke(alarm, old);
    expect(ordered).toHaveLength(1);
    await ordered[0];
    expect(world.accepted).toEqual([]);
    await world.invoke(alarm, old);
    await world.sweepFor(old, 30);
    expect(world.accepted).toEqual([]);
    expect(world.subjects()).toEqual(['called off: nothing more is done']);
    expect(world.journal?.interventions).toEqual([
      { did: 'call-off', at: world.journal?.calledOff?.at, who: 'anna', why: 'we are moving it' },
    ]);
  });

  it('between the deletion and the creation: its backup is closed, people are told once with the way back, alarms stop', async () => {
    const world = new World('dead');
    world.createRefused = () => ({ kind: 'refused', code: 'ForbiddenException', reason: 'no' });
    await world.invoke(alarm, old);
    const before = world.subjects();
    expect(before[0]).toBe('DELETED AND NOT BACK YET');
    const { done, outcome } = await order(world, anna('call-off', { why: 'it is not needed' }));
    expect(done).toBe('Called off: nothing more is done until it was seen alive or idle, or a person asks.');
    expect(outcome?.kind).toBe('called-off');
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.journal?.history[0]).toMatchObject({ outcome: 'called-off', acts: ['delete', 'create'] });
    expect(world.backups.at(-1)?.closed?.why).toBe('called off by anna (it is not needed)');

    world.createRefused = undefined;
    await world.invoke(alarm, old);
    await world.sweepFor(old, 90);
    expect(world.accepted).toEqual(['delete']);
    expect(world.subjects()).toEqual([...before, calledOffSubject]);
    const text = world.told.at(-1)?.message.text;
    expect(text).toContain(
      'Create it again after all, from its saved config: call {"connector":"orders-cdc","remedy":"recreate","who":"your name"}',
    );
    expect(text).toContain('Called off by anna (it is not needed) at');

    // And the way back works.
    const { outcome: after } = (await world.invoke(person('recreate'), old)) as { outcome?: { kind: string } };
    expect(after?.kind).toBe('recovered');
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.journal?.calledOff).toBeUndefined();
  });

  it.each(['writeBackup', 'delete'] as const)(
    'at the moment of %s, while the look that deletes goes on: what it began is settled first, and nothing is created',
    async (call) => {
      const world = new World('dead');
      const ordered = orderAt(world, call, anna('call-off'));
      await world.invoke(alarm, old);
      await ordered.answer;
      await world.sweepFor(old, 60);
      world.pass(600);
      await world.sweepFor(old, 60);
      expect(world.accepted.filter((act) => act === 'create')).toEqual([]);
      expect(world.journal?.recovery).toBeUndefined();
      const isGone = world.accepted.includes('delete');
      expect(world.backups.map(({ closed }) => closed?.why)).toEqual([
        isGone ? 'called off by anna' : 'the deletion was not carried out',
      ]);
      expect(world.connector === undefined).toBe(isGone);
      expect(world.subjects().filter((subject) => /called off/i.test(subject))).toHaveLength(1);
    },
  );

  it('after a look that died before it could delete: its backup stays open until it is known that nothing was deleted', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'delete' && when === 'before') throw new Crash();
    };
    await expect(world.invoke(alarm, old)).rejects.toThrow(Crash);
    world.fault = () => {};
    const { outcome, lookNext } = await order(world, anna('call-off'));
    expect([outcome, lookNext]).toEqual([undefined, 'anna called it off']);
    expect(world.backups.at(-1)?.closed).toBeUndefined();
    await world.sweepFor(old, 60);
    expect(world.accepted).toEqual([]);
    expect(world.backups.at(-1)?.closed?.why).toBe('the deletion was not carried out');
    expect(world.subjects()).toEqual(['called off: nothing more is done']);
  });

  it('at the moment of the creation: it is not tried a second time, and comes up or not', async () => {
    const world = new World('dead');
    const ordered = orderAt(world, 'create', anna('call-off'));
    await world.invoke(alarm, old);
    await ordered.answer;
    await world.sweepFor(old, 20);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.backups.at(-1)?.closed?.why).toBe('the connector was created again');
    expect(world.journal?.history[0]?.outcome).toBe('called-off');
  });

  it.each([
    ['refuses to take it', 'denied', 'called off: nothing more is done'],
    ['is away', 'unavailable', 'called off: nothing more is done'],
  ] as const)('is answered and followed by a look where the notifier %s', async (_how, code, subject) => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'tell' && when === 'before') throw new PortError(code, 'no topic');
    };
    expect(await order(world, anna('call-off'))).toEqual({
      done: 'Called off: nothing more is done until it was seen alive or idle, or a person asks.',
      lookNext: code === 'denied' ? 'anna ordered call-off' : 'anna called it off',
    });
    world.fault = () => {};
    world.pass(300);
    await world.invoke(sweep, old);
    expect(world.subjects()).toEqual([subject]);
  });

  it('of which the connector cannot be looked at is written, and answered', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'find' && when === 'before') throw new PortError('denied', 'no right to list connectors');
    };
    const { done, lookNext } = await order(world, anna('call-off'));
    expect([done, lookNext]).toEqual([
      'Called off: nothing more is done until it was seen alive or idle, or a person asks.',
      'anna ordered call-off',
    ]);
    expect(world.journal?.calledOff?.who).toBe('anna');
  });

  it('of a living connector ends at once, so that its next death is seen to', async () => {
    const world = new World('flowing');
    const { outcome } = await order(world, anna('call-off'));
    expect(outcome?.kind).toBe('left-alone');
    expect(world.journal?.calledOff).toBeUndefined();
    world.live('dead');
    world.pass(600);
    await world.invoke(alarm, old);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('is over when the connector was seen alive, and people hear that it lives', async () => {
    const world = new World('dead');
    await order(world, anna('call-off'));
    world.live('flowing');
    world.pass(300);
    await world.invoke(sweep, old);
    expect(world.journal?.calledOff).toBeUndefined();
    expect(world.subjects()).toEqual(['called off: nothing more is done', 'alive again without our doing']);
  });

  it('is lifted by a person who asks for a look, also when what follows needs several invocations', async () => {
    const world = new World('dead');
    await order(world, anna('call-off'));
    await world.invoke(person(), old, 'asks', 60);
    expect(world.journal?.calledOff).toBeUndefined();
    await world.sweepFor(old, 60);
    expect(world.accepted).toEqual(['delete', 'create']);
  });
});

it('a recovery that is being called off comes to its end, also where a person asks for more just then', async () => {
  const world = new World('dead');
  world.createRefused = () => ({ kind: 'refused', code: 'ForbiddenException', reason: 'no' });
  await world.invoke(alarm, old);
  // The invocation that took the order died right after it was written.
  world.journal = { ...blank(world.journal), calledOff: { at: world.now(), who: 'anna' } };
  world.createRefused = undefined;
  world.pass(120);
  expect(await world.invoke(person('recreate'), old)).toMatchObject({ outcome: { kind: 'called-off' } });
  expect(world.accepted).toEqual(['delete']);
  expect(await world.invoke(person('recreate'), old)).toMatchObject({ outcome: { kind: 'recovered' } });
});

function blank(journal: Journal | undefined): Journal {
  return journal ?? { schema: 1, connector: name, history: [] };
}

describe('a hold', () => {
  it('is told at once, and lets its connector be looked at again, though somebody holds the lease', async () => {
    const world = new World('dead');
    world.nowMs -= 540_000;
    let ordered: Promise<Obeyed> | undefined;
    let lease: unknown = 'not asked';
    world.after(40, () => {
      ordered = order(world, anna('hold')).then((obeyed) => {
        lease = world.journal?.lease;
        return obeyed;
      });
    });
    await world.invoke(alarm, old);
    await ordered;
    expect(lease).toBeUndefined();
    const mail = world.told[0]?.message;
    expect(mail?.subject).toBe('[connector-recovery] orders-cdc: held: no restarts, no deletions, by anna');
    expect(mail?.text).toMatch(/^orders-cdc: held: no restarts, no deletions, by anna\.\n/);
  });

  it('is told once, keeps the dead from a restart, and its release lets it go on', async () => {
    const world = new World('dead');
    await order(world, anna('hold', { why: 'migration' }));
    const again = await order(world, anna('hold'));
    expect(again.done).toMatch(/^It is held already: anna has held it since/);
    await world.invoke(alarm, policy());
    await world.invoke(alarm, policy());
    expect(world.accepted).toEqual([]);
    const released = await order(world, anna('release', { who: 'bert' }));
    expect(released.lookNext).toBe('bert released it');
    await world.invoke(sweep, policy());
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects()).toEqual([
      'held: no restarts, no deletions, by anna',
      'dead, and held: not touched',
      'released by bert',
      'back: restarted, and data flows again',
    ]);
    expect(world.told[1]?.message.text).toContain(
      'Release it: call {"connector":"orders-cdc","do":"release","who":"your name"}',
    );
  });

  it('in the middle of a recreation keeps nothing from coming back', async () => {
    const world = new World('dead');
    world.createRefused = () => ({ kind: 'refused', code: 'ForbiddenException', reason: 'no' });
    await world.invoke(alarm, old);
    const { lookNext } = await order(world, anna('hold'));
    expect(lookNext).toBe('anna held it while a recovery was under way');
    world.createRefused = undefined;
    await world.sweepFor(old, 60);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects().at(-1)).toBe('back: recreated, and data flows again');
    expect(world.journal?.hold?.who).toBe('anna');
  });

  it('that cuts into a deletion whose call is carried out two minutes late: it comes back all the same', async () => {
    const world = new World('dead');
    const { connectors } = world.ports;
    const ports = {
      ...world.ports,
      connectors: {
        ...connectors,
        delete: async (arn: string, version: string) => {
          world.after(120, () => void connectors.delete(arn, version));
          await order(world, anna('hold'));
          throw new PortError('unavailable', 'the answer was lost');
        },
      },
    };
    const until = new Date(world.nowMs + 840_000).toISOString();
    await recover(alarm, old, ports, { until, holder: 'cut off' });
    await world.sweepFor(old, 60);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects().at(-1)).toBe('back: recreated, and data flows again');
  });

  it('on the stack is asked for only before something would be touched', async () => {
    const world = new World('flowing');
    await world.invoke(alarm, old);
    expect(world.calls).not.toContain('holds');
    const partial = new World('flowing');
    const usual = partial.ports.signsOfLife;
    const signsOfLife = {
      look: async (...input: Parameters<typeof usual.look>) => ({
        ...(await usual.look(...input)),
        erroredTasks: steady(1),
        runningTasks: steady(2),
      }),
    };
    const heldOnStack = { on: 'stack', at: partial.now(), who: 'bert' } as const;
    partial.heldOnStack = heldOnStack;
    const journal = { schema: 1, connector: name, history: [] } as const;
    const seen = await observe({ ...partial.ports, signsOfLife }, policy(), journal, alarm);
    expect(seen.observation.verdict?.kind).toBe('partial');
    expect(seen.observation.heldOnStack).toEqual(heldOnStack);
    const dead = new World('dead');
    dead.heldOnStack = { on: 'stack', unreadable: 'hold.json is not what this product writes' };
    await dead.invoke(alarm, old);
    expect(dead.accepted).toEqual([]);
    expect(dead.told[0]?.message.text).toContain('Release the stack: call {"do":"release","who":"your name"}');
  });
});

describe('a hold of the whole stack', () => {
  const keeps = { ...old, deletions: 'after-approval' } as const;

  it.each(['offsetSurvival', 'writeBackup'])('ordered at the moment of %s still stops the deletion', async (call) => {
    const world = new World('dead');
    await order(world, anna('approve'), keeps);
    world.fault = (made, _count, when) => {
      if (made === call && when === 'after') world.heldOnStack ??= { on: 'stack', at: world.now(), who: 'bert' };
    };
    await world.invoke(alarm, keeps);
    expect(world.accepted).toEqual([]);
    expect(world.subjects().at(-1)).toBe('dead, and held: not touched');
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.backups.map(({ closed }) => closed?.why)).toEqual([
      'bert has held every connector since 2026-01-05T12:00:00.000Z',
    ]);
    // The approval was not spent by what was not done.
    world.fault = () => {};
    world.heldOnStack = undefined;
    await world.invoke(sweep, keeps);
    expect(world.accepted).toEqual(['delete', 'create']);
  });
});

describe('an approval', () => {
  const keeps = { ...old, deletions: 'after-approval' } as const;

  it('by the command of the mail opens the one deletion that it names, and is spent', async () => {
    const world = new World('dead');
    await world.invoke(alarm, keeps);
    expect(world.accepted).toEqual([]);
    expect(world.subjects()).toEqual(['dead; its deletion waits for your approval']);
    const { arn = '', version = '' } = world.connector ?? {};
    const { lookNext } = await order(world, anna('approve', { arn, version }), keeps);
    expect(lookNext).toBe('anna approved its deletion');
    await world.invoke(sweep, keeps);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects()).toEqual([
      'dead; its deletion waits for your approval',
      'its deletion is approved by anna',
      'back: recreated, and data flows again',
    ]);
    // Dead once more within the hour: another connector, which nobody approved.
    world.live('dead');
    world.pass(2400);
    await world.invoke(alarm, keeps);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects().at(-1)).toBe('dead; its deletion waits for your approval');
  });

  it('is good for one recovery: a deletion that is refused is not ordered again and again', async () => {
    const world = new World('dead');
    world.deleteRefused = { kind: 'refused', code: 'ForbiddenException', reason: 'no' };
    await order(world, anna('approve'), keeps);
    await world.invoke(sweep, keeps);
    const tries = world.calls.filter((call) => call === 'delete').length;
    for (let look = 0; look < 5; look += 1) {
      world.pass(300);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await world.invoke(sweep, keeps);
    }
    expect(world.calls.filter((call) => call === 'delete')).toHaveLength(tries);
  });

  it('of what is alive by then deletes nothing', async () => {
    const world = new World('flowing');
    await order(world, anna('approve'), keeps);
    await world.invoke(sweep, keeps);
    expect(world.accepted).toEqual([]);
  });
});

describe('the order itself', () => {
  it('is written though others write at the same moment, and the holder stops', async () => {
    const world = new World('dead');
    let lost = 0;
    const write = world.ports.journals.write.bind(world.ports.journals);
    const journals = {
      ...world.ports.journals,
      write: async (...input: Parameters<typeof write>) => {
        lost += 1;
        return lost <= 3 ? ({ kind: 'lost' } as const) : write(...input);
      },
    };
    const until = new Date(world.nowMs + 600_000).toISOString();
    await obey(anna('hold'), old, { ...world.ports, journals }, { until, holder: 'person' });
    expect(world.journal?.hold).toMatchObject({ who: 'anna' });
  });

  it('that cannot be written is no order, and says so', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'readJournal' && when === 'before') throw new PortError('unavailable', 'S3 is away');
    };
    await expect(order(world, anna('hold'))).rejects.toThrow('could not be written: nothing was ordered');
  });

  it('that nobody could be told of yet is told at a later look', async () => {
    const world = new World('flowing');
    let away = true;
    world.fault = (call, _count, when) => {
      if (away && call === 'tell' && when === 'before') throw new PortError('unavailable', 'SNS is away');
    };
    await order(world, anna('hold'));
    expect(world.journal?.untold?.map(({ message }) => message.subject)).toEqual([
      '[connector-recovery] orders-cdc: held: no restarts, no deletions, by anna',
    ]);
    away = false;
    world.pass(120);
    await world.invoke(sweep, old);
    expect(world.subjects()).toEqual(['held: no restarts, no deletions, by anna']);
  });

  it('on a journal that cannot be read is written into a new one', async () => {
    const world = new World('dead');
    world.broken = true;
    await order(world, anna('hold'));
    expect(world.journal?.hold).toMatchObject({ who: 'anna' });
  });
});

it('a dry run shows what is in force, and what would be done', async () => {
  const world = new World('dead');
  await order(world, anna('hold'));
  const ended = await world.invoke(person(undefined, true), old);
  expect(ended).toMatchObject({
    kind: 'dry-run',
    decision: { kind: 'finish', outcome: { kind: 'refused', objections: ['held'] } },
    inForce: ['held: anna has held it since 2026-01-05T12:00:00.000Z'],
  });
});
