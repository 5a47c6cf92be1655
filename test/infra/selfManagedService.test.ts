import { describe, expect, test } from 'vitest';
import { scram, selfManagedTemplate } from './selfManagedSynthesized.ts';
import { deployed, listed, only, resources, type Statement } from './synthesized.ts';

type Template = ReturnType<typeof selfManagedTemplate>;

function service(template: Template): Record<string, unknown> {
  return deployed(only(template, 'AWS::ECS::Service').Properties) as Record<string, unknown>;
}

describe('a deployment', () => {
  test('that does not come up is rolled back', () => {
    expect(service(selfManagedTemplate())['DeploymentConfiguration']).toMatchObject({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    });
  });

  test.each([
    [1, 0],
    [2, 50],
    [3, 66],
    [4, 75],
  ])(
    'of %i workers takes one after the other, so that at least %i %% go on, and never starts one too many',
    (workers, percent) => {
      const { DeploymentConfiguration, DesiredCount } = service(selfManagedTemplate({ connect: { workers } }));
      expect(DesiredCount).toBe(workers);
      expect(DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: percent, MaximumPercent: 100 });
      // ECS rounds the least number up: one may be stopped.
      expect(Math.ceil((workers * percent) / 100)).toBe(workers - 1);
    },
  );

  test('moves no worker for the sake of balance between zones', () => {
    expect(service(selfManagedTemplate())['AvailabilityZoneRebalancing']).toBe('DISABLED');
  });
});

describe('a shell in a task', () => {
  test('is not to be had', () => {
    const template = selfManagedTemplate();
    expect(service(template)['EnableExecuteCommand']).toBe(false);
    expect(JSON.stringify(template.toJSON())).not.toContain('ssmmessages');
  });

  test('is to be had by who asks for it', () => {
    const template = selfManagedTemplate({ executeCommand: true });
    expect(service(template)['EnableExecuteCommand']).toBe(true);
    expect(JSON.stringify(template.toJSON())).toContain('ssmmessages:OpenDataChannel');
  });
});

