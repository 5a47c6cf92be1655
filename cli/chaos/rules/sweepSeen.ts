import { keys } from '../../../settings/environment.ts';
import { bodyOf, broken, lastSeen } from './casebook.ts';
import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '3: nothing is deleted unless the sweep is known to be running';

/** Clocks of two invocations may differ by so much, and an observation may be a minute old when it is acted on. */
const toleranceSeconds = 90;

/** The invocation had read the sweep's record, and it was young enough. */
export function sweepSeen(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'delete' || !deed.call.carriedOut) return [];
    const read = lastSeen(deed, 'GetObject', ({ input }) => input['Key'] === keys.sweep);
    if (read?.output === undefined) return [broken(rule, book, deed.call, 'the record of the sweep was not read')];
    const ago = (deed.decided.atMs - sweptAtMs(read.output['Body'])) / 1000;
    if (ago <= book.settings.policy.sweepSeenWithinSeconds + toleranceSeconds) return [];
    return [broken(rule, book, deed.call, `the sweep was last seen ${Math.round(ago)} s before`)];
  });
}

function sweptAtMs(body: unknown): number {
  try {
    const record: unknown = JSON.parse(bodyOf(body));
    if (typeof record !== 'object' || record === null) return -Infinity;
    return Date.parse(String(Reflect.get(record, 'at')));
  } catch {
    return -Infinity;
  }
}
