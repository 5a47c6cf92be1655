import { describe, expect, it } from 'vitest';
import { PortError } from '../../recovery/ports.ts';
import { alarm, person, policy, request, schedule, sweep } from './examples.ts';
import { Crash, World } from './world.ts';

const recreateOnly = policy({ remedies: ['recreate'] });

describe('the loop, from the alarm to the e-mail', () => {
  it('restarts a dead connector, sees data again and says so', async () => {
    const world = new World('dead');
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects()).toEqual(['back: restarted, and data flows again']);
    expect(world.journal?.recovery).toBeUndefined();
    expect(world.journal?.lease).toBeUndefined();
    expect(world.journal?.history).toMatchObject([{ outcome: 'recovered', acts: ['restart'] }]);
  });

  it('recreates when the restart did not help, over two invocations', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    const first = await world.invoke(alarm, policy());
    expect(first.kind).toBe('time-spent');
    const last = await world.sweepFor(policy(), 30);
    expect(last).toMatchObject({ kind: 'finished', outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['restart', 'delete', 'create']);
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
    expect(world.backups).toMatchObject([{ closed: { why: 'the connector was created again' } }]);
  });

  it('recreates at once where only that is allowed', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    await world.invoke(alarm, recreateOnly);
    await world.sweepFor(recreateOnly, 30);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.connector?.state).toBe('RUNNING');
  });

  it('has written what it is about to delete in the journal and in the backup before it deletes', async () => {
    const world = new World('dead');
    let journal: unknown;
    let backups: unknown;
    world.fault = (call, _count, when) => {
      if (call !== 'delete' || when !== 'before') return;
      journal = world.journal?.recovery?.acts.at(-1);
      backups = [...world.backups];
    };
    await world.invoke(alarm, recreateOnly);
    expect(world.accepted).toContain('delete');
    expect(journal).toMatchObject({
      kind: 'delete',
      recreateFrom: request(),
      backup: 's3://bucket/backups/id-1.json',
    });
    expect(backups).toMatchObject([{ recoveryId: 'id-1', live: request(), recreateFrom: request() }]);
    expect(backups).not.toMatchObject([{ closed: {} }]);
  });

  it('has written the restart in the journal before it restarts', async () => {
    const world = new World('dead');
    let written: unknown;
    world.fault = (call, _count, when) => {
      if (call === 'restart' && when === 'before') written = world.journal?.recovery?.acts;
    };
    await world.invoke(alarm, policy());
    expect(written).toMatchObject([{ kind: 'restart' }]);
  });

  it('never escalates on the values of the predecessor: acted, unproved', async () => {
    const world = new World('dead');
    world.cure = 'nothing';
    world.newTaskIsHeard = false;
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'acted-unproved' } });
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects()).toEqual(['restarted, but no data seen yet']);
  });

  it('tells it once, and goes on waiting for data, while nobody can tell', async () => {
    const world = new World('dead');
    world.cure = 'nothing';
    world.newTaskIsHeard = false;
    await world.invoke(alarm, policy());
    for (let look = 0; look < 3; look += 1) {
      world.moveTo(world.nowMs + 300_000);
      await world.invoke(sweep, policy());
    }
    expect(world.subjects()).toEqual(['restarted, but no data seen yet']);
    expect(world.journal?.standing?.key).toBe('unknown/acted-unproved');
  });

  it('gives up when everything allowed was tried, and tells it once', async () => {
    const world = new World('dead');
    world.cure = 'nothing';
    await world.invoke(alarm, policy());
    const last = await world.sweepFor(policy(), 60);
    expect(last).toMatchObject({ outcome: { kind: 'gave-up' } });
    expect(world.accepted).toEqual(['restart', 'delete', 'create']);
    expect(world.connector?.state).toBe('RUNNING');
    expect(world.told).toHaveLength(1);
  });

  it.each([
    { life: 'flowing', kind: 'alive' },
    { life: 'idle', kind: 'idle' },
  ] as const)('leaves a connector alone that is $kind, and tells nobody', async ({ life, kind }) => {
    const world = new World(life);
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'left-alone', verdict: { kind } } });
    expect(world.accepted).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it('restarts an idle connector when the schedule says so', async () => {
    const world = new World('idle');
    await world.invoke(schedule, policy());
    expect(world.accepted).toEqual(['restart']);
  });

  it('tells once that it refuses, however often it is called, and again when it lives', async () => {
    const world = new World('dead');
    world.saved = { kind: 'missing', place: 's3://bucket/connectors/orders-cdc.json' };
    for (let call = 0; call < 4; call += 1) await world.invoke(alarm, recreateOnly);
    expect(world.subjects()).toEqual(['dead, and not touched: see why']);
    expect(world.accepted).toEqual([]);
    world.saved = { kind: 'valid', request: request(), place: 'p' };
    world.live('flowing');
    world.pass(120);
    await world.invoke(sweep, recreateOnly);
    expect(world.subjects()).toEqual(['dead, and not touched: see why', 'alive again without our doing']);
  });

  it('stores the configuration of a healthy connector that has none saved', async () => {
    const world = new World('flowing');
    world.saved = { kind: 'missing', place: 's3://bucket/connectors/orders-cdc.json' };
    const ended = await world.invoke(sweep, policy());
    expect(ended).toMatchObject({ outcome: { kind: 'captured' } });
    expect(world.saved).toMatchObject({ kind: 'valid', request: request() });
    expect(world.told).toEqual([]);
  });

  it('goes on with what a person asked for, whoever continues it', async () => {
    const world = new World('idle');
    const restartOnly = policy({ remedies: ['restart'] });
    let lost = false;
    world.fault = (call, _count, when) => {
      if (call !== 'delete' || when !== 'before' || lost) return;
      lost = true;
      throw new Crash();
    };
    await expect(world.invoke(person('recreate'), restartOnly)).rejects.toThrow(Crash);
    const last = await world.sweepFor(restartOnly, 60);
    expect(last).toMatchObject({ outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('is not led astray by a person who asks for a restart while the alarm’s recovery escalates', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    const first = await world.invoke(alarm, policy(), 'a', 120);
    expect(first.kind).toBe('time-spent');
    await world.invoke(person('restart'), policy());
    await world.sweepFor(policy(), 60);
    expect(world.accepted).toEqual(['restart', 'delete', 'create']);
  });
});

describe('a dry run', () => {
  it.each([
    { life: 'dead', remedy: undefined, decides: 'restart' },
    { life: 'dead', remedy: 'recreate', decides: 'delete' },
    { life: 'flowing', remedy: undefined, decides: 'finish' },
  ] as const)('of $remedy on a connector that is $life answers "$decides" and touches nothing', async (row) => {
    const world = new World(row.life);
    const ended = await world.invoke(person(row.remedy, true), policy());
    expect(ended).toMatchObject({ kind: 'dry-run', decision: { kind: row.decides } });
    const touching = ['restart', 'delete', 'create', 'capture', 'writeBackup', 'writeJournal', 'tell'];
    expect(world.calls.filter((call) => touching.includes(call))).toEqual([]);
    expect(world.journal).toBeUndefined();
  });
});

describe('one recovery at a time', () => {
  it('ends when somebody holds the lease', async () => {
    const world = new World('dead');
    world.journal = {
      schema: 1,
      connector: 'orders-cdc',
      history: [],
      lease: { holder: 'other', until: new Date(world.nowMs + 30_000).toISOString() },
    };
    world.tag = 7;
    expect(await world.invoke(alarm, policy())).toEqual({ kind: 'lease-held', until: '2026-01-05T12:00:30.000Z' });
    expect(world.accepted).toEqual([]);
    world.pass(39);
    expect((await world.invoke(alarm, policy())).kind).toBe('lease-held');
    world.pass(2);
    expect((await world.invoke(alarm, policy())).kind).toBe('finished');
  });

  it.each(['restart', 'delete'] as const)('does not %s once the lease is lost', async (act) => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'look' && when === 'after') world.tag += 1;
    };
    const allowed = act === 'restart' ? policy() : recreateOnly;
    expect(await world.invoke(alarm, allowed)).toEqual({ kind: 'lease-held', until: undefined });
    expect(world.accepted).toEqual([]);
  });

  it('does not delete when the lease is lost while the backup is written', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'writeBackup' && when === 'after') world.tag += 1;
    };
    expect(await world.invoke(alarm, recreateOnly)).toEqual({ kind: 'lease-held', until: undefined });
    expect(world.accepted).toEqual([]);
  });

  it.each([policy(), recreateOnly])('of ten alarms at once one acts', async (allowed) => {
    const world = new World('dead');
    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, index) => world.invoke(alarm, allowed, `invocation-${index}`)),
    );
    expect(ends.filter(({ kind }) => kind === 'lease-held')).toHaveLength(9);
    await world.sweepFor(allowed, 30);
    expect(world.accepted.filter((act) => act === 'restart' || act === 'delete')).toHaveLength(1);
    expect(world.connector?.state).toBe('RUNNING');
    expect(world.told).toHaveLength(1);
  });
});

