import { AwsError } from '../../../local/aws/awsError.ts';
import { readCreateRequest } from '../../../local/connect/createRequest.ts';
import { bodyOf, broken, lastSeen, same } from './casebook.ts';
import type { BrokenRule, Casebook, Deed, WrittenBackup } from './casebook.ts';

const rule = '1: nothing is deleted without a config to recreate it from and a backup';

/**
 * Before each deletion that was carried out the product had stored, and MSK Connect's own reading of a create request would take:
 * a backup that names the ARN and version and is still open, and a journal with the same intent. The request is what the saved config held.
 */
export function backupBeforeDeletion(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'delete' || !deed.call.carriedOut) return [];
    const fault = faultOf(book, deed);
    return fault === undefined ? [] : [broken(rule, book, deed.call, fault)];
  });
}

function faultOf(book: Casebook, deed: Deed): string | undefined {
  const { connectorArn: arn, currentVersion: version } = deed.call.input;
  const { index } = deed.decided;
  const backup = newestBackupOf(book, deed);
  if (backup === undefined) return 'no backup of that connector was stored before';
  if (backup.version !== version) return `the backup is of version ${backup.version}`;
  if (backup.closed !== undefined) return 'the backup had been closed before';
  const journal = book.journals.findLast((one) => one.call.index < index)?.journal;
  const intent = journal?.recovery?.acts.findLast((act) => act.kind === 'delete' && act.arn === arn);
  if (journal?.recovery === undefined || intent?.kind !== 'delete') return 'the journal does not name the deletion';
  if (journal.recovery.id !== backup.recoveryId) return 'journal and backup name different recoveries';
  if (!same(intent.recreateFrom, backup.recreateFrom)) return 'journal and backup would recreate it differently';
  try {
    readCreateRequest(backup.recreateFrom);
  } catch (error) {
    if (error instanceof AwsError) return `CreateConnector would refuse what the backup holds: ${error.message}`;
    throw error;
  }
  if (backup.recreateFrom.connectorName !== book.name) return 'it would be recreated under another name';
  return sameAsSaved(book, deed, backup.recreateFrom) ? undefined : 'the intent is not what the saved config held';
}

function newestBackupOf({ backups }: Casebook, { call, decided }: Deed): WrittenBackup['backup'] | undefined {
  return backups.findLast((one) => one.call.index < decided.index && one.backup.arn === call.input['connectorArn'])
    ?.backup;
}

function sameAsSaved({ settings, record }: Casebook, deed: Deed, request: unknown): boolean {
  const { bucket = record.bucket, key } = settings.savedConfig;
  const read = lastSeen(deed, 'GetObject', ({ input }) => input['Bucket'] === bucket && input['Key'] === key);
  if (read?.output === undefined) return false;
  try {
    const saved: unknown = JSON.parse(bodyOf(read.output['Body']));
    // The owner asks for a worker configuration that pins the default offsets topic: it stands in the place of the one that was saved.
    const pins = settings.policy.offsets === 'pin-default-topic';
    return same(pins ? unpinned(saved) : saved, pins ? unpinned(request) : request);
  } catch {
    return false;
  }
}

function unpinned(request: unknown): unknown {
  if (typeof request !== 'object' || request === null) return request;
  return Object.fromEntries(Object.entries(request).filter(([field]) => field !== 'workerConfiguration'));
}
