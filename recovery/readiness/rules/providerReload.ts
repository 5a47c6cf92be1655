import { references, valueOf } from '../configuration.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** On MSK Connect a config provider restarts the connector again and again. */
export const providerReload: Rule = {
  name: 'provider-reload',
  what: 'a config provider on MSK Connect without `config.action.reload` = `none`',
  severities: ['harms', 'blocks'],
  reason:
    '“By default, MSK Connect frequently restarts a connector when the connector uses a configuration provider”: again and again it stops, and looks dead or dies',
  cure: 'config.action.reload = none; after a new secret, restart the connector',
  needs: [],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html',
    'https://kafka.apache.org/37/documentation.html#connectconfigs_config.action.reload',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const where = 'config.action.reload';
  const action = valueOf(subject.configuration, where);
  // Exactly so: https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/ConnectorConfig.java
  if (action !== undefined && action !== 'none' && action !== 'restart') {
    return [
      {
        rule: providerReload.name,
        severity: 'blocks',
        where,
        found: `${where} is neither none nor restart, in small letters`,
        leadsTo: 'answered with 400',
        cure: providerReload.cure,
        affects: ['recreation'],
      },
    ];
  }
  if (subject.platform !== 'msk-connect' || action === 'none' || references(subject).length === 0) return [];
  return [
    {
      rule: providerReload.name,
      severity: 'harms',
      where,
      found: `values come from a config provider, and ${where} is ${action ?? 'not set, so restart'}`,
      leadsTo: 'MSK Connect restarts the connector again and again',
      cure: providerReload.cure,
      affects: [],
    },
  ];
}
