import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  appFor,
  deployed,
  fullSource,
  listed,
  resources,
  stacksOf,
  type Statement,
  templateFor,
} from './synthesized.ts';

const operator = 'arn:aws:iam::111122223333:role/oncall';
const template = templateFor({ operators: [operator], connectors: [fullSource()] });
const [[bucketId, bucket] = ['', undefined]] = Object.entries(resources(template, 'AWS::S3::Bucket'));
const bucketKey = bucketKeyId();
const keyStatements = policyOf('AWS::KMS::Key', bucketKey, 'KeyPolicy');
const bucketStatements = policyOf(
  'AWS::S3::BucketPolicy',
  Object.keys(resources(template, 'AWS::S3::BucketPolicy'))[0] ?? 'none',
  'PolicyDocument',
);
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
    const refused = bucketStatements.filter(
      ({ Effect, Action }) => Effect === 'Deny' && listed(Action).includes('s3:PutObject'),
    );
    const [encryption, keyId, ownKey] = [
      's3:x-amz-server-side-encryption',
      's3:x-amz-server-side-encryption-aws-kms-key-id',
      's3:x-amz-server-side-encryption-customer-algorithm',
    ];
    expect(refused.map(({ Resource, Principal, Condition }) => [Resource, Principal, Condition])).toEqual([
      [
        `<${bucketId}.Arn>/*`,
        { AWS: '*' },
        { StringNotEquals: { [encryption]: 'aws:kms' }, Null: { [encryption]: 'false' } },
      ],
      [
        `<${bucketId}.Arn>/*`,
        { AWS: '*' },
        { StringNotEquals: { [keyId]: `<${bucketKey}.Arn>` }, Null: { [keyId]: 'false' } },
      ],
      [`<${bucketId}.Arn>/*`, { AWS: '*' }, { Null: { [ownKey]: 'false' } }],
    ]);
  });

  test.each([
    ['names no encryption, and gets the bucket’s', {}, 'let through'],
    ['names KMS and no key, and gets the bucket’s', { encryption: 'aws:kms' }, 'let through'],
    ['names KMS and this key', { encryption: 'aws:kms', key: `<${bucketKey}.Arn>` }, 'let through'],
    ['names KMS and a key of the writer', { encryption: 'aws:kms', key: 'arn:aws:kms:x:1:key/mine' }, 'denied'],
    ['names a key of the writer alone', { key: 'arn:aws:kms:x:1:key/mine' }, 'denied'],
    ['names encryption by S3 itself', { encryption: 'AES256' }, 'denied'],
    ['names two layers of KMS', { encryption: 'aws:kms:dsse', key: `<${bucketKey}.Arn>` }, 'denied'],
    ['brings a key along (SSE-C)', { ownKey: 'AES256' }, 'denied'],
    ['does not come over TLS', { secure: 'false' }, 'denied'],
    ['comes over an old TLS', { tls: '1.1' }, 'denied'],
  ])('a write that %s: %s is %s', (_, request: Write, then) => {
    expect(isDenied(request) ? 'denied' : 'let through').toBe(then);
  });

  test('the role exists before the key that names it, and the key before the bucket', () => {
    const key = resources(template, 'AWS::KMS::Key')[bucketKey];
    expect(refersTo(key?.Properties['KeyPolicy'])).toContain(role?.[0]);
    expect(refersTo(role?.[1])).not.toContain(bucketKey);
    expect(refersTo(bucket)).toContain(bucketKey);
    expect(refersTo(key)).not.toContain(bucketId);
  });

  test.each([
    [[operator], 0],
    [[], 1],
  ])('with %j as operators the synthesis warns %i times that no person could read a backup', (operators, times) => {
    const [stack] = stacksOf(appFor({ operators, connectors: [fullSource()] }));
    if (stack === undefined) throw new Error('there is no stack');
    const warned = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('No person may read backups'));
    expect(warned).toHaveLength(times);
  });
});

interface Write {
  readonly encryption?: string;
  readonly key?: string;
  readonly ownKey?: string;
  readonly secure?: string;
  readonly tls?: string;
}

/** Whether a statement of the bucket's policy denies that write: one whose every condition holds. */
function isDenied({ encryption, key, ownKey, secure = 'true', tls = '1.3' }: Write): boolean {
  const context: Readonly<Record<string, string | undefined>> = {
    's3:x-amz-server-side-encryption': encryption,
    's3:x-amz-server-side-encryption-aws-kms-key-id': key,
    's3:x-amz-server-side-encryption-customer-algorithm': ownKey,
    'aws:SecureTransport': secure,
    's3:TlsVersion': tls,
  };
  return bucketStatements
    .filter(
      ({ Effect, Action }) =>
        Effect === 'Deny' && listed(Action).some((one) => one === 's3:*' || one === 's3:PutObject'),
    )
    .some(({ Condition }) =>
      Object.entries(Condition ?? {}).every(([operation, keys]) =>
        Object.entries(keys).every(([name, wanted]) => holds(operation, context[name], wanted)),
      ),
    );
}

/**
 * As IAM compares: a key that is missing is not equal, and so satisfies only what is negated, and `Null`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holds(operation: string, found: string | undefined, wanted: string): boolean {
  switch (operation) {
    case 'StringNotEquals':
      return found !== wanted;
    case 'Null':
      return (found === undefined) === (wanted === 'true');
    case 'Bool':
      return found === wanted;
    case 'NumericLessThan':
      return found !== undefined && Number(found) < Number(wanted);
    default:
      throw new Error(`${operation} is not compared here`);
  }
}

/** The logical ids that a part of the template refers to. */
function refersTo(part: unknown): string[] {
  return [...JSON.stringify(part).matchAll(/"Fn::GetAtt":\["(\w+)"|"Ref":"(\w+)"/g)].map(
    (found) => found[1] ?? found[2] ?? '',
  );
}

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
