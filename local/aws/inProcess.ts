import { HttpResponse, type HttpHandler, type HttpRequest } from '@smithy/core/protocols';
import { Readable } from 'node:stream';
import type { Endpoint } from './endpoint.ts';
import type { WireRequest } from './wire/protocol.ts';

export interface InProcessOptions {
  /** Passes the time that a request takes to arrive, and again an answer: in virtual time, or not at all. @default at once */
  readonly travel?: () => Promise<void>;
  /**
   * Whether the caller was ended: then nothing goes out any more and nothing comes back, as for a process that was killed. What is under
   * way is still carried out.
   */
  readonly isEnded?: () => boolean;
}

/**
 * Carries the requests of SDK clients in this process to local services without a socket: everything from serialization and signature to
 * retries is the SDK's own, and what a socket would leave to the machine's real time is left out (its timeouts too).
 * An answer that is lost is rejected as the SDK's own handler rejects a cut connection, with `ECONNRESET`.
 */
export function inProcessHandler(endpoint: Endpoint, options: InProcessOptions = {}): HttpHandler {
  const { travel = async () => undefined, isEnded = () => false } = options;
  const never = new Promise<never>(() => undefined);
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      if (isEnded()) return never;
      const sent = await wireRequest(request);
      await travel();
      const answer = await settled(endpoint(sent));
      await travel();
      if (isEnded()) return never;
      if ('error' in answer) throw answer.error;
      const { status, headers, body } = answer.value;
      const bytes = Buffer.from(body);
      return {
        response: new HttpResponse({
          statusCode: status,
          headers: { 'content-length': String(bytes.length), ...headers },
          body: Readable.from(bytes.length === 0 ? [] : [bytes]),
        }),
      };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** That the answer was lost is known to the caller only when it would have come. */
async function settled<T>(answer: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await answer };
  } catch (error) {
    return { error };
  }
}

async function wireRequest(request: HttpRequest): Promise<WireRequest> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) query.append(name, each);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method: request.method, path: request.path, query, headers, body: await bytesOf(request.body) };
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  // A plain view of the same bytes: the SDK's own object warns whoever treats it as a text, which `Buffer.from` does.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (!(body instanceof Readable)) throw new TypeError('A body that is neither text, bytes nor a stream.');
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}
