import { NormalizedSchema } from '@smithy/core/schema';
import type { LocalService } from '../service.ts';

/** One operation of an AWS API as the SDK's own schemas describe it. */
export interface Operation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Input members that must be there. */
  readonly required: readonly string[];
  /** Of the REST protocols only. */
  readonly http?: HttpBinding;
}

export interface HttpBinding {
  readonly method: string;
  /** Such as `/v1/connectors/{connectorArn}`, split at its slashes. */
  readonly segments: readonly string[];
  /** Query parameters that are part of the route, `x-id` left out: only the JavaScript SDK sends it. */
  readonly literals: ReadonlyMap<string, string>;
  readonly status: number;
}

/** How an error is written: its code in the query protocol and the name of its message's member. */
export interface ErrorShape {
  readonly queryCode?: string;
  readonly messageMember: 'message' | 'Message';
}

/** The wire side of one service. */
export interface Api {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

type ServiceName = LocalService['name'];
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const sdkModules: Readonly<Record<ServiceName, () => Promise<object>>> = {
  kafkaconnect: () => import('@aws-sdk/client-kafkaconnect'),
  s3: () => import('@aws-sdk/client-s3'),
  sns: () => import('@aws-sdk/client-sns'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  monitoring: () => import('@aws-sdk/client-cloudwatch'),
  events: () => import('@aws-sdk/client-eventbridge'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  lambda: () => import('@aws-sdk/client-lambda'),
  iam: () => import('@aws-sdk/client-iam'),
};

/**
 * Reads a service's operations and errors out of the installed SDK client's schemas, so that routes, field places and timestamp
 * formats are those of the real service and never a second description of them.
 * @see https://smithy.io/2.0/spec/http-bindings.html
 */
export function loadApi(service: ServiceName): Promise<Api> {
  const api = loaded.get(service) ?? readApi(service);
  loaded.set(service, api);
  return api;
}

/** Read once for each process: it never changes, and hundreds of schemas take a while. */
const loaded = new Map<ServiceName, Promise<Api>>();

async function readApi(service: ServiceName): Promise<Api> {
  const operations = new Map<string, Operation>();
  const errors = new Map<string, ErrorShape>();
  for (const exported of Object.values(await sdkModules[service]())) {
    if (!Array.isArray(exported)) continue;
    // A static schema is a tuple: 9 marks an operation, -3 an error (@smithy/types, schema/static-schemas.d.ts).
    if (exported[0] === 9) addOperation(operations, exported);
    if (exported[0] === -3) addError(errors, exported);
  }
  return { operations, errors };
}

function addOperation(operations: Map<string, Operation>, schema: readonly unknown[]): void {
  const name = String(schema[2]);
  const input = NormalizedSchema.of(schema[4] as SchemaRef);
  const output = NormalizedSchema.of(schema[5] as SchemaRef);
  const traits = schema[3] as { readonly http?: readonly [string, string, number] } | number;
  const binding = typeof traits === 'object' && traits.http ? { http: httpBinding(traits.http) } : {};
  operations.set(name, { name, input, output, required: requiredMembers(input), ...binding });
}

/** A structure lists its required members first and says how many they are. */
function requiredMembers(input: NormalizedSchema): string[] {
  const structure = input.getSchema();
  if (!Array.isArray(structure) || !input.isStructSchema()) return [];
  const names: unknown = structure[4];
  const count: unknown = structure[6];
  return Array.isArray(names) && typeof count === 'number' ? names.slice(0, count).map(String) : [];
}

function httpBinding([method, uri, status]: readonly [string, string, number]): HttpBinding {
  const [path = '/', query = ''] = uri.split('?');
  const literals = new Map([...new URLSearchParams(query)].filter(([key]) => key !== 'x-id'));
  return { method, segments: path.split('/').slice(1), literals, status };
}

function addError(errors: Map<string, ErrorShape>, schema: readonly unknown[]): void {
  const traits = schema[3] as { readonly awsQueryError?: readonly [string, number] } | number;
  const members = schema[4] as readonly string[];
  errors.set(String(schema[2]), {
    messageMember: members.includes('Message') ? 'Message' : 'message',
    ...(typeof traits === 'object' && traits.awsQueryError ? { queryCode: traits.awsQueryError[0] } : {}),
  });
}
