import { expect, test } from 'vitest';
import { insertedRow } from '../../../../local/real/rows/rowRecord.ts';

const bytes = (text: string | null): Uint8Array | null => (text === null ? null : new TextEncoder().encode(text));

test.each([
  ['an insertion', '{"id":7}', '{"before":null,"after":{"id":7,"note":"order 7"},"op":"c"}', 7],
  ['a row read by a snapshot', '{"id":7}', '{"before":null,"after":{"id":7},"op":"r"}', 7],
  ['a later change', '{"id":7}', '{"before":{"id":7},"after":{"id":7,"note":"new"},"op":"u"}', undefined],
  ['a deletion', '{"id":7}', '{"before":{"id":7},"after":null,"op":"d"}', undefined],
  ["a deletion's tombstone", '{"id":7}', null, undefined],
  [
    'an insertion with schemas',
    '{"schema":{},"payload":{"id":7}}',
    '{"schema":{},"payload":{"after":{"id":7},"op":"c"}}',
    7,
  ],
  ['an unwrapped row', '{"id":7}', '{"id":7,"note":"order 7"}', 7],
  ['an unwrapped row without a key', null, '{"id":7,"note":"order 7"}', 7],
  ['an enveloped row without a key', null, '{"after":{"id":7},"op":"c"}', 7],
  ['a change of the schema', '{"databaseName":"shop"}', '{"ddl":"ALTER TABLE orders"}', undefined],
  ['a beat', '{"serverName":"shop"}', '{"ts_ms":1}', undefined],
  ['something that is no JSON', 'x', '\u0000\u0001', undefined],
  ['an id that is no number', '{"id":"7"}', '{"after":{"id":"7"},"op":"c"}', undefined],
])('%s', (_, key, value, id) => {
  expect(insertedRow(bytes(key), bytes(value))).toBe(id);
});