/** Every kind of invocation that dies, at every call of a port, before and after the call went through. */
describe('a fault at the n-th call of a port, for every n', () => {
  const faults = [
    { what: 'the process dies', error: () => new Crash() },
    { what: 'the service does not answer', error: () => new PortError('unavailable', 'no answer') },
  ];
  const policies = [
    { remedies: 'recreate', allowed: recreateOnly },
    { remedies: 'restart, recreate', allowed: policy() },
  ];
  const rows = faults.flatMap((fault) =>
    policies.flatMap((chosen) => (['before', 'after'] as const).map((when) => ({ ...fault, ...chosen, when }))),
  );
  it.each(rows)('$what $when the call, remedies $remedies: it is back, deleted once, and people know', async (row) => {
    const whole = new World('dead');
    whole.cure = 'recreate';
    await whole.invoke(alarm, row.allowed);
    await whole.sweepFor(row.allowed, 40);
    expect(whole.calls.length).toBeGreaterThan(50);
    for (let n = 1; n <= whole.calls.length; n += 1) {
      const world = new World('dead');
      world.cure = 'recreate';
      world.fault = (_call, count, when) => {
        if (count === n && when === row.when) throw row.error();
      };
      const where = `call ${n} (${whole.calls[n - 1]})`;
      await world.invoke(alarm, row.allowed).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
      await world.sweepFor(row.allowed, 90);
      const count = (act: string) => world.accepted.filter((accepted) => accepted === act).length;
      expect({
        where,
        state: world.connector?.state,
        deletions: count('delete'),
        creations: count('create'),
        restartedTwice: count('restart') > 1,
        told: world.subjects().includes('back: recreated, and data flows again'),
        backups: world.backups.map((backup) => backup.closed?.why),
      }).toEqual({
        where,
        state: 'RUNNING',
        deletions: 1,
        creations: 1,
        restartedTwice: false,
        told: true,
        backups: ['the connector was created again'],
      });
    }
  });
});

