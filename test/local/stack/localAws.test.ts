import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DataPlaneError } from '../../../local/connect/dataPlane.ts';
import { startLocalAws, type LocalAws, type LocalAwsOptions } from '../../../local/stack/localAws.ts';
import type { Template } from '../../../local/stack/template.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { bundledFolder } from '../functions/bundle.ts';
import { assetKey, writeAssembly } from './assembly.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function account(over: Partial<LocalAwsOptions> = {}): Promise<LocalAws> {
  const clock = scaledClock({ factor: 60 });
  const aws = await startLocalAws({
    clock,
    random: seededRandom(1),
    dataPlane: () => ({
      start: async () => {
        throw new DataPlaneError('none', 'No connector runs here.');
      },
    }),
    ...over,
  });
  cleanups.push(
    () => aws.close(),
    () => clock.stop(),
  );
  return aws;
}

async function deploy(aws: LocalAws, templates: Readonly<Record<string, Template>>, bundle?: string) {
  const assembly = writeAssembly(templates, bundle);
  cleanups.push(() => assembly.remove());
  return aws.deploy(assembly.directory);
}

const resource = (Type: string, Properties: Readonly<Record<string, unknown>> = {}) => ({ Type, Properties });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const role = resource('AWS::IAM::Role', {
  AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'scheduler.amazonaws.com' } }] },
});
const fn = resource('AWS::Lambda::Function', {
  Code: { S3Bucket: { 'Fn::Sub': 'cdk-${AWS::AccountId}' }, S3Key: assetKey },
  Environment: { Variables: { TOPIC: { Ref: 'Topic' } } },
  FunctionName: 'recovery',
  Handler: 'index.handler',
  LoggingConfig: { LogGroup: { Ref: 'Log' } },
  Role: arnOf('Role'),
  Runtime: 'nodejs24.x',
  Timeout: 60,
});
const rule = resource('AWS::Events::Rule', {
  EventPattern: {
    source: ['aws.cloudwatch'],
    detail: { alarmName: [{ prefix: 'shop/' }], state: { value: ['ALARM'] } },
  },
  State: 'ENABLED',
  Targets: [{ Id: 'Target0', Arn: arnOf('Function') }],
});
const permission = resource('AWS::Lambda::Permission', {
  Action: 'lambda:InvokeFunction',
  FunctionName: arnOf('Function'),
  Principal: 'events.amazonaws.com',
  SourceArn: arnOf('Rule'),
});
const alarm = resource('AWS::CloudWatch::Alarm', {
  AlarmName: 'shop/connected',
  AlarmActions: [{ Ref: 'Topic' }],
  ComparisonOperator: 'LessThanThreshold',
  Dimensions: [{ Name: 'Connector', Value: 'shop' }],
  EvaluationPeriods: 1,
  MetricName: 'Connected',
  Namespace: 'Shop',
  Period: 60,
  Statistic: 'Minimum',
  Threshold: 1,
  TreatMissingData: 'notBreaching',
});
const base = {
  Topic: resource('AWS::SNS::Topic', {
    TopicName: 'people',
    Subscription: [{ Protocol: 'email', Endpoint: 'oncall@example.com' }],
  }),
  Log: resource('AWS::Logs::LogGroup', { LogGroupName: '/recovery', RetentionInDays: 30 }),
  Role: role,
  Function: fn,
};

async function teller(): Promise<string> {
  const folder = await bundledFolder(`
    import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
    export const handler = async (event) => {
      await new SNSClient({}).send(new PublishCommand({
        TopicArn: process.env.TOPIC, Subject: 'told by the function', Message: JSON.stringify(event),
      }));
      console.log('told', event.detail?.alarmName ?? event.source);
    };`);
  const code = readFileSync(join(folder.directory, 'index.mjs'), 'utf8');
  folder.remove();
  return code;
}
const subjects = (aws: LocalAws) => aws.sns.inbox().map(({ subject }) => subject);
const reported = async (aws: LocalAws) => {
  const { events } = await aws.logs.call('FilterLogEvents', { logGroupName: '/recovery' });
  return (events as { message: string }[]).map(({ message }) => message);
};

