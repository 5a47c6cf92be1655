import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  deployed,
  fullSource,
  functionStatements,
  listed,
  only,
  resources,
  type Statement,
  templateFor,
} from './synthesized.ts';

const alarms = 'cloudwatch.amazonaws.com';

/** Whether the statements allow a service an action, from this account only. */
function allows(statements: readonly Statement[], service: string, action: string): boolean {
  return statements.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      (Principal as { Service?: string } | undefined)?.Service === service &&
      listed(Action).some((one) => one === action || (one.endsWith('*') && action.startsWith(one.slice(0, -1)))) &&
      Condition?.['StringEquals']?.['aws:SourceAccount'] === '111122223333',
  );
}

function policy(template: Template, type: string, field: string): Statement[] {
  return (deployed(only(template, type).Properties[field]) as { Statement: Statement[] }).Statement;
}

describe('from each publisher through topic policy to key policy', () => {
  const template = templateFor({ notify: { emails: ['oncall@example.com'] }, connectors: [fullSource()] });
  const topic = only(template, 'AWS::SNS::Topic');
  const [keyId, key] =
    Object.entries(resources(template, 'AWS::KMS::Key')).find(
      ([id]) => deployed(topic.Properties['KmsMasterKeyId']) === `<${id}.Arn>`,
    ) ?? [];

  test('every alarm action is the topic', () => {
    const actions = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).flatMap(
      ({ Properties }) => (deployed(Properties['AlarmActions']) as string[] | undefined) ?? [],
    );
    expect(actions).toEqual(Array.from({ length: 5 }, () => `<${topic.id}>`));
  });

  test('the topic lets alarms publish, over TLS only', () => {
    const statements = policy(template, 'AWS::SNS::TopicPolicy', 'PolicyDocument');
    expect(allows(statements, alarms, 'sns:Publish')).toBe(true);
    expect(
      statements.filter(
        ({ Effect, Condition }) => Effect === 'Deny' && Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
      ),
    ).toHaveLength(1);
  });

  test('the topic is encrypted with a key that rotates and that alarms may use', () => {
    expect(key?.Properties['EnableKeyRotation']).toBe(true);
    const { Statement: statements } = deployed(key?.Properties['KeyPolicy']) as { Statement: Statement[] };
    expect(allows(statements, alarms, 'kms:Decrypt')).toBe(true);
    expect(allows(statements, alarms, 'kms:GenerateDataKey')).toBe(true);
  });

  test('the function may publish and use the key', () => {
    const statements = functionStatements(template);
    const may = (action: string) =>
      statements.filter(({ Action }) => listed(Action).includes(action)).flatMap(({ Resource }) => listed(Resource));
    expect(may('sns:Publish')).toEqual([`<${topic.id}>`]);
    expect(may('kms:Decrypt')).toEqual([`<${keyId}.Arn>`]);
    expect(may('kms:GenerateDataKey')).toEqual([`<${keyId}.Arn>`]);
  });

  test('each address gets a subscription', () => {
    expect(deployed(only(template, 'AWS::SNS::Subscription').Properties)).toMatchObject({
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
      TopicArn: `<${topic.id}>`,
    });
  });
});

describe('an existing topic', () => {
  const arn = 'arn:aws:sns:ap-northeast-2:111122223333:people';
  const keyArn = 'arn:aws:kms:ap-northeast-2:111122223333:key/6f1d2c3b-0000-4000-8000-000000000001';

  test('is used as it is: no topic, no key for it, no policy of ours', () => {
    const template = templateFor({ notify: { topic: { arn, keyArn } }, connectors: [fullSource()] });
    for (const type of ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy']) template.resourceCountIs(type, 0);
    // The bucket's.
    template.resourceCountIs('AWS::KMS::Key', 1);
    const statements = functionStatements(template);
    expect(statements.find(({ Action }) => listed(Action).includes('sns:Publish'))?.Resource).toBe(arn);
    expect(statements.find(({ Action }) => listed(Action).includes('kms:Decrypt'))?.Resource).toBe(keyArn);
  });

  test('without a key of its own needs no permission on one', () => {
    const template = templateFor({ notify: { topic: { arn } }, connectors: [fullSource()] });
    expect(functionStatements(template).filter(({ Action }) => listed(Action).includes('kms:Decrypt'))).toEqual([]);
  });
});
