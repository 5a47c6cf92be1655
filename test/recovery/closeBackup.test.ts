import { describe, expect, it } from 'vitest';
import type { DeleteAct, Journal } from '../../recovery/journal.ts';
import { HeldJournal } from '../../recovery/lease.ts';
import { closeBackup } from '../../recovery/perform.ts';
import type { Backup, Ports } from '../../recovery/ports.ts';
import { ago, arn, at, journal, name, recovery, request } from './examples.ts';

/** A deletion of four minutes ago that was never carried out, and a store whose newest backup is so old. */
async function closed(backupAgo: number): Promise<readonly Backup[]> {
  const act: DeleteAct = {
    kind: 'delete',
    intendedAt: ago(240),
    arn,
    version: 'V1',
    recreateFrom: request(),
    endedAt: ago(180),
    result: 'not-carried-out',
  };
  const underWay = recovery([act]);
  const backup: Backup = {
    schema: 1,
    connector: name,
    recoveryId: underWay.id,
    at: ago(backupAgo),
    arn,
    version: 'V1',
    live: request(),
    recreateFrom: request(),
  };
  const written: Backup[] = [];
  let stored: Journal = journal({ recovery: underWay });
  const ports = {
    clock: { now: () => at(0) },
    recorder: { note: () => undefined },
    journals: {
      read: async () => ({ journal: stored, tag: '1' }),
      write: async (_connector: string, next: Journal) => {
        stored = next;
        return { kind: 'written', tag: '1' };
      },
    },
    savedConfigs: {
      newestBackup: async () => ({ kind: 'read', backup }),
      writeBackup: async (one: Backup) => {
        written.push(one);
        return 'place';
      },
    },
  } as unknown as Ports;
  const held = await HeldJournal.take(ports, name, 'me');
  if (!(held instanceof HeldJournal)) throw new Error('The lease is free.');
  await closeBackup(underWay, held, ports);
  return written;
}

describe('the backup of a deletion that was not carried out', () => {
  it('is closed', async () => {
    expect((await closed(240)).map(({ closed: how }) => how?.why)).toEqual(['the deletion was not carried out']);
  });

  it('is left open where it is younger than that deletion: somebody put the journal back to before the one that was carried out', async () => {
    expect(await closed(60)).toEqual([]);
  });
});