describe('a deployed stack', () => {
  it('lets a bad value ring the alarm, the rule call the function, and the function tell people', async () => {
    const aws = await account();
    await deploy(
      aws,
      { shop: { Resources: { ...base, Rule: rule, Permission: permission, Alarm: alarm } } },
      await teller(),
    );
    aws.telemetry.metric('Shop', 'Connected', { Connector: 'shop' }, 0);
    await vi.waitFor(() => expect(subjects(aws)).toContain('told by the function'), { timeout: 10_000 });
    expect(subjects(aws)[0]).toMatch(/^ALARM: "shop\/connected"/);
    const told = aws.sns.inbox().find(({ subject }) => subject === 'told by the function');
    expect(told?.to).toEqual(['oncall@example.com']);
    expect(JSON.parse(told?.message ?? '')).toMatchObject({
      source: 'aws.cloudwatch',
      detail: { alarmName: 'shop/connected', state: { value: 'ALARM' } },
    });
    await vi.waitFor(async () => expect((await reported(aws)).join('\n')).toContain('told shop/connected'), {
      timeout: 5000,
    });
  });

  it('does not let a rule call a function that does not permit it', async () => {
    const aws = await account();
    await deploy(aws, { shop: { Resources: { ...base, Rule: rule, Alarm: alarm } } }, await teller());
    aws.telemetry.metric('Shop', 'Connected', { Connector: 'shop' }, 0);
    await vi.waitFor(() => expect(subjects(aws)).toHaveLength(1), { timeout: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(subjects(aws)).toEqual([expect.stringMatching(/^ALARM: "shop\/connected"/)]);
    expect(await reported(aws)).toEqual([]);
  });

  it('runs a schedule with its role, not one that is disabled, and none whose role the scheduler may not take on', async () => {
    const aws = await account();
    const schedule = (name: string, State: string, RoleArn: unknown) =>
      resource('AWS::Scheduler::Schedule', {
        Name: name,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(1 hour)',
        State,
        Target: { Arn: arnOf('Function'), RoleArn, Input: JSON.stringify({ source: name }) },
      });
    const stranger = resource('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [] } });
    await deploy(
      aws,
      {
        shop: {
          Resources: {
            ...base,
            Stranger: stranger,
            Sweep: schedule('sweep', 'ENABLED', arnOf('Role')),
            Asleep: schedule('asleep', 'DISABLED', arnOf('Role')),
            Foreign: schedule('foreign', 'ENABLED', arnOf('Stranger')),
          },
        },
      },
      await teller(),
    );
    await vi.waitFor(() => expect(subjects(aws)).toEqual(['told by the function']), { timeout: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(aws.sns.inbox().map(({ message }) => message)).toEqual(['{"source":"sweep"}']);
  });

  it('buries what its function cannot do, and shows it as the depth of the queue', async () => {
    const aws = await account();
    await deploy(
      aws,
      {
        shop: {
          Resources: {
            ...base,
            Letters: resource('AWS::SQS::Queue', { QueueName: 'letters' }),
            Function: { ...fn, Properties: { ...fn.Properties, DeadLetterConfig: { TargetArn: arnOf('Letters') } } },
            Config: resource('AWS::Lambda::EventInvokeConfig', {
              FunctionName: { Ref: 'Function' },
              Qualifier: '$LATEST',
              MaximumRetryAttempts: 1,
            }),
          },
        },
      },
      'export const handler = async () => { throw new Error("no"); };',
    );
    aws.lambda.invokeLater('recovery', '{"n":1}');
    const queue = aws.queues.get('arn:aws:sqs:eu-central-1:123456789012:letters');
    await vi.waitFor(() => expect(queue?.messages).toHaveLength(1), { timeout: 10_000 });
    expect(queue?.messages[0]).toMatchObject({ body: '{"n":1}', attributes: { ErrorMessage: 'no' } });
    // A log line is readable a little after it was written.
    await vi.waitFor(
      async () => expect((await reported(aws)).filter((line) => line.startsWith('START'))).toHaveLength(2),
      { timeout: 5_000 },
    );
  });

  it('has its values and outputs, across stacks', async () => {
    const aws = await account();
    const [shop, alarms] = await deploy(aws, {
      shop: {
        Parameters: {
          BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
          Stage: { Type: 'String', Default: 'test' },
        },
        Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          ...base,
          Key: resource('AWS::KMS::Key', { KeyPolicy: { Statement: [] } }),
          Bucket: resource('AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } }),
          BucketPolicy: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: {} }),
          OnlyInProduction: { Type: 'Custom::Unknown', Condition: 'Never' },
          CDKMetadata: resource('AWS::CDK::Metadata', { Analytics: 'v2' }),
        },
        Outputs: {
          TopicArn: { Value: { Ref: 'Topic' }, Export: { Name: 'shop:Topic' } },
          Bucket: { Value: { Ref: 'Bucket' } },
          Hidden: { Value: { Ref: 'OnlyInProduction' }, Condition: 'Never' },
        },
      },
      alarms: {
        Resources: {
          Alarm: { ...alarm, Properties: { ...alarm.Properties, AlarmActions: [{ 'Fn::ImportValue': 'shop:Topic' }] } },
        },
      },
    });
    expect(shop?.name).toBe('shop');
    expect(shop?.outputs).toEqual({
      TopicArn: 'arn:aws:sns:eu-central-1:123456789012:people',
      Bucket: expect.stringMatching(/^shop-bucket-[0-9a-f]{12}$/),
    });
    expect(Object.keys(alarms?.resources ?? {})).toEqual(['Alarm']);
    const described = await aws.cloudwatch.call('DescribeAlarms', {});
    expect(described['MetricAlarms']).toMatchObject([
      { AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:people'] },
    ]);
    expect(await aws.s3.call('GetBucketVersioning', { Bucket: shop?.outputs['Bucket'] })).toEqual({
      Status: 'Enabled',
    });
    expect(aws.kept.map(({ type }) => type).toSorted()).toEqual([
      'AWS::IAM::Role',
      'AWS::KMS::Key',
      'AWS::S3::BucketPolicy',
    ]);
  });

  it('is reached by an AWS client at its one endpoint', async () => {
    const aws = await account();
    await deploy(aws, { shop: { Resources: base } });
    const client = new SNSClient({
      endpoint: aws.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-central-1:123456789012:people', Message: 'hi' }));
    client.destroy();
    expect(aws.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(aws.sns.inbox()).toMatchObject([{ message: 'hi' }]);
  });
});

describe('a stack that cannot be deployed here', () => {
  const bad = (properties: Readonly<Record<string, unknown>>) => ({
    Thing: resource('AWS::Logs::LogGroup', properties),
  });
  it.each<[string, NonNullable<Template['Resources']>, string]>([
    [
      'a type that is not known',
      { Table: resource('AWS::DynamoDB::Table') },
      'shop/Table: the resource type AWS::DynamoDB::Table is not known',
    ],
    [
      'a custom resource',
      { Thing: resource('Custom::S3AutoDeleteObjects') },
      'shop/Thing: the resource type Custom::S3AutoDeleteObjects is not known',
    ],
    [
      'a property that is not built',
      bad({ DataProtectionPolicy: {} }),
      'shop/Thing: AWS::Logs::LogGroup: the property DataProtectionPolicy is not built here',
    ],
    ['a reference to nothing', bad({ LogGroupName: { Ref: 'Nobody' } }), 'shop/Thing: Ref: there is no Nobody'],
    [
      'an attribute that is not there',
      bad({ LogGroupName: { 'Fn::GetAtt': ['Nobody', 'Arn'] } }),
      'shop/Thing: Fn::GetAtt: there is no Nobody.Arn',
    ],
    [
      'an import of nothing',
      bad({ LogGroupName: { 'Fn::ImportValue': 'x' } }),
      'shop/Thing: Fn::ImportValue: no stack exports x',
    ],
    [
      'a value of another kind',
      bad({ LogGroupName: 'x', RetentionInDays: 'long' }),
      'shop/Thing: RetentionInDays must be a number, got "long"',
    ],
    [
      'a filter on a log group that does not exist',
      {
        Filter: resource('AWS::Logs::MetricFilter', {
          LogGroupName: '/nobody',
          FilterPattern: '"x"',
          MetricTransformations: [{ MetricName: 'M', MetricNamespace: 'N', MetricValue: '1' }],
        }),
      },
      'shop/Filter: ',
    ],
    [
      'a function without its asset',
      {
        ...base,
        Function: { ...fn, Properties: { ...fn.Properties, Code: { S3Bucket: 'b', S3Key: 'other.zip' } } },
      },
      'shop/Function: there is no asset other.zip',
    ],
    [
      'a function for another runtime',
      { ...base, Function: { ...fn, Properties: { ...fn.Properties, Runtime: 'python3.13' } } },
      'shop/Function: Runtime python3.13',
    ],
    [
      'a schedule of no kind',
      {
        Role: role,
        Schedule: resource('AWS::Scheduler::Schedule', {
          FlexibleTimeWindow: { Mode: 'OFF' },
          ScheduleExpression: 'daily',
          Target: { Arn: 'arn:x', RoleArn: arnOf('Role') },
        }),
      },
      'shop/Schedule: Invalid schedule expression daily',
    ],
    [
      'a circle',
      { A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', DependsOn: 'A' } },
      'shop/(template): Circular dependency',
    ],
  ])('names stack and resource: %s', async (_name, Resources, message) => {
    const aws = await account();
    await expect(deploy(aws, { shop: { Resources } })).rejects.toThrow(message);
  });

  it('is not there: the folder holds no stack', async () => {
    const aws = await account();
    await expect(deploy(aws, {})).rejects.toThrow('holds no stack: run cdk synth first');
  });

  it('a clock that is moved by hand cannot drive processes', async () => {
    const clock = { now: () => 0, at: () => () => undefined };
    await expect(account({ clock })).rejects.toThrow('use scaledClock or startFunction');
  });
});
