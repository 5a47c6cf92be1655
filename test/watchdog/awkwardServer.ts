import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** What was asked, with its headers. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface AwkwardServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly hostAndPort: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Answers, or does not: `undefined` leaves the question open until the server closes. */
export type Answering = (request: Asked, response: ServerResponse) => void;

/** A real HTTP server on this machine that answers as it is told. */
export async function awkwardServer(answering: Answering, tls?: TlsOptions): Promise<AwkwardServer> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    const question = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    asked.push(question);
    request.resume();
    answering(question, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    hostAndPort: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Says how long its answer is, and ends before. */
export function cutShort(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"half":', () => response.destroy());
}
