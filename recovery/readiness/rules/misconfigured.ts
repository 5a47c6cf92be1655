import type { Rule } from '../rule.ts';

const leadsTo: Readonly<Record<string, string>> = {
  kind: 'its signs of life are read as those of another kind of connector',
  connectVersion: 'the remedies of another version are tried: on 2.7.1 a restart leaves the tasks as they are',
  executionRoleArn: 'the function may not pass the role on: a recreation would be refused after the deletion',
  logGroup: 'the log that is looked at is not the one that it writes',
};

export const misconfigured: Rule = {
  name: 'configured-otherwise',
  what: 'connectors.json says otherwise than the live connector: its kind, Connect version, execution role or log group',
  severities: ['harms'],
  reason: 'the product watches and recovers what is written there, not what runs',
  cure: 'mend the entry in connectors.json (`npm run capture -- NAME` says what differs) and deploy',
  needs: [],
  sources: ['https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeConnector.html'],
  judge({ deployed }) {
    return (deployed?.misconfigured ?? []).map(({ field, kept, live }) => ({
      rule: misconfigured.name,
      severity: 'harms' as const,
      where: `connectors.json: ${field}`,
      found: `it says ${kept ?? 'nothing'}, and the connector ${live ?? 'has none'}`,
      leadsTo: leadsTo[field] ?? misconfigured.reason,
      cure: misconfigured.cure,
      affects: ['restart', 'recreation'] as const,
    }));
  },
};
