import type { Rule } from '../rule.ts';

export const shutOut: Rule = {
  name: 'role-shuts-out',
  what: 'the execution role trusts this one connector by its full ARN',
  severities: ['blocks'],
  reason:
    'a recreated connector has another ARN, may not take the role, and comes back FAILED, after the deletion went through',
  cure: 'end the ARN in the trust policy with a wildcard, under ArnLike: `arn:aws:kafkaconnect:REGION:ACCOUNT:connector/NAME/*`',
  needs: ['iam:GetRole'],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN',
  ],
  judge({ deployed }) {
    const fact = deployed?.shutOutBy;
    if (fact === undefined) return [];
    const common = {
      rule: shutOut.name,
      where: 'serviceExecutionRoleArn',
      leadsTo: shutOut.reason,
      cure: shutOut.cure,
      affects: ['recreation'],
    } as const;
    if (fact.kind === 'unknown') {
      const found = 'whom the execution role trusts is not known';
      return [{ ...common, severity: 'cannot-tell', found, needs: fact.needs }];
    }
    if (fact.value.length === 0) return [];
    return [{ ...common, severity: 'blocks', found: fact.value.join('; ') }];
  },
};
