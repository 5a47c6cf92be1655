import { describe, expect, it } from 'vitest';
import { compilePattern, EventPatternError } from '../../../local/events/eventPattern.ts';

const alarm = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  region: 'eu-central-1',
  resources: ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-a', 'arn:second'],
  detail: {
    alarmName: 'Recovery/shop/Connected',
    state: { value: 'ALARM', count: 7, muted: false, note: null },
    empty: '',
    metrics: [
      { name: 'Connected', period: 60 },
      { name: 'Lag', period: 300 },
    ],
  },
};

describe('an event pattern', () => {
  it.each([
    // exact
    ['one of several values', { source: ['aws.s3', 'aws.cloudwatch'] }, true],
    ['another value', { source: ['aws.s3'] }, false],
    ['a nested value', { detail: { state: { value: ['ALARM'] } } }, true],
    ['every field must match', { source: ['aws.cloudwatch'], region: ['us-east-1'] }, false],
    ['a field that is missing', { nothing: ['x'] }, false],
    ['an element of an array', { resources: ['arn:second'] }, true],
    ['a number', { detail: { state: { count: [7] } } }, true],
    ['a number as text is another value', { detail: { state: { count: ['7'] } } }, false],
    ['false', { detail: { state: { muted: [false] } } }, true],
    ['null', { detail: { state: { note: [null] } } }, true],
    ['null is not a missing field', { detail: { state: { nothing: [null] } } }, false],
    ['empty text', { detail: { empty: [''] } }, true],
    [
      'an array of objects, both fields in one element',
      { detail: { metrics: { name: ['Lag'], period: [300] } } },
      true,
    ],
    [
      'an array of objects, fields in different elements',
      { detail: { metrics: { name: ['Lag'], period: [60] } } },
      false,
    ],
    // prefix, suffix, case
    ['prefix', { detail: { alarmName: [{ prefix: 'Recovery/shop/' }] } }, true],
    ['prefix of another', { detail: { alarmName: [{ prefix: 'Recovery/shop2/' }] } }, false],
    ['prefix in any case', { detail: { alarmName: [{ prefix: { 'equals-ignore-case': 'recovery/' } }] } }, true],
    ['prefix of an array element', { resources: [{ prefix: 'arn:aws:cloudwatch:' }] }, true],
    ['suffix', { detail: { alarmName: [{ suffix: '/Connected' }] } }, true],
    ['suffix that is not there', { detail: { alarmName: [{ suffix: '/Lag' }] } }, false],
    ['equals-ignore-case', { detail: { state: { value: [{ 'equals-ignore-case': 'alarm' }] } } }, true],
    // anything-but
    ['anything-but another value', { detail: { state: { value: [{ 'anything-but': 'OK' }] } } }, true],
    ['anything-but this value', { detail: { state: { value: [{ 'anything-but': ['OK', 'ALARM'] }] } } }, false],
    ['anything-but a number', { detail: { state: { count: [{ 'anything-but': [7] }] } } }, false],
    ['anything-but needs the field', { detail: { nothing: [{ 'anything-but': 'OK' }] } }, false],
    ['anything-but a prefix', { detail: { alarmName: [{ 'anything-but': { prefix: 'Recovery/' } }] } }, false],
    ['anything-but another prefix', { detail: { alarmName: [{ 'anything-but': { prefix: ['A/', 'B/'] } }] } }, true],
    ['anything-but a suffix', { detail: { alarmName: [{ 'anything-but': { suffix: 'Connected' } }] } }, false],
    ['anything-but a wildcard', { detail: { alarmName: [{ 'anything-but': { wildcard: '*/shop/*' } }] } }, false],
    // numeric
    ['numeric within', { detail: { state: { count: [{ numeric: ['>', 0, '<=', 7] }] } } }, true],
    ['numeric just outside', { detail: { state: { count: [{ numeric: ['>', 7] }] } } }, false],
    ['numeric equal', { detail: { state: { count: [{ numeric: ['=', 7] }] } } }, true],
    ['numeric of a text', { detail: { state: { value: [{ numeric: ['>', 0] }] } } }, false],
    // exists
    ['exists', { detail: { alarmName: [{ exists: true }] } }, true],
    ['exists false of what is there', { detail: { alarmName: [{ exists: false }] } }, false],
    ['exists false of what is missing', { detail: { muteDetail: [{ exists: false }] } }, true],
    ['exists looks at leaves only', { detail: { state: [{ exists: true }] } }, false],
    // wildcard
    ['wildcard in the middle', { detail: { alarmName: [{ wildcard: 'Recovery/*/Connected' }] } }, true],
    ['wildcard takes dots literally', { source: [{ wildcard: 'aws?cloudwatch' }] }, false],
    ['a wildcard that is escaped', { detail: { alarmName: [{ wildcard: 'Recovery/\\*/Connected' }] } }, false],
    // $or
    ['$or, the second', { $or: [{ source: ['aws.s3'] }, { region: ['eu-central-1'] }] }, true],
    ['$or, none', { $or: [{ source: ['aws.s3'] }, { region: ['us-east-1'] }] }, false],
    ['$or beside a field', { region: ['us-east-1'], $or: [{ source: ['aws.cloudwatch'] }, { source: ['x'] }] }, false],
    ['$or within', { detail: { $or: [{ alarmName: ['x'] }, { state: { value: ['ALARM'] } }] } }, true],
    // several comparisons in one array
    ['one of several comparisons', { source: [{ prefix: 'x' }, 'aws.cloudwatch'] }, true],
  ])('%s', (_name, pattern, expected) => {
    expect(compilePattern(pattern)(alarm)).toBe(expected);
  });

  it.each([
    ['is empty', {}, /empty object/],
    ['has a bare value', { source: 'aws.s3' }, /"source" must be an object or an array/],
    ['has an empty array', { source: [] }, /empty array/],
    ['has an unknown comparison', { source: [{ like: 'x' }] }, /like is not known/],
    ['asks for an address range', { source: [{ cidr: '10.0.0.0/24' }] }, /cidr is not known/],
    ['has two comparisons at once', { source: [{ prefix: 'a', suffix: 'b' }] }, /exactly one comparison/],
    ['compares numbers with text', { size: [{ numeric: ['>', '5'] }] }, /takes a number/],
    ['compares numbers oddly', { size: [{ numeric: ['!=', 5] }] }, /got !=/],
    ['has one branch only', { $or: [{ source: ['x'] }] }, /at least two/],
    ['has two stars in a row', { source: [{ wildcard: 'a**' }] }, /consecutive wildcards/],
  ])('is refused when it %s', (_name, pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(EventPatternError);
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});
