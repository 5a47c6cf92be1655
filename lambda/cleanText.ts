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

const secretKey = /passw|secret|token|credential|jaas|private|(?:api|access).?key/i;
/** A reference for a config provider, such as `${secretsmanager:shop/cdc:password}`, is no secret. */
const reference = /^\$\{[^}]*\}$/;

/** As `cleanText`, with the secret values of that configuration blanked out: services repeat what they refuse. */
export function cleanReason(text: string, configuration: Readonly<Record<string, string>> = {}): string {
  let clean = text;
  for (const [key, value] of Object.entries(configuration)) {
    if (value.length > 2 && secretKey.test(key) && !reference.test(value)) clean = clean.replaceAll(value, '***');
  }
  // What follows `password=` in a JDBC URL or a login module is a secret under any key.
  clean = clean.replaceAll(/(passw\w*|secret\w*|token)(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&;,]+)/gi, '$1$2***');
  return cleanText(clean, 500);
}
