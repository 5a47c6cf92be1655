import { describe, expect, it } from 'vitest';
import { PortError } from '../../recovery/ports.ts';
import type { Neighbour } from '../../recovery/ports.ts';
import { alarm, at, journal, policy, schedule, sweep } from './examples.ts';
import { World } from './world.ts';

const limits = { restartsPerRecovery: 1, recreationsPerRecovery: 1, recoveriesPerDay: 3, cooldownSeconds: 1800 };
const guarded = policy({ breaker: { atLeast: 3, share: 0.5, probe: 'restart' }, limits });
const news = '3 of 3 connectors: silent at once: held';

/** Silent for as long as the test lasts. */
function silent(connector: string, forSeconds = 7200): Neighbour {
  const suspected = { since: at(0), seenAt: at(forSeconds), verdict: 'dead' } as const;
  return { kind: 'read', connector, journal: journal({ connector, stack: { suspected } }) };
}

function cameBack(connector: string, seconds: number): Neighbour {
  return { kind: 'read', connector, journal: journal({ connector, stack: { cameBack: { at: at(seconds) } } }) };
}

function world(life: 'dead' | 'flowing' = 'dead'): World {
  const made = new World(life);
  made.cure = 'nothing';
  made.neighbours = [silent('returns'), silent('stock')];
  return made;
}

const subjects = (made: World) => made.told.map(({ message }) => message.subject.replace('[connector-recovery] ', ''));

