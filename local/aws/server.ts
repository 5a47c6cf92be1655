import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
};

interface Served {
  readonly service: LocalService;
  readonly api: Api;
  readonly protocol: Protocol;
}

export interface ServerOptions extends Omit<CallHooks, 'clock'> {
  /** Dates the answers and the observed calls. @default the machine's own time */
  readonly clock?: CallHooks['clock'];
}

/**
 * Serves local services to real AWS clients over HTTP, all at one endpoint on the loopback address and a free port. Signatures are not
 * checked; any credentials will do.
 */
export async function startServer(
  services: readonly LocalService[],
  options: ServerOptions = {},
): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const hooks: CallHooks = { ...options, clock: options.clock ?? { now: () => Date.now() } };
  const served = new Map<string, Served>();
  for (const service of services) {
    served.set(service.name, { service, api: await loadApi(service.name), protocol: protocols[service.name] });
  }
  const server = createServer((incoming, response) => {
    handle(incoming, response, served, hooks).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  served: ReadonlyMap<string, Served>,
  hooks: CallHooks,
): Promise<void> {
  const requestId = randomUUID();
  const raw = await rawRequest(incoming);
  const name = addressee(raw, new Set(Object.keys(protocols)));
  const found = served.get(name);
  if (!found) {
    const nobody = new AwsError('UnknownOperationException', 404, `No local service '${name}' is running.`);
    send(response, protocols[name].fail(nobody, { operations: new Map(), errors: new Map() }, requestId, raw), hooks);
    return;
  }
  const { service, api, protocol } = found;
  try {
    const { operation, input } = protocol.read(decoded(raw), api);
    const output = await carryOut(service, operation.name, input, hooks);
    send(response, protocol.answer(operation, output, requestId), hooks);
  } catch (thrown) {
    if (thrown instanceof AnswerDropped) {
      response.destroy();
      return;
    }
    const error = thrown instanceof AwsError ? thrown : new AwsError('InternalFailure', 500, String(thrown));
    send(response, protocol.fail(error, api, requestId, raw), hooks);
  }
}

async function rawRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const target = incoming.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: question < 0 ? target : target.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)),
    headers,
    body: Buffer.concat(parts),
  };
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

function send(response: ServerResponse, answer: WireAnswer, hooks: CallHooks): void {
  const length = Buffer.byteLength(answer.body);
  // The SDKs correct their clocks by this header, so it follows the local time.
  const date = new Date(hooks.clock.now()).toUTCString();
  // A HEAD's own content length, the object's, stands.
  response.writeHead(answer.status, { 'content-length': String(length), ...answer.headers, date });
  response.end(answer.body);
}
