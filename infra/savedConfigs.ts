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
        { id: 'old-journals', prefix: keys.journals, noncurrentVersionExpiration: Duration.days(30) },
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
    this.bucket = bucket;
    this.logicalId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
  }

  /** The function's role may read and write what is kept: the key knows nobody but those that it is told. */
  letUse(role: IRole): void {
    this.#letUse(new ArnPrincipal(role.roleArn));
  }

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

/** Whoever may write into the bucket cannot plant a config there that he could encrypt otherwise: the key is the guard. */
function refuseOtherEncryption(bucket: Bucket, key: Key): void {
  const refuse = (sid: string, condition: string, value: string) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        // Who names no encryption gets the bucket's own.
        conditions: { StringNotEquals: { [condition]: value }, Null: { [condition]: 'false' } },
      }),
    );
  refuse('OtherEncryption', 's3:x-amz-server-side-encryption', 'aws:kms');
  refuse('OtherKey', 's3:x-amz-server-side-encryption-aws-kms-key-id', key.keyArn);
}
