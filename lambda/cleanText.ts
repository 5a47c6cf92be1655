/** Control characters and the marks that turn text around; what comes from outside must not steer a terminal or a log. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text from outside, safe to log and to send: one line, without control characters, at most `most` characters. */
export function cleanText(text: string, most = 300): string {
  const line = text
    .slice(0, most * 4)
    .replace(unprintable, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

const secretKey = /passw|secret|token|credential|private|(?:api|access).?key|keystore\.key|user\.info/i;
/** What follows `password=` in a JDBC URL or a login module is a secret under any key. */
const assigned = /(passw\w*|secret\w*|token)(\s*=\s*)("[^"]*"|'[^']*'|[^\s&;,]+)/gi;
/** As is what stands between a user and the host of an address. */
const inAddress = /(\w:\/\/[^\s:/@]+:)([^\s/@]+)(?=@)/g;
/** A reference for a config provider, such as `${secretsmanager:shop/cdc:password}`, is no secret. */
const references = /\$\{[^}]*\}/g;

/** As `cleanText`, with the secret values of that configuration blanked out: services repeat what they refuse. */
export function cleanReason(text: string, configuration: Readonly<Record<string, string>> = {}): string {
  let clean = text;
  for (const secret of secretsIn(configuration)) {
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, '***');
  }
  clean = clean
    .replaceAll(assigned, '$1$2***')
    .replaceAll(inAddress, '$1***')
    // A JSON field of such a name.
    .replaceAll(/("[^"]*(?:passw|secret|token)[^"]*"\s*:\s*)"[^"]*"/gi, '$1"***"');
  return cleanText(clean, 500);
}

/** The secrets of a configuration, longest first: values of secret keys, and what stands as a password within any value. */
function secretsIn(configuration: Readonly<Record<string, string>>): string[] {
  const found = Object.entries(configuration).flatMap(([key, value]) => {
    const plain = withoutReferences(value);
    const within = [
      ...[...plain.matchAll(assigned)].map(([, , , word = '']) => word.replaceAll(/^["']|["']$/g, '')),
      ...[...plain.matchAll(inAddress)].map(([, , word = '']) => word),
    ];
    return isSecret(key, plain) ? [value, ...within] : within;
  });
  // Two letters are found in every text, and blanking them out would leave nothing to read.
  return [...new Set(found)].filter((secret) => secret.length > 2).toSorted((a, b) => b.length - a.length);
}

/** How services write what they were given: as it is, in a JSON text, in one within another, in an address. */
function formsOf(secret: string): string[] {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const inAnAddress = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
  const forms = [escaped(escaped(secret)), escaped(secret), inAnAddress, decoded(secret), secret];
  return [...new Set(forms)].filter((form) => form.length > 2);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The keys of a configuration whose values look like secrets in plain text, or hold one. */
export function plainSecrets(configuration: Readonly<Record<string, string>>): string[] {
  return Object.entries(configuration)
    .map(([key, value]) => ({ key, plain: withoutReferences(value) }))
    .filter(({ key, plain }) => isSecret(key, plain) || plain.search(assigned) >= 0 || plain.search(inAddress) >= 0)
    .map(({ key }) => key);
}

function withoutReferences(value: string): string {
  return value.replaceAll(references, '');
}

function isSecret(key: string, value: string): boolean {
  // A login module without a password in it (IAM), and the providers' own settings, are no secrets.
  if (/jaas/i.test(key)) return /passw\w*\s*=\s*"?[^"\s;]/i.test(value);
  return value !== '' && !key.startsWith('config.providers') && secretKey.test(key);
}
