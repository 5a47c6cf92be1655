import type { Rule } from '../rule.ts';

export const logGroupGone: Rule = {
  name: 'log-group-gone',
  what: 'the log group that the worker log is delivered to does not exist',
  severities: ['harms'],
  reason:
    'no commit, no attempt to reconnect and no failure is seen in the log, and a recreation may be refused for it',
  cure: 'create the log group again under that name',
  needs: ['logs:DescribeLogGroups'],
  sources: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-logging.html'],
  judge({ deployed }) {
    const fact = deployed?.logGroupThere;
    if (fact === undefined || (fact.kind === 'known' && fact.value)) return [];
    const common = {
      rule: logGroupGone.name,
      where: 'logDelivery.workerLogDelivery.cloudWatchLogs.logGroup',
      leadsTo: logGroupGone.reason,
      cure: logGroupGone.cure,
      affects: ['recreation'],
    } as const;
    return fact.kind === 'unknown'
      ? [{ ...common, severity: 'cannot-tell', found: 'whether its log group exists is not known', needs: fact.needs }]
      : [{ ...common, severity: 'harms', found: 'its log group does not exist' }];
  },
};
