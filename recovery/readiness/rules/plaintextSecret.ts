import { holdsSecret, withoutReferences } from '../../secrets.ts';
import { valueOf } from '../configuration.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** A secret stands in the configuration itself. */
export const plaintextSecret: Rule = {
  name: 'plaintext-secret',
  what: 'a password, token or key in plain text where a config provider belongs',
  severities: ['harms', 'blocks'],
  reason:
    'It lies in S3 with the saved config and its backups, and in every description of the connector: DescribeConnector and GET /connectors show it to whoever may look, and DescribeWorkerConfiguration what stands in a worker configuration of MSK Connect',
  cure: 'a config provider in the worker configuration and a reference to it, such as ${secretsmanager:shop/cdc:password}; then another password',
  needs: [],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-297%3A+Externalizing+Secrets+for+Connect+Configurations',
  ],
  judge,
};

function judge({ platform, configuration, facts: { workerProperties } }: Subject): Finding[] {
  // Who runs workers himself keeps their properties in a file of theirs, which no API shows.
  const worker = platform === 'msk-connect' && workerProperties.kind === 'known' ? workerProperties.value : {};
  return [
    ...secretsIn(configuration),
    ...Object.keys(worker)
      .toSorted()
      .filter((key) => holdsSecret(key, valueOf(worker, key) ?? ''))
      .map((key): Finding => ({
        rule: plaintextSecret.name,
        severity: 'harms',
        where: `worker configuration: ${key}`,
        found: `${key} of the worker configuration holds a secret in plain text`,
        leadsTo: 'DescribeWorkerConfiguration shows it to whoever may look',
        cure: 'another worker configuration with a config provider and a reference to it; then another password',
        affects: [],
      })),
  ];
}

function secretsIn(configuration: Subject['configuration']): Finding[] {
  return Object.keys(configuration)
    .toSorted()
    .flatMap((key): Finding[] => {
      const value = valueOf(configuration, key);
      if (value === undefined || !holdsSecret(key, value)) return [];
      // Another tool's placeholder: Connect replaces only `${provider:path:key}` and takes this as the secret itself.
      if (/^\$\{[^}:]*\}$|^\$\w+$|^\{\{.*\}\}$|^<[^>]*>$/.test(withoutReferences(value))) {
        return [
          {
            rule: plaintextSecret.name,
            severity: 'blocks',
            where: key,
            found: `${key} is a placeholder that Kafka Connect does not replace`,
            leadsTo: 'taken as it stands: the login fails, and the task dies',
            cure: 'a reference with provider, path and key: ${provider:path:key}, or ${env:NAME}',
            affects: ['restart', 'recreation'],
          },
        ];
      }
      return [
        {
          rule: plaintextSecret.name,
          severity: 'harms',
          where: key,
          found: `${key} holds a secret in plain text`,
          leadsTo: 'it lies in S3 and in every description of the connector',
          cure: plaintextSecret.cure,
          affects: [],
        },
      ];
    });
}
