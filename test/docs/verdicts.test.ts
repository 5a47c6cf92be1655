import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../../cli/documents/verdicts.ts';
import { madeFromFacts } from '../../cli/verdicts/madeFromFacts.ts';
import { cellOf, measured } from '../../cli/verdicts/measured.ts';
import { replay } from '../../cli/verdicts/replay.ts';
import { isFalseDeath, judgeAll, totals, type Row } from '../../cli/verdicts/table.ts';

const names = (folder: string, ending: string) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

let rows: readonly Row[] = [];
beforeAll(async () => {
  rows = await judgeAll([...measured(), ...madeFromFacts()]);
}, 120_000);

describe('the table of verdicts', () => {
  it('has every recording that there is', () => {
    const found = rows.map(({ recording }) => recording.name);
    expect(names('docs/failures', '.json').filter((cell) => !found.includes(cell))).toEqual([]);
    const files = names('test/recordings', '.csv').map((file) => cellOf(file) ?? file);
    expect(files.filter((file) => !found.includes(file))).toEqual([]);
  });

  it('has every kind of life, of both versions, in source and sink', () => {
    const kinds = new Set(rows.flatMap(({ judged }) => judged.map(({ truth }) => truth)));
    for (const kind of ['healthy', 'busy', 'idle', 'lagging', 'snapshotting', 'restarting', 'rebalancing', 'dead']) {
      expect(kinds).toContain(kind);
    }
    const connectors = new Set(
      rows.map(({ recording: { kind, connectVersion } }) => `${kind === 'sink' ? 'sink' : 'source'} ${connectVersion}`),
    );
    expect([...connectors].toSorted()).toEqual(['sink 2.7.1', 'sink 3.7.x', 'source 2.7.1', 'source 3.7.x']);
  });

  it('has no false death, and nothing wrong', () => {
    const wrong = rows.flatMap(({ recording, judged }) =>
      judged
        .filter(isFalseDeath)
        .map(({ atSeconds, truth, verdict }) => `${recording.name} ${atSeconds} s, ${truth}: ${verdict.because}`),
    );
    expect(wrong).toEqual([]);
    expect(totals(rows).filter((total) => total.wrong > 0)).toEqual([]);
  });

  it('finds every true death within 250 s, but that of a PostgreSQL source without heartbeats', () => {
    const slow = rows.flatMap(({ recording, found }) =>
      found === 'never' || (found !== undefined && found.seconds > 250) ? [recording.name] : [],
    );
    expect(slow).toEqual(['postgres-no-heartbeats-connect-3.7.1']);
    expect(rows.filter(({ found }) => found !== undefined).length).toBeGreaterThan(25);
  });

  it('would show a false death: a death that is said to be a lull', async () => {
    const [death] = measured().filter(({ name }) => name === 'mysql-half-open-connect-3.7.1');
    if (death === undefined) throw new Error('The recording is gone.');
    const judged = await replay({ ...death, truth: [{ fromSeconds: -Infinity, is: 'idle' }] });
    expect(judged.filter(isFalseDeath).map(({ atSeconds }) => atSeconds)).toEqual([181, 196, 211, 226]);
  });

  it('is what docs/verdicts.md shows', () => {
    const { is, shouldBe } = pageOf(rows);
    expect(is).toBe(shouldBe);
  });
});
