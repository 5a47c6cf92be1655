import type { Rule } from '../rule.ts';

export const metricsMissing: Rule = {
  name: 'metrics-missing',
  what: 'a metric that connectors.json counts on showed no datapoint for an hour, though the connector runs',
  severities: ['harms'],
  reason: 'its alarm never calls, and a look misses what that metric would tell: a death may not be noticed',
  cure: 'see whether the exporter publishes it under that name and those dimensions; what it does not publish does not belong in connectors.json',
  needs: ['cloudwatch:GetMetricData'],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html',
    'https://github.com/aws-samples/msk-connect-custom-plugin-jmx',
  ],
  judge({ deployed }) {
    const fact = deployed?.unpublished;
    if (fact === undefined) return [];
    const common = {
      rule: metricsMissing.name,
      leadsTo: metricsMissing.reason,
      cure: metricsMissing.cure,
      affects: [],
    } as const;
    if (fact.kind === 'unknown') {
      const found = 'whether its metrics come is not known';
      return [{ ...common, severity: 'cannot-tell', found, needs: fact.needs }];
    }
    return fact.value.map((metric) => ({
      ...common,
      severity: 'harms' as const,
      where: metric,
      found: 'no datapoint in the last hour',
    }));
  },
};
