import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { AwsError } from './awsError.ts';
import { AnswerDropped, carryOut, type CallHooks } from './calls.ts';
import type { LocalService } from './service.ts';
import { addressee } from './wire/addressee.ts';
import { type Api, loadApi } from './wire/api.ts';
import { checkCrc32, decodeAwsChunked } from './wire/awsChunked.ts';
import { awsJson } from './wire/awsJson.ts';
import { awsQuery } from './wire/awsQuery.ts';
import type { Protocol, WireAnswer, WireRequest } from './wire/protocol.ts';
import { restJson1 } from './wire/restJson1.ts';
import { restXml } from './wire/restXml.ts';

/** What the installed SDK clients speak: see each client's `runtimeConfig.shared.js`. */
const protocols: Readonly<Record<LocalService['name'], Protocol>> = {
  kafkaconnect: restJson1,
  lambda: restJson1,
  scheduler: restJson1,
  logs: awsJson('1.1'),
  events: awsJson('1.1'),
  monitoring: awsJson('1.0'),
  s3: restXml,
  sns: awsQuery,
  iam: awsQuery,
};

interface Served {
  readonly service: LocalService;
  readonly api: Api;
  readonly protocol: Protocol;
}

/**
 * Answers one HTTP request to any of the local services, however it came in. An error of a service is an answer.
 * @throws AnswerDropped when a fault lets the answer be lost on the way
 */
export type Endpoint = (request: WireRequest) => Promise<WireAnswer>;

export interface EndpointOptions extends Omit<CallHooks, 'clock'> {
  /** Dates the answers and the observed calls. @default the machine's own time */
  readonly clock?: CallHooks['clock'];
}

/** The wire side of local services, all at one endpoint. Signatures are not checked; any credentials will do. */
export async function endpointOf(services: readonly LocalService[], options: EndpointOptions = {}): Promise<Endpoint> {
  const hooks: CallHooks = { ...options, clock: options.clock ?? { now: () => Date.now() } };
  const served = new Map<string, Served>();
  for (const service of services) {
    served.set(service.name, { service, api: await loadApi(service.name), protocol: protocols[service.name] });
  }
  return async (request) => {
    const answer = await answerTo(request, served, hooks);
    // The SDKs correct their clocks by this header, so it follows the local time.
    return { ...answer, headers: { ...answer.headers, date: new Date(hooks.clock.now()).toUTCString() } };
  };
}

async function answerTo(raw: WireRequest, served: ReadonlyMap<string, Served>, hooks: CallHooks): Promise<WireAnswer> {
  const requestId = randomUUID();
  const name = addressee(raw, new Set(Object.keys(protocols)));
  const found = served.get(name);
  if (!found) {
    const nobody = new AwsError('UnknownOperationException', 404, `No local service '${name}' is running.`);
    return protocols[name].fail(nobody, { operations: new Map(), errors: new Map() }, requestId, raw);
  }
  const { service, api, protocol } = found;
  try {
    const { operation, input } = protocol.read(decoded(raw), api);
    const output = await carryOut(service, operation.name, input, hooks);
    return protocol.answer(operation, output, requestId);
  } catch (thrown) {
    if (thrown instanceof AnswerDropped) throw thrown;
    const error = thrown instanceof AwsError ? thrown : new AwsError('InternalFailure', 500, String(thrown));
    return protocol.fail(error, api, requestId, raw);
  }
}

/** Takes off what the client put around the body: compression (PutMetricData) and chunks with checksums (PutObject). */
function decoded(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  let body = request.body;
  if (encodings.includes('aws-chunked') || request.headers['x-amz-content-sha256']?.startsWith('STREAMING-')) {
    body = decodeAwsChunked(body);
  }
  if (encodings.includes('gzip') && request.headers['x-amz-target']) body = gunzipSync(body);
  checkCrc32(body, request.headers['x-amz-checksum-crc32']);
  const { 'content-encoding': _taken, ...headers } = request.headers;
  const kept = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(',');
  return { ...request, body, headers: kept === '' ? headers : { ...headers, 'content-encoding': kept } };
}
