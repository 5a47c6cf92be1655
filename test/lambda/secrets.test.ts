import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanReason, plainSecrets } from '../../lambda/cleanText.ts';

/** As people choose them, and as generators do: with what JSON, URLs, properties files and patterns give a meaning. */
const secret = fc
  .string({
    minLength: 6,
    maxLength: 24,
    unit: fc.constantFrom(...Array.from('abcXYZ019$&+.*?^(){}[]|/\\"\'%#@!:;,<>=~-_ ')),
  })
  .map((text) => text.trim())
  // A reference is no secret, and one that is made of nothing but marks is found in every text.
  .filter((text) => text.length >= 6 && /[a-zA-Z0-9]{2}/.test(text) && !text.includes('${'));

const keysOfSecrets = [
  'database.password',
  'schema.history.internal.producer.ssl.truststore.password',
  'value.converter.basic.auth.user.info',
  'ssl.keystore.key',
  'aws.secret.access.key',
  'confluent.api.key',
  'token',
];

/** How services, drivers and Kafka Connect repeat what they were given. */
const repeated: readonly (readonly [how: string, say: (key: string, value: string) => string])[] = [
  ['as it is', (_key, value) => `Access denied for ${value} (using password: YES)`],
  ['at the end', (_key, value) => `login failed with ${value}`],
  ['as a ConfigException', (key, value) => `Invalid value ${value} for configuration ${key}: must not be used`],
  ['in a JSON text', (key, value) => `could not parse ${JSON.stringify({ [key]: value })}`],
  ['as a JSON text within another', (key, value) => JSON.stringify(JSON.stringify({ [key]: value }))],
  ['as a line of properties', (key, value) => `${key}=${value}`],
  [
    'in the query of an address',
    (_key, value) => `no driver for jdbc:x://h/d?user=a&password=${encodeURIComponent(value)}`,
  ],
  ['in an address', (_key, value) => `unreachable: mongodb://cdc:${encodeURIComponent(value)}@shop.example/x`],
  ['twice', (_key, value) => `${value} is not ${value}`],
];

test.each(repeated)('a secret that a service repeats %s is blanked out', (_how, say) => {
  fc.assert(
    fc.property(secret, fc.constantFrom(...keysOfSecrets), (value, key) => {
      const configuration = { 'connector.class': 'a.b.C', [key]: value, 'topic.prefix': 'shop' };
      const clean = cleanReason(say(key, value), configuration);
      expect(clean).not.toContain(value);
      expect(clean).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(clean).not.toContain(encodeURIComponent(value));
      expect(plainSecrets(configuration)).toEqual([key]);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('a login module repeats its password in no form', () => {
  fc.assert(
    fc.property(
      secret.filter((text) => !/["'\\]/.test(text)),
      (value) => {
        const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="cdc" password="${value}";`;
        const configuration = { 'schema.history.internal.producer.sasl.jaas.config': login };
        for (const text of [
          `Invalid value ${login} for x`,
          JSON.stringify({ a: login }),
          `password="${value}" was refused`,
          `refused ${value} again`,
        ]) {
          expect(cleanReason(text, configuration)).not.toContain(value);
        }
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});
