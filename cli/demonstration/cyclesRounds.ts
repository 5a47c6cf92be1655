import pc from 'picocolors';
import type { RowCount } from '../../local/connect/rowCount.ts';
import { duration } from '../../recovery/time.ts';
import { clockText } from './story.ts';
import type { Milestones, Phase } from './story.ts';

/** One failure and what followed. */
export interface Round {
  readonly number: number;
  readonly milestones: Milestones & { readonly silentAtMs: number };
}

export type RoundEnd = 'recovered' | 'not recovered' | 'under way';

/** A round of which this much has passed without a proof is no longer under way. */
const longestMs = 15 * 60_000;

/** Whether a round came to its end; `nextAtMs`: when the next failure, or the end of the run, came. */
export function endOf({ milestones }: Round, next: { readonly atMs: number; readonly isFailure: boolean }): RoundEnd {
  if (milestones.rowsAtMs !== undefined && milestones.provedAtMs !== undefined) return 'recovered';
  if (next.isFailure || next.atMs - milestones.silentAtMs > longestMs) return 'not recovered';
  return 'under way';
}

/** How a run of rounds came out. */
export interface RoundsResult {
  readonly recovered: readonly Round[];
  readonly failed: readonly Round[];
  readonly underWay?: Round;
  readonly rows?: RowCount;
  readonly interrupted: boolean;
}

/** Sorts the rounds of a run that ended at that moment. */
export function judge(
  rounds: readonly Round[],
  end: { readonly atMs: number; readonly interrupted: boolean; readonly rows?: RowCount },
): RoundsResult {
  const ends = rounds.map((round, index) => {
    const next = rounds[index + 1];
    return {
      round,
      end: endOf(round, { atMs: next?.milestones.silentAtMs ?? end.atMs, isFailure: next !== undefined }),
    };
  });
  const those = (wanted: RoundEnd) => ends.filter((each) => each.end === wanted).map(({ round }) => round);
  const [underWay] = those('under way');
  return {
    recovered: those('recovered'),
    failed: those('not recovered'),
    ...(underWay === undefined ? {} : { underWay }),
    ...(end.rows === undefined ? {} : { rows: end.rows }),
    interrupted: end.interrupted,
  };
}

/** What is wrong with a run; empty: nothing. A run that nobody interrupted must have finished a round. */
export function faultsOf({ recovered, failed, rows, interrupted }: RoundsResult): string[] {
  return [
    ...failed.map(({ number }) => `round ${number} was not recovered`),
    ...(rows !== undefined && rows.lost > 0 ? [`${rows.lost} rows were lost`] : []),
    ...(!interrupted && recovered.length + failed.length === 0 ? ['no round was finished'] : []),
  ];
}

/** One round in one line: `startMs` is what the screen's clock counts from. */
export function roundLine({ number, milestones }: Round, startMs: number): string {
  const { silentAtMs, alarmAtMs, decidedAtMs, rowsAtMs } = milestones;
  const since = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? 'not seen' : `after ${duration(Math.max(0, (to - from) / 1000))}`;
  const still = rowsAtMs === undefined ? '' : `; data stood still for ${duration((rowsAtMs - silentAtMs) / 1000)}`;
  return pc.bold(
    `round ${number}: failure at ${clockText(silentAtMs - startMs)}, detected ${since(silentAtMs, alarmAtMs)}, ` +
      `decided ${since(alarmAtMs, decidedAtMs)}, data ${since(decidedAtMs, rowsAtMs)}${still}`,
  );
}

/** What a round is measured by. Rows arrive while the restart still runs, so its own length is none of it. */
function phasesOf({ milestones }: Round): Phase[] {
  const { silentAtMs, alarmAtMs, decidedAtMs, rowsAtMs, provedAtMs } = milestones;
  const measured: [string, number | undefined, number | undefined][] = [
    ['failure until detected', silentAtMs, alarmAtMs],
    ['detected until decided', alarmAtMs, decidedAtMs],
    ['decided until rows arrived', decidedAtMs, rowsAtMs],
    ['rows arrived until proved', rowsAtMs, provedAtMs],
    ['data stood still', silentAtMs, rowsAtMs],
  ];
  return measured.flatMap(([name, from, to]) =>
    from === undefined || to === undefined ? [] : [{ name, seconds: Math.max(0, (to - from) / 1000) }],
  );
}

/** Least, middle and greatest of each phase over the recovered rounds, in the order of the phases. */
export function spread(
  rounds: readonly Round[],
): readonly { readonly name: string; readonly min: number; readonly median: number; readonly max: number }[] {
  const seconds = new Map<string, number[]>();
  for (const round of rounds) {
    for (const phase of phasesOf(round)) seconds.set(phase.name, [...(seconds.get(phase.name) ?? []), phase.seconds]);
  }
  return [...seconds].map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return { name, min: sorted[0] ?? 0, median: (low + high) / 2, max: sorted.at(-1) ?? 0 };
  });
}

/** The closing table. */
export function summary(result: RoundsResult): string {
  const { recovered, failed, underWay, rows, interrupted } = result;
  const finished = recovered.length + failed.length;
  const lines = [
    pc.bold(
      `${interrupted ? 'Interrupted. ' : ''}${finished} ${finished === 1 ? 'round' : 'rounds'} finished, ${recovered.length} recovered and proved` +
        (underWay === undefined ? '' : `; round ${underWay.number} was still under way`),
    ),
  ];
  if (recovered.length > 0) {
    const cell = (text: string) => text.padStart(14);
    lines.push(
      `${''.padEnd(32)}${['min', 'median', 'max'].map(cell).join('')}`,
      ...spread(recovered).map(
        ({ name, min, median, max }) =>
          `  ${name.padEnd(30)}${[min, median, max].map((seconds) => cell(duration(seconds))).join('')}`,
      ),
    );
  }
  if (rows !== undefined) {
    lines.push(
      `  rows, counted by their key: ${rows.written} written, ${rows.arrived} arrived, ${rows.duplicated} twice, ${rows.lost} lost, ${rows.waiting} on their way`,
    );
  }
  const wrong = faultsOf(result);
  lines.push(
    wrong.length > 0
      ? `${pc.red('NOT AS PROMISED')} ${wrong.join('; ')}`
      : `${pc.green('as promised')} ${finished > 0 ? 'every finished round was recovered, and no row was lost' : 'nothing was lost'}`,
  );
  return lines.join('\n');
}
