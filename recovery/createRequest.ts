import * as v from 'valibot';
import type { CreateRequest } from './connector.ts';

/**
 * Reads a saved config as a create request for the connector of that name, and says every fault at once.
 *
 * Strict on purpose: what CreateConnector would refuse must be found while the old connector still lives.
 * Faults name the place and what was expected, never a value of `connectorConfiguration`, for it may hold secrets.
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_CreateConnector.html
 */
export function parseCreateRequest(
  text: string,
  name: string,
):
  | { readonly kind: 'valid'; readonly request: CreateRequest }
  | { readonly kind: 'invalid'; readonly faults: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'invalid', faults: ['The object is not JSON.'] };
  }
  return checkCreateRequest(value, name);
}

/** The same for a value that is already parsed. */
export function checkCreateRequest(value: unknown, name: string): ReturnType<typeof parseCreateRequest> {
  const result = v.safeParse(createRequest, value);
  const faults = (result.issues ?? []).map(describe);
  const found =
    typeof value === 'object' && value !== null && 'connectorName' in value ? value.connectorName : undefined;
  if (typeof found === 'string' && found !== name) {
    faults.push(`connectorName: expected ${JSON.stringify(name)}, found ${JSON.stringify(found.slice(0, 128))}.`);
  }
  if (!result.success || faults.length > 0) return { kind: 'invalid', faults };
  return { kind: 'valid', request: result.output };
}

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const percentage = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100));
const arn = (service: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^arn:[a-z-]+:${service}:`), `an ARN of ${service}`));

const provisionedCapacity = v.strictObject({ mcuCount: count, workerCount: count });
const autoScaling = v.strictObject({
  maxWorkerCount: count,
  mcuCount: count,
  minWorkerCount: count,
  scaleInPolicy: v.optional(v.strictObject({ cpuUtilizationPercentage: percentage })),
  scaleOutPolicy: v.optional(v.strictObject({ cpuUtilizationPercentage: percentage })),
  maxAutoscalingTaskCount: v.optional(count),
});

const createRequest = v.strictObject({
  capacity: v.pipe(
    v.strictObject({ autoScaling: v.optional(autoScaling), provisionedCapacity: v.optional(provisionedCapacity) }),
    v.check(
      (capacity) => (capacity.autoScaling === undefined) !== (capacity.provisionedCapacity === undefined),
      'exactly one of autoScaling and provisionedCapacity',
    ),
  ),
  connectorConfiguration: v.pipe(
    v.record(v.string(), v.string()),
    v.check((configuration) => (configuration['connector.class'] ?? '') !== '', 'a connector.class'),
  ),
  connectorDescription: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  connectorName: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  kafkaCluster: v.strictObject({
    apacheKafkaCluster: v.strictObject({
      bootstrapServers: text,
      vpc: v.strictObject({
        subnets: v.pipe(v.array(text), v.minLength(1)),
        securityGroups: v.optional(v.array(text)),
      }),
    }),
  }),
  kafkaClusterClientAuthentication: v.strictObject({ authenticationType: v.picklist(['IAM', 'NONE']) }),
  kafkaClusterEncryptionInTransit: v.strictObject({ encryptionType: v.picklist(['TLS', 'PLAINTEXT']) }),
  kafkaConnectVersion: text,
  logDelivery: v.optional(
    v.strictObject({
      workerLogDelivery: v.strictObject({
        cloudWatchLogs: v.optional(v.strictObject({ enabled: v.boolean(), logGroup: v.optional(text) })),
        firehose: v.optional(v.strictObject({ enabled: v.boolean(), deliveryStream: v.optional(text) })),
        s3: v.optional(
          v.strictObject({ enabled: v.boolean(), bucket: v.optional(text), prefix: v.optional(v.string()) }),
        ),
      }),
    }),
  ),
  networkType: v.optional(v.picklist(['IPV4', 'DUAL'])),
  plugins: v.pipe(
    v.array(
      v.strictObject({ customPlugin: v.strictObject({ customPluginArn: arn('kafkaconnect'), revision: count }) }),
    ),
    v.minLength(1),
  ),
  serviceExecutionRoleArn: arn('iam'),
  workerConfiguration: v.optional(v.strictObject({ workerConfigurationArn: arn('kafkaconnect'), revision: count })),
  tags: v.optional(
    v.record(
      v.pipe(
        v.string(),
        v.check(
          (key) => !key.toLowerCase().startsWith('aws:'),
          'a tag key that does not begin with aws:, which Create refuses',
        ),
      ),
      v.string(),
    ),
  ),
});

function describe(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? 'the object';
  const secret = place.startsWith('connectorConfiguration.');
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `${place}: an unknown field; CreateConnector has none of that name.`;
  if (issue.type === 'check' || issue.type === 'regex') return `${place}: expected ${issue.message}.`;
  // A text in the wrong place may be a secret: it is named by its kind only.
  const found = secret ? 'something else' : issue.received.startsWith('"') ? 'a text' : issue.received.slice(0, 80);
  return `${place}: expected ${issue.expected ?? 'another value'}, found ${found}.`;
}
