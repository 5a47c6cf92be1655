import { cannotTell } from '../cannotTell.ts';
import { listOf, references, shownValue, valueOf } from '../configuration.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { atLeast, parseVersion, type Version } from '../version.ts';

const both = ['restart', 'recreation'] as const;

/** The providers that Kafka brings along, and the release that brought each. KIP-297, KIP-632, KIP-887. */
const kafkas: Readonly<Record<string, Version>> = {
  FileConfigProvider: [2, 0],
  DirectoryConfigProvider: [2, 7],
  EnvVarConfigProvider: [3, 5],
};

/** A value refers to a config provider that the workers do not have. */
export const configProviders: Rule = {
  name: 'config-provider',
  what: 'a value that refers to a config provider which the workers do not have',
  severities: ['blocks'],
  reason:
    'A reference to a provider that the worker properties do not configure is left as it stands: the connector logs in with the text `${…}` and is refused',
  cure: 'config.providers and config.providers.NAME.class in the worker configuration',
  needs: ['workerProperties', 'connectVersion'],
  sources: [
    'https://kafka.apache.org/37/documentation.html#connectconfigs_config.providers',
    'https://github.com/apache/kafka/blob/3.7/clients/src/main/java/org/apache/kafka/common/config/ConfigTransformer.java',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-887',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const used = references(subject);
  if (used.length === 0) return [];
  const { workerProperties } = subject.facts;
  if (workerProperties.kind === 'unknown') {
    return [
      cannotTell({
        rule: configProviders.name,
        whether: `whether the workers have the config ${used.length > 1 ? 'providers' : 'provider'} ${[...new Set(used.map(({ provider }) => shownValue(provider)))].join(', ')}`,
        leadsTo: 'a reference that nobody resolves is taken as it stands, and the login fails',
        needs: workerProperties.needs,
        affects: both,
      }),
    ];
  }
  const properties = workerProperties.value;
  const configured = listOf(properties, 'config.providers');
  return [...new Set(used.map(({ provider }) => provider))].flatMap((provider) => {
    const where = used.find((one) => one.provider === provider)?.key ?? '';
    if (!configured.includes(provider)) {
      return [
        blocked(
          where,
          `a value refers to the config provider ${shownValue(provider)}, which config.providers of the workers does not name`,
        ),
      ];
    }
    const name = valueOf(properties, `config.providers.${provider}.class`);
    if (name === undefined) {
      return [
        blocked(
          `config.providers.${provider}.class`,
          `the workers name the config provider ${shownValue(provider)} without its class`,
        ),
      ];
    }
    return tooNew(subject, provider, name);
  });
}

function tooNew(subject: Subject, provider: string, name: string): Finding[] {
  const [, kafka = ''] = /^org\.apache\.kafka\.common\.config\.provider\.(\w+)$/.exec(name) ?? [];
  const since = Object.hasOwn(kafkas, kafka) ? kafkas[kafka] : undefined;
  const { connectVersion } = subject.facts;
  const version = connectVersion.kind === 'known' ? parseVersion(connectVersion.value) : undefined;
  if (since === undefined || atLeast([2, 7], since) || (version !== undefined && atLeast(version, since))) return [];
  const where = `config.providers.${provider}.class`;
  if (version === undefined) {
    return [
      cannotTell({
        rule: configProviders.name,
        where,
        whether: `whether the workers have ${name}, which came with Kafka ${since.join('.')}`,
        leadsTo: 'a worker without it does not start',
        needs: 'connectVersion',
        affects: both,
      }),
    ];
  }
  return [
    blocked(
      where,
      `${shownValue(name)} came with Kafka ${since.join('.')}, and the workers are of ${version.join('.')}`,
    ),
  ];
}

function blocked(where: string, found: string): Finding {
  return {
    rule: configProviders.name,
    severity: 'blocks',
    where,
    found,
    leadsTo: 'the reference is taken as it stands: the login fails, and the task dies',
    cure: configProviders.cure,
    affects: both,
  };
}
