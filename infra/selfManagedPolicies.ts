import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { places } from '../settings/selfManagedWatchdog.ts';

/** One line of the task role's policy. ECS has one role for all containers of a task, so that what one of them may do, each may. */
export interface TaskPermission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly why: string;
}

export interface TaskPermissionTargets {
  readonly bucketArn: string;
  readonly topicArn: string;
  /** Absent: the topic has no customer-managed key. */
  readonly topicKeyArn?: string;
  readonly clusterName: string;
  readonly clusterArn: string;
}

const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;

/**
 * Everything that a task may do besides what it does by its network. The key of the bucket lets the role use it by its own policy.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function taskPermissions(settings: SelfManagedSettings, on: TaskPermissionTargets): TaskPermission[] {
  const ofCluster = { ArnEquals: { 'ecs:cluster': on.clusterArn } };
  return [
    {
      actions: ['s3:ListBucket'],
      resources: [on.bucketArn],
      why: 'without it a missing key answers 403',
    },
    {
      actions: ['s3:GetObject'],
      resources: [`${on.bucketArn}/${places.wanted}*`],
      why: 'the registrar reads what a person wants registered, and writes nothing there',
    },
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${on.bucketArn}/${places.registered}*`, `${on.bucketArn}/${places.watchdog}*`],
      why: 'what became of it; journals and orders of the watchdog',
    },
    { actions: ['sns:Publish'], resources: [on.topicArn], why: 'the watchdog tells people' },
    ...(on.topicKeyArn === undefined
      ? []
      : [
          {
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [on.topicKeyArn],
            why: 'SNS encrypts what is published on the account of whoever publishes',
          },
        ]),
    {
      // It takes no resource but a container instance, of which Fargate has none: the condition is what bounds it.
      actions: ['ecs:ListTasks'],
      resources: ['*'],
      conditions: ofCluster,
      why: 'the watchdog finds the task of a stuck worker; bounded to its own cluster by the condition',
    },
    {
      actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
      resources: [`arn:${Aws.PARTITION}:ecs:${here}:task/${on.clusterName}/*`],
      conditions: ofCluster,
      why: 'replace-worker: ECS starts another task in place of the one that is stopped',
    },
    ...(settings.kafka.security === 'iam' ? kafkaPermissions(settings.kafka.clusterArn) : []),
  ];
}

/**
 * Which topics connectors write is known only from their configurations, so all of this one cluster; who wants less uses SCRAM and Kafka's own lists.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
 */
function kafkaPermissions(clusterArn: string): TaskPermission[] {
  const of = (kind: string) => `${clusterArn.replace(':cluster/', `:${kind}/`)}/*`;
  return [
    {
      actions: ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster', 'kafka-cluster:WriteDataIdempotently'],
      resources: [clusterArn],
      why: 'Kafka Connect and its connectors are clients of this cluster',
    },
    {
      actions: [
        'kafka-cluster:CreateTopic',
        'kafka-cluster:DescribeTopic',
        'kafka-cluster:DescribeTopicDynamicConfiguration',
        'kafka-cluster:AlterTopic',
        'kafka-cluster:ReadData',
        'kafka-cluster:WriteData',
      ],
      resources: [of('topic')],
      why: 'which topics connectors read and write is known only from their configurations',
    },
    {
      actions: ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup', 'kafka-cluster:DeleteGroup'],
      resources: [of('group')],
      why: "the workers' own group and a group for each sink",
    },
    {
      actions: ['kafka-cluster:DescribeTransactionalId', 'kafka-cluster:AlterTransactionalId'],
      resources: [of('transactional-id')],
      why: 'exactly-once source connectors write in transactions',
    },
  ];
}

export function statement({ actions, resources, conditions }: TaskPermission): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}
