import { wasAsked } from './asked.ts';
import { broken, stateAt, truthAt } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const rule = '8: evidence that the source cannot be reached forbids deletion';

/** Debezium tries about every 90 s: three tries without a line of them mean that nobody tries any more (docs/evidence.md). */
const triesMs = 270_000;

/**
 * A running connector whose source is out of reach is not deleted by an invocation that had been shown so: a line of its log that says that
 * a connection was refused, no older than three tries. A person who asks knows more than is seen.
 */
export function awayNotDeleted(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'delete' || !deed.call.carriedOut || wasAsked(book, deed)) return [];
    const isAway = truthAt(book, deed.call.atMs)?.is === 'unreachable';
    if (!isAway || stateAt(book, deed.arn, deed.call.atMs) === 'FAILED' || !wasShown(deed)) return [];
    return [broken(rule, book, deed.call, 'its log had just said that the connection is refused')];
  });
}

function wasShown({ before, call }: Deed): boolean {
  return before.some(({ operation, output, answered }) => {
    const events: unknown = answered && operation === 'FilterLogEvents' ? output?.['events'] : undefined;
    return Array.isArray(events) && events.some((event) => isRefusal(event, call.atMs - triesMs));
  });
}

function isRefusal(event: unknown, sinceMs: number): boolean {
  if (typeof event !== 'object' || event === null) return false;
  const isNew = Number(Reflect.get(event, 'timestamp')) >= sinceMs;
  return isNew && /Connection refused|restore lost connection/.test(String(Reflect.get(event, 'message')));
}
