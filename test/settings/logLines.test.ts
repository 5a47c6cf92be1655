import { expect, test } from 'vitest';
import { commitLine, connectorTag, filterPattern } from '../../settings/logLines.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';

/** What the pattern's terms say of a line, as CloudWatch Logs reads them: all terms, none of the excluded. */
function says(kind: ConnectorKind, version: string, name: string, line: string): boolean | undefined {
  const commit = commitLine(kind, version);
  if (commit === undefined) return undefined;
  return (
    [connectorTag(name), ...commit.terms].every((term) => line.includes(term)) &&
    !commit.not.some((term) => line.includes(term))
  );
}

const at = '[Worker-0edd] [2022-08-12 07:56:24,516] INFO';
const old = `${at} [orders-cdc|task-0|offsets] WorkerSourceTask{id=orders-cdc-0}`;
const sink = `${at} [orders-cdc|task-0] WorkerSinkTask{id=orders-cdc-0}`;

test.each<[string, ConnectorKind, string, string, boolean | undefined]>([
  ['2.7.1 progress', 'mysql', '2.7.1', `${old} Finished commitOffsets successfully in 5 ms`, true],
  ['2.7.1 tick, even when stuck', 'mysql', '2.7.1', `${old} Committing offsets`, false],
  ['3.7 progress', 'mysql', '3.7.x', `${old} Committing offsets for 12 acknowledged messages`, true],
  ['3.7 without progress', 'mysql', '3.7.x', `${old} Committing offsets for 0 acknowledged messages`, false],
  ['3.7 ten and more', 'mysql', '3.7.x', `${old} Committing offsets for 10 acknowledged messages`, true],
  ['2.7.1 sink', 'sink', '2.7.1', `${sink} Committing offsets asynchronously using sequence number 3`, true],
  ['2.7.1 sink at its end', 'sink', '2.7.1', `${sink} Committing offsets synchronously using sequence number 4`, true],
  ['3.7 sink', 'sink', '3.7.x', sink, undefined],
])('%s', (_, kind, version, line, expected) => {
  expect(says(kind, version, 'orders-cdc', line)).toBe(expected);
});

test("a connector whose name begins with another's is not taken for it", () => {
  const line = `${at} [orders-cdc-old|task-0|offsets] Committing offsets for 12 acknowledged messages`;
  expect(says('mysql', '3.7.x', 'orders-cdc', line)).toBe(false);
  expect(says('mysql', '3.7.x', 'orders-cdc-old', line)).toBe(true);
});

test('a filter pattern quotes its terms, for brackets and bars mean something of their own without quotes', () => {
  expect(filterPattern([connectorTag('orders-cdc'), 'Committing offsets for'], ['for 0 acknowledged'])).toBe(
    '"[orders-cdc|task-" "Committing offsets for" -"for 0 acknowledged"',
  );
});
