import { Buffer } from 'node:buffer';
import { PortError } from '../../recovery/ports.ts';
import { cleanReason } from '../../tell/cleanText.ts';
import type { HttpRequest, HttpResponse, Transport, TransportError } from './transport.ts';
import { hostAndPort } from './workerAddresses.ts';
import type { WorkerAddress } from './workerAddresses.ts';

/** How the workers of one cluster are asked. */
export interface RestAccess {
  readonly workers: readonly WorkerAddress[];
  readonly send: Transport;
  /** Goes to these workers and to nobody else, and into no message. */
  readonly basic?: { readonly user: string; readonly password: string };
}

export interface Question {
  readonly method: HttpRequest['method'];
  /** With its query, from the slash on. */
  readonly path: string;
  readonly timeoutMs: number;
}

const mostRedirects = 2;

/**
 * Asks one worker. A redirect is followed to a worker of this cluster only, at the address by which we know it, whatever the answer names: a
 * gateway may send a request on to the leader, and the credentials go along. (Kafka Connect itself sends no redirects: a worker asks the leader
 * and hands its answer on.)
 *
 * @throws TransportError where no whole answer came
 * @throws PortError where it sends us elsewhere
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/HerderRequestHandler.java — `completeOrForwardRequest`
 */
export async function askWorker(
  access: RestAccess,
  worker: WorkerAddress,
  { method, path, timeoutMs }: Question,
): Promise<HttpResponse> {
  let url = `${worker.url}${path}`;
  for (let redirects = 0; ; redirects += 1) {
    const response = await access.send({ method, url, headers: headers(access), timeoutMs });
    if (response.status < 300 || response.status > 399) return response;
    if (redirects === mostRedirects) {
      throw new PortError(
        'unexpected',
        `${worker.worker} ${method} ${path}: redirected more than ${mostRedirects} times`,
      );
    }
    url = nextUrl(access, response, { method, url, path, worker });
  }
}

function headers({ basic }: RestAccess): Readonly<Record<string, string>> {
  const accept = { accept: 'application/json' };
  if (basic === undefined) return accept;
  const token = Buffer.from(`${basic.user}:${basic.password}`, 'utf8').toString('base64');
  return { ...accept, authorization: `Basic ${token}` };
}

function nextUrl(
  access: RestAccess,
  response: HttpResponse,
  asked: Pick<Question, 'method' | 'path'> & { readonly url: string; readonly worker: WorkerAddress },
): string {
  const said = `${asked.worker.worker} ${asked.method} ${asked.path}: ${response.status}`;
  const location = response.headers['location'];
  if (location === undefined || !URL.canParse(location, asked.url)) {
    throw new PortError('unexpected', `${said} without a place to go to`);
  }
  // By 301, 302 and 303 what changes something may become a mere look.
  if (asked.method !== 'GET' && response.status !== 307 && response.status !== 308) {
    throw new PortError('unexpected', `${said}: a redirect that does not keep the method`);
  }
  const target = new URL(location, asked.url);
  const known = access.workers.find(({ worker, url }) => [worker, hostAndPort(url)].includes(hostAndPort(target.href)));
  if (known === undefined) {
    throw new PortError(
      'unexpected',
      `${said} to ${target.host}, which is none of this cluster's workers: not followed`,
    );
  }
  return `${new URL(known.url).origin}${target.pathname}${target.search}`;
}

/** What a worker says in words: `message` of Kafka Connect's error, or else the beginning of the body; one line, without secrets. */
export function wordsOf({ body, status }: HttpResponse): string {
  let message: unknown;
  try {
    const parsed: unknown = JSON.parse(body);
    message = typeof parsed === 'object' && parsed !== null && 'message' in parsed ? parsed.message : undefined;
  } catch {
    // Not JSON: a proxy in between, or an answer of which the end is missing.
  }
  const words = cleanReason(typeof message === 'string' ? message : body.replaceAll(/<[^>]*>/g, ' '));
  return words === '' ? `HTTP ${status}` : words;
}

const transportCodes: ReadonlySet<unknown> = new Set<TransportError['code']>([
  'unreachable',
  'timeout',
  'cut-short',
  'tls',
]);

/** The code of a `TransportError`, of whatever transport; `undefined`: it is none. */
export function transportCode(error: unknown): TransportError['code'] | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return transportCodes.has(code) ? (code as TransportError['code']) : undefined;
}

/** What the engine makes of an answer that is none: it may pass by itself, or it is denied. */
export function portErrorOf(error: unknown): PortError {
  if (error instanceof PortError) return error;
  const message = error instanceof Error ? error.message : 'unknown failure';
  const code = transportCode(error);
  if (code === undefined) return new PortError('unexpected', message, { cause: error });
  return new PortError(code === 'tls' ? 'denied' : 'unavailable', message, { cause: error });
}
