import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanReason } from '../../tell/cleanText.ts';
import { holdsSecret, mayHoldSecret, plainSecrets } from '../../recovery/secrets.ts';

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
  'ssl.keystore.passphrase',
  'database.pwd',
  'database.sslpassword',
  'azure.account.key',
  'http.headers.authorization',
  'config.providers.vault.param.token',
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

/** A letter first and nothing that an address, a login module or a header would have to escape. */
const word = fc.stringMatching(/^zq[0-9a-f]{14}$/);

/** Values in which a secret stands, under keys that name none. */
const holders: readonly (readonly [where: string, key: string, of: (secret: string) => string])[] = [
  ['a query by pwd', 'connection.url', (hidden) => `jdbc:sqlserver://h;user=cdc;pwd=${hidden};encrypt=true`],
  ['a query by password', 'connection.url', (hidden) => `jdbc:mysql://h/d?user=cdc&password=${hidden}`],
  ['an address without a user', 'redis.url', (hidden) => `redis://:${hidden}@cache.example:6379/0`],
  ['an address of Oracle', 'connection.url', (hidden) => `jdbc:oracle:thin:scott/${hidden}@//h.example:1521/shop`],
  ['a quoted one of Oracle', 'connection.url', (hidden) => `jdbc:oracle:oci:scott/"${hidden}"@shop`],
  ['a header', 'http.headers', (hidden) => `Accept: */*, Authorization: Bearer ${hidden}`],
  ['a header without scheme', 'http.headers', (hidden) => `X-Api-Key: ${hidden}|Accept: */*`],
  ['a bare bearer', 'header.value', (hidden) => `Bearer ${hidden}`],
  ['a login module', 'producer.sasl.jaas.config', (hidden) => `x.OAuthLoginModule required clientSecret='${hidden}';`],
];

test.each(holders)('a secret in %s is known, found and blanked out', (_where, key, of) => {
  fc.assert(
    fc.property(word, (planted) => {
      const configuration = { 'topic.prefix': 'shop', [key]: of(planted) };
      expect(plainSecrets(configuration)).toEqual([key]);
      expect(holdsSecret(key, of(planted))).toBe(true);
      expect(cleanReason(`no route to ${of(planted)}, says ${planted}`, configuration)).not.toContain(planted);
      // Of an error that nobody can lay beside a configuration.
      expect(cleanReason(`refused: ${of(planted)}`)).not.toContain(planted);
      expect(cleanReason(JSON.stringify({ url: of(planted) }))).not.toContain(planted);
    }),
    { numRuns: 50, seed: 5 },
  );
});

test.each(['x@', 'x/', 'x@y@'])('a password of an address may have %s in it as it is', (before) => {
  const configuration = { uri: `mongodb://cdc:${before}geheim@h.example/d` };
  expect(plainSecrets(configuration)).toEqual(['uri']);
  expect(cleanReason(`no route to ${configuration.uri} as ${before}geheim`, configuration)).not.toContain('geheim');
});

test('a password of SQL Server may have blanks', () => {
  const configuration = { 'connection.url': 'jdbc:sqlserver://h;user=cdc;password=gar geheim;encrypt=true' };
  const clean = cleanReason(`no ${configuration['connection.url']} as cdc with gar geheim`, configuration);
  expect(clean).toBe('no jdbc:sqlserver://h;user=cdc;password=***;encrypt=true as cdc with ***');
});

test('whatever a person is told of as a secret is hidden, too', () => {
  const part = fc.constantFrom(
    'ssl',
    'database',
    'pass',
    'password',
    'pwd',
    'passphrase',
    'api_key',
    'keyfile',
    'token',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), word, (words, value) => {
      const key = words.join('.');
      fc.pre(holdsSecret(key, value));
      expect(mayHoldSecret(key, value)).toBe(true);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test.each([
  ['an address without a login', 'connection.url', 'jdbc:oracle:thin:@//h.example:1521/shop'],
  ['a registry with a port', 'value.converter.schema.registry.url', 'https://registry.example:8081/a@b'],
  ['a login module by reference', 'sasl.jaas.config', 'ScramLoginModule required password="${secretsmanager:a:b}";'],
  ['a Redis by reference', 'redis.url', 'redis://:${secretsmanager:a:b}@cache.example'],
  ['the class of a provider', 'config.providers.secretsmanager.class', 'a.b.C'],
  ['a statement', 'heartbeat.action.query', 'UPDATE beat SET at = now()'],
])('%s is no secret', (_what, key, value) => {
  expect([holdsSecret(key, value), mayHoldSecret(key, value)]).toEqual([false, false]);
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
