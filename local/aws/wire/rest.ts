import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../awsError.ts';
import type { Api, HttpBinding, Operation } from './api.ts';
import type { Fields, WireRequest } from './protocol.ts';
import { readTimestamp, writeTimestamp } from './timestamp.ts';

/** Where a member travels when it does not lie in the body. */
type Place =
  | { readonly in: 'label' }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'query-map' }
  | { readonly in: 'header'; readonly name: string }
  | { readonly in: 'header-map'; readonly prefix: string }
  | { readonly in: 'status' }
  | { readonly in: 'payload' }
  | { readonly in: 'body' };

/** @see https://smithy.io/2.0/spec/http-bindings.html */
export function placeOf(member: NormalizedSchema): Place {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return { in: 'label' };
  if (typeof traits.httpQuery === 'string') return { in: 'query', name: traits.httpQuery };
  if (traits.httpQueryParams) return { in: 'query-map' };
  if (typeof traits.httpHeader === 'string') return { in: 'header', name: traits.httpHeader.toLowerCase() };
  if (typeof traits.httpPrefixHeaders === 'string') {
    return { in: 'header-map', prefix: traits.httpPrefixHeaders.toLowerCase() };
  }
  if (traits.httpResponseCode) return { in: 'status' };
  return traits.httpPayload ? { in: 'payload' } : { in: 'body' };
}

/**
 * Finds the operation of a REST request. Of several that fit, the one with the most of its query's literals and required members wins:
 * S3's operations differ in nothing else.
 * @throws AwsError UnknownOperationException
 */
export function route(
  request: WireRequest,
  api: Api,
): { readonly operation: Operation; readonly labels: ReadonlyMap<string, string> } {
  let best: { operation: Operation; labels: ReadonlyMap<string, string>; score: number } | undefined;
  for (const operation of api.operations.values()) {
    const labels = operation.http && match(request, operation.http);
    const score = labels && scoreOf(request, operation);
    if (labels && score !== undefined && score > (best?.score ?? -1)) best = { operation, labels, score };
  }
  if (!best) {
    throw new AwsError('UnknownOperationException', 404, `No operation at ${request.method} ${request.path}.`);
  }
  return best;
}

function match(request: WireRequest, http: HttpBinding): ReadonlyMap<string, string> | undefined {
  if (request.method !== http.method) return undefined;
  for (const [key, value] of http.literals) {
    if (!request.query.has(key) || (value !== '' && request.query.get(key) !== value)) return undefined;
  }
  const parts = request.path.split('/').slice(1);
  const labels = new Map<string, string>();
  for (const [index, segment] of http.segments.entries()) {
    if (segment.endsWith('+}')) {
      const rest = parts.slice(index).join('/');
      if (rest === '') return undefined;
      labels.set(segment.slice(1, -2), decodeURIComponent(rest));
      return labels;
    }
    const part = parts[index];
    if (segment.startsWith('{') && part) labels.set(segment.slice(1, -1), decodeURIComponent(part));
    else if (part !== segment) return undefined;
  }
  // A trailing slash makes no difference: botocore and the SDK disagree about it.
  return parts.slice(http.segments.length).every((part) => part === '') ? labels : undefined;
}

/** `undefined`: a required query parameter or header is missing. */
function scoreOf(request: WireRequest, operation: Operation): number | undefined {
  let score = (operation.http?.literals.size ?? 0) * 10;
  for (const name of operation.required) {
    const place = placeOf(operation.input.getMemberSchema(name));
    if (place.in === 'query') {
      if (!request.query.has(place.name)) return undefined;
      score += 1;
    }
    if (place.in === 'header') {
      if (request.headers[place.name] === undefined) return undefined;
      score += 1;
    }
  }
  return score;
}

/** The input members outside of the body. */
export function readBindings(
  request: WireRequest,
  operation: Operation,
  labels: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const known = new Set(operation.http?.literals.keys());
  for (const [name, member] of operation.input.structIterator()) {
    const place = placeOf(member);
    if (place.in === 'label' && labels.has(name)) fields[name] = labels.get(name);
    if (place.in === 'query' && request.query.has(place.name)) {
      known.add(place.name);
      const values = request.query.getAll(place.name);
      fields[name] = member.isListSchema()
        ? values.map((value) => fromText(member.getValueSchema(), value))
        : fromText(member, values[0] ?? '');
    }
    if (place.in === 'query-map') {
      fields[name] = Object.fromEntries([...request.query].filter(([key]) => !known.has(key)));
    }
    if (place.in === 'header') {
      const value = request.headers[place.name];
      if (value !== undefined) fields[name] = fromHeader(member, value);
    }
    if (place.in === 'header-map') {
      const found = Object.entries(request.headers).filter(([key]) => key.startsWith(place.prefix));
      if (found.length > 0) {
        fields[name] = Object.fromEntries(found.map(([key, value]) => [key.slice(place.prefix.length), value]));
      }
    }
  }
  return fields;
}

/** The output members outside of the body, as headers and status. */
export function writeBindings(
  operation: Operation,
  output: Fields,
): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = operation.http?.status ?? 200;
  for (const [name, member] of operation.output.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const place = placeOf(member);
    if (place.in === 'header') headers[place.name] = toHeader(member, value);
    if (place.in === 'header-map') {
      for (const [key, item] of Object.entries(value)) headers[place.prefix + key] = String(item);
    }
    if (place.in === 'status') status = Number(value);
  }
  return { status, headers };
}

/** The member that is the whole body, if there is one. */
export function payloadOf(schema: NormalizedSchema): readonly [string, NormalizedSchema] | undefined {
  for (const entry of schema.structIterator()) {
    if (placeOf(entry[1]).in === 'payload') return entry;
  }
  return undefined;
}

/** A copy with only those members that lie in the body. */
export function bodyFields(schema: NormalizedSchema, fields: Fields): Fields | undefined {
  const body: Record<string, unknown> = {};
  let any = false;
  for (const [name, member] of schema.structIterator()) {
    if (placeOf(member).in !== 'body') continue;
    any = true;
    if (fields[name] !== undefined) body[name] = fields[name];
  }
  return any ? body : undefined;
}

/** A simple value out of text. */
export function fromText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  return text;
}

function fromHeader(schema: NormalizedSchema, text: string): unknown {
  if (schema.isListSchema()) return text.split(',').map((item) => fromText(schema.getValueSchema(), item.trim()));
  return fromText(schema, text);
}

function toHeader(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return String(writeTimestamp(schema, value, 'http-date'));
  return Array.isArray(value) ? value.join(', ') : String(value);
}
