import { describe, expect, it } from 'vitest';
import { PortError } from '../../../recovery/ports.ts';
import type { StoreSeen } from '../../../watchdog/looks/knownJournals.ts';
import { StoreTrouble } from '../../../watchdog/troubles/storeTrouble.ts';

const away: StoreSeen = { kind: 'out-of-reach', error: new PortError('unavailable', 'the disk is full') };
const there: StoreSeen = { kind: 'reached' };
const nothingAsked: StoreSeen = { kind: 'not-asked' };
const cannot = '[connector-recovery] ALL CONNECTORS: the store cannot be used';
const can = '[connector-recovery] ALL CONNECTORS: the store can be used again';

/** What people hear where a look follows every ten seconds; `mute`: before which looks nobody can be told. */
async function heard(looks: readonly StoreSeen[], mute: readonly number[] = []): Promise<readonly string[]> {
  const subjects: string[] = [];
  let look = 0;
  const trouble = new StoreTrouble(
    {
      tell: async ({ subject }) => {
        if (mute.includes(look)) throw new PortError('unavailable', 'no answer');
        subjects.push(subject);
      },
    },
    { now: () => new Date(Date.UTC(2026, 0, 5, 8) + look * 10_000).toISOString() },
    { note: () => undefined },
  );
  for (const seen of looks) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await trouble.note(seen);
    look += 1;
  }
  return subjects;
}

const times = (count: number, ...seen: readonly StoreSeen[]) => Array.from({ length: count }, () => seen).flat();

describe('a store that is out of reach is told', () => {
  it('once it has lasted a minute, and once when it is over', async () => {
    expect(await heard([...times(6, away), there])).toEqual([]);
    expect(await heard([...times(20, away), ...times(3, there)])).toEqual([cannot, can]);
  });

  it('though the round over another cluster asks it for nothing in between', async () => {
    expect(await heard(times(7, away, nothingAsked))).toEqual([cannot]);
  });

  it('as over as soon as people can be told so', async () => {
    expect(await heard([...times(7, away), ...times(3, there)], [7, 8])).toEqual([cannot, can]);
  });

  it('anew when it is so again', async () => {
    expect(await heard([...times(7, away), there, ...times(7, away), there])).toEqual([cannot, can, cannot, can]);
  });
});
