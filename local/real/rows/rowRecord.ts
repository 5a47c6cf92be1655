/**
 * The id of the row whose insertion a Debezium record tells of; `undefined` for records that tell of something else: a later change, a
 * deletion and its tombstone. A row read by a snapshot counts as inserted.
 * @param key and value as Kafka Connect's JSON converter writes them, with or without schemas, enveloped or unwrapped
 *   (https://debezium.io/documentation/reference/2.7/connectors/mysql.html#mysql-change-event-values)
 */
export function insertedRow(key: Uint8Array | null, value: Uint8Array | null): number | undefined {
  const payload = payloadOf(value);
  if (payload === undefined) return undefined;
  const enveloped = 'op' in payload;
  if (enveloped && payload['op'] !== 'c' && payload['op'] !== 'r') return undefined;
  const row = enveloped ? payload['after'] : payload;
  const id = payloadOf(key)?.['id'] ?? (isFields(row) ? row['id'] : undefined);
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

function payloadOf(bytes: Uint8Array | null): Readonly<Record<string, unknown>> | undefined {
  if (bytes === null || bytes.length === 0) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (!isFields(document)) return undefined;
  if (!('schema' in document && 'payload' in document)) return document;
  return isFields(document['payload']) ? document['payload'] : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
