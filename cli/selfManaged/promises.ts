import type { RowCount } from '../../local/connect/rowCount.ts';
import type { Source } from './cast.ts';
import type { Fate } from './witness.ts';

/** Something that the run promises. */
export interface Promised {
  readonly what: string;
  /** What was seen instead; absent: it came about. */
  readonly instead?: string;
}

function promised(what: string, kept: boolean, instead: string): Promised {
  return { what, ...(kept ? {} : { instead }) };
}

/** What is promised of a connector whose connections are cut, and of one that only lives beside it. */
export function promisesAfterCut({ name, fate }: Pick<Source, 'name' | 'fate'>, seen: Fate): readonly Promised[] {
  const { seenAtMs, acts, rowsAtMs, outcomes } = seen;
  if (fate === 'lives') {
    const done = acts.map(({ text }) => text).join(', ');
    return [promised(`${name} is left alone`, acts.length === 0, `done to ${name}, which was healthy: ${done}`)];
  }
  const restarted = acts.some(({ accepted }) => accepted);
  return [
    promised(`${name} is found dead`, seenAtMs !== undefined, `the watchdog never found ${name} dead`),
    promised(`${name} is restarted`, restarted, `${name} was not restarted`),
    promised(`rows of ${name} arrive again`, rowsAtMs !== undefined, `no row of ${name} arrived again`),
    promised(
      `${name} is said to be recovered`,
      outcomes.includes('recovered'),
      `the watchdog never said that ${name} has recovered`,
    ),
  ];
}

/** What was seen when one of two workers was killed. */
export interface AfterKill {
  readonly told: boolean;
  /** Connectors whose task was on it. */
  readonly moved: readonly string[];
  /** Those of them whose rows arrived again from the other worker. */
  readonly flowing: readonly string[];
  /** What the workers were asked to do. */
  readonly acts: readonly string[];
}

export function promisesAfterKill({ told, moved, flowing, acts }: AfterKill): readonly Promised[] {
  return [
    promised(
      'people are told of the worker that answers no more',
      told,
      'people were not told of the worker that answers no more',
    ),
    ...moved.map((name) =>
      promised(
        `${name} moves to the other worker, and rows arrive again`,
        flowing.includes(name),
        `no row of ${name} arrived again`,
      ),
    ),
    promised(
      'the watchdog leaves it to Connect',
      acts.length === 0,
      `the watchdog did not leave it to Connect: ${acts.join(', ')}`,
    ),
  ];
}

/** Of every connector, once nothing more is written and what was on its way was waited for. */
export function promiseOfRows(name: string, { lost, waiting }: RowCount): Promised {
  return promised(
    `no row of ${name} is lost`,
    lost + waiting === 0,
    `${lost} rows of ${name} were lost, ${waiting} did not come`,
  );
}
