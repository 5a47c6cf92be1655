import { Aws } from 'aws-cdk-lib';
import type { PermissionTarget } from '../lambda/permissions.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { keys } from '../settings/environment.ts';

/** The things that the function's permissions are given on. */
export interface PolicyTargets {
  readonly connectors: readonly ConnectorSettings[];
  readonly bucketArn: string;
  /** The bucket's logical id, by which cdk-nag names it. */
  readonly bucketLogicalId: string;
  readonly topicArn: string;
  /** Absent: the topic has no customer-managed key. */
  readonly topicKeyArn?: string;
  readonly functionArn: string;
}

/** One resource of a policy statement. */
export interface PolicyResource {
  readonly arn: string;
  /** How long it is once deployed, at most, with quotes and comma. */
  readonly characters: number;
  /** What cdk-nag calls it, when it holds a wildcard. */
  readonly finding?: string;
  /** S3 actions on buckets and on objects take different resources. */
  readonly level?: 'bucket' | 'object';
}

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const deployed: Place = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };
const longest: Place = { partition: 'aws-us-gov', region: 'ap-southeast-99', account: '111122223333' };
const named: Place = { partition: '<AWS::Partition>', region: '<AWS::Region>', account: '<AWS::AccountId>' };

/** ARNs of things that the stack makes are known only when it is deployed; none of these is longer. */
const madeCharacters = 180;

/** What a line of the permission table is given on, in this stack. Empty: nothing of the kind is configured. */
export function policyResources(on: PermissionTarget, targets: PolicyTargets): PolicyResource[] {
  const { connectors } = targets;
  switch (on) {
    case 'any':
      return [{ arn: '*', characters: 4, finding: '*' }];
    case 'connector':
      return connectors.map(({ name }) => built((at) => `${kafkaConnect(at)}:connector/${name}/*`));
    case 'connector-operation':
      return connectors.map(({ name }) => built((at) => `${kafkaConnect(at)}:connector-operation/${name}/*`));
    case 'worker-configuration':
      return [built((at) => `${kafkaConnect(at)}:worker-configuration/*`)];
    case 'pinning':
      return connectors.some(({ policy }) => policy.offsets === 'pin-default-topic')
        ? [{ arn: '*', characters: 4, finding: '*' }]
        : [];
    case 'custom-plugin':
      return [built((at) => `${kafkaConnect(at)}:custom-plugin/*`)];
    case 'execution-role':
      return distinct(connectors.map(({ executionRoleArn }) => executionRoleArn)).map((arn) => built(() => arn));
    case 'saved-config': {
      const own = connectors.flatMap(({ savedConfig: { bucket, key } }) =>
        bucket === undefined ? [] : [{ bucket, key }],
      );
      return [
        ...distinct(own.map(({ bucket }) => bucket)).map(
          (bucket) => ({ ...built((at) => `arn:${at.partition}:s3:::${bucket}`), level: 'bucket' }) as const,
        ),
        ...own.map(
          ({ bucket, key }) =>
            ({ ...built((at) => `arn:${at.partition}:s3:::${bucket}/${key}`), level: 'object' }) as const,
        ),
      ];
    }
    case 'stack-bucket':
      return [
        { arn: targets.bucketArn, characters: madeCharacters, level: 'bucket' },
        ...[keys.savedConfigs, keys.journals, keys.orders, keys.backups].map(
          (prefix) =>
            ({
              arn: `${targets.bucketArn}/${prefix}*`,
              characters: madeCharacters,
              finding: `<${targets.bucketLogicalId}.Arn>/${prefix}*`,
              level: 'object',
            }) as const,
        ),
        ...[keys.sweep, keys.hold, keys.readiness].map(
          (key) => ({ arn: `${targets.bucketArn}/${key}`, characters: madeCharacters, level: 'object' }) as const,
        ),
      ];
    case 'log-group':
      return distinct(connectors.flatMap(({ logGroup }) => logGroup ?? [])).map((logGroup) =>
        built((at) => `arn:${at.partition}:logs:${at.region}:${at.account}:log-group:${logGroup}:*`),
      );
    case 'topic':
      return [{ arn: targets.topicArn, characters: madeCharacters }];
    case 'topic-key':
      return targets.topicKeyArn === undefined ? [] : [{ arn: targets.topicKeyArn, characters: madeCharacters }];
    case 'itself':
      return [{ arn: targets.functionArn, characters: madeCharacters }];
  }
}

function kafkaConnect({ partition, region, account }: Place): string {
  return `arn:${partition}:kafkaconnect:${region}:${account}`;
}

function built(arn: (at: Place) => string): PolicyResource {
  const finding = arn(named);
  return {
    arn: arn(deployed),
    characters: arn(longest).length + 3,
    ...(finding.includes('*') && { finding }),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
