import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One request as it went to the monitor. */
export interface RecordedRequest {
  /** Such as `PutMetricData`; for S3 the method. */
  readonly operation: string;
  readonly body: string;
}

/** Stands before an endpoint, hands everything on, and keeps what was asked. */
export async function recordingProxy(target: string) {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, answer) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const raw = Buffer.concat(parts);
      const header = incoming.headers['x-amz-target'];
      requests.push({
        operation: typeof header === 'string' ? (header.split('.').at(-1) ?? '') : (incoming.method ?? ''),
        body: (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8'),
      });
      const onward = request(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method ?? 'GET', headers: incoming.headers },
        (answered) => {
          answer.writeHead(answered.statusCode ?? 502, answered.headers);
          answered.pipe(answer);
        },
      );
      onward.on('error', () => answer.destroy());
      onward.end(raw);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
