import { cannotTell } from '../cannotTell.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Fact } from '../subject.ts';

/** Rule 1 of the house: nothing is deleted without something to create it from. */
export const savedConfig: Rule = {
  name: 'saved-config',
  what: 'no saved config, or one that could not be created',
  severities: ['blocks'],
  reason: 'Nothing is deleted unless a valid configuration to create it from is in hand',
  cure: '`npm run capture -- NAME` while it is healthy; the function captures it by itself when it finds it alive and none there',
  needs: [],
  sources: ['https://docs.aws.amazon.com/MSKC/latest/mskc/API_CreateConnector.html'],
  judge: ({ deployed }) => {
    const saved = deployed?.saved;
    if (saved === undefined || saved.kind === 'valid') return [];
    const finding = {
      rule: 'saved-config',
      where: saved.place,
      cure: savedConfig.cure,
      affects: ['recreation'] as const,
    };
    const leadsTo = 'a recreation is refused';
    switch (saved.kind) {
      case 'missing':
        return [{ ...finding, severity: 'blocks', found: 'there is no saved config', leadsTo }];
      case 'invalid':
        return [
          { ...finding, severity: 'blocks', found: `the saved config is broken: ${saved.faults.join(' ')}`, leadsTo },
        ];
      case 'unreadable':
        return [
          cannotTell({
            rule: 'saved-config',
            where: saved.place,
            whether: 'whether the saved config could be created',
            leadsTo,
            needs: `to read it (${saved.reason})`,
            cure: 'the right to read it, or another try',
            affects: ['recreation'],
          }),
        ];
    }
  },
};

/** What would be created is not what runs. */
export const savedDrift: Rule = {
  name: 'saved-drift',
  what: 'a saved config that differs from the live connector',
  severities: ['blocks', 'harms'],
  reason:
    'Nobody knows which of the two is meant: a recreation is refused, unless the policy says `recreate-from-saved`; then it takes back what was changed since. A restart stays allowed',
  cure: 'accept the live one with the command that is named, or bring the connector back to the saved one',
  needs: [],
  sources: ['https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeConnector.html'],
  judge: ({ deployed }) => {
    if (deployed === undefined || deployed.drift.length === 0) return [];
    const shown = deployed.differences?.map(
      ({ field, kept, live }) => `${field}: saved ${kept ?? 'nothing'}, live ${live ?? 'nothing'}`,
    );
    const goesBack = deployed.onDrift === 'recreate-from-saved';
    return [
      {
        rule: 'saved-drift',
        severity: goesBack ? 'harms' : 'blocks',
        where: deployed.saved.place,
        found: `the saved config differs from the live connector: ${(shown ?? deployed.drift).join('; ')}`,
        leadsTo: goesBack
          ? 'a recreation goes back to the saved config, as the policy says: what was changed since is lost'
          : 'a recreation is refused, for nobody knows which of the two is meant',
        cure: deployed.acceptCommand === undefined ? savedDrift.cure : `accept the live one: ${deployed.acceptCommand}`,
        affects: ['recreation'],
      },
    ];
  },
};

/** What a recreation would be made of is not there any more. */
export const goneRevision: Rule = {
  name: 'gone-revision',
  what: 'a plugin or worker configuration, or its revision, that is gone',
  severities: ['blocks'],
  reason: 'CreateConnector refuses it, after the deletion went through',
  cure: 'create it again, name another in the saved config, and try it beside the one that runs',
  needs: ['kafkaconnect:DescribeCustomPlugin', 'kafkaconnect:DescribeWorkerConfiguration'],
  sources: [
    'https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeCustomPlugin.html',
    'https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeWorkerConfiguration.html',
  ],
  judge: ({ deployed }) =>
    deployed === undefined
      ? []
      : [...gone('plugins', deployed.gonePlugins), ...gone('workerConfiguration', deployed.goneWorkerConfigurations)],
};

function gone(where: string, fact: Fact<readonly string[]>): Finding[] {
  const leadsTo = 'a recreation would be refused, after the deletion went through';
  if (fact.kind === 'unknown') {
    return [
      cannotTell({
        rule: 'gone-revision',
        where,
        whether: `whether its ${where} are still there`,
        leadsTo,
        needs: fact.needs,
        cure: 'the right to describe it; docs/permissions.md lists those that a check needs',
        affects: ['recreation'],
      }),
    ];
  }
  return fact.value.map((what) => ({
    rule: 'gone-revision',
    severity: 'blocks',
    where,
    found: what,
    leadsTo,
    cure: goneRevision.cure,
    affects: ['recreation'],
  }));
}

/** The function may not hand the connector its role. */
export const passRole: Rule = {
  name: 'pass-role',
  what: 'an execution role that the function may not pass on',
  severities: ['blocks'],
  reason: 'CreateConnector is refused for want of iam:PassRole, after the deletion went through',
  cure: 'executionRoleArn in connectors.json as the connector has it, and deploy',
  needs: [],
  sources: ['https://docs.aws.amazon.com/msk/latest/developerguide/mkc-iam-policy-examples.html'],
  judge: ({ deployed }) => {
    const fact = deployed?.mayPassRole;
    if (fact === undefined) return [];
    const leadsTo = 'a recreation would be refused, after the deletion went through';
    const where = 'serviceExecutionRoleArn';
    if (fact.kind === 'unknown') {
      const whether = 'whether the function may pass the execution role on';
      return [cannotTell({ rule: 'pass-role', where, whether, leadsTo, needs: fact.needs, affects: ['recreation'] })];
    }
    if (fact.value) return [];
    return [
      {
        rule: 'pass-role',
        severity: 'blocks',
        where,
        found: 'the function may not pass this execution role on',
        leadsTo,
        cure: passRole.cure,
        affects: ['recreation'],
      },
    ];
  },
};
