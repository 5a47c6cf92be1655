import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScenario } from '../../../local/connect/scenario.ts';

const call = { operation: 'CreateConnector', nth: 1, atMs: 0, input: {} };

test('the scenario of the documentation refuses to create for seven minutes after a deletion', () => {
  const faults = readScenario(readFileSync('docs/scenarios/create-refused.json', 'utf8'), 'create-refused.json');
  expect(faults(call)).toBeUndefined();
  expect(faults({ ...call, operation: 'DeleteConnector', atMs: 1_000 })).toBeUndefined();
  expect(faults({ ...call, nth: 2, atMs: 421_000 })).toMatchObject({
    kind: 'refuse',
    error: { code: 'ForbiddenException', status: 403 },
  });
  expect(faults({ ...call, nth: 3, atMs: 421_001 })).toBeUndefined();
});

test.each([
  ['{', 'x.json is not JSON'],
  ['{}', 'the file'],
  ['[{"operation": "create", "answer": "lost"}]', '0.operation: the name of an operation, such as CreateConnector'],
  ['[{"operation": "CreateConnector", "answer": "Teapot"}]', '0.answer'],
  ['[{"operation": "CreateConnector", "answer": "lost", "nth": {"from": 0}}]', '0.nth.from'],
  ['[{"operation": "CreateConnector", "answer": "lost", "when": 1}]', '0.when'],
])('bad input is one error that names the place: %s', (text, place) => {
  expect(() => readScenario(text, 'x.json')).toThrow(place);
});
