import { drawHistory } from './draw.ts';
import { judge } from './judge.ts';
import { firstDifference } from './sequence.ts';
import { addFailure, addHistory, emptyTally, type Tally } from './tally.ts';

/** Seeds in a row, each with all that it means. */
export interface Share {
  readonly from: number;
  readonly count: number;
  /** Of them, so many that count are lived through a second time, by the SDK's clients. */
  readonly sdk: number;
}

/** Lives through a share of histories, one after the other, in this thread. */
export async function liveThrough({ from, count, sdk }: Share): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed < from + count; seed += 1) {
    const history = drawHistory(seed);
    // oxlint-disable-next-line no-await-in-loop -- the thread can live in one time only
    const { record, broken } = await judge(history, 'direct');
    const isCounted = addHistory(tally, record, broken);
    if (!isCounted || tally.compared >= sdk) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const other = await judge(history, 'sdk');
    tally.compared += 1;
    const what = firstDifference(record, other.record);
    if (what !== undefined) tally.differences.push({ seed, what });
    addFailure(tally, other.record, other.broken);
  }
  return tally;
}
