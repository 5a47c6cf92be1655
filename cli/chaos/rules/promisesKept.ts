import type { Backup } from '../../../recovery/ports.ts';
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
  // Whose journal was put back to an older one knows of no promise, and looks again only when something is wrong; and where somebody took the
  // newest backup away an older one shows.
  if (
    record.hits.some(
      ({ kind, connector }) => (kind === 'journal-rolled-back' || kind === 'backup-gone') && connector === name,
    )
  )
    return [];
  // Only the newest is ever read; its key begins with its time.
  return end.backups
    .toSorted((a, b) => (a.key < b.key ? 1 : -1))
    .slice(0, 1)
    .flatMap(({ key, text }) => {
      const backup = read(text);
      // One that was stored minutes after it was sent comes behind whoever took over and closed what there was.
      if (backups.some(({ call }) => call.input['Key'] === key && call.sent !== undefined)) return [];
      if (backup === undefined || backup.closed !== undefined || backup.arn === end.arn) return [];
      return [{ rule, connector: name, atMs: record.endMs, what: `${key} is still open` }];
    });
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
