import { readFileSync } from 'node:fs';
import { madeFromFacts } from '../verdicts/madeFromFacts.ts';
import { measured } from '../verdicts/measured.ts';
import { truthAt } from '../verdicts/recording.ts';
import { judgeAll, totals, type Row } from '../verdicts/table.ts';
import { between, table } from './between.ts';
import type { Page } from './pages.ts';

/** The page of verdicts: every recording, judged at every sample by the product's own look. */
export async function verdictsPage(): Promise<Page> {
  return pageOf(await judgeAll([...measured(), ...madeFromFacts()]));
}

export function pageOf(rows: readonly Row[]): Page {
  const place = new URL('../../docs/verdicts.md', import.meta.url);
  const is = readFileSync(place, 'utf8');
  const isMeasured = ({ recording }: Row) => recording.origin !== 'made from facts';
  const parts = {
    summary: summary(rows),
    totals: totalsTable(rows),
    measured: recordingsTable(rows.filter(isMeasured)),
    made: recordingsTable(rows.filter((row) => !isMeasured(row))),
  };
  const shouldBe = Object.entries(parts).reduce((text, [part, markdown]) => between(text, part, markdown), is);
  return { name: 'verdicts.md', place, is, shouldBe };
}

function summary(rows: readonly Row[]): string {
  const samples = rows.reduce((sum, { judged }) => sum + judged.length, 0);
  const falseDeaths = rows.reduce((sum, row) => sum + row.falseDeaths, 0);
  const made = rows.filter(({ recording }) => recording.origin === 'made from facts').length;
  return `${rows.length} recordings, ${rows.length - made} of them measured and ${made} made from facts; ${samples} verdicts; **${falseDeaths} false deaths**.`;
}

function totalsTable(rows: readonly Row[]): string {
  return table(
    ['how it really was', 'verdicts', 'right', 'not told (yet)', 'wrong'],
    totals(rows).map(({ truth, samples, right, undecided, wrong }) => [
      truth,
      ...[samples, right, undecided, wrong].map(String),
    ]),
  );
}

function recordingsTable(rows: readonly Row[]): string {
  return table(
    ['recording', 'connector', 'how it really was', 'samples judged', 'verdicts', 'false deaths', 'true verdict after'],
    rows.map((row) => {
      const { recording, judged, falseDeaths } = row;
      const { name, kind, connectVersion, origin } = recording;
      return [
        `\`${name}\`${origin.includes('lag') ? ' (its lag reckoned from its rate)' : ''}`,
        `${kind}, ${connectVersion}`,
        counted(judged.map(({ atSeconds }) => truthAt(recording, atSeconds))),
        String(judged.length),
        counted(
          judged.map(({ verdict }) =>
            verdict.watchedWithLess === undefined ? verdict.kind : `${verdict.kind} (watched with less)`,
          ),
        ),
        String(falseDeaths),
        foundIn(row),
      ];
    }),
  );
}

function foundIn({ found }: Row): string {
  if (found === undefined) return '';
  if (found === 'never') return 'not told';
  return `${found.seconds} s${found.prolonged ? ', had it gone on' : ''}`;
}

/** `alive 12, dead 3`, in the order in which they came. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word} ${count}`).join(', ');
}
