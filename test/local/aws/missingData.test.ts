import { describe, expect, it } from 'vitest';
import { evaluate, type MissingData, type Point } from '../../../local/aws/missingData.ts';

/** As the documentation writes them: oldest first, 0 within the threshold, X breaching, - missing. */
function pointsOf(row: string): Point[] {
  const meaning: Record<string, Point> = { '0': 'within', X: 'breaching', '-': 'missing' };
  return row
    .split(' ')
    .map((sign) => meaning[sign] ?? 'missing')
    .toReversed();
}

const kinds: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both tables in full
describe.each([
  ['0 - X - X', 3, ['OK', 'OK', 'OK', 'OK']],
  ['0 - - - -', 3, ['OK', 'OK', 'OK', 'OK']],
  ['- - - - -', 3, ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
  ['0 X X - X', 3, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['- - X - -', 3, ['ALARM', 'retain', 'ALARM', 'OK']],
  ['0 - X - X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 0 X 0 X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 - X - -', 2, ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - - 0', 2, ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - X -', 2, ['ALARM', 'retain', 'ALARM', 'OK']],
] as const)('%s, %i of 3', (row, datapointsToAlarm, expected) => {
  it.each(kinds.map((kind, index) => [kind, expected[index]] as const))(
    'missing data as %s: %s',
    (missingData, state) => {
      expect(evaluate(pointsOf(row), { evaluationPeriods: 3, datapointsToAlarm, missingData }).state).toBe(state);
    },
  );
});

describe('no premature alarm', () => {
  it.each(['- - - - X', '- - - X -'])('%s does not raise a 3-of-3 alarm yet', (row) => {
    const alarm = { evaluationPeriods: 3, datapointsToAlarm: 3, missingData: 'missing' as const };
    expect(evaluate(pointsOf(row), alarm).state).toBe('retain');
  });
});
