import { blankSecrets } from '../secrets.ts';
import type { Subject } from './subject.ts';

type Configuration = Readonly<Record<string, string>>;

/** The value of a key without the blanks around it; `undefined` where it is absent or blank, which Connect and Debezium treat alike. */
export function valueOf(configuration: Configuration, key: string): string | undefined {
  const value = configuration[key]?.trim();
  return value === '' ? undefined : value;
}

/**
 * A boolean as Debezium reads it: any case, blanks around it ignored, anything else counts as absent.
 * @see https://github.com/debezium/debezium/blob/v2.7.4.Final/debezium-core/src/main/java/io/debezium/config/Configuration.java — `getBoolean`
 */
export function booleanOf(configuration: Configuration, key: string): boolean | undefined {
  const value = valueOf(configuration, key)?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** A comma-separated list, without blanks and empty entries. */
export function listOf(configuration: Configuration, key: string): readonly string[] {
  return (valueOf(configuration, key) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * The config providers that a value refers to: `env` in `${env:CDC_PASSWORD}`. `${topic}` refers to none.
 * @see https://github.com/apache/kafka/blob/3.7/clients/src/main/java/org/apache/kafka/common/config/ConfigTransformer.java — `DEFAULT_PATTERN`
 */
export function providersOf(value: string): readonly string[] {
  return [...value.matchAll(/\$\{([^}:]*):[^}]*\}/g)].map(([, provider]) => provider ?? '');
}

/** Keys of the configuration that hold references, with the providers they name, sorted by key. */
export function references(subject: Subject): readonly { readonly key: string; readonly provider: string }[] {
  return Object.keys(subject.configuration)
    .toSorted()
    .flatMap((key) => providersOf(subject.configuration[key] ?? '').map((provider) => ({ key, provider })));
}

/** A value as it may be shown: one line, short, without control characters and what has the form of a secret. Never of a key that may hold one. */
export function shownValue(value: string): string {
  const line = blankSecrets(value)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
