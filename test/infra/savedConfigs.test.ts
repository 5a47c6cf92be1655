import { describe, expect, test } from 'vitest';
import { deployed, fullSource, listed, resources, type Statement, templateFor } from './synthesized.ts';

const operator = 'arn:aws:iam::111122223333:role/oncall';
const template = templateFor({ operators: [operator], connectors: [fullSource()] });
const [[bucketId, bucket] = ['', undefined]] = Object.entries(resources(template, 'AWS::S3::Bucket'));
const bucketKey = bucketKeyId();
const keyStatements = policyOf('AWS::KMS::Key', bucketKey, 'KeyPolicy');
const role = Object.entries(resources(template, 'AWS::IAM::Role')).find(([id]) =>
  id.startsWith('ConnectorRecoveryRole'),
);

function bucketKeyId(): string {
  const text = JSON.stringify(deployed(bucket?.Properties['BucketEncryption']));
  return /<(\w+)\.Arn>/.exec(text)?.[1] ?? 'none';
}

function policyOf(type: string, id: string, field: string): Statement[] {
  return (deployed(resources(template, type)[id]?.Properties[field]) as { Statement: Statement[] }).Statement;
}

function whoMay(action: string): unknown[] {
  const matches = (one: string) => one === action || (one.endsWith('*') && action.startsWith(one.slice(0, -1)));
  return keyStatements
    .filter(({ Effect, Action }) => Effect === 'Allow' && listed(Action).some(matches))
    .flatMap(({ Principal }) => listed((Principal as { AWS: string | string[] }).AWS));
}

describe('saved configs, journals and backups', () => {
  test.each(['kms:Decrypt', 'kms:GenerateDataKey'])(
    '%s is for the function, and for the operators that are named',
    (action) => {
      expect(whoMay(action)).toEqual([operator, `<${role?.[0]}.Arn>`]);
    },
  );

  test('a right on everything in some role of the account is no right to read them', () => {
    const root = 'arn:aws:iam::111122223333:root';
    expect(whoMay('kms:PutKeyPolicy')).toEqual([root]);
    expect(whoMay('kms:CreateGrant')).toEqual([]);
    expect(whoMay('kms:ReEncryptFrom')).toEqual([]);
  });

  test('the key is used through S3 only', () => {
    const uses = keyStatements.filter(({ Action }) => listed(Action).includes('kms:Decrypt'));
    expect(uses.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'kms:ViaService': 's3.ap-northeast-2.amazonaws.com' } },
    ]);
  });

  test('the key stays with the bucket when the stack goes, and rotates', () => {
    const key = resources(template, 'AWS::KMS::Key')[bucketKey];
    expect([key?.['DeletionPolicy'], bucket?.['DeletionPolicy']]).toEqual(['Retain', 'Retain']);
    expect(key?.Properties['EnableKeyRotation']).toBe(true);
  });

  test('nobody plants an object under another encryption', () => {
    const [policyId = ''] = Object.entries(resources(template, 'AWS::S3::BucketPolicy')).map(([id]) => id);
    const refused = policyOf('AWS::S3::BucketPolicy', policyId, 'PolicyDocument').filter(
      ({ Effect, Action }) => Effect === 'Deny' && listed(Action).includes('s3:PutObject'),
    );
    expect(refused.map(({ Resource, Condition }) => [Resource, Condition?.['StringNotEquals']])).toEqual([
      [`<${bucketId}.Arn>/*`, { 's3:x-amz-server-side-encryption': 'aws:kms' }],
      [`<${bucketId}.Arn>/*`, { 's3:x-amz-server-side-encryption-aws-kms-key-id': `<${bucketKey}.Arn>` }],
    ]);
  });
});

describe('a stack for one connector', () => {
  const { statements } = {
    statements: Object.values(resources(template, 'AWS::IAM::ManagedPolicy')).flatMap(
      ({ Properties }) => (deployed(Properties['PolicyDocument']) as { Statement: Statement[] }).Statement,
    ),
  };

  test.each([
    ['kafkaconnect:DeleteConnector', 'connector/orders-cdc-2/0a1b', false],
    ['kafkaconnect:DeleteConnector', 'connector/orders/0a1b', false],
    ['kafkaconnect:RestartConnector', 'connector/billing-cdc/0a1b', false],
    ['kafkaconnect:DeleteConnector', 'connector/orders-cdc/0a1b', true],
  ])('may it call %s on %s: %s', (action, path, may) => {
    const arn = `arn:aws:kafkaconnect:ap-northeast-2:111122223333:${path}`;
    const matches = (pattern: string) =>
      new RegExp(
        `^${pattern
          .split('*')
          .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`,
      ).test(arn);
    const allowed = statements.some(
      ({ Action, Resource }) => listed(Action).includes(action) && listed(Resource).some(matches),
    );
    expect(allowed).toBe(may);
  });
});
