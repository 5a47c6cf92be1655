import { describe, expect, it } from 'vitest';
import { parseContext } from '../../../recovery/readiness/context.ts';
import { subjectFromFile } from '../../../recovery/readiness/fromFile.ts';
import { mysql, onMsk, subjectOf } from './subjects.ts';

const read = (value: unknown) => subjectFromFile('it.json', JSON.stringify(value), {}, 'it');
const faultsOf = (result: ReturnType<typeof subjectFromFile>) =>
  'faults' in result ? result.faults.map(({ place, found, expected }) => `${place}: ${found} / ${expected}`) : [];
const config = mysql.configuration;

describe('a connector in a file', () => {
  it('of which a create request is not one says what is there, and never a value', () => {
    const request = {
      connectorName: 'one',
      kafkaConnectVersion: '3.7.x',
      connectorConfiguration: { 'tasks.max': 1, 'database.password': 7, 'database.port': null },
    };
    const faults = faultsOf(read(request));
    expect(faults).toContain('connectorConfiguration.tasks.max: a number / a text');
    expect(faults).toContain('connectorConfiguration.database.password: a number / a text');
    expect(faults).toContain('connectorConfiguration.database.port: null / a text');
    const classless = { ...request, connectorConfiguration: { 'tasks.max': '1' } };
    expect(faultsOf(read(classless))).toContain(
      'connectorConfiguration.connector.class: nothing / the connector’s class',
    );
    const blank = { ...request, connectorConfiguration: { 'connector.class': '' } };
    expect(faultsOf(read(blank))).toContain(
      'connectorConfiguration.connector.class: an empty text / the connector’s class',
    );
    const oddArn = { ...request, serviceExecutionRoleArn: 'hunter2' };
    expect(faultsOf(read(oddArn)).join('\n')).toMatch(/serviceExecutionRoleArn: a text \/ /);
  });

  it.each([
    ['the body of POST /connectors', { name: 'a', config }, 'a'],
    [
      'the answer of GET /connectors/a',
      { name: 'a', config, tasks: [{ connector: 'a', task: 0 }], type: 'source' },
      'a',
    ],
    ['the body of PUT .../config', config, 'it'],
    ['the same with its name', { ...config, name: 'a' }, 'a'],
    ['a body whose name stands inside', { config: { ...config, name: 'a' } }, 'a'],
  ])('is %s', (_what, value, name) => {
    const result = read(value);
    expect('subject' in result && result.subject).toMatchObject({ platform: 'self-managed', name });
    expect('subject' in result && result.subject.configuration['database.hostname']).toBe('db.example.internal');
  });

  it('is a create request of MSK Connect', () => {
    const result = read(subjectOf(onMsk, { name: 'a' }).request);
    expect('subject' in result && result.subject).toMatchObject({ platform: 'msk-connect', name: 'a' });
    expect('subject' in result && result.subject.facts.connectVersion).toEqual({ kind: 'known', value: '3.7.x' });
  });

  it('may have numbers and truth values, which Connect takes as texts, and a mark before it', () => {
    const text = `\uFEFF${JSON.stringify({ name: 'a', config: { ...config, 'tasks.max': 1, x: true, y: null } })}`;
    const result = subjectFromFile('it.json', text, {}, 'it');
    expect('subject' in result && result.subject.configuration).toMatchObject({ 'tasks.max': '1', x: 'true' });
    expect('subject' in result && 'y' in result.subject.configuration).toBe(false);
  });

  it('is unreadable with every fault at once, and without a value', () => {
    expect(faultsOf(read({ name: 7, config: { 'database.password': { a: 'example-only' }, list: [] } }))).toEqual([
      'name: a number / the connector’s name',
      'config.database.password: an object / a text',
      'config.list: a list / a text',
      'config.connector.class: nothing / the connector’s class',
    ]);
    const faulty = { ...subjectOf(onMsk).request, capacity: undefined, serviceExecutionRoleArn: 5, colour: 'red' };
    expect(faultsOf(read(faulty))).toEqual([
      'capacity: nothing / a value',
      'serviceExecutionRoleArn: 5 / a text',
      'colour: an unknown field / only the fields of CreateConnector',
    ]);
  });

  it.each([
    ['[]', 'the file: a list'],
    ['{}', 'the file: an object without connectorConfiguration, config or connector.class'],
    ['"a"', 'the file: a text'],
    ['', 'the file: nothing'],
    ['{"name": "a", "config": "x"}', 'config: a text'],
  ])('is none: %s', (text, fault) => {
    const [first = ''] = faultsOf(subjectFromFile('it.json', text, {}, 'it'));
    expect(first.split(' / ')[0]).toBe(fault);
  });

  it('does not quote what is not JSON', () => {
    const result = subjectFromFile('it.json', '{"database.password": example-only}', {}, 'it');
    expect(JSON.stringify(result)).not.toContain('example-only');
    expect(faultsOf(result)[0]).toMatch(/something that is not JSON \/ a JSON object$/);
  });
});

describe('a context', () => {
  it('gives what it says, and names what no rule reads', () => {
    expect(
      parseContext(
        'c',
        '{"pluginVersion": "2.7.4.Final", "binlogRetentionHours": null, "workerProperties": {"a": 1}, "plugin": "x"}',
      ),
    ).toEqual({ context: { pluginVersion: '2.7.4.Final', workerProperties: { a: '1' } }, unread: ['plugin'] });
  });

  it('is unreadable with every fault at once', () => {
    const result = parseContext(
      'c',
      '{"pluginVersion": 2.7, "topics": "a", "binlogRetentionHours": "72", "workerProperties": []}',
    );
    expect('faults' in result && result.faults).toEqual([
      {
        file: 'c',
        place: 'pluginVersion',
        found: 'a number',
        expected: 'the version of the plugin, such as "2.7.4.Final"',
      },
      { file: 'c', place: 'binlogRetentionHours', found: 'a text', expected: 'a number of hours, 0 or more' },
      { file: 'c', place: 'workerProperties', found: 'a list', expected: 'an object of properties' },
      { file: 'c', place: 'topics', found: 'a text', expected: 'a list of topic names' },
    ]);
  });
});
