/**
 * What a permission is given on. For S3, `s3:ListBucket` goes to the bucket and the object actions to the objects in it:
 * `stack-bucket` is the stack's own, `saved-config` the place of a saved config in a bucket of the user's.
 */
export type PermissionTarget =
  | 'any'
  | 'connector'
  | 'connector-operation'
  | 'worker-configuration'
  | 'pinning'
  | 'custom-plugin'
  | 'execution-role'
  | 'saved-config'
  | 'stack-bucket'
  | 'log-group'
  | 'topic'
  | 'topic-key'
  | 'itself';

/** One line of the function's policy. */
export interface Permission {
  readonly actions: readonly string[];
  readonly on: PermissionTarget;
  /** The SDK's command classes in `lambda/` that need it; absent: AWS checks it on our caller while it serves another call. */
  readonly calledAs?: readonly string[];
  /** An IAM condition block. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly why: string;
}

/**
 * Everything the function may do, from API call to IAM action; the stack builds its policy from it and a test compares it with
 * the calls that the code makes. The lines without `calledAs` are checked by AWS on whoever calls CreateConnector or
 * DeleteConnector: without them a recreation is refused after the deletion went through.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_kafkaconnect.html
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-iam-policy-examples.html
 */
export const permissions: readonly Permission[] = [
  {
    actions: ['kafkaconnect:ListConnectors'],
    on: 'any',
    calledAs: ['ListConnectorsCommand'],
    why: 'finds a connector by its name, whatever its ARN; has no resource level',
  },
  {
    actions: ['kafkaconnect:DescribeConnector'],
    on: 'connector',
    calledAs: ['DescribeConnectorCommand'],
    why: 'state, version and live configuration',
  },
  {
    actions: ['kafkaconnect:ListConnectorOperations'],
    on: 'connector',
    calledAs: ['ListConnectorOperationsCommand'],
    why: 'an operation in progress is a lock; its end is the end of our restart',
  },
  {
    actions: ['kafkaconnect:ListTagsForResource'],
    on: 'connector',
    calledAs: ['ListTagsForResourceCommand'],
    why: 'DescribeConnector does not give the tags, and a recreation must keep them',
  },
  {
    actions: ['kafkaconnect:DescribeWorkerConfiguration'],
    on: 'worker-configuration',
    calledAs: ['DescribeWorkerConfigurationCommand'],
    why: 'whether offset.storage.topic is pinned, so that a recreation keeps the position',
  },
  {
    actions: ['kafkaconnect:CreateWorkerConfiguration', 'kafkaconnect:ListWorkerConfigurations'],
    on: 'pinning',
    calledAs: ['CreateWorkerConfigurationCommand', 'ListWorkerConfigurationsCommand'],
    why: 'pins the default offsets topic of a connector before it is deleted; neither has a resource level',
  },
  {
    actions: ['kafkaconnect:RestartConnector'],
    on: 'connector',
    calledAs: ['RestartConnectorCommand'],
    why: 'the gentle remedy',
  },
  {
    actions: ['kafkaconnect:DeleteConnector'],
    on: 'connector',
    calledAs: ['DeleteConnectorCommand'],
    why: 'the first half of a recreation',
  },
  {
    actions: ['kafkaconnect:CreateConnector'],
    on: 'any',
    calledAs: ['CreateConnectorCommand'],
    why: 'the second half of a recreation; has no resource level',
  },
  {
    actions: ['kafkaconnect:TagResource'],
    on: 'connector',
    why: 'CreateConnector with tags',
  },
  {
    actions: ['kafkaconnect:DescribeCustomPlugin'],
    on: 'custom-plugin',
    calledAs: ['DescribeCustomPluginCommand'],
    why: 'the daily check: a plugin that is gone; CreateConnector reads the plugin it is given, too [inferred]',
  },
  {
    actions: ['iam:PassRole'],
    on: 'execution-role',
    condition: { StringEquals: { 'iam:PassedToService': 'kafkaconnect.amazonaws.com' } },
    why: 'CreateConnector passes the service execution role to MSK Connect',
  },
  {
    actions: ['iam:CreateServiceLinkedRole'],
    on: 'any',
    condition: { StringEquals: { 'iam:AWSServiceName': 'kafkaconnect.amazonaws.com' } },
    why: 'CreateConnector makes AWSServiceRoleForKafkaConnect where it is missing',
  },
  {
    actions: ['ec2:CreateNetworkInterface', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
    on: 'any',
    why: 'CreateConnector checks the network of the workers',
  },
  {
    actions: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
    ],
    on: 'any',
    why: 'CreateConnector sets up the delivery of worker logs, DeleteConnector takes it away; none has a resource level',
  },
  {
    actions: ['logs:DescribeLogGroups'],
    on: 'any',
    calledAs: ['DescribeLogGroupsCommand'],
    why: 'the daily check: a log group that somebody deleted; CreateConnector with log delivery needs it, too',
  },
  {
    actions: ['s3:GetBucketPolicy', 's3:PutBucketPolicy'],
    on: 'any',
    why: 'CreateConnector with log delivery to S3; which bucket is known only from the saved config',
  },
  {
    actions: ['firehose:TagDeliveryStream'],
    on: 'any',
    why: 'CreateConnector with log delivery to Firehose; which stream is known only from the saved config',
  },
  {
    actions: ['cloudwatch:GetMetricData'],
    on: 'any',
    calledAs: ['GetMetricDataCommand'],
    why: 'signs of life; has no resource level',
  },
  {
    actions: ['cloudwatch:DescribeAlarms'],
    on: 'any',
    calledAs: ['DescribeAlarmsCommand'],
    why: 'an alarm that stays in ALARM says nothing more, so the sweep asks',
  },
  {
    actions: ['cloudwatch:ListAlarmMuteRules'],
    on: 'any',
    calledAs: ['ListAlarmMuteRulesCommand'],
    why: 'an alarm that a person mutes is no reason for the sweep to look, as its event is none',
  },
  {
    actions: ['logs:FilterLogEvents'],
    on: 'log-group',
    calledAs: ['FilterLogEventsCommand'],
    why: 'offset commits, reconnections and failures in the worker log',
  },
  {
    actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
    on: 'stack-bucket',
    calledAs: ['GetObjectCommand', 'HeadObjectCommand', 'PutObjectCommand', 'ListObjectsV2Command'],
    why: 'saved configs, journals and backups; without s3:ListBucket a missing key answers 403',
  },
  {
    actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
    on: 'saved-config',
    calledAs: ['GetObjectCommand', 'HeadObjectCommand', 'PutObjectCommand', 'ListObjectsV2Command'],
    why: "saved configs in a bucket of the user's; PutObject captures one where there is none",
  },
  {
    actions: ['sns:Publish'],
    on: 'topic',
    calledAs: ['PublishCommand'],
    why: 'tells people',
  },
  {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    on: 'topic-key',
    why: 'SNS encrypts what is published to a topic with a customer-managed key on the caller’s account',
  },
  {
    actions: ['lambda:InvokeFunction'],
    on: 'itself',
    calledAs: ['InvokeCommand'],
    why: 'the sweep gives each connector that needs a look an invocation of its own',
  },
];
