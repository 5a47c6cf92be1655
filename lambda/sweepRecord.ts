import * as v from 'valibot';
import type { Sweep } from '../recovery/ports.ts';
import { keys } from '../settings/environment.ts';
import type { Objects } from '../store/objects.ts';

/** When the sweep last did all of its work, and when it last compared the account with the configured connectors. */
export interface SweepRecord {
  readonly at: string;
  readonly comparedAt?: string;
}

const shape = v.object({ at: v.string(), comparedAt: v.optional(v.string()) });

/** The record of the last sweep; one that cannot be read is none, and the next sweep writes it anew. @throws PortError */
export async function readSweepRecord(objects: Objects): Promise<SweepRecord | undefined> {
  const found = await objects.read(keys.sweep);
  if (found.kind !== 'read') return undefined;
  try {
    const { at, comparedAt } = v.parse(shape, JSON.parse(found.text));
    return { at, ...(comparedAt === undefined ? {} : { comparedAt }) };
  } catch {
    return undefined;
  }
}

/** @throws PortError */
export async function writeSweepRecord(objects: Objects, record: SweepRecord): Promise<void> {
  await objects.write(keys.sweep, JSON.stringify(record));
}

/** The port Sweep. */
export function s3Sweep(objects: Objects): Sweep {
  return { lastSeenAt: async () => (await readSweepRecord(objects))?.at };
}
