import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../awsError.ts';
import { readTimestamp, writeTimestamp } from './timestamp.ts';

/** Turns parsed JSON into the SDK's shapes: dates as Date, blobs as bytes. Fields that the schema does not know are left out, as AWS does. */
export function fromJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) {
    const fields: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const read = fromJson(member, property(value, member.getMergedTraits().jsonName ?? name));
      if (read !== undefined) fields[name] = read;
    }
    return fields;
  }
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => fromJson(schema.getValueSchema(), item));
  if (schema.isMapSchema() && typeof value === 'object') {
    return mapValues(value, (item) => fromJson(schema.getValueSchema(), item));
  }
  if (schema.isTimestampSchema()) return readTimestamp(value);
  if (schema.isBlobSchema() && typeof value === 'string') return new Uint8Array(Buffer.from(value, 'base64'));
  return value;
}

/** Turns the SDK's shapes into what `JSON.stringify` writes as AWS does; timestamps as `epoch-seconds` unless the schema says otherwise. */
export function toJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) {
    const fields: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      fields[member.getMergedTraits().jsonName ?? name] = toJson(member, property(value, name));
    }
    return fields;
  }
  if (schema.isListSchema() && Array.isArray(value)) return value.map((item) => toJson(schema.getValueSchema(), item));
  if (schema.isMapSchema() && typeof value === 'object') {
    return mapValues(value, (item) => toJson(schema.getValueSchema(), item));
  }
  if (value instanceof Date) return writeTimestamp(schema, value, 'epoch-seconds');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}

/** @throws AwsError SerializationException, as the services answer a body that is not JSON. */
export function parseJson(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError('SerializationException', 400, 'The body is not JSON.');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function mapValues(value: object, change: (item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
