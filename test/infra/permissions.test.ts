import { expect, test } from 'vitest';
import { permissions } from '../../lambda/permissions.ts';
import { fullSource, functionStatements, listed, only, sink, templateFor } from './synthesized.ts';

const template = templateFor({
  connectors: [fullSource(), sink({ savedConfig: { bucket: 'our-configs', key: 'connect/search.json' } })],
});
const statements = functionStatements(template);
const bucket = `<${only(template, 'AWS::S3::Bucket').id}.Arn>`;

function resourcesOf(action: string): string[] {
  return statements
    .filter(({ Action }) => listed(Action).includes(action))
    .flatMap(({ Resource }) => listed(Resource))
    .toSorted();
}

const own = (path: string) => `arn:aws:kafkaconnect:ap-northeast-2:111122223333:${path}`;

test.each([
  ['kafkaconnect:ListConnectors', ['*']],
  ['kafkaconnect:CreateConnector', ['*']],
  ['kafkaconnect:DescribeConnector', [own('connector/orders-cdc/*'), own('connector/orders-to-search/*')]],
  ['kafkaconnect:DeleteConnector', [own('connector/orders-cdc/*'), own('connector/orders-to-search/*')]],
  ['kafkaconnect:RestartConnector', [own('connector/orders-cdc/*'), own('connector/orders-to-search/*')]],
  ['kafkaconnect:DescribeWorkerConfiguration', [own('worker-configuration/*')]],
  ['kafkaconnect:DescribeCustomPlugin', [own('custom-plugin/*')]],
  ['logs:DescribeLogGroups', ['*']],
  ['iam:PassRole', ['arn:aws:iam::111122223333:role/connect-execution']],
  ['logs:FilterLogEvents', ['arn:aws:logs:ap-northeast-2:111122223333:log-group:/msk-connect/shop:*']],
  [
    's3:GetObject',
    [
      `${bucket}/backups/*`,
      `${bucket}/connectors/*`,
      `${bucket}/hold.json`,
      `${bucket}/journals/*`,
      `${bucket}/orders/*`,
      `${bucket}/readiness.json`,
      `${bucket}/sweep.json`,
      'arn:aws:s3:::our-configs/connect/search.json',
    ],
  ],
  ['s3:ListBucket', [bucket, 'arn:aws:s3:::our-configs']],
  ['lambda:InvokeFunction', [`<${only(template, 'AWS::Lambda::Function').id}.Arn>`]],
  ['sqs:SendMessage', [`<${only(template, 'AWS::SQS::Queue').id}.Arn>`]],
])('%s on exactly %j', (action, resources) => {
  expect(resourcesOf(action)).toEqual(resources.toSorted());
});

test('no role is read: whom an execution role trusts, the check by hand sees', () => {
  expect(
    statements.flatMap(({ Action }) => listed(Action)).filter((action) => /^iam:(Get|List|Simulate)/.test(action)),
  ).toEqual([]);
});

test('roles are passed to MSK Connect only', () => {
  const passing = statements.filter(({ Action }) => listed(Action).includes('iam:PassRole'));
  expect(passing.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'kafkaconnect.amazonaws.com' } }],
  ]);
});

test('each line of the permission table is granted', () => {
  const granted = new Set(statements.flatMap(({ Action }) => listed(Action)));
  const lines = permissions.filter(({ on }) => on !== 'pinning').flatMap(({ actions }) => actions);
  expect(lines.filter((action) => !granted.has(action))).toEqual([]);
});

test('worker configurations are made only where a connector’s default offsets topic may be pinned', () => {
  const making = (all: typeof statements) =>
    all.filter(({ Action }) => listed(Action).includes('kafkaconnect:CreateWorkerConfiguration'));
  expect(making(statements)).toEqual([]);
  const pinning = functionStatements(
    templateFor({ connectors: [fullSource({ offsets: 'pin-default-topic' }), sink()] }),
  );
  expect(making(pinning).map(({ Resource }) => Resource)).toEqual(['*']);
});

test('no action is a pattern', () => {
  expect(statements.flatMap(({ Action }) => listed(Action)).filter((action) => action.includes('*'))).toEqual([]);
});

test("nothing is deleted from the bucket: a backup's last guard is that the function cannot", () => {
  expect(
    statements.flatMap(({ Action }) => listed(Action)).filter((action) => /s3:(Delete|PutLifecycle)/.test(action)),
  ).toEqual([]);
});
