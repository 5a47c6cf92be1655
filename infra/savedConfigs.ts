import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  type IRole,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keys } from '../settings/environment.ts';

export interface SavedConfigsProps {
  /** ARNs of those who may read and write what is kept, besides the function. */
  readonly operators: readonly string[];
  /**
   * What the keys of the journals begin with.
   * @default nothing
   */
  readonly prefix?: string;
}

/** The bucket for saved configs, backups and journals. It stays when the stack goes: a backup is needed most when all else is gone. */
export class SavedConfigs extends Construct {
  readonly bucket: IBucket;
  /** Of the bucket in the template. */
  readonly logicalId: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: SavedConfigsProps) {
    super(scope, id);
    const key = ownKey(this);
    this.#key = key;
    const bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'old-journals',
          prefix: `${props.prefix ?? ''}${keys.journals}`,
          noncurrentVersionExpiration: Duration.days(30),
        },
        // Written every minute, and only the newest says anything.
        { id: 'old-sweeps', prefix: keys.sweep, noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would need a second bucket; every version of every object is kept, and the journals say who wrote what and why.',
    });
    refuseOtherEncryption(bucket, key);
    for (const operator of props.operators) this.#letUse(new ArnPrincipal(operator));
    if (props.operators.length === 0) {
      Validations.of(bucket).addWarning(
        'NobodyReadsBackups',
        'No person may read backups, journals and saved configs: "operators" names nobody, and the key of the bucket serves the function alone. ' +
          'Name the roles of those who are on call; docs/operations.md, "Recreate by hand", tells the way out when it is too late.',
      );
    }
    this.bucket = bucket;
    this.logicalId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
  }

  /**
   * The function's role may read and write what is kept: the key knows nobody but those that it is told. It names the role by its ARN as a resource of the
   * stack, so that the role is made first: KMS refuses a policy with a principal that does not exist.
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-Policy
   */
  letUse(role: IRole): void {
    this.#letUse(new ArnPrincipal(role.roleArn));
  }

  /**
   * Within an account the key's policy alone suffices. S3 asks KMS with the credentials of whoever calls it: to read, to decrypt; to write, for a data key;
   * with a bucket key, both. The context that it gives is then the bucket's ARN and no object's, so none is asked for.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
   */
  #letUse(who: ArnPrincipal): void {
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [who],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}

/**
 * A key that the account may administer and not use: a right on `*` in some role of the account is none on this. Who must read what is kept is
 * named in `operators`; an administrator who is locked out can still change the key's policy, and CloudTrail shows it.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
 */
function ownKey(scope: Construct): Key {
  return new Key(scope, 'Key', {
    description: 'Encrypts the saved configs, journals and backups of connector-recovery',
    enableKeyRotation: true,
    // Without it the bucket, which stays, would hold what nobody can read.
    removalPolicy: RemovalPolicy.RETAIN,
    policy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'AccountAdministers',
          principals: [new AccountRootPrincipal()],
          actions: [...administration],
          resources: ['*'],
        }),
      ],
    }),
  });
}

const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:Delete*',
  'kms:Describe*',
  'kms:Disable*',
  'kms:Enable*',
  'kms:Get*',
  'kms:List*',
  'kms:Put*',
  'kms:Revoke*',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:Update*',
] as const;

/**
 * Whoever may write into the bucket cannot plant a config there that he could encrypt otherwise: the key is the guard. Who names no encryption gets the
 * bucket's own. One's own key (SSE-C) goes by other headers than the rest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html#ssec-require-condition-key
 */
function refuseOtherEncryption(bucket: Bucket, key: Key): void {
  const refuse = (sid: string, header: string, allowed?: string) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: {
          ...(allowed !== undefined && { StringNotEquals: { [`s3:${header}`]: allowed } }),
          // Where the header is there.
          Null: { [`s3:${header}`]: 'false' },
        },
      }),
    );
  refuse('OtherEncryption', 'x-amz-server-side-encryption', 'aws:kms');
  refuse('OtherKey', 'x-amz-server-side-encryption-aws-kms-key-id', key.keyArn);
  refuse('OwnKey', 'x-amz-server-side-encryption-customer-algorithm');
}
