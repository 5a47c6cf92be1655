import { describe, expect, it } from 'vitest';
import { noValue, resolveIntrinsics, type Scope } from '../../../local/stack/intrinsics.ts';
import { inOrder, references } from '../../../local/stack/template.ts';

const known: Readonly<Record<string, unknown>> = {
  'AWS::Region': 'eu-central-1',
  'AWS::NoValue': noValue,
  Topic: 'arn:topic',
  Names: ['a', 'b'],
};
const scope: Scope = {
  template: {
    Conditions: {
      Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
      Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    },
    Mappings: { Regions: { 'eu-central-1': { code: 'fra' } } },
  },
  ref: (name) => {
    if (!(name in known)) throw new Error(`no ${name}`);
    return known[name];
  },
  attribute: (id, name) => `<${id}:${name}>`,
  importValue: (name) => `imported ${name}`,
};

describe('an intrinsic function', () => {
  it.each([
    ['Ref', { Ref: 'Topic' }, 'arn:topic'],
    ['Ref to nothing', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['Ref to nothing in a list', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['GetAtt', { 'Fn::GetAtt': ['Fn', 'Arn'] }, '<Fn:Arn>'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Fn.Endpoint.Port' }, '<Fn:Endpoint.Port>'],
    ['Join', { 'Fn::Join': [':', ['arn', { Ref: 'AWS::Region' }, 1]] }, 'arn:eu-central-1:1'],
    ['Join of a list that is referred to', { 'Fn::Join': ['-', { Ref: 'Names' }] }, 'a-b'],
    ['Split and Select', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
    ['Sub', { 'Fn::Sub': 'x ${AWS::Region} ${Fn.Arn} ${!Kept}' }, 'x eu-central-1 <Fn:Arn> ${Kept}'],
    [
      'Sub with names of its own',
      { 'Fn::Sub': ['${a}/${Topic}', { a: { Ref: 'AWS::Region' } }] },
      'eu-central-1/arn:topic',
    ],
    ['ImportValue', { 'Fn::ImportValue': 'shop:Topic' }, 'imported shop:Topic'],
    ['FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'code'] }, 'fra'],
    ['If, yes', { 'Fn::If': ['Yes', 'a', 'b'] }, 'a'],
    ['If, no, leaving the other branch alone', { 'Fn::If': ['No', { Ref: 'Nobody' }, 'b'] }, 'b'],
    ['And', { 'Fn::If': ['Both', 'a', 'b'] }, 'b'],
    ['Or', { 'Fn::If': ['Either', 'a', 'b'] }, 'a'],
    [
      "a statement's condition is none",
      { Condition: { StringEquals: { x: { Ref: 'Topic' } } } },
      { Condition: { StringEquals: { x: 'arn:topic' } } },
    ],
  ])('%s', (_name, value, expected) => {
    expect(resolveIntrinsics(value, scope)).toEqual(expected);
  });

  it.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }, 'Fn::Cidr is not known'],
    ['a name that is not there', { Ref: 'Nobody' }, 'no Nobody'],
    ['a dynamic reference', { a: '{{resolve:ssm:/x}}' }, 'dynamic references'],
    ['a map entry that is not there', { 'Fn::FindInMap': ['Regions', 'x', 'code'] }, 'finds nothing at Regions.x.code'],
    ['a place beyond the list', { 'Fn::Select': [5, ['a']] }, 'finds nothing at 5'],
    ['a condition that is not there', { 'Fn::If': ['Maybe', 1, 2] }, 'no condition Maybe'],
  ])('refuses %s', (_name, value, message) => {
    expect(() => resolveIntrinsics(value, scope)).toThrow(message);
  });
});

describe('the order of resources', () => {
  it('finds every kind of reference', () => {
    const value = {
      a: [{ Ref: 'A' }],
      b: { 'Fn::GetAtt': ['B', 'Arn'] },
      c: { 'Fn::Sub': ['${C.Arn} ${own} ${!D}', { own: { Ref: 'E' } }] },
    };
    expect([...references(value)].toSorted()).toEqual(['A', 'B', 'C', 'E']);
  });

  it('puts each after what it needs', () => {
    expect(
      inOrder({
        Rule: { Type: 'T', Properties: { arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
        Fn: { Type: 'T', DependsOn: ['Policy'], Properties: { topic: { Ref: 'Topic' } } },
        Topic: { Type: 'T' },
        Policy: { Type: 'T', DependsOn: 'Role' },
        Role: { Type: 'T' },
      }),
    ).toEqual(['Topic', 'Role', 'Policy', 'Fn', 'Rule']);
  });

  it('names a circle', () => {
    expect(() =>
      inOrder({ A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', Properties: { a: { Ref: 'A' } } } }),
    ).toThrow('A -> B -> A');
  });
});
