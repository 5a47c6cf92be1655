import { duration } from '../../../recovery/time.ts';
import type { Expectation } from './cell.ts';
import type { CellRecord } from './record.ts';

type Judged = Pick<CellRecord, 'figures' | 'verdicts' | 'outcomes' | 'acts'>;

/** What came about otherwise than expected, each in one sentence; empty: the cell passes. */
export function faultsOf(seen: Judged, expects: Expectation): string[] {
  const { figures } = seen;
  if (figures === undefined) return ['It was not counted.'];
  return [
    ...detection(figures.detectionSeconds, expects),
    ...deeds(seen, figures.actSeconds, expects),
    ...verdict(seen, expects),
    ...outcome(seen, expects),
    ...data(figures, expects),
  ];
}

function detection(seconds: number | undefined, { detectedWithinSeconds }: Expectation): string[] {
  if (detectedWithinSeconds === undefined) return [];
  if (seconds === undefined) return ['No alarm made the function look.'];
  return seconds <= detectedWithinSeconds
    ? []
    : [`The alarm came after ${duration(seconds)}; at most ${duration(detectedWithinSeconds)} was expected.`];
}

function deeds(seen: Judged, actSeconds: number | undefined, expects: Expectation): string[] {
  const done = seen.acts
    .filter(({ by, answer }) => by === 'product' && answer === 'accepted')
    .map(({ operation }) => operation);
  const faults: string[] = [];
  if (!expects.acts.some((sequence) => sequence.join() === done.join())) {
    const wanted = expects.acts.map((sequence) => words(sequence)).join(', or ');
    faults.push(`What was done to it: ${words(done)}; expected: ${wanted}.`);
  }
  const { notBeforeSeconds } = expects;
  if (notBeforeSeconds !== undefined && actSeconds !== undefined && actSeconds < notBeforeSeconds) {
    faults.push(
      `It was touched after ${duration(actSeconds)}, within the ${duration(notBeforeSeconds)} in which it may heal itself.`,
    );
  }
  return faults;
}

function verdict(seen: Judged, expects: Expectation): string[] {
  const said = seen.verdicts.map((each) => each.verdict);
  const faults: string[] = [];
  if (expects.verdict !== undefined && !said.includes(expects.verdict)) {
    faults.push(`The function never found it ${expects.verdict}; it said ${words([...new Set(said)])}.`);
  }
  if (expects.neverVerdict !== undefined && said.includes(expects.neverVerdict)) {
    faults.push(`The function found it ${expects.neverVerdict}.`);
  }
  return faults;
}

function outcome(seen: Judged, expects: Expectation): string[] {
  const said = seen.outcomes.map((each) => each.outcome);
  if (expects.outcome === undefined || said.includes(expects.outcome)) return [];
  return [`The function never ended with "${expects.outcome}"; it ended with ${words([...new Set(said)])}.`];
}

function data(figures: NonNullable<Judged['figures']>, expects: Expectation): string[] {
  const { rows, dataSeconds, healedByItself } = figures;
  const faults: string[] = [];
  if (expects.dataFlows === true && dataSeconds === undefined) faults.push('No row arrived any more.');
  if (expects.dataFlows === true && rows.waiting > 0) faults.push(`${rows.waiting} rows still waited in the end.`);
  if (expects.dataFlows === false && dataSeconds !== undefined)
    faults.push('Rows arrived, though none was expected to.');
  if (expects.healsByItself !== undefined && expects.healsByItself !== healedByItself) {
    faults.push(healedByItself ? 'It healed by itself, which was not expected.' : 'It did not heal by itself.');
  }
  const { least, most } = expects.lost;
  if (rows.lost < least || rows.lost > most) {
    faults.push(`${rows.lost} rows were lost; expected: ${least === most ? String(least) : `${least} to ${most}`}.`);
  }
  return faults;
}

function words(list: readonly string[]): string {
  return list.length === 0 ? 'nothing' : list.join(', ');
}
