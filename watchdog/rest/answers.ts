import { PortError } from '../../recovery/ports.ts';
import type { HttpResponse } from './transport.ts';
import { wordsOf } from './askWorker.ts';

/** What a worker's answer means, where it is one that stands. */
export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** 409, or 500 with that reason: a rebalance is under way, or the worker does not know the leader yet. */
  | { readonly kind: 'rebalancing'; readonly reason: string }
  /** 404, in the worker's own words: no such connector or task. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** 404 or 405 by whoever routes requests: this version does not know the question. */
  | { readonly kind: 'no-endpoint'; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string };

/** The status codes by which a service, or a proxy before it, says that it cannot now. */
const passing: ReadonlySet<number> = new Set([408, 502, 503, 504]);

/**
 * The error of a worker that waited too long for its herder, that could not reach the leader, or that was ended over it.
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/HerderRequestHandler.java
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/RestClient.java
 */
const passingWords = /request timed out|request interrupted|IO error trying to forward|shutting down/i;

/** A look that waits for the herder meets a rebalance as an error of its own, which no rule of Connect's makes a 409. */
const rebalancingWords = /because a rebalance is expected/i;

/**
 * Reads an answer; `read` makes the value of its body.
 * @throws PortError for what may pass by itself, for a missing right, and for what cannot be understood
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/errors/ConnectExceptionMapper.java
 */
export function readAnswer<T>(asked: string, response: HttpResponse, read: (body: string) => T): Answer<T> {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'answered', value: readBody(asked, response, read) };
  const reason = wordsOf(response);
  const said = `${asked}: HTTP ${status}, ${reason}`;
  if (status === 409 || (status === 500 && rebalancingWords.test(reason))) return { kind: 'rebalancing', reason };
  if (status === 404) return { kind: isOfTheWorker(response) ? 'absent' : 'no-endpoint', reason };
  if (status === 405) return { kind: 'no-endpoint', reason };
  if (status === 401 || status === 403) throw new PortError('denied', said);
  if (status === 429) throw new PortError('throttled', said);
  if (passing.has(status) || (status === 500 && passingWords.test(reason))) throw new PortError('unavailable', said);
  return { kind: 'refused', status, reason };
}

/** Jersey's own 404, for a path that it has no resource for, reads `HTTP 404 Not Found`; a proxy's is no JSON of this form. */
function isOfTheWorker({ body }: HttpResponse): boolean {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) && typeof parsed['message'] === 'string' && !parsed['message'].startsWith('HTTP 404');
  } catch {
    return false;
  }
}

/** For answers whose body is of no use. */
export const nothing = (): undefined => undefined;

/** Reads a body's JSON. */
export function json<T>(read: (value: unknown) => T): (body: string) => T {
  return (body) => read(JSON.parse(body));
}

function readBody<T>(asked: string, { body }: HttpResponse, read: (body: string) => T): T {
  try {
    return read(body);
  } catch (error) {
    // What JSON.parse says repeats the body, and so a configuration with its secrets.
    const why = error instanceof NotUnderstood ? error.message : 'no JSON';
    throw new PortError('unexpected', `${asked}: an answer that cannot be understood: ${why}`);
  }
}

/** An answer has not the form that Kafka Connect's have; names places, never values. */
export class NotUnderstood extends Error {}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws NotUnderstood */
export function recordAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new NotUnderstood(`${place} is no object`);
  return value;
}

/** @throws NotUnderstood */
export function textAt(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new NotUnderstood(`${place} is no text`);
  return value;
}

/** @throws NotUnderstood */
export function listAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new NotUnderstood(`${place} is no list`);
  return value;
}