describe('what was deleted is recreated, and until it is, people are told', () => {
  const denied = { kind: 'refused', code: 'ForbiddenException', reason: 'iam:PassRole' } as const;

  it('at 0, 5, 15 and 60 min and then hourly, while CreateConnector is refused for two hours', async () => {
    const world = new World('dead');
    const mendedMs = world.nowMs + 240_000 + 7_320_000;
    world.createRefused = (nowMs) => (nowMs < mendedMs ? denied : undefined);
    await world.invoke(alarm, recreateOnly);
    await world.sweepFor(recreateOnly, 240);
    const first = world.told[0]?.at ?? 0;
    expect(first).toBeGreaterThanOrEqual(240);
    expect(first).toBeLessThanOrEqual(256);
    const alarms = world.told.filter(({ message }) => message.subject.includes('DELETED AND NOT BACK YET'));
    const sinceMinutes = alarms.map((told) => (told.at - first) / 60);
    expect(sinceMinutes.map(Math.floor)).toEqual([0, 5, 15, 60, 120]);
    expect(alarms[0]?.message.text).toContain('ForbiddenException: iam:PassRole');
    expect(world.subjects().at(-1)).toBe('back: recreated, and data flows again');
    expect(world.connector?.state).toBe('RUNNING');
  });

  it('also while CreateConnector does not answer at all', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'create' && when === 'before' && world.elapsed < 7200)
        throw new PortError('unavailable', 'no answer');
    };
    await world.invoke(alarm, recreateOnly);
    await world.sweepFor(recreateOnly, 180);
    const alarms = world.told.filter(({ message }) => message.subject.includes('DELETED AND NOT BACK YET'));
    const first = alarms[0]?.at ?? Infinity;
    expect(first).toBeLessThan(240 + 180);
    // An attempt under way holds an alarm back for up to a minute.
    expect(alarms.map((told) => Math.floor((told.at - first) / 60))).toEqual([0, 5, 16, 61]);
    expect(world.connector?.state).toBe('RUNNING');
  });

  it('ends in error when a right is missing and nothing is begun: those who watch the errors hear of it, and nobody is blocked', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'find' && when === 'before') throw new PortError('denied', 'no right to list connectors');
    };
    await expect(world.invoke(alarm, policy())).rejects.toThrow('no right to list connectors');
    expect(world.elapsed).toBeLessThan(60);
    expect(world.journal?.lease).toBeUndefined();
    expect(world.accepted).toEqual([]);
  });

  it('leaves long pauses between attempts to the sweep, and does not call itself again for them', async () => {
    const world = new World('dead');
    world.createRefused = () => denied;
    expect(await world.invoke(alarm, recreateOnly, 'a', 900)).toMatchObject({ kind: 'time-spent', atOnce: false });
  });

  it('goes on trying while the notifier fails', async () => {
    const world = new World('dead');
    world.createRefused = (nowMs) => (nowMs < Date.UTC(2026, 0, 5, 12, 20) ? denied : undefined);
    world.fault = (call, _count, when) => {
      if (call === 'tell' && when === 'before' && world.elapsed < 7200)
        throw new PortError('denied', 'no right to publish');
    };
    await expect(world.invoke(alarm, recreateOnly)).rejects.toThrow('no right to publish');
    for (let minute = 0; minute < 60; minute += 1) {
      world.pass(60);
      // oxlint-disable-next-line no-await-in-loop -- one minute after the other is the point
      await world.invoke(sweep, recreateOnly).catch(() => undefined);
    }
    expect(world.connector?.state).toBe('RUNNING');
    world.moveTo(Date.UTC(2026, 0, 5, 14));
    await world.sweepFor(recreateOnly, 5);
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
  });

  it('from its backup when the journal is gone', async () => {
    const world = new World('dead');
    await world.invoke(alarm, recreateOnly, 'a', 60);
    expect(world.accepted).toEqual(['delete']);
    world.journal = undefined;
    world.pass(300);
    const last = await world.sweepFor(recreateOnly, 30);
    expect(last).toMatchObject({ outcome: { kind: 'recovered' } });
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.backups).toMatchObject([{ closed: { why: 'the connector was created again' } }]);
  });

  it('from its backup when the journal cannot be understood', async () => {
    const world = new World('dead');
    await world.invoke(alarm, recreateOnly, 'a', 60);
    world.broken = true;
    world.pass(300);
    await world.sweepFor(recreateOnly, 30);
    expect(world.accepted).toEqual(['delete', 'create']);
  });

  it('from its backup when the answer to DeleteConnector is lost, the journal too, and it acts five minutes late', async () => {
    const world = new World('dead');
    const { connector } = world;
    world.fault = (call, _count, when) => {
      if (call !== 'delete' || when !== 'before') return;
      world.after(300, () => {
        if (connector !== undefined) connector.state = 'DELETING';
        world.live('gone');
      });
      world.after(540, () => {
        world.connector = undefined;
      });
      throw new Crash();
    };
    await expect(world.invoke(alarm, recreateOnly)).rejects.toThrow(Crash);
    world.fault = () => {};
    world.journal = undefined;
    world.pass(60);
    await world.sweepFor(recreateOnly, 60);
    expect(world.connector?.state).toBe('RUNNING');
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
  });

  it('but never by a guess: with journal and backup gone, people are told once', async () => {
    const world = new World('dead');
    await world.invoke(alarm, recreateOnly, 'a', 60);
    world.journal = undefined;
    world.backups = [];
    world.pass(300);
    for (let call = 0; call < 3; call += 1) await world.invoke(sweep, recreateOnly);
    expect(world.accepted).toEqual(['delete']);
    expect(world.subjects()).toEqual(['does not exist, and we did not delete it']);
  });

  it('also when the list forgets it while it is still being deleted', async () => {
    const world = new World('dead');
    let hidden: World['connector'];
    world.after(100, () => {
      hidden = world.connector;
      world.connector = undefined;
    });
    world.createRefused = (nowMs) =>
      hidden !== undefined && nowMs < Date.UTC(2026, 0, 5, 12, 3, 50)
        ? { kind: 'refused', code: 'ConflictException', reason: 'the name is taken' }
        : undefined;
    world.after(150, () => {
      world.connector = hidden;
    });
    world.after(230, () => {
      world.connector = undefined;
    });
    await world.invoke(alarm, recreateOnly);
    await world.sweepFor(recreateOnly, 30);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.connector?.state).toBe('RUNNING');
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
  });

  it.each([90, 200])('also when the answer to DeleteConnector is lost and it acts %i s late', async (lateSeconds) => {
    const world = new World('dead');
    let first = true;
    world.fault = (call, _count, when) => {
      if (call !== 'delete' || when !== 'before' || !first) return;
      first = false;
      const { connector } = world;
      world.deleteRefused = { kind: 'refused', code: 'BadRequestException', reason: 'it is busy' };
      world.after(lateSeconds, () => {
        if (connector !== undefined) connector.state = 'DELETING';
        world.live('gone');
      });
      world.after(lateSeconds + 240, () => {
        world.connector = undefined;
        world.deleteRefused = undefined;
      });
      throw new PortError('unavailable', 'timed out');
    };
    await world.invoke(alarm, recreateOnly);
    await world.sweepFor(recreateOnly, 60);
    expect(world.connector?.state).toBe('RUNNING');
    expect(world.accepted).toEqual(['create']);
  });
});

