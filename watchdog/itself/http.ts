import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the watchdog says of itself. */
export interface Pages {
  /** `healthy`: rounds run in time. */
  health(): { readonly healthy: boolean; readonly body: Readonly<Record<string, unknown>> };
  metrics(): string;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for `/healthz` and `/metrics`; nothing can be changed through it.
 * @param port 0: any that is free
 * @throws the system's error where it cannot listen there
 */
export async function listen(host: string, port: number, pages: Pages): Promise<Listening> {
  const server = createServer((request, response) => answer(request, response, pages));
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ method, url = '/' }: IncomingMessage, response: ServerResponse, pages: Pages): void {
  const path = url.replace(/\?.*$/s, '');
  if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain', 'GET only\n');
  switch (path) {
    case '/healthz': {
      const { healthy, body } = pages.health();
      return send(response, healthy ? 200 : 503, 'application/json', `${JSON.stringify(body, undefined, 2)}\n`);
    }
    case '/metrics':
      return send(response, 200, 'text/plain; version=0.0.4', pages.metrics());
    default:
      return send(response, 404, 'text/plain', 'Here are /healthz and /metrics.\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
