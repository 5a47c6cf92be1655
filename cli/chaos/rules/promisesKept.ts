import type { Backup } from '../../../recovery/ports.ts';
import type { HistoryRecord } from '../record.ts';
import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '3: a promise that was kept is closed';

/**
 * In the end no backup still promises to recreate a connector that is there again: should a person delete it one day, the product would bring
 * it back. Judged only where the connector was at rest for the whole bound after the faults.
 */
export function promisesKept({ name, truth, record, settings, backups }: Casebook): readonly BrokenRule[] {
  const { end } = truth;
  if (end.state !== 'RUNNING' || record.endMs < record.faultsEndMs + record.boundMs) return [];
  const waited = record.endMs - settings.policy.waits.verifySeconds * 1000;
  if (truth.states.some(({ atMs }) => atMs > Math.min(waited, record.faultsEndMs + record.boundMs / 2))) return [];
  if (end.journal === undefined || hasRecovery(end.journal)) return [];
  return end.backups.flatMap(({ key, text }) => {
    const backup = read(text);
    const stored = backups.filter(({ call }) => call.input['Key'] === key);
    // One that was stored minutes after it was sent comes behind whoever took over and closed what there was.
    if (stored.some(({ call }) => call.sent !== undefined)) return [];
    if (isForgotten(record, name, stored[0]?.call.atMs ?? record.startMs)) return [];
    if (backup === undefined || backup.closed !== undefined || backup.arn === end.arn) return [];
    return [{ rule, connector: name, atMs: record.endMs, what: `${key} is still open` }];
  });
}

/** A journal that was put back to an older one knows of no promise made since, and nothing calls for a look at a connector that is well. */
function isForgotten({ hits }: HistoryRecord, name: string, sinceMs: number): boolean {
  return hits.some((hit) => hit.kind === 'journal-rolled-back' && hit.connector === name && hit.atMs >= sinceMs);
}

function hasRecovery(journal: string): boolean {
  try {
    const value: unknown = JSON.parse(journal);
    return typeof value !== 'object' || value === null || 'recovery' in value;
  } catch {
    return true;
  }
}

function read(text: string): Partial<Backup> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