describe('attempts are limited', () => {
  it.each([
    { call: 'restart', allowed: policy({ remedies: ['restart'] }) },
    { call: 'writeBackup', allowed: recreateOnly },
    { call: 'delete', allowed: recreateOnly },
  ])('when $call never answers, a person hears of it', async ({ call, allowed }) => {
    const world = new World('dead');
    world.fault = (made, _count, when) => {
      if (made === call && when === 'before') throw new PortError('unavailable', 'no answer');
    };
    await world.invoke(alarm, allowed);
    const last = await world.sweepFor(allowed, 60);
    expect(last ?? { kind: 'finished' }).toMatchObject({ kind: 'finished' });
    expect(world.calls.filter((made) => made === call).length).toBeLessThanOrEqual(4);
    expect(world.subjects()).toEqual(['dead, and no remedy could be done: a person is needed']);
    expect(world.told[0]?.message.text).toContain('could not be carried out');
  });
});

describe('people at work', () => {
  it('a person deletes the recreated connector in mid-recovery: it is not created once more', async () => {
    const world = new World('dead');
    await world.invoke(alarm, recreateOnly, 'a', 300);
    world.pass(60);
    await world.invoke(sweep, recreateOnly, 'b', 60);
    expect(world.connector?.state).toBe('CREATING');
    world.personDeletes();
    await world.sweepFor(recreateOnly, 30);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.connector).toBeUndefined();
    expect(world.told).toHaveLength(1);
  });

  it('a person pauses it in mid-recovery: it is left alone, and they are told', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    world.after(100, () => {
      if (world.connector !== undefined) world.connector.state = 'PAUSED';
    });
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ outcome: { kind: 'left-alone' } });
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects()).toEqual(['taken in hand by somebody during the recovery']);
  });

  it('a person changes the live configuration: drift forbids the deletion, the restart stays allowed', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    if (world.connector !== undefined) world.connector.request = request({ 'table.include.list': 'shop.orders' });
    const ended = await world.invoke(alarm, policy());
    expect(ended).toMatchObject({ outcome: { kind: 'refused', objections: ['drift'] } });
    expect(world.accepted).toEqual(['restart']);
  });
});

describe('time and telling', () => {
  it('ends before its time is up, and gives the lease back', async () => {
    const world = new World('dead');
    const ended = await world.invoke(alarm, recreateOnly, 'a', 100);
    expect(ended).toMatchObject({
      kind: 'time-spent',
      next: 'the deletion is under way',
      atOnce: true,
    });
    expect(world.elapsed).toBeLessThan(100);
    expect(world.journal?.lease).toBeUndefined();
    expect(world.journal?.recovery?.acts).toHaveLength(1);
  });

  it('ends normally when the store fails at the end of its time', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'writeJournal' && when === 'before' && world.elapsed > 80) throw new PortError('unavailable', 'S3');
    };
    expect(await world.invoke(alarm, recreateOnly, 'a', 100)).toMatchObject({ kind: 'time-spent' });
  });

  it('tells later what the notifier did not take', async () => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'tell' && when === 'before' && world.elapsed < 1000) throw new PortError('throttled', 'slow down');
    };
    expect((await world.invoke(alarm, policy())).kind).toBe('time-spent');
    world.pass(300);
    await world.sweepFor(policy(), 5);
    expect(world.subjects()).toEqual(['back: restarted, and data flows again']);
    expect(world.accepted).toEqual(['restart']);
  });
});
