import { parentPort, workerData } from 'node:worker_threads';
import type { Deployment } from './deployments.ts';
import { type RecoveryFigures, recoveryRun } from './recoveryRun.ts';

/** What this thread is given. */
export interface Share {
  readonly runs: readonly { readonly deployment: Deployment; readonly seed: number }[];
  readonly longestTravelMs: number;
}

/** What it says after each run. */
export type Said =
  | { readonly kind: 'recovered'; readonly figures: RecoveryFigures }
  | { readonly kind: 'failed'; readonly seed: number; readonly remedy: string; readonly reason: string };

/**
 * The SDK's clients take their place and credentials from the environment, as in Lambda. The endpoint is never contacted; an address in it
 * makes S3 name the bucket in the path.
 */
function pointNowhere(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
}

pointNowhere();
const { runs, longestTravelMs } = workerData as Share;
for (const { deployment, seed } of runs) {
  let said: Said;
  try {
    // oxlint-disable-next-line no-await-in-loop -- each run has the thread's time for itself
    said = { kind: 'recovered', figures: await recoveryRun(deployment, { seed, longestTravelMs }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    said = { kind: 'failed', seed, remedy: deployment.remedy, reason };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin; a window's has
  parentPort?.postMessage(said);
}
