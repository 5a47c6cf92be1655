import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../../../cli/real/matrix/cell.ts';
import { faultsOf } from '../../../../cli/real/matrix/judge.ts';
import type { CellFigures, CellRecord } from '../../../../cli/real/matrix/record.ts';

type Judged = Pick<CellRecord, 'figures' | 'verdicts' | 'outcomes' | 'acts'>;

const expects: Expectation = {
  detectedWithinSeconds: 180,
  acts: [['RestartConnector']],
  notBeforeSeconds: 110,
  verdict: 'dead',
  outcome: 'recovered',
  dataFlows: true,
  healsByItself: false,
  lost: { least: 0, most: 0 },
};

const figures: CellFigures = {
  detectionSeconds: 150,
  actSeconds: 160,
  dataSeconds: 180,
  healedByItself: false,
  rows: { written: 300, arrived: 300, duplicated: 2, lost: 0, waiting: 0 },
};

function seen(changes: Partial<CellFigures> = {}, others: Partial<Judged> = {}): Judged {
  return {
    figures: { ...figures, ...changes },
    verdicts: [{ verdict: 'dead', atSeconds: 155 }],
    outcomes: [{ outcome: 'recovered', atSeconds: 200, reason: 'Data flows again.' }],
    acts: [{ operation: 'RestartConnector', atSeconds: 160, answer: 'accepted', by: 'product' }],
    ...others,
  };
}

const deleted = [
  { operation: 'DeleteConnector', atSeconds: 160, answer: 'accepted', by: 'product' as const },
  { operation: 'CreateConnector', atSeconds: 170, answer: 'accepted', by: 'product' as const },
];

describe('a cell', () => {
  it('passes when everything came about', () => {
    expect(faultsOf(seen(), expects)).toEqual([]);
  });

  it.each<{ what: string; run: Judged; fault: string }>([
    {
      what: 'an alarm that came late',
      run: seen({ detectionSeconds: 181 }),
      fault: 'The alarm came after 3 min 1 s; at most 3 min was expected.',
    },
    {
      what: 'a deletion in place of a restart',
      run: seen({}, { acts: deleted }),
      fault: 'What was done to it: DeleteConnector, CreateConnector; expected: RestartConnector.',
    },
    {
      what: 'an act before it could heal',
      run: seen({ actSeconds: 60 }),
      fault: 'It was touched after 60 s, within the 110 s in which it may heal itself.',
    },
    {
      what: 'another verdict',
      run: seen({}, { verdicts: [{ verdict: 'unknown', atSeconds: 155 }] }),
      fault: 'The function never found it dead; it said unknown.',
    },
    {
      what: 'another end',
      run: seen({}, { outcomes: [{ outcome: 'acted-unproved', atSeconds: 500, reason: '' }] }),
      fault: 'The function never ended with "recovered"; it ended with acted-unproved.',
    },
    {
      what: 'a lost row',
      run: seen({ rows: { written: 300, arrived: 299, duplicated: 0, lost: 1, waiting: 0 } }),
      fault: '1 rows were lost; expected: 0.',
    },
    {
      what: 'rows that never arrived',
      run: seen({ rows: { written: 300, arrived: 290, duplicated: 0, lost: 0, waiting: 10 } }),
      fault: '10 rows still waited in the end.',
    },
    {
      what: 'a cure that was none',
      run: seen({ healedByItself: true }),
      fault: 'It healed by itself, which was not expected.',
    },
  ])('fails on $what', ({ run, fault }) => {
    expect(faultsOf(run, expects)).toEqual([fault]);
  });

  it('fails without an alarm, and without data', () => {
    const { detectionSeconds: _alarm, dataSeconds: _data, ...rest } = figures;
    expect(faultsOf({ ...seen(), figures: rest }, expects)).toEqual([
      'No alarm made the function look.',
      'No row arrived any more.',
    ]);
  });

  it('does not count against the product what a person did by hand, or what was refused', () => {
    const untouched = { acts: [[]], dataFlows: true, lost: { least: 0, most: 0 } };
    const byHand = deleted.map((act) => ({ ...act, by: 'person' as const }));
    const refused = {
      operation: 'RestartConnector',
      atSeconds: 5,
      answer: 'refused: BadRequestException',
      by: 'product' as const,
    };
    expect(faultsOf(seen({}, { acts: [...byHand, refused] }), untouched)).toEqual([]);
  });

  it('fails where a healthy connector was found dead once', () => {
    const healthy: Expectation = { acts: [[]], neverVerdict: 'dead', lost: { least: 0, most: 0 } };
    expect(faultsOf(seen({}, { acts: [] }), healthy)).toEqual(['The function found it dead.']);
  });
});
