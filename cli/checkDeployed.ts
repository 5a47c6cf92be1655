import type { IAMClient } from '@aws-sdk/client-iam';
import type { Clients } from '../lambda/clients.ts';
import { bucketObjects } from '../store/objects.ts';
import { stackFacts } from '../lambda/readinessCheck.ts';
import { gatherFacts } from '../lambda/readinessFacts.ts';
import { s3SavedConfigs, savedPlaces } from '../lambda/savedConfigs.ts';
import { s3Sweep } from '../lambda/sweepRecord.ts';
import type { SavedConfigs } from '../recovery/ports.ts';
import { judgeDeployed } from '../recovery/readiness/gathered.ts';
import type { Judgement } from '../recovery/readiness/judge.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { executionRoles } from './executionRoles.ts';

/** What is checked. */
export interface DeployedRequest {
  readonly connectors: readonly ConnectorSettings[];
  /** The stack's bucket; absent: what lies there is not known. */
  readonly bucket?: string;
  readonly now: Instant;
}

/**
 * Judges every connector of `connectors.json` as it is deployed, with the caller's own rights. Changes nothing.
 * What could not be read is a finding, never an exception.
 */
export async function checkDeployed(
  { connectors, bucket, now }: DeployedRequest,
  clients: Pick<Clients, 'kafkaConnect' | 's3' | 'cloudWatch' | 'logs'> & { readonly iam: IAMClient },
): Promise<readonly Judgement[]> {
  const open = (name: string) => bucketObjects(clients.s3, name);
  const gathered = await gatherFacts(
    {
      connectors,
      kafkaConnect: clients.kafkaConnect,
      cloudWatch: clients.cloudWatch,
      logs: clients.logs,
      savedConfigs: bucket === undefined ? elsewhereOnly(connectors, open) : kept(connectors, bucket, open),
      shutOutBy: executionRoles(clients.iam),
      acceptCommand: (name) => `npm run capture -- ${name} --overwrite`,
    },
    now,
  );
  const sweep = bucket === undefined ? { lastSeenAt: () => Promise.resolve(undefined) } : s3Sweep(open(bucket));
  const stack = await stackFacts(sweep, connectors, now);
  const unread = { unread: 'the bucket of the stack is not named' };
  return judgeDeployed(gathered, bucket === undefined ? { ...stack, sweepSeenAt: unread } : stack);
}

type Open = (bucket: string) => ReturnType<typeof bucketObjects>;

function kept(connectors: readonly ConnectorSettings[], bucket: string, open: Open): Pick<SavedConfigs, 'read'> {
  return s3SavedConfigs(savedPlaces(connectors, open(bucket), open), open(bucket));
}

/** Without the stack's bucket only those that are saved in a bucket of the user's can be read. */
function elsewhereOnly(connectors: readonly ConnectorSettings[], open: Open): Pick<SavedConfigs, 'read'> {
  return {
    read(name) {
      const { bucket, key = '' } = connectors.find((one) => one.name === name)?.savedConfig ?? {};
      if (bucket !== undefined) return kept(connectors, bucket, open).read(name);
      const reason = 'the bucket of the stack is not named (--bucket, or RECOVERY_BUCKET)';
      return Promise.resolve({ kind: 'unreadable', reason, place: key });
    },
  };
}
