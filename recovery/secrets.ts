/**
 * What in a connector's configuration is a secret, by its key or by its form; the one place that knows. Pure.
 *
 * Two questions, for errors cost differently: `mayHoldSecret`, for what is hidden, errs towards a secret; `holdsSecret`, for what a person is told
 * to mend, towards none. Whatever `holdsSecret` takes for one, `mayHoldSecret` does.
 */

type Configuration = Readonly<Record<string, string>>;

/** Names of what may be a secret, wherever they stand in a key. */
const names = String.raw`pass(?:w|phrase|code)|pwd|secret|token|credential|private|(?:api|access|account|shared|master|encryption|signing)[._-]?key|keystore[._-]key|key[._-]?file|user[._-]?info|authorization|signature`;

/** A field name or a key whose value is shown nowhere. */
export const secretName = new RegExp(String.raw`${names}|(?:^|[._-])pass$`, 'i');

/** Last words of keys whose whole value is a secret, without a doubt. */
const surely =
  /(?:^|[._-])(?:\w*password|passwd|pass|\w*passphrase|pwd|secret|secretkey|client_?secret|secret[._-]key|secret[._-]access[._-]key|token|access_?token|api[._-]?key|apikey|private[._-]?key|account[._-]?key|access[._-]key[._-]secret|credentials?[._-]json|keyfile|keystore[._-]key|user[._-]info|authorization)$/i;

/** Keys that end like a secret and hold a name or a place. */
const noSecret = /(?:^|[._-])(?:bearer[._-]auth[._-]credentials[._-]source|page[._-]token|continuation[._-]token)$/i;

/** What follows a `=`: quoted, quoted within a JSON text, in braces (SQL Server), or up to the next part. */
const given = String.raw`("(?:\\.|[^"\\])*"|'[^']*'|\\+"[^"]*"|\{[^}]*\}|[^\s&;]+)`;

