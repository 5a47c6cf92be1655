import { broken, isStale, lastSeen, stateAt } from './casebook.ts';
import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '5: what somebody paused, updates or deletes is left alone';

/** States in which a connector is nobody's work. */
const atRest = ['RUNNING', 'FAILED'];

/**
 * No restart or deletion of a connector that was in somebody's hands when the invocation looked at it last: its state was another than RUNNING
 * or FAILED, or an operation was in progress on it. What changed between that look and the call nobody could know.
 */
export function inHands(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind === 'create') return [];
    const arn = deed.call.input['connectorArn'];
    const isOfIt = ({ input }: { input: Readonly<Record<string, unknown>> }) => input['connectorArn'] === arn;
    const described = deed.before.findLast((call) => call.operation === 'DescribeConnector' && isOfIt(call));
    // Of an older answer in the place of the true one nobody can tell what it said.
    if (described !== undefined && isStale(described)) return [];
    const looked = lastSeen(deed, 'DescribeConnector', isOfIt);
    if (looked === undefined) return [broken(rule, book, deed.call, 'nobody had looked at its state')];
    const state = stateAt(book, deed.arn, looked.atMs) ?? looked.output?.['connectorState'];
    if (!atRest.includes(String(state)) && !atRest.includes(String(looked.output?.['connectorState'])))
      return [broken(rule, book, deed.call, `it was ${String(state)} when it was looked at`)];
    const listed = deed.before.findLast((call) => call.operation === 'ListConnectorOperations' && isOfIt(call));
    if (listed !== undefined && isStale(listed)) return [];
    const operations = lastSeen(deed, 'ListConnectorOperations', isOfIt)?.output?.['connectorOperations'];
    const busy = Array.isArray(operations) ? operations.find(isInProgress) : undefined;
    return busy === undefined ? [] : [broken(rule, book, deed.call, 'an operation was in progress on it')];
  });
}

function isInProgress(operation: unknown): boolean {
  if (typeof operation !== 'object' || operation === null) return false;
  const state = String(Reflect.get(operation, 'connectorOperationState'));
  return state === 'PENDING' || state.endsWith('_IN_PROGRESS');
}
