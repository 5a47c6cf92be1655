/**
 * Reads a Java properties file, as a worker configuration holds one.
 * Format: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
 * A later key replaces an earlier one.
 */
export function parseProperties(text: string): Readonly<Record<string, string>> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [key, value] = split(line);
    properties.set(unescape(key), unescape(value));
  }
  return Object.fromEntries(properties);
}

/** Comments and blank lines gone, lines that end in an odd number of backslashes joined with the next one's text. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let continued: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const trimmed = natural.replace(/^[ \t\f]+/, '');
    if (continued === undefined && (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!'))) continue;
    const whole: string = (continued ?? '') + trimmed;
    const backslashes = /\\*$/.exec(whole)?.[0].length ?? 0;
    if (backslashes % 2 === 1) {
      continued = whole.slice(0, -1);
    } else {
      continued = undefined;
      if (whole !== '') lines.push(whole);
    }
  }
  if (continued !== undefined && continued !== '') lines.push(continued);
  return lines;
}

/** Key and value: parted by the first unescaped `=`, `:` or white space, with white space around it dropped. */
function split(line: string): [string, string] {
  const key = /^(?:\\.|[^\\=: \t\f])*/s.exec(line)?.[0] ?? '';
  const value = line.slice(key.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  return [key, value];
}

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[escaped] ?? escaped;
  });
}
