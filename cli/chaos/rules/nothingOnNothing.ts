import { wasAsked } from './asked.ts';
import { broken, stateAt } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const rule = '7: missing data means unknown, never dead';

/**
 * A connector that is not FAILED is restarted or deleted only by an invocation that had been shown something: a datapoint, or a line of the log.
 * Where nothing was to be seen nobody can say that it is dead.
 */
export function nothingOnNothing(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind === 'create' || !deed.call.carriedOut) return [];
    if (stateAt(book, deed.arn, deed.decided.atMs) === 'FAILED' || sawSomething(deed) || wasAsked(book, deed))
      return [];
    return [broken(rule, book, deed.call, 'the invocation had seen neither a datapoint nor a line of the log')];
  });
}

function sawSomething({ before }: Deed): boolean {
  return before.some(({ operation, output, answered }) => {
    if (!answered || output === undefined) return false;
    if (operation === 'FilterLogEvents') return isFilled(output['events']);
    const results = operation === 'GetMetricData' ? output['MetricDataResults'] : undefined;
    return Array.isArray(results) && results.some(hasValues);
  });
}

function hasValues(result: unknown): boolean {
  return typeof result === 'object' && result !== null && isFilled(Reflect.get(result, 'Values'));
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
