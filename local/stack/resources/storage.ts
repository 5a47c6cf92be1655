import { optionalText, physicalName, text, type ResourceType } from '../resource.ts';

const bucket: ResourceType = {
  uses: ['BucketName', 'VersioningConfiguration'],
  ignores: [
    'BucketEncryption',
    'LifecycleConfiguration',
    'LoggingConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
  ],
  async deploy(resource, { s3, region }) {
    const name = optionalText(resource, 'BucketName') ?? physicalName(resource, 63).toLowerCase();
    await s3.call('CreateBucket', { Bucket: name });
    const versioning = resource.properties['VersioningConfiguration'];
    if (versioning !== undefined) {
      await s3.call('PutBucketVersioning', { Bucket: name, VersioningConfiguration: versioning });
    }
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
};

const bucketPolicy: ResourceType = {
  uses: ['Bucket', 'PolicyDocument'],
  deploy(resource, { kept }) {
    const { type, logicalId, properties } = resource;
    const name = text(resource, 'Bucket');
    kept.push({ type, logicalId, arn: `arn:aws:s3:::${name}`, properties });
    return { ref: name, attributes: {} };
  },
};

export const storage: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};
