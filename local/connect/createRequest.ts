import * as v from 'valibot';
import { badRequest } from './errors.ts';

/**
 * What CreateConnector and UpdateConnector accept. Fields that are not named are ignored, as JSON services do; objects here drop them.
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/v1-connectors.html
 */
const mcuCount = v.pipe(v.number(), v.picklist([1, 2, 4, 8]));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const percentage = v.object({ cpuUtilizationPercentage: v.pipe(v.number(), v.minValue(1), v.maxValue(100)) });

const autoScaling = v.object({
  maxWorkerCount: count,
  mcuCount,
  minWorkerCount: count,
  scaleInPolicy: v.optional(percentage),
  scaleOutPolicy: v.optional(percentage),
  maxAutoscalingTaskCount: v.optional(count),
});

const capacity = v.pipe(
  v.object({
    autoScaling: v.optional(autoScaling),
    provisionedCapacity: v.optional(v.object({ mcuCount, workerCount: count })),
  }),
  v.check(
    (given) => (given.autoScaling === undefined) !== (given.provisionedCapacity === undefined),
    'expected exactly one of autoScaling and provisionedCapacity',
  ),
);

const connectorConfiguration = v.pipe(
  v.record(v.string(), v.string()),
  v.check((given) => Object.keys(given).length > 0, 'expected at least one property'),
);

/** One plugin exactly: several have to be bundled into one. */
const plugins = v.pipe(
  v.array(v.object({ customPlugin: v.object({ customPluginArn: v.string(), revision: count }) })),
  v.length(1, 'expected exactly one plugin'),
);

const workerConfiguration = v.object({ workerConfigurationArn: v.string(), revision: count });

const logDelivery = v.object({
  workerLogDelivery: v.object({
    cloudWatchLogs: v.optional(
      v.pipe(
        v.object({ enabled: v.boolean(), logGroup: v.optional(v.string()) }),
        v.check((given) => !given.enabled || given.logGroup !== undefined, 'expected a logGroup'),
      ),
    ),
    firehose: v.optional(v.object({ enabled: v.boolean(), deliveryStream: v.optional(v.string()) })),
    s3: v.optional(v.object({ enabled: v.boolean(), bucket: v.optional(v.string()), prefix: v.optional(v.string()) })),
  }),
});

/** Tag keys that begin with `aws:` belong to AWS. @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tags = v.pipe(
  v.record(v.pipe(v.string(), v.minLength(1), v.maxLength(128)), v.pipe(v.string(), v.maxLength(256))),
  v.check((given) => !Object.keys(given).some((key) => /^aws:/i.test(key)), 'keys that begin with aws: are reserved'),
  v.check((given) => Object.keys(given).length <= 50, 'expected at most 50 tags'),
);

const createRequest = v.object({
  capacity,
  connectorConfiguration,
  connectorDescription: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  // The length is documented; which characters may stand in it is [inferred] from where the name goes: ARNs and topic names.
  connectorName: v.pipe(v.string(), v.minLength(1), v.maxLength(128), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)),
  kafkaCluster: v.object({
    apacheKafkaCluster: v.object({
      bootstrapServers: v.pipe(v.string(), v.minLength(1)),
      vpc: v.object({ securityGroups: v.array(v.string()), subnets: v.pipe(v.array(v.string()), v.minLength(1)) }),
    }),
  }),
  kafkaClusterClientAuthentication: v.object({ authenticationType: v.picklist(['NONE', 'IAM']) }),
  kafkaClusterEncryptionInTransit: v.object({ encryptionType: v.picklist(['PLAINTEXT', 'TLS']) }),
  kafkaConnectVersion: v.picklist(['2.7.1', '3.7.x']),
  logDelivery: v.optional(logDelivery),
  networkType: v.optional(v.picklist(['IPV4', 'DUAL'])),
  plugins,
  serviceExecutionRoleArn: v.pipe(v.string(), v.regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/)),
  workerConfiguration: v.optional(workerConfiguration),
  tags: v.optional(tags),
});

const updateRequest = v.object({
  connectorArn: v.string(),
  currentVersion: v.string(),
  capacity: v.optional(capacity),
  connectorConfiguration: v.optional(connectorConfiguration),
  skipHealthValidation: v.optional(v.boolean()),
  plugins: v.optional(plugins),
  workerConfiguration: v.optional(workerConfiguration),
  useDefaultWorkerConfiguration: v.optional(v.boolean()),
});

export type ConnectorRequest = v.InferOutput<typeof createRequest>;
export type UpdateRequest = v.InferOutput<typeof updateRequest>;

/** @throws AwsError BadRequestException naming the first field that is wrong. */
export function readCreateRequest(input: Readonly<Record<string, unknown>>): ConnectorRequest {
  return read(createRequest, input);
}

/** @throws AwsError BadRequestException naming the first field that is wrong. */
export function readUpdateRequest(input: Readonly<Record<string, unknown>>): UpdateRequest {
  return read(updateRequest, input);
}

/**
 * Reads an operation's input.
 * @throws AwsError BadRequestException naming the first field that is wrong.
 */
export function read<Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw badRequest(v.getDotPath(issue) ?? 'request', issue.message);
}