describe('a connector whose neighbours are silent, too', () => {
  it('is restarted to find out, told for all, and not deleted when that was in vain', async () => {
    const made = world();
    await made.invoke(alarm, guarded);
    expect(made.accepted).toEqual(['restart']);
    expect(subjects(made)).toEqual([news]);
    expect(made.journal?.history).toMatchObject([{ acts: ['restart'], probe: true, forStack: true }]);
    expect(made.journal?.stack).toMatchObject({ suspected: { verdict: 'dead', stands: {} }, announced: { probes: 0 } });
  });

  it('is not restarted again before a quarter of an hour has passed', async () => {
    const made = world();
    await made.invoke(alarm, guarded);
    const endedAt = Date.parse(made.journal?.history[0]?.endedAt ?? '');
    const lookAfter = (seconds: number) => {
      made.moveTo(endedAt + seconds * 1000);
      return made.invoke(sweep, guarded);
    };
    await lookAfter(300);
    await lookAfter(600);
    await lookAfter(870);
    expect(made.accepted).toEqual(['restart']);
    await lookAfter(900);
    expect(made.accepted).toEqual(['restart', 'restart']);
    expect(subjects(made)).toEqual([news]);
  });

  describe('and is recreated to find out', () => {
    const probing = policy({
      remedies: ['recreate'],
      breaker: { atLeast: 3, share: 0.5, probe: 'recreate' },
      limits: { ...limits, recoveriesPerDay: 2 },
    });
    const once = ['delete', 'create'];

    it('in vain: the next comes after a quarter of an hour, whatever the cooldown', async () => {
      const made = world();
      await made.sweepFor(probing, 60);
      expect(made.accepted).toEqual(once);
      expect(made.journal?.history).toMatchObject([{ acts: ['delete', 'create'], forStack: true }]);
      expect(made.journal?.history[0]?.probe).toBeUndefined();
      const endedAt = Date.parse(made.journal?.history[0]?.endedAt ?? '');
      for (const seconds of [300, 600, 870]) {
        made.moveTo(endedAt + seconds * 1000);
        // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
        await made.invoke(sweep, probing);
      }
      expect(made.accepted).toEqual(once);
      made.moveTo(endedAt + 900_000);
      await made.sweepFor(probing, 60);
      expect(made.accepted).toEqual([...once, ...once]);
    });

    it('and no more often than its limit of a day allows, for each leaves partitions behind', async () => {
      const made = world();
      made.neighbours = [silent('returns', 43_200), silent('stock', 43_200)];
      for (let look = 0; look < 120; look += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
        await made.invoke(sweep, probing);
        made.pass(300);
      }
      expect(made.accepted).toEqual([...once, ...once]);
    });
  });

  it('and none can be restarted: people hear at once, after an hour and then once a day, until one approves', async () => {
    const made = world();
    made.neighbours = [silent('returns', 200_000), silent('stock', 200_000)];
    const heardAtHours: number[] = [];
    for (let look = 0; look < 12 * 52; look += 1) {
      const before = made.told.length;
      // oxlint-disable-next-line no-await-in-loop -- one sweep after the other is the point
      await made.invoke(sweep, { ...guarded, remedies: ['recreate'] });
      if (made.told.length > before) heardAtHours.push(Math.floor(made.elapsed / 3600));
      made.pass(300);
    }
    expect(made.accepted).toEqual([]);
    expect(new Set(subjects(made))).toEqual(new Set([news]));
    expect(heardAtHours).toEqual([0, 1, 25, 49]);
  });

  it('is deleted for itself alone where the others came back during its restart: that counts for its own limits', async () => {
    const made = world();
    made.after(60, () => {
      made.neighbours = [cameBack('returns', made.elapsed), cameBack('stock', made.elapsed)];
    });
    await made.invoke(alarm, guarded);
    await made.sweepFor(guarded, 60);
    expect(made.accepted).toEqual(['restart', 'delete', 'create']);
    expect(made.journal?.history).toMatchObject([{ outcome: 'gave-up', acts: ['restart', 'delete', 'create'] }]);
    expect(made.journal?.history[0]?.forStack).toBeUndefined();
  });

  it('goes on by itself, without a cooldown, once one of them has come back', async () => {
    const made = world();
    await made.invoke(alarm, guarded);
    made.neighbours = [cameBack('returns', made.elapsed), silent('stock')];
    made.cure = 'recreate';
    made.pass(60);
    await made.sweepFor(guarded, 60);
    expect(made.accepted).toEqual(['restart', 'restart', 'delete', 'create']);
    expect(subjects(made)).toEqual([news, 'orders-cdc: back: recreated, and data flows again']);
    expect(made.journal?.stack?.suspected).toBeUndefined();
    expect(made.journal?.stack?.cameBack).toBeDefined();
  });

  it('keeps the message for a later look when nobody takes it', async () => {
    const made = world();
    made.fault = (call, _count, when) => {
      if (call === 'tell' && when === 'before') throw new PortError('denied', 'Publish: not authorized');
    };
    await expect(made.invoke(alarm, guarded)).rejects.toThrow('nobody could be told');
    expect(made.accepted).toEqual(['restart']);
    expect(made.journal?.untold?.map(({ message }) => message.subject)).toEqual([`[connector-recovery] ${news}`]);
    made.fault = () => {};
    await made.invoke(sweep, guarded);
    expect(subjects(made)).toEqual([news]);
  });

  it('lives: its preventive restart waits', async () => {
    const made = world('flowing');
    made.neighbours = [...made.neighbours, silent('billing')];
    await made.invoke(schedule, guarded);
    expect(made.accepted).toEqual([]);
    expect(subjects(made)).toEqual(['orders-cdc: alive, and not touched: see why']);
  });

  it('does not wait for the breaker any more when something of its own keeps it', async () => {
    const made = world();
    await made.invoke(alarm, guarded);
    made.neighbours = [cameBack('returns', made.elapsed), cameBack('stock', made.elapsed)];
    made.pass(60);
    await made.invoke(sweep, { ...guarded, limits: { ...limits, recoveriesPerDay: 0 } });
    expect(made.journal?.stack?.suspected?.stands).toBeUndefined();
    expect(made.accepted).toEqual(['restart']);
  });
});

describe('a connector alone', () => {
  it('asks no neighbours, and writes nothing to them', async () => {
    const made = world();
    await made.invoke(alarm, policy());
    expect(made.calls).not.toContain('neighbours');
    expect(made.journal?.stack).toBeUndefined();
  });

  it('that lives again after a recovery that brought nothing back is noted, for that forgives it in time', async () => {
    const made = world();
    await made.invoke(alarm, policy({ remedies: ['restart'] }));
    expect(made.journal?.history).toMatchObject([{ outcome: 'gave-up' }]);
    expect(made.journal?.history[0]?.aliveAt).toBeUndefined();
    made.live('flowing');
    made.pass(300);
    const livesAt = made.now();
    await made.invoke(sweep, policy({ remedies: ['restart'] }));
    expect(made.journal?.history[0]?.aliveAt).toBe(livesAt);
  });
});
