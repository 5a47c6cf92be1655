import { parentPort } from 'node:worker_threads';
import type { Compared } from '../compareOptions.ts';
import type { RunResult } from '../manyRuns.ts';
import { planOf } from '../plan.ts';
import type { CompareDeployment } from './deployment.ts';
import { mskRun } from './mskRun.ts';
import { selfManagedRun } from './selfManagedRun.ts';

/** What a thread is given: one seed after the other. */
export interface Task {
  readonly compared: Compared;
  readonly deployment: CompareDeployment;
  readonly seed: number;
}

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

async function run({ compared, deployment, seed }: Task): Promise<RunResult> {
  try {
    const plan = planOf(compared, seed);
    // One after the other: each has the thread's time for itself, and both the same moment of failure in it.
    return {
      kind: 'ran',
      seed,
      results: [await mskRun(deployment, plan), await selfManagedRun(deployment.connector, plan)],
    };
  } catch (error) {
    return { kind: 'failed', seed, reason: error instanceof Error ? error.message : String(error) };
  }
}

pointNowhere();
parentPort?.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin; a window's has
  void run(task).then((result) => parentPort?.postMessage(result));
});
