import { describe, expect, it } from 'vitest';
import { closingLine, disappointments, type Ending } from '../../../cli/demonstration/report.ts';

const rows = { written: 500, arrived: 500, duplicated: 1, lost: 0, waiting: 0 };

/** A connector that fared as promised, except for what is said otherwise. */
function restarted(otherwise: {
  readonly fate?: Partial<Ending['fate']>;
  readonly rows?: Partial<Ending['rows']>;
  readonly mayWait?: number;
}): Ending {
  return {
    cast: { name: 'orders-cdc', about: 'a source', fate: 'half-open', expect: 'restarted' },
    fate: {
      milestones: { silentAtMs: 0, rowsAtMs: 200_000 },
      outcomes: ['recovered'],
      verdicts: ['dead'],
      acts: ['RestartConnector'],
      state: 'RUNNING',
      doing: 'recovered',
      alarms: ['event-clock'],
      ...otherwise.fate,
    },
    rows: { ...rows, ...otherwise.rows },
    ...(otherwise.mayWait === undefined ? {} : { mayWait: otherwise.mayWait }),
  };
}

const recreated = (acts: readonly string[]): Ending => ({
  ...restarted({ fate: { acts } }),
  cast: { name: 'billing-cdc', about: 'a source', fate: 'half-open', expect: 'recreated' },
});

const leftAlone = (fate: Partial<Ending['fate']>): Ending => ({
  ...restarted({
    fate: { acts: [], outcomes: ['left alone'], verdicts: ['idle'], milestones: { silentAtMs: 0 }, ...fate },
  }),
  cast: { name: 'archive-cdc', about: 'a source', fate: 'idle', expect: 'left alone' },
});

describe('a run is as promised', () => {
  it.each([
    ['when a silent connector was restarted and every row arrived', restarted({})],
    ['when a row arrived twice', restarted({ rows: { duplicated: 3 } })],
    ['when some rows are still on their way', restarted({ rows: { waiting: 10 } })],
    ['when a silent connector was deleted and created', recreated(['DeleteConnector', 'CreateConnector'])],
    ['when an idle connector was looked at and not touched', leftAlone({})],
  ])('%s', (_, ending) => {
    expect(disappointments(ending)).toEqual([]);
  });
});

describe('a run is not as promised', () => {
  it.each([
    ['a row was lost', restarted({ rows: { lost: 1 } }), ['1 rows were lost']],
    [
      'a row still waits though all were waited for',
      restarted({ rows: { waiting: 1 }, mayWait: 0 }),
      ['1 rows still wait'],
    ],
    ['nobody proved it', restarted({ fate: { outcomes: ['unproved'] } }), ['the Lambda never said recovered']],
    ['no row came', restarted({ fate: { milestones: { silentAtMs: 0 } } }), ['no row arrived again']],
    ['no alarm fired', restarted({ fate: { alarms: [] } }), ['no alarm asked the Lambda to look']],
    [
      'it was recreated in place of a restart',
      restarted({ fate: { acts: ['DeleteConnector', 'CreateConnector'] } }),
      ['what was done to it: DeleteConnector, CreateConnector; expected: RestartConnector'],
    ],
    [
      'it was deleted and never came back',
      recreated(['DeleteConnector']),
      ['what was done to it: DeleteConnector; expected: DeleteConnector, CreateConnector'],
    ],
    [
      'an idle connector was touched',
      leftAlone({ acts: ['RestartConnector'] }),
      ['what was done to it: RestartConnector; expected: nothing'],
    ],
    ['an idle connector was not found idle', leftAlone({ verdicts: ['unknown'] }), ['the Lambda never found it idle']],
  ])('when %s', (_, ending, found) => {
    expect(disappointments(ending)).toEqual(found);
  });
});

describe('the closing line counts promises', () => {
  it.each([
    ['all kept', [restarted({}), recreated(['DeleteConnector', 'CreateConnector'])], '12 passed, 0 failed'],
    ['two broken', [restarted({ rows: { lost: 2 }, fate: { outcomes: [] } })], '4 passed, 2 failed'],
    ['an idle one', [leftAlone({})], '4 passed, 0 failed'],
  ])('%s', (_, endings, line) => {
    expect(closingLine(endings)).toBe(line);
  });
});
