import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Endpoint, type EndpointOptions, endpointOf } from './endpoint.ts';
import type { LocalService } from './service.ts';
import type { WireAnswer, WireRequest } from './wire/protocol.ts';

export type ServerOptions = EndpointOptions;

export interface LocalServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves local services to real AWS clients over HTTP, all at one endpoint on the loopback address and a free port. */
export async function startServer(
  services: readonly LocalService[],
  options: ServerOptions = {},
): Promise<LocalServer> {
  return serve(await endpointOf(services, options));
}

/** The same for an endpoint that is there already. */
export async function serve(endpoint: Endpoint): Promise<LocalServer> {
  const server = createServer((incoming, response) => {
    // An answer that is lost on the way is a connection that is cut.
    handle(incoming, response, endpoint).catch(() => response.destroy());
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

async function handle(incoming: IncomingMessage, response: ServerResponse, endpoint: Endpoint): Promise<void> {
  send(response, await endpoint(await rawRequest(incoming)));
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

function send(response: ServerResponse, answer: WireAnswer): void {
  const length = Buffer.byteLength(answer.body);
  // A HEAD's own content length, the object's, stands.
  response.writeHead(answer.status, { 'content-length': String(length), ...answer.headers });
  response.end(answer.body);
}
