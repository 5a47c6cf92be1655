import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readAsked, written, type Door } from './door.ts';
import type { ClusterWorker } from './worker.ts';

export interface ListenOptions {
  /** PEM; the REST interfaces speak https then. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface ListeningParts {
  readonly door: Door;
  readonly seen: (worker: ClusterWorker, method: string, path: string, status?: number) => void;
  readonly prometheus: (worker: ClusterWorker) => string;
}

/** One worker's two servers on 127.0.0.1. They come and go with its process, on the same ports. */
export class ListeningWorker {
  readonly #worker: ClusterWorker;
  readonly #parts: ListeningParts;
  readonly #options: ListenOptions;
  #rest: Server | undefined;
  #metrics: Server | undefined;
  #ports: { readonly rest: number; readonly metrics: number } = { rest: 0, metrics: 0 };

  constructor(worker: ClusterWorker, parts: ListeningParts, options: ListenOptions) {
    this.#worker = worker;
    this.#parts = parts;
    this.#options = options;
  }

  async open(): Promise<void> {
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    const { tls } = this.#options;
    this.#rest = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
    this.#metrics = createServer((_, response) => {
      if (this.#worker.process !== 'frozen') {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(this.#parts.prometheus(this.#worker));
      }
    });
    this.#ports = {
      rest: await listen(this.#rest, this.#ports.rest),
      metrics: await listen(this.#metrics, this.#ports.metrics),
    };
    this.#worker.address = `127.0.0.1:${this.#ports.rest}`;
    this.#worker.url = `${tls === undefined ? 'http' : 'https'}://${this.#worker.address}`;
    this.#worker.prometheusUrl = `http://127.0.0.1:${this.#ports.metrics}/metrics`;
  }

  async close(): Promise<void> {
    const servers = [this.#rest, this.#metrics].filter((server) => server !== undefined);
    this.#rest = undefined;
    this.#metrics = undefined;
    await Promise.all(servers.map(end));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? undefined : Buffer.concat(chunks).toString('utf8');
    const met = await this.#parts.door.enter(
      this.#worker,
      readAsked(method, path, body, request.headers.authorization),
      path,
    );
    this.#parts.seen(this.#worker, method, path, typeof met === 'string' ? undefined : met.answered.status);
    if (met === 'hangs') return;
    if (met === 'ends' || met === 'refuses') {
      response.destroy();
      return;
    }
    const { headers, text } = written(met.answered);
    const bytes = Buffer.from(text, 'utf8');
    response.writeHead(met.answered.status, {
      ...headers,
      ...(bytes.length > 0 && { 'content-length': bytes.length }),
    });
    if (!met.cutShort || bytes.length === 0) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
