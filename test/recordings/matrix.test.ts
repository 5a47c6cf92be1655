import { describe, expect, it } from 'vitest';
import { verdicts, type Recorded } from './replay.ts';

/** Cells of the table of failures, as real workers showed them (docs/failures.md), replayed through the detection of today. */
interface Replayed {
  readonly what: string;
  readonly recorded: Recorded;
  /** Where the verdict changes, in seconds since the first row after the break. */
  readonly heard: readonly string[];
  /** Seconds that are invented after the last row: as it would have gone on, had the product not acted. */
  readonly hadNobodyActed?: number;
}

const replayed: readonly Replayed[] = [
  {
    what: 'half open on 3.7',
    recorded: {
      name: 'matrix-half-open-mariadb-3.7-no-keepalive-product',
      kind: 'mariadb',
      connectVersion: '3.7.x',
      configuration: { 'connect.keep.alive': 'false' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+180 dead'],
  },
  {
    what: 'half open on 2.7.1',
    recorded: {
      name: 'matrix-half-open-mysql-2.7.1-no-keepalive-product',
      kind: 'mysql',
      connectVersion: '2.7.1',
      configuration: { 'connect.keep.alive': 'false' },
    },
    hadNobodyActed: 60,
    heard: ['before+0 alive', 'during+175 dead'],
  },
];

describe('what the matrix recorded, replayed', () => {
  it.each(replayed)('$what: $heard', ({ recorded, heard, hadNobodyActed }) => {
    expect(verdicts(recorded, hadNobodyActed)).toEqual(heard);
  });
});

