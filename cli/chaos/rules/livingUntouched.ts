import { wasAsked } from './asked.ts';
import { broken, truthAt } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const rule = '6: a connector that shows signs of life is not touched';

/**
 * How long the life of a connector may be hidden from those who look, where every channel works. A metric speaks for the minute before it and is
 * published up to a minute later (120 s); its rate remembers a minute (60 s); a datapoint that is 240 s old still speaks for the present,
 * so that a dead one's last words may be read that long after it came back.
 */
const hiddenSeconds = 240;
/** After an act of ours only what the new task says counts, and of a task that flows nothing says that it is dead. */
const hiddenAfterActSeconds = 60;

/**
 * No restart and no deletion of a connector that had been flowing, or idle, for longer than its life may be hidden; unless the schedule or a
 * person asked.
 */
export function livingUntouched(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed, index) => {
    if (deed.kind === 'create' || !deed.call.carriedOut) return [];
    const span = truthAt(book, deed.decided.atMs);
    if (span === undefined || (span.is !== 'flowing' && span.is !== 'idle')) return [];
    const lived = (deed.decided.atMs - span.fromMs) / 1000;
    const revived = span.is === 'flowing' && followsAct(book, index, span.fromMs);
    if (lived <= (revived ? hiddenAfterActSeconds : hiddenSeconds) || wasAsked(book, deed)) return [];
    return [broken(rule, book, deed.call, `it had been ${span.is} for ${Math.round(lived)} s`)];
  });
}

/** It came back by the act before this one, and the same recovery goes on. */
function followsAct({ deeds }: Casebook, index: number, sinceMs: number): boolean {
  const before: Deed | undefined = deeds[index - 1];
  return before !== undefined && before.recovery === deeds[index]?.recovery && before.call.atMs <= sinceMs;
}
