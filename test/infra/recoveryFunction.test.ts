import { expect, test } from 'vitest';
import { deployed, fullSource, only, type Resource, resources, sink, templateFor } from './synthesized.ts';

const template = templateFor({
  connectors: [
    fullSource({ preventiveRestart: { schedule: 'cron(0 2 ? * SUN *)', timeZone: 'Asia/Seoul' } }),
    sink({ preventiveRestart: { schedule: 'rate(7 days)', enabled: true } }),
  ],
});
const lambda = only(template, 'AWS::Lambda::Function');

test('the function is what the bundle is made for', () => {
  expect(lambda.Properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 900,
  });
  expect(lambda.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('it is told of its bucket and its topic, and of nothing else', () => {
  expect(deployed(lambda.Properties['Environment'])).toEqual({
    Variables: {
      RECOVERY_BUCKET: `<${only(template, 'AWS::S3::Bucket').id}>`,
      RECOVERY_TOPIC_ARN: `<${only(template, 'AWS::SNS::Topic').id}>`,
    },
  });
});

test('an event that it cannot serve is tried three times within ten minutes and then lies in the dead-letter queue', () => {
  const queue = only(template, 'AWS::SQS::Queue');
  expect(deployed(lambda.Properties['DeadLetterConfig'])).toEqual({ TargetArn: `<${queue.id}.Arn>` });
  expect(queue.Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  expect(deployed(only(template, 'AWS::Lambda::EventInvokeConfig').Properties)).toMatchObject({
    FunctionName: `<${lambda.id}>`,
    MaximumEventAgeInSeconds: 600,
    MaximumRetryAttempts: 2,
  });
});

test('its log is kept for three months', () => {
  expect(only(template, 'AWS::Logs::LogGroup').Properties).toMatchObject({ RetentionInDays: 90 });
});

test('one rule calls it for the alarms of this stack that go off, and only one permission is needed', () => {
  const rule = only(template, 'AWS::Events::Rule');
  expect(rule.Properties).toMatchObject({
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'connector-recovery/' }], state: { value: ['ALARM'] } },
    },
  });
  expect(deployed(rule.Properties['Targets'])).toMatchObject([
    { Arn: `<${lambda.id}.Arn>`, RetryPolicy: { MaximumEventAgeInSeconds: 600 } },
  ]);
  expect(deployed(only(template, 'AWS::Lambda::Permission').Properties)).toMatchObject({
    Principal: 'events.amazonaws.com',
    SourceArn: `<${rule.id}.Arn>`,
  });
});

test.each([
  ['errors', 'AWS/Lambda Errors Sum', 'GreaterThanOrEqualToThreshold', 1, 'notBreaching'],
  ['throttles', 'AWS/Lambda Throttles Sum', 'GreaterThanOrEqualToThreshold', 1, 'notBreaching'],
  [
    'dead-letters',
    'AWS/SQS ApproximateNumberOfMessagesVisible Maximum',
    'GreaterThanOrEqualToThreshold',
    1,
    'notBreaching',
  ],
  ['silence', 'AWS/Lambda Invocations Sum', 'LessThanThreshold', 3, 'missing'],
])('people hear of its %s without passing through it', (name, metric, comparison, periods, missing) => {
  const { Properties } = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).find(
    (alarm) => alarm.Properties['AlarmName'] === `connector-recovery-function-${name}`,
  ) as Resource;
  expect([Properties['Namespace'], Properties['MetricName'], Properties['Statistic']].join(' ')).toBe(metric);
  expect(deployed(Properties)).toMatchObject({
    ComparisonOperator: comparison,
    Threshold: 1,
    Period: 60,
    EvaluationPeriods: periods,
    TreatMissingData: missing,
    AlarmActions: [`<${only(template, 'AWS::SNS::Topic').id}>`],
  });
});

test('a first deployment does not begin with a false alarm of silence, and a sweep that stops is told as missing data', () => {
  const silence = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).filter(
    ({ Properties }) => Properties['InsufficientDataActions'] !== undefined,
  );
  expect(silence.map(({ Properties }) => Properties['AlarmName'])).toEqual(['connector-recovery-function-silence']);
});

const schedules = Object.values(resources(template, 'AWS::Scheduler::Schedule')).map(
  ({ Properties }) => Properties as Record<string, unknown> & { Target: { Input: string } },
);

test.each([
  ['{"source":"connector-recovery.sweep"}', { ScheduleExpression: 'rate(1 minute)' }, 60],
  ['{"source":"connector-recovery.check"}', { ScheduleExpression: 'cron(0 6 * * ? *)' }, 3600],
  [
    '{"source":"connector-recovery.schedule","connector":"orders-cdc"}',
    { ScheduleExpression: 'cron(0 2 ? * SUN *)', ScheduleExpressionTimezone: 'Asia/Seoul', State: 'DISABLED' },
    600,
  ],
  [
    '{"source":"connector-recovery.schedule","connector":"orders-to-search"}',
    { ScheduleExpression: 'rate(7 days)', ScheduleExpressionTimezone: 'UTC', State: 'ENABLED' },
    600,
  ],
])('the schedule that sends %s', (input, expected, oldestSeconds) => {
  const schedule = schedules.find(({ Target }) => Target.Input === input);
  expect(schedule).toMatchObject({ ...expected, FlexibleTimeWindow: { Mode: 'OFF' } });
  expect(deployed(schedule?.Target)).toMatchObject({
    Arn: `<${lambda.id}.Arn>`,
    RetryPolicy: { MaximumEventAgeInSeconds: oldestSeconds },
  });
});

test('no other schedule exists', () => {
  expect(schedules).toHaveLength(4);
});

test('the bucket is versioned, encrypted, private and stays; old versions of journals go, configs and backups stay', () => {
  const bucket = only(template, 'AWS::S3::Bucket');
  expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(bucket.Properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: {
      Rules: [
        { Prefix: 'journals/', NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' },
        { Prefix: 'sweep.json', NoncurrentVersionExpiration: { NoncurrentDays: 1 }, Status: 'Enabled' },
      ],
    },
  });
  expect(JSON.stringify(bucket.Properties)).not.toContain('"ExpirationInDays"');
  expect(JSON.stringify(only(template, 'AWS::S3::BucketPolicy').Properties)).toContain(
    '{"Bool":{"aws:SecureTransport":"false"}}',
  );
});

test('the outputs name what an operator needs', () => {
  const outputs = deployed(template.toJSON()['Outputs']) as Record<string, { Value: string }>;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { Value }]) => [name, Value]))).toEqual({
    FunctionName: `<${lambda.id}>`,
    BucketName: `<${only(template, 'AWS::S3::Bucket').id}>`,
    TopicArn: `<${only(template, 'AWS::SNS::Topic').id}>`,
    LookCommand: `aws lambda invoke --function-name <${lambda.id}> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"connector":"NAME","dryRun":true}' /dev/stdout`,
    CheckCommand: `aws lambda invoke --function-name <${lambda.id}> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"source":"connector-recovery.check"}' /dev/stdout`,
    RecoverCommand: `aws lambda invoke --function-name <${lambda.id}> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"connector":"NAME"}' /dev/stdout`,
    HoldCommand: `aws lambda invoke --function-name <${lambda.id}> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"do":"hold","who":"your name"}' /dev/stdout`,
    ReleaseCommand: `aws lambda invoke --function-name <${lambda.id}> --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"do":"release","who":"your name"}' /dev/stdout`,
  });
});