/** `password=` and its like, in a login module, an address, a properties text. */
const assigned = new RegExp(String.raw`((?:${names})[\w.-]*\s*=\s*)${given}`, 'gi');
/** The same, without the names that a statement or a list may have for other things. */
const surelyAssigned = new RegExp(
  String.raw`((?:^|[\s;?&,(])(?:[\w.]*password|passwd|pwd|passphrase|client_?secret|access_?token)\s*=\s*)${given}`,
  'gi',
);
/** In the query of an address a value goes on over blanks. */
const inQuery = new RegExp(String.raw`([?&;](?:[\w.]*password|passwd|pwd|passphrase)\s*=)([^&;]+)`, 'gi');
/** Between user and host of an address; Redis has no user, and some write a `/` or an `@` as it is. */
const inAddress = /(\w:\/\/[^\s:/@]*:)([^\s/]+(?=@)|(?!\d{1,5}[/?#])[^\s@]+(?=@))/g;
/** `jdbc:oracle:thin:scott/tiger@…`. https://docs.oracle.com/en/database/oracle/oracle-database/19/jjdbc/data-sources-and-URLs.html */
const inOracle = /(jdbc:oracle:\w+:[^\s/@]*\/)("[^"]*"(?=@)|[^\s]+(?=@))/gi;
/** `Authorization: Bearer …`, in a header or in a list of headers. */
const inHeader =
  /((?:(?:proxy-)?authorization|x-[\w-]*(?:key|token|secret))\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|token|apikey|digest)\s+)?)([^\s"'\\,;|]+)/gi;
const bearer = /(\b(?:bearer|basic)\s+)((?=[^\s"',;]*[\d._~+/=-])[\w.~+/-]{8,}=*)/gi;

const sureForms = [surelyAssigned, inQuery, inAddress, inOracle, inHeader, bearer];
const forms = [assigned, ...sureForms];

/**
 * The value with every reference to a config provider taken out: what is left is there in plain text. `${NAME}`, which Connect does not replace, stays.
 * @see https://github.com/apache/kafka/blob/3.7/clients/src/main/java/org/apache/kafka/common/config/ConfigTransformer.java — `DEFAULT_PATTERN`
 */
export function withoutReferences(value: string): string {
  return value.replaceAll(/\$\{[^}:]*:[^}]*\}/g, '');
}

/** Whether a value is or holds a secret in plain text, without a doubt; references to config providers, wholly or in its parts, are none. */
export function holdsSecret(key: string, value: string): boolean {
  const plain = withoutReferences(value);
  // Of `user:password` with both as references, a colon is left.
  if (surely.test(key) && !noSecret.test(key)) return plain.replaceAll(/[:\s]/g, '') !== '';
  return within(plain, sureForms).length > 0;
}

/** Whether a value may be or hold a secret in plain text: what is shown to nobody. */
export function mayHoldSecret(key: string, value: string): boolean {
  const plain = withoutReferences(value);
  return (namesSecret(key) && plain.trim() !== '') || holdsSecret(key, value) || within(plain, forms).length > 0;
}

/** The keys of a configuration whose values may be secrets in plain text, or hold one. */
export function plainSecrets(configuration: Configuration): string[] {
  return Object.entries(configuration)
    .filter(([key, value]) => mayHoldSecret(key, value))
    .map(([key]) => key);
}

/** A text with the secrets of that configuration blanked out, in each form in which services repeat them, and whatever has the form of one. */
export function blankSecrets(text: string, configuration: Configuration = {}): string {
  let clean = text;
  for (const secret of secretsIn(configuration)) {
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, '***');
  }
  for (const form of forms) clean = clean.replaceAll(form, '$1***');
  // JSON fields of such a name, and those of a JSON text within another.
  return clean
    .replaceAll(new RegExp(String.raw`("[^"]*(?:${names})[^"]*"\s*:\s*)"(?:\\.|[^"\\])*"`, 'gi'), '$1"***"')
    .replaceAll(new RegExp(String.raw`(\\+"[^"]*(?:${names})[^"]*"\s*:\s*\\+")[^"]*`, 'gi'), '$1***');
}

/** A config provider may be called `secretsmanager`: what counts is the parameter. */
function namesSecret(key: string): boolean {
  return secretName.test(key.replace(/^config\.providers(?:\.[^.]*(?:\.|$)|$)/, '')) && !/jaas[._-]config$/i.test(key);
}

/** The secrets of a configuration, longest first: values of secret keys, and what stands as a password within any value. */
function secretsIn(configuration: Configuration): string[] {
  const found = Object.entries(configuration).flatMap(([key, value]) => {
    const plain = withoutReferences(value);
    const parts = within(plain, forms);
    if (plain.trim() === '' || !namesSecret(key)) return parts;
    // Of `user:password` the password alone is one, too.
    return [value, value.trim(), ...(/user[._-]?info$/i.test(key) ? [value.replace(/^[^:]*:/, '')] : []), ...parts];
  });
  // Two letters are found in every text, and blanking them out would leave nothing to read.
  return [...new Set(found)].filter((secret) => secret.length > 2).toSorted((a, b) => b.length - a.length);
}

/** What stands as a secret within a value. */
function within(plain: string, patterns: readonly RegExp[]): string[] {
  return patterns
    .flatMap((pattern) => [...plain.matchAll(pattern)])
    .map(([, , word = '']) => word.replaceAll(/^\\*["'{]|\\*["'}]$/g, '').trim())
    .filter((word) => word !== '');
}

/** How services write what they were given: as it is, in a JSON text, in one within another, in an address, read out of quotes. */
function formsOf(secret: string): string[] {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const inAnAddress = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
  const readOut = secret.replaceAll(/\\(.)/g, '$1');
  const written = [escaped(escaped(secret)), escaped(secret), inAnAddress, decoded(secret), readOut, secret];
  return [...new Set(written)].filter((form) => form.length > 2);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
