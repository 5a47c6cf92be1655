import { basename } from 'node:path';
import {
  object,
  optionalNumber,
  optionalText,
  physicalName,
  text,
  type Resource,
  type ResourceType,
} from '../resource.ts';

const functionType: ResourceType = {
  uses: [
    'Code',
    'DeadLetterConfig',
    'Environment',
    'FunctionName',
    'Handler',
    'LoggingConfig',
    'MemorySize',
    'PackageType',
    'ReservedConcurrentExecutions',
    'Runtime',
    'Timeout',
  ],
  ignores: [
    'Architectures',
    'Description',
    'EphemeralStorage',
    'KmsKeyArn',
    'Role',
    'RuntimeManagementConfig',
    'Tags',
    'TracingConfig',
  ],
  deploy(resource, { lambda, region, accountId }) {
    const name = optionalText(resource, 'FunctionName') ?? physicalName(resource, 64);
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    const runtime = text(resource, 'Runtime');
    if (!runtime.startsWith('nodejs')) throw new Error(`Runtime ${runtime} does not run here, only nodejs`);
    const logging = object(resource, 'LoggingConfig');
    const deadLetterTargetArn = object(resource, 'DeadLetterConfig')['TargetArn'];
    const reserved = optionalNumber(resource, 'ReservedConcurrentExecutions');
    const variables = (object(resource, 'Environment')['Variables'] ?? {}) as Readonly<Record<string, unknown>>;
    lambda.createFunction({
      name,
      arn,
      codeDirectory: codeDirectory(resource),
      handler: text(resource, 'Handler'),
      runtime,
      timeoutSeconds: optionalNumber(resource, 'Timeout') ?? 3,
      memoryMegabytes: optionalNumber(resource, 'MemorySize') ?? 128,
      environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
      logGroup: typeof logging['LogGroup'] === 'string' ? logging['LogGroup'] : `/aws/lambda/${name}`,
      logFormat: logging['LogFormat'] === 'JSON' ? 'JSON' : 'Text',
      ...(typeof deadLetterTargetArn === 'string' ? { deadLetterTargetArn } : {}),
      ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    });
    return { ref: name, attributes: { Arn: arn } };
  },
};

function codeDirectory(resource: Resource): string {
  const key = object(resource, 'Code')['S3Key'];
  if (typeof key !== 'string') throw new Error('Code must be a file asset (S3Bucket, S3Key)');
  const directory = resource.assets.get(basename(key));
  if (directory === undefined) throw new Error(`there is no asset ${key} beside the template`);
  return directory;
}

const permission: ResourceType = {
  uses: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  deploy(resource, { lambda }) {
    const action = text(resource, 'Action');
    if (action !== 'lambda:InvokeFunction') throw new Error(`Action ${action} is not known here`);
    const sourceArn = optionalText(resource, 'SourceArn');
    const sourceAccount = optionalText(resource, 'SourceAccount');
    lambda.allow(text(resource, 'FunctionName'), {
      principal: text(resource, 'Principal'),
      ...(sourceArn === undefined ? {} : { sourceArn }),
      ...(sourceAccount === undefined ? {} : { sourceAccount }),
    });
    return { ref: physicalName(resource, 100), attributes: {} };
  },
};

const eventInvokeConfig: ResourceType = {
  uses: ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  deploy(resource, { lambda }) {
    const qualifier = text(resource, 'Qualifier');
    if (qualifier !== '$LATEST') throw new Error(`Qualifier ${qualifier} is not known here, only $LATEST`);
    const destinations = object(resource, 'DestinationConfig');
    if (destinations['OnSuccess'] !== undefined) throw new Error('DestinationConfig.OnSuccess is not built here');
    const failure = destinations['OnFailure'] as { readonly Destination?: string } | undefined;
    const attempts = optionalNumber(resource, 'MaximumRetryAttempts');
    const age = optionalNumber(resource, 'MaximumEventAgeInSeconds');
    lambda.configureAsync(text(resource, 'FunctionName'), {
      ...(attempts === undefined ? {} : { maximumRetryAttempts: attempts }),
      ...(age === undefined ? {} : { maximumEventAgeSeconds: age }),
      ...(failure?.Destination === undefined ? {} : { onFailureArn: failure.Destination }),
    });
    return { ref: physicalName(resource, 100), attributes: {} };
  },
};

export const compute: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': functionType,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
};
