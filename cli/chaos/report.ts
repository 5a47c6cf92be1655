import type { Tally } from './tally.ts';

/** What a run found, as lines for people. */
export function reportLines(tally: Tally, seconds: number): readonly string[] {
  const { histories, counted, calls, virtualMinutes, faults, decisions, compared, differences } = tally;
  return [
    `${whole(counted)} hostile histories, ${(counted / seconds).toFixed(0)} a second; of ${whole(histories)} drawn the others do not count, for no act and no decision came after a fault`,
    `${whole(calls)} calls at the services, ${whole(virtualMinutes)} virtual minutes, ${seconds.toFixed(0)} s`,
    '',
    'What befell and really hit, in so many histories:',
    ...table(faults),
    '',
    'What the product decided, so many times:',
    ...table(decisions),
    '',
    compared === 0
      ? 'No history was lived through by the SDK clients as well.'
      : `${whole(compared)} histories were lived through by the SDK clients as well: ${
          differences.length === 0
            ? 'the same calls in the same order, each time'
            : `${differences.length} times other calls`
        }`,
    ...differences.slice(0, 5).map(({ seed, what }) => `  seed ${seed}: ${what.slice(0, 400)}`),
  ];
}

/** The rules that were broken, each with its seeds; none: one line that says so. */
export function brokenLines({ failures }: Tally): readonly string[] {
  const seeds = brokenSeeds(failures);
  if (seeds.size === 0) return ['No rule was broken.'];
  return [
    'Rules that were broken:',
    ...[...seeds].map(([rule, of]) => {
      const more = of.length > 8 ? ` and ${of.length - 8} more` : '';
      return `  ${rule}: in ${of.length} histories, seeds ${of.slice(0, 8).join(', ')}${more}`;
    }),
  ];
}

/** Each broken rule with the seeds of the histories that broke it. */
export function brokenSeeds(failures: Tally['failures']): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { seed, broken } of failures) {
    for (const rule of new Set(broken.map((one) => one.rule))) found.set(rule, [...(found.get(rule) ?? []), seed]);
  }
  return found;
}

function table(counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const wide = Math.max(...rows.map(([name]) => name.length), 0);
  return rows.map(([name, count]) => `  ${name.padEnd(wide)}  ${whole(count).padStart(9)}`);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
