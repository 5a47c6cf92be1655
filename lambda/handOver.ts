import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Recorder } from '../recovery/ports.ts';
import { portError } from '../tell/awsErrors.ts';
import { callsAtOnce, inBatches } from '../store/inBatches.ts';
import type { HandOver } from './sweepPlan.ts';

/**
 * Gives each connector an invocation of its own, asynchronously.
 * @throws AggregateError what kept it from handing a connector over, after all others were
 */
export async function handOver(
  plan: readonly HandOver[],
  {
    lambda,
    functionArn,
    recorder,
  }: { readonly lambda: LambdaClient; readonly functionArn: string; readonly recorder: Recorder },
): Promise<void> {
  const failures = await inBatches(plan, callsAtOnce, async (one) => {
    try {
      await lambda.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify({ source: 'connector-recovery.look', ...one })),
        }),
      );
      return undefined;
    } catch (error) {
      recorder.note('not-handed-over', { connector: one.connector, reason: portError('Invoke', error).message });
      return error;
    }
  });
  const failed = failures.filter((failure) => failure !== undefined);
  if (failed.length > 0) {
    throw new AggregateError(failed, `${failed.length} of ${plan.length} connectors could not be handed over.`);
  }
}
