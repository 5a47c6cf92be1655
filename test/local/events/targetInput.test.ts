import { describe, expect, it } from 'vitest';
import { targetInput, type TargetInput } from '../../../local/events/targetInput.ts';

const rule = {
  arn: 'arn:aws:events:eu-central-1:123456789012:rule/alarms',
  name: 'alarms',
  ingestionTime: '2026-01-02T03:04:05.000Z',
};
/** The example of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html, shortened, with more types. */
const event = {
  id: '7bf73129',
  source: 'aws.ec2',
  time: '2015-11-11T21:29:54Z',
  resources: ['arn:one', 'arn:two'],
  detail: {
    'instance-id': 'i-0123456789',
    state: 'RUNNING',
    count: 3,
    ready: true,
    quote: 'he said "no"\n',
    tags: [{ key: 'a' }, { key: 'b' }],
    inner: { x: 1 },
  },
};
const paths = {
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  count: '$.detail.count',
  ready: '$.detail.ready',
  quote: '$.detail.quote',
  first: '$.resources[0]',
  keys: '$.detail.tags[*].key',
  inner: '$.detail.inner',
  missing: '$.detail.nothing',
};

describe("a target's input", () => {
  it.each<[string, TargetInput, unknown]>([
    ['the event, where nothing is said', {}, event],
    ['a constant', { Input: '{"source":"sweep"}' }, { source: 'sweep' }],
    ['a part of the event', { InputPath: '$.detail.inner' }, { x: 1 }],
  ])('is %s', (_name, target, expected) => {
    expect(JSON.parse(targetInput(target, event, rule))).toEqual(expected);
  });

  it.each([
    ['text within quotes', '"instance <instance> is <state>"', 'instance i-0123456789 is RUNNING'],
    ['a value without quotes', '{"instance": <instance>, "n": <count>}', { instance: 'i-0123456789', n: 3 }],
    ['a value within quotes in JSON', '{"text": "<instance>: <count>"}', { text: 'i-0123456789: 3' }],
    ['true and false', '{"ready": <ready>}', { ready: true }],
    ['quotes in a value, within quotes', '{"text": "<quote>"}', { text: 'he said "no"\n' }],
    ['quotes in a value, without', '{"text": <quote>}', { text: 'he said "no"\n' }],
    ['escaped quotes around a variable', '"is in state \\"<state>\\""', 'is in state "RUNNING"'],
    ['an element of an array', '{"arn": <first>}', { arn: 'arn:one' }],
    ['all elements', '{"keys": <keys>}', { keys: ['a', 'b'] }],
    ['an object', '{"inner": <inner>}', { inner: { x: 1 } }],
    ['a path that is not in the event', '{"text": "<missing>", "value": <missing>}', { text: '', value: '' }],
    ['what is no variable', '{"text": "a < b and <nobody>"}', { text: 'a < b and <nobody>' }],
    ['the rule', '{"rule": <aws.events.rule-name>, "arn": <aws.events.rule-arn>}', { rule: 'alarms', arn: rule.arn }],
    ['the time', '{"at": <aws.events.event.ingestion-time>}', { at: '2026-01-02T03:04:05.000Z' }],
    ['the whole event', '{"event": <aws.events.event.json>}', { event }],
    [
      'the event without its detail',
      '{"event": <aws.events.event>}',
      { event: { id: '7bf73129', source: 'aws.ec2', time: '2015-11-11T21:29:54Z', resources: ['arn:one', 'arn:two'] } },
    ],
  ])('transforms %s', (_name, InputTemplate, expected) => {
    const given = targetInput({ InputTransformer: { InputPathsMap: paths, InputTemplate } }, event, rule);
    expect(JSON.parse(given)).toEqual(expected);
  });

  it('fails when the template gives no JSON, and for a path of another kind', () => {
    const transformed = (InputTemplate: string, path = '$.detail.state') =>
      targetInput({ InputTransformer: { InputPathsMap: { state: path }, InputTemplate } }, event, rule);
    expect(() => transformed('<state> without quotes')).toThrow('gives no JSON');
    expect(() => transformed('"<state>"', '$..state')).toThrow('JSON path not supported: $..state');
  });
});
