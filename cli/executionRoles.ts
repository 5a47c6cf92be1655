import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { FactsWorld } from '../lambda/readinessFacts.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';
import { known, unknown } from '../recovery/readiness/subject.ts';
import { shutsOut } from '../recovery/readiness/trustPolicy.ts';

/**
 * Reads whom execution roles trust, with the caller's own rights (iam:GetRole).
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html — the trust policy comes percent-encoded
 */
export function executionRoles(client: IAMClient): FactsWorld['shutOutBy'] {
  return async (roleArn, connectorArn) => {
    // A role's path is part of its ARN and not of its name.
    const name = roleArn.split('/').at(-1) ?? '';
    try {
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName: name }));
      const text = role?.AssumeRolePolicyDocument;
      if (text === undefined) return unknown(`the trust policy of ${roleArn}`);
      return known(shutsOut(JSON.parse(decodeURIComponent(text)), connectorArn));
    } catch (error) {
      if (failureOf(error).name === 'NoSuchEntityException') return known([`the role ${roleArn} does not exist`]);
      const failure = portError('GetRole', error);
      if (failure.code === 'throttled' || failure.code === 'unavailable') throw failure;
      return unknown(`iam:GetRole on ${roleArn}`);
    }
  };
}
