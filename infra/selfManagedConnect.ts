import { Aws, CfnOutput, Stack, Tags, Validations } from 'aws-cdk-lib';
import {
  AvailabilityZoneRebalancing,
  Cluster,
  ContainerInsights,
  FargatePlatformVersion,
  FargateService,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { places } from '../settings/selfManagedWatchdog.ts';
import { Notifications } from './notifications.ts';
import { SavedConfigs } from './savedConfigs.ts';
import { SelfManagedAlarms } from './selfManagedAlarms.ts';
import { watchdogImage, workerImage } from './selfManagedImages.ts';
import { SelfManagedNetwork } from './selfManagedNetwork.ts';
import { statement, type TaskPermission, taskPermissions } from './selfManagedPolicies.ts';
import { SelfManagedTask } from './selfManagedTask.ts';

export interface SelfManagedConnectProps {
  readonly settings: SelfManagedSettings;
  /** A folder with `watchdog.mjs` and `registrar.mjs`. */
  readonly bundle: string;
}

/** A Kafka Connect of one's own on ECS Fargate, the watchdog beside each of its workers, and whom both tell. */
export class SelfManagedConnect extends Construct {
  /** What an operator needs, by name. */
  readonly outputs: Readonly<Record<string, CfnOutput>>;

  constructor(scope: Construct, id: string, { settings, bundle }: SelfManagedConnectProps) {
    super(scope, id);
    const { stackName, connect } = settings;
    const { topic, key } = new Notifications(this, 'Notifications', { notify: settings.notify });
    const store = new SavedConfigs(this, 'Store', { operators: settings.operators, prefix: places.watchdog });
    const network = new SelfManagedNetwork(this, 'Network', { settings });
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: stackName,
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: false,
    });
    const role = this.#role();
    store.letUse(role);
    const definition = new SelfManagedTask(this, 'Task', {
      settings,
      images: { worker: workerImage(this, settings), watchdog: watchdogImage(this, settings, bundle) },
      deployed: {
        bucket: store.bucket.bucketName,
        topicArn: topic.topicArn,
        // By name: the service does not exist yet when its first task is described.
        cluster: stackName,
        service: stackName,
      },
      role,
    });
    const policy = new ManagedPolicy(this, 'Permissions', {
      description: `What a task of ${stackName} may do`,
      roles: [role],
    });
    const permissions = taskPermissions(settings, {
      bucketArn: store.bucket.bucketArn,
      topicArn: topic.topicArn,
      ...(key && { topicKeyArn: key.keyArn }),
      clusterName: stackName,
      clusterArn: cluster.clusterArn,
    });
    policy.addStatements(...permissions.map(statement));
    const service = new FargateService(this, 'Service', {
      serviceName: stackName,
      cluster,
      taskDefinition: definition.definition,
      desiredCount: connect.workers,
      platformVersion: FargatePlatformVersion.VERSION1_4,
      securityGroups: [network.securityGroup],
      vpcSubnets: { subnets: [...network.subnets] },
      assignPublicIp: false,
      // One worker after the other, and never one more than asked for: two tasks of one connector would share its server id or its slot, and each
      // worker that comes or goes moves the others' tasks.
      minHealthyPercent: Math.floor(((connect.workers - 1) / connect.workers) * 100),
      maxHealthyPercent: 100,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      circuitBreaker: { enable: true, rollback: true },
      enableExecuteCommand: settings.executeCommand,
      propagateTags: PropagatedTagSource.SERVICE,
    });
    service.node.addDependency(policy);
    Tags.of(this).add('connector-recovery:stack', stackName);
    new SelfManagedAlarms(this, 'Alarms', {
      stackName,
      serviceName: stackName,
      workers: connect.workers,
      restartsPerHour: settings.restartsPerHour,
      watchdogLog: definition.watchdogLog,
      cluster,
      topic,
      ...(key && { key }),
    });
    acknowledge(definition, policy, permissions, store);
    if (settings.executeCommand) acknowledgeShell(role);
    this.outputs = outputsOf(this, {
      stackName,
      bucket: store.bucket.bucketName,
      topicArn: topic.topicArn,
      definition,
    });
  }

  /** ECS knows one role for all containers of a task. */
  #role(): Role {
    const { account, region, partition } = Stack.of(this);
    return new Role(this, 'TaskRole', {
      description: 'What the containers of a task may do',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
        },
      }),
    });
  }
}

function acknowledge(
  { definition }: SelfManagedTask,
  policy: ManagedPolicy,
  permissions: readonly TaskPermission[],
  store: SavedConfigs,
): void {
  Validations.of(definition).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason:
      'Nothing there is a secret: those come from Secrets Manager. What the start script of an image reads has to be its environment.',
  });
  Validations.of(definition).acknowledge({
    id: 'CloudFormation-Validate::E1029',
    reason:
      '${env:NAME} is for Kafka Connect, which puts the value in; CloudFormation leaves it as it is outside of Fn::Sub.',
  });
  for (const { resources, why } of permissions) {
    for (const resource of resources.filter((one) => one.includes('*'))) {
      const finding = named(resource, store);
      Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason: why });
    }
  }
  const { executionRole } = definition;
  if (executionRole) {
    Validations.of(executionRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken takes no resource.',
    });
  }
}

/**
 * CDK writes what `aws ecs execute-command` needs into the role's own policy, which holds nothing else.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_ssmmessages.html
 */
function acknowledgeShell(role: Role): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel take no resource; they are there by executeCommand alone.',
  });
}

/** As cdk-nag writes a resource: references by their logical names. */
function named(resource: string, store: SavedConfigs): string {
  return resource
    .replace(store.bucket.bucketArn, `<${store.logicalId}.Arn>`)
    .replace(Aws.PARTITION, '<AWS::Partition>')
    .replace(Aws.REGION, '<AWS::Region>')
    .replace(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}

function outputsOf(
  scope: Construct,
  on: {
    readonly stackName: string;
    readonly bucket: string;
    readonly topicArn: string;
    readonly definition: SelfManagedTask;
  },
): Record<string, CfnOutput> {
  const { stackName, bucket, topicArn, definition } = on;
  const outputs = {
    BucketName: [bucket, 'Connectors, what became of them, and what the watchdog remembers'],
    TopicArn: [topicArn, 'Where people are told'],
    RegisterCommand: [
      `aws s3 cp NAME.json s3://${bucket}/${places.wanted}NAME.json`,
      'Registers a connector, or changes its configuration',
    ],
    StateCommand: [
      `aws s3 cp s3://${bucket}/${places.registered}NAME.json -`,
      'Says what became of it, and the state of the connector and its tasks',
    ],
    WatchCommand: [`aws logs tail ${definition.watchdogLog.logGroupName} --follow`, 'What the watchdog sees and does'],
    WorkersCommand: [
      `aws ecs describe-services --cluster ${stackName} --services ${stackName}`,
      'Whether the workers run, and what ECS last did',
    ],
  } as const;
  return Object.fromEntries(
    Object.entries(outputs).map(([id, [value, description]]) => [id, new CfnOutput(scope, id, { value, description })]),
  );
}
