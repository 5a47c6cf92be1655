import { withoutReferences } from './configuration.ts';

/** Last words of keys whose whole value is a secret. */
const secretKey =
  /(?:^|[._-])(?:password|passwd|passphrase|pwd|secret|secretkey|secret[._-]key|secret[._-]access[._-]key|token|api[._-]?key|apikey|private[._-]?key|access[._-]key[._-]secret|credentials?[._-]json|keyfile|user[._-]info)$/i;

/** Keys that end like a secret and hold a name or a place. */
const noSecret = /(?:^|[._-])(?:bearer[._-]auth[._-]credentials[._-]source|page[._-]token|continuation[._-]token)$/i;

/** Passwords inside values: JAAS, JDBC addresses, `user:password@host`. */
const inside = [
  // JAAS: password="…", and the same in client secrets.
  /(?:^|[\s;])(?:\w*password|clientSecret)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/i,
  // JDBC: …?user=cdc&password=…, and SQL Server's ;password=….
  /[?&;](?:\w*password|pwd)=([^&;]*)/i,
  // Addresses with a login, whatever the scheme.
  /\b[a-z][a-z0-9+.-]*:\/\/[^/@\s:]+:([^@/\s]+)@/i,
];

/**
 * Whether a value holds a secret in plain text, by its key or by its form; references to config providers, wholly or in its parts, are none.
 */
export function secretIn(key: string, value: string): boolean {
  if (secretKey.test(key) && !noSecret.test(key)) return withoutReferences(value).replaceAll(/[:\s]/g, '') !== '';
  // References count as nothing: password="${secretsmanager:…}" is an empty one.
  const plain = withoutReferences(value);
  return inside.some((pattern) => {
    const found = pattern.exec(plain);
    return found !== null && found.slice(1).some((part) => part !== undefined && part.trim() !== '');
  });
}
