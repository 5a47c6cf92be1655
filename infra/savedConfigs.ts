import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
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

/** The bucket for saved configs, backups and journals. It stays when the stack goes: a backup is needed most when all else is gone. */
export class SavedConfigs extends Construct {
  readonly bucket: IBucket;
  /** Of the bucket in the template. */
  readonly logicalId: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
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
    this.bucket = bucket;
    this.logicalId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
  }
}
