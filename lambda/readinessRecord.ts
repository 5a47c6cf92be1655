import * as v from 'valibot';
import { PortError } from '../recovery/ports.ts';
import type { ReadinessRecord } from '../recovery/readiness/record.ts';
import { keys } from '../settings/environment.ts';
import { mostBytes } from '../store/objects.ts';
import type { Objects } from '../store/objects.ts';

const finding = v.object({
  connector: v.string(),
  rule: v.string(),
  severity: v.picklist(['blocks', 'harms', 'improve', 'cannot-tell']),
  where: v.exactOptional(v.string()),
  found: v.string(),
  leadsTo: v.string(),
  cure: v.string(),
  needs: v.exactOptional(v.string()),
  affects: v.array(v.picklist(['restart', 'recreation'])),
  since: v.string(),
});

const told = v.pick(finding, ['connector', 'rule', 'severity', 'where', 'found']);

const shape = v.object({
  schema: v.literal(1),
  checkedAt: v.string(),
  findings: v.array(finding),
  told: v.array(told),
  toldAt: v.exactOptional(v.string()),
  tellingSince: v.exactOptional(v.string()),
});

/** A record with the tag of the version that was read; `undefined` tag: there is none yet. */
export interface StoredRecord {
  readonly record: ReadinessRecord | undefined;
  readonly tag: string | undefined;
}

/** Thirteen findings on each of two hundred connectors are 2 MB; without the record everything would be told again every day. */
const mostRecordBytes = 16 * mostBytes;

/** The record of the last check; one that cannot be understood is none, and is written anew. @throws PortError */
export async function readReadinessRecord(objects: Objects): Promise<StoredRecord> {
  const found = await objects.read(keys.readiness, mostRecordBytes);
  switch (found.kind) {
    case 'missing':
      return { record: undefined, tag: undefined };
    case 'denied':
      throw new PortError('denied', `GetObject ${objects.bucket}/${keys.readiness}: access denied`);
    case 'too-large':
      return { record: undefined, tag: found.tag };
    case 'read':
      return { record: parse(found.text), tag: found.tag };
  }
}

function parse(text: string): ReadinessRecord | undefined {
  try {
    const read = v.safeParse(shape, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/** Compare and swap. @throws PortError */
export function swapReadinessRecord(
  objects: Objects,
  record: ReadinessRecord,
  tag: string | undefined,
): ReturnType<Objects['swap']> {
  return objects.swap(keys.readiness, JSON.stringify(record), tag);
}
