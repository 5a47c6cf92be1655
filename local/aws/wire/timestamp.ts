import type { NormalizedSchema } from '@smithy/core/schema';

type Format = 'date-time' | 'http-date' | 'epoch-seconds';

/** The schema's own format where it names one: 5, 6 and 7 in @smithy/types, schema/sentinels.d.ts. */
const formats = new Map<unknown, Format>([
  [5, 'date-time'],
  [6, 'http-date'],
  [7, 'epoch-seconds'],
]);

/** A timestamp in the format of its schema, or of the place where it stands. */
export function writeTimestamp(schema: NormalizedSchema, value: Date, otherwise: Format): string | number {
  const format = formats.get(schema.getSchema()) ?? otherwise;
  if (format === 'epoch-seconds') return value.getTime() / 1000;
  return format === 'http-date' ? value.toUTCString() : value.toISOString();
}

/** Reads any of the three formats: a number (also as text) is seconds since the epoch. */
export function readTimestamp(value: unknown): Date {
  const seconds = Number(value);
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : new Date(String(value));
}