describe('the network', () => {
  const rules = (template: Template, type: string) =>
    Object.values(resources(template, type)).map(({ Properties }) => {
      const { GroupId, SourceSecurityGroupId, DestinationSecurityGroupId, FromPort } = deployed(Properties) as Record<
        string,
        string
      >;
      return [GroupId, SourceSecurityGroupId ?? DestinationSecurityGroupId, FromPort];
    });
  const own = (template: Template) => `<${only(template, 'AWS::EC2::SecurityGroup').id}.GroupId>`;

  test('one worker: nobody comes in; brokers, databases and HTTPS are reached', () => {
    const template = selfManagedTemplate();
    const { SecurityGroupIngress, SecurityGroupEgress } = only(template, 'AWS::EC2::SecurityGroup').Properties;
    expect(SecurityGroupIngress).toBeUndefined();
    expect((SecurityGroupEgress as { FromPort: number }[]).map(({ FromPort }) => FromPort)).toEqual([443]);
    expect(rules(template, 'AWS::EC2::SecurityGroupEgress')).toEqual([
      [own(template), 'sg-0123456789abcdef0', 9094],
      [own(template), 'sg-0123456789abcdef1', 3306],
    ]);
    expect(rules(template, 'AWS::EC2::SecurityGroupIngress')).toEqual([
      ['sg-0123456789abcdef0', own(template), 9094],
      ['sg-0123456789abcdef1', own(template), 3306],
    ]);
    expect(service(template)['NetworkConfiguration']).toMatchObject({
      AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' },
    });
  });

  test('several workers: the REST port is open to the group of the workers, and to nobody else', () => {
    const template = selfManagedTemplate({ connect: { workers: 3 } });
    expect(rules(template, 'AWS::EC2::SecurityGroupIngress')).toContainEqual([own(template), own(template), 8083]);
    expect(rules(template, 'AWS::EC2::SecurityGroupEgress')).toContainEqual([own(template), own(template), 8083]);
    const ports = rules(template, 'AWS::EC2::SecurityGroupIngress').filter(([group]) => group === own(template));
    expect(ports).toHaveLength(1);
    expect(only(template, 'AWS::EC2::SecurityGroup').Properties['SecurityGroupIngress']).toBeUndefined();
  });

  test('the rules of other groups are left to whoever wants to write them himself', () => {
    const template = selfManagedTemplate({
      network: {
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: ['subnet-0123456789abcdef0'],
        kafkaSecurityGroupId: 'sg-0123456789abcdef0',
        letIn: false,
      },
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(rules(template, 'AWS::EC2::SecurityGroupEgress')).toHaveLength(1);
  });
});

describe('what a task may do', () => {
  const statementsOf = (template: Template) =>
    (deployed(only(template, 'AWS::IAM::ManagedPolicy').Properties['PolicyDocument']) as { Statement: Statement[] })
      .Statement;
  const template = selfManagedTemplate();
  const bucket = `<${only(template, 'AWS::S3::Bucket').id}.Arn>`;
  const resourcesOf = (action: string) =>
    statementsOf(template)
      .filter(({ Action }) => listed(Action).includes(action))
      .flatMap(({ Resource }) => listed(Resource))
      .toSorted();

  test.each([
    ['s3:ListBucket', [bucket]],
    ['s3:GetObject', [`${bucket}/connectors/*`, `${bucket}/registered/*`, `${bucket}/watchdog/*`]],
    ['s3:PutObject', [`${bucket}/registered/*`, `${bucket}/watchdog/*`]],
    ['sns:Publish', [`<${only(template, 'AWS::SNS::Topic').id}>`]],
    ['ecs:StopTask', ['arn:aws:ecs:ap-northeast-2:111122223333:task/self-managed-connect/*']],
    ['ecs:DescribeTasks', ['arn:aws:ecs:ap-northeast-2:111122223333:task/self-managed-connect/*']],
    ['ecs:ListTasks', ['*']],
  ])('%s on exactly %j', (action, expected) => {
    expect(resourcesOf(action)).toEqual(expected);
  });

  test('tasks are listed and stopped in its own cluster only', () => {
    const own = `<${only(template, 'AWS::ECS::Cluster').id}.Arn>`;
    const ofEcs = statementsOf(template).filter(({ Action }) => listed(Action).some((one) => one.startsWith('ecs:')));
    expect(ofEcs).toHaveLength(2);
    for (const { Condition } of ofEcs) expect(Condition).toEqual({ ArnEquals: { 'ecs:cluster': own } });
  });

  test('nothing is deleted, no action is a pattern, and no secret is read by the task itself', () => {
    const actions = statementsOf(template).flatMap(({ Action }) => listed(Action));
    expect(actions.filter((action) => /\*|Delete|secretsmanager/.test(action))).toEqual([]);
  });

  test('with MSK’s own login it is a client of that one cluster', () => {
    const arn = 'arn:aws:kafka:ap-northeast-2:111122223333:cluster/shop/0123abcd-1';
    const iam = selfManagedTemplate({
      kafka: { security: 'iam', bootstrapServers: ['b-1.shop.example.com:9098'], clusterArn: arn },
    });
    const ofKafka = statementsOf(iam).filter(({ Action }) =>
      listed(Action).some((one) => one.startsWith('kafka-cluster:')),
    );
    expect(ofKafka.flatMap(({ Resource }) => listed(Resource))).toEqual([
      arn,
      'arn:aws:kafka:ap-northeast-2:111122223333:topic/shop/0123abcd-1/*',
      'arn:aws:kafka:ap-northeast-2:111122223333:group/shop/0123abcd-1/*',
      'arn:aws:kafka:ap-northeast-2:111122223333:transactional-id/shop/0123abcd-1/*',
    ]);
    expect(
      statementsOf(selfManagedTemplate({ kafka: scram }))
        .flatMap(({ Action }) => listed(Action))
        .join(),
    ).not.toContain('kafka-cluster');
  });
});

test('people who register connectors may use the key of the bucket, and so may the task', () => {
  const template = selfManagedTemplate();
  const [key] = Object.values(resources(template, 'AWS::KMS::Key')).filter(({ Properties }) =>
    JSON.stringify(Properties['Description']).includes('saved configs'),
  );
  const { Statement: statements } = deployed(key?.Properties['KeyPolicy']) as { Statement: Statement[] };
  const users = statements
    .filter(({ Action }) => listed(Action).includes('kms:GenerateDataKey'))
    .flatMap(({ Principal }) => (Principal as { AWS: string | string[] }).AWS);
  const [taskRole] = Object.entries(resources(template, 'AWS::IAM::Role')).filter(
    ([, { Properties }]) => Properties['Description'] === 'What the containers of a task may do',
  );
  expect(users).toEqual(['arn:aws:iam::111122223333:role/oncall', `<${taskRole?.[0]}.Arn>`]);
});
