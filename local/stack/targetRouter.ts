import type { LocalService } from '../aws/service.ts';
import { AwsError } from '../aws/awsError.ts';
import type { LocalClock } from '../clock.ts';
import { TargetError, type DeliverToTarget } from '../events/targets.ts';
import type { LambdaService } from '../functions/lambdaService.ts';
import type { MessageQueue } from '../functions/messageQueue.ts';
import type { KeptResource } from './resource.ts';

export interface RoutedServices {
  readonly clock: LocalClock;
  readonly sns: LocalService;
  readonly lambda: LambdaService;
  readonly queues: ReadonlyMap<string, MessageQueue>;
  readonly kept: readonly KeptResource[];
}

/** Puts a message into a queue or on a topic, by ARN. @throws AwsError when there is none */
export async function sendTo(
  arn: string,
  message: { readonly body: string; readonly attributes: Readonly<Record<string, string>> },
  services: Pick<RoutedServices, 'clock' | 'queues' | 'sns'>,
): Promise<void> {
  if (arn.startsWith('arn:aws:sns:')) {
    await services.sns.call('Publish', { TopicArn: arn, Message: message.body });
    return;
  }
  const queue = services.queues.get(arn);
  if (queue === undefined) throw new AwsError('QueueDoesNotExist', 400, `There is no queue ${arn}.`);
  queue.send({ ...message, sentAtMs: services.clock.now() });
}

/**
 * Carries what rules and schedules give to their targets: functions (asynchronously, as on AWS), topics, queues.
 * A rule needs the function's own permission, a schedule a role that the scheduler may take on.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function targetRouter(services: RoutedServices): DeliverToTarget {
  const { lambda, kept } = services;
  return async (arn, payload, { principal, sourceArn, roleArn }) => {
    if (roleArn !== undefined && !kept.some((it) => it.arn === roleArn && trusts(it, principal))) {
      throw new TargetError('ACCESS_DENIED', `${principal} may not take on the role ${roleArn}.`, false);
    }
    try {
      if (!arn.startsWith('arn:aws:lambda:')) {
        await sendTo(arn, { body: payload, attributes: {} }, services);
        return;
      }
      if (roleArn === undefined && !lambda.mayInvoke(arn, principal, sourceArn)) {
        throw new TargetError('NO_PERMISSIONS', `${arn} does not let ${principal} invoke it for ${sourceArn}.`, false);
      }
      lambda.invokeLater(arn, payload);
    } catch (error) {
      if (error instanceof AwsError) throw new TargetError(error.code, error.message, error.status >= 500);
      throw error;
    }
  };
}

/** Whether a role's trust policy names that service. */
function trusts(role: KeptResource, principal: string): boolean {
  return (
    role.type === 'AWS::IAM::Role' &&
    JSON.stringify(role.properties['AssumeRolePolicyDocument'] ?? {}).includes(`"${principal}"`)
  );
}
