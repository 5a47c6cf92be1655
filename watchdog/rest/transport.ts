import { readFileSync } from 'node:fs';
import { Agent, errors, request as send } from 'undici';
import type { Dispatcher } from 'undici';

/** One question to an HTTP server. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole of it, from the call to the body's last byte. */
  readonly timeoutMs: number;
}

/** What the server said, whatever its status; a redirect is given, not followed. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asks. @throws TransportError where no whole answer came */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * No whole answer came. `unreachable`: nobody listens, so nobody has heard the question; `timeout`: none within the time; `cut-short`: the connection
 * was ended before the whole of it, or it is longer than is read; `tls`: no trust, one way or the other. Names no header, so no credential.
 */
export class TransportError extends Error {
  readonly code: 'unreachable' | 'timeout' | 'cut-short' | 'tls';

  constructor(code: TransportError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
    this.code = code;
  }
}

/** Whom to trust, and who we are, as paths of PEM files; absent: what Node.js trusts, and nobody. */
export interface TlsFiles {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** What the files hold. `section`: where the settings name them. @throws where one cannot be read, with its field and its path */
export function readTls(
  { caFile, certFile, keyFile }: TlsFiles,
  section: string,
): { readonly ca?: string; readonly cert?: string; readonly key?: string } {
  return {
    ...(caFile === undefined ? {} : { ca: pemOf(caFile, `${section}.caFile`) }),
    ...(certFile === undefined ? {} : { cert: pemOf(certFile, `${section}.certFile`) }),
    ...(keyFile === undefined ? {} : { key: pemOf(keyFile, `${section}.keyFile`) }),
  };
}

function pemOf(file: string, field: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${field}: ${file} cannot be read (${failureCode(error)})`, { cause: error });
  }
}

/** A transport with connections of its own, which `close` ends within moments, whatever is under way. */
export interface OwnTransport {
  readonly send: Transport;
  close(): Promise<void>;
}

/** 500 connectors with 10 tasks each, expanded with status and configuration, come to some 3 MB; a trace to 10 KB. */
const mostBytes = 64 * 2 ** 20;
/** Towards one worker: its REST interface serves from a small pool of threads that people share. */
const connectionsPerWorker = 8;
const connectMs = 2000;

/**
 * The real transport, on undici. Redirects are given back as they came. Connections are kept for 4 s only, less than a poll, so that every round
 * proves that the worker can still be connected to.
 *
 * @throws where a file of `tls` cannot be read
 * @see https://undici.nodejs.org/#/docs/api/Client
 */
export function openTransport(tls: TlsFiles = {}): OwnTransport {
  const agent = new Agent({
    connections: connectionsPerWorker,
    allowH2: false,
    maxResponseSize: mostBytes,
    connect: {
      timeout: connectMs,
      ...readTls(tls, 'tls'),
    },
  });
  return { send: (request) => ask(agent, request), close: () => agent.destroy() };
}

async function ask(agent: Dispatcher, { method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpResponse> {
  let begun = false;
  try {
    const answer = await send(url, {
      dispatcher: agent,
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    begun = true;
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: plain(answer.headers), body: text };
  } catch (error) {
    const code = codeOf(error, begun);
    throw new TransportError(code, `${method} ${place(url)}: ${inWords(code, error, { url, timeoutMs, begun })}`, {
      cause: error,
    });
  }
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')] as const],
  );
  return Object.fromEntries(given);
}

/** Without what an address may carry of a credential. */
function place(url: string): string {
  if (!URL.canParse(url)) return 'an address that is none';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function codeOf(error: unknown, begun: boolean): TransportError['code'] {
  const name = error instanceof Error ? error.name : '';
  const code = failureCode(error);
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout';
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'cut-short';
  if (/SSL|TLS|CERT|EPROTO|VERIFY|ISSUER/.test(code)) return 'tls';
  // Whoever ended the connection may have heard the question, and done what it asks for.
  return begun || /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code) ? 'cut-short' : 'unreachable';
}

function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error ? String(error.code) : '';
  // What a socket died of lies below undici's own word for it.
  const below = failureCode(error.cause);
  return below === '' ? code : below;
}

function inWords(
  code: TransportError['code'],
  error: unknown,
  { url, timeoutMs, begun }: Pick<HttpRequest, 'url' | 'timeoutMs'> & { readonly begun: boolean },
): string {
  const why = failureCode(error);
  const named = why === '' ? '' : ` (${why})`;
  switch (code) {
    case 'timeout':
      return `no answer within ${timeoutMs} ms`;
    case 'cut-short':
      if (begun || why !== 'UND_ERR_SOCKET') return `the answer was cut short${named}`;
      return url.startsWith('https:')
        ? 'it ended the connection before an answer; where it asks for a client certificate, none that it knows was given'
        : 'it ended the connection before an answer';
    case 'tls':
      return `no trust between the two${named}`;
    case 'unreachable':
      return `out of reach${named}`;
  }
}
