/** Lines that tell what happened to a connector; the rest is start-up and routine. */
const telling =
  /\b(?:ERROR|WARN)\b|Caused by:|Exception|Keepalive|lost connection|[Rr]econnect|Graceful stop|Failed to register metrics|Committing offsets for|Finished commitOffsets|refused|Communications link|Skip \d+ rows|Stopping (?:connector|task)|snapshot|records sent/;
/** Of what the start of a worker says in every run. */
const routine =
  /supplied but (?:isn't|are not)|isn't a known config|configuration .* (?:was supplied|is deprecated)|AppInfo|reflections|org\.glassfish|The following warnings|ClassNotFoundException|Using \w+ has no effect/i;

const longest = 300;

/** Whether a line is worth keeping. */
export function isTelling(line: string): boolean {
  // Frames of a stack trace and listed settings begin with a tab.
  return telling.test(line) && !routine.test(line) && !line.includes('\t');
}

/**
 * A line of a worker's log without anything of this machine or of this run: no password, no path, no port, no host name; shortened.
 * @param secrets texts that must not be in it
 */
export function strippedLine(line: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '(secret)'), line)
    .replace(/((?:password|secret|token)\S*\s*[=:]\s*)\S+/gi, '$1(secret)')
    .replace(/(?:file:)?\/(?:tmp|root|home|work|var|usr|opt|private|Users)\/[^\s,;:)\]'"]*/g, '(path)')
    .replace(/\b(localhost|\d{1,3}(?:\.\d{1,3}){3}):\d+/g, '$1:(port)')
    .replace(/\bport[ =]\d+/g, 'port (port)');
  return clean.length > longest ? `${clean.slice(0, longest)}...` : clean;
}

/** At most so many of them: the first of each kind before its repetitions, in their order. */
export function fewest<Line extends { readonly line: string }>(lines: readonly Line[], most: number): readonly Line[] {
  if (lines.length <= most) return lines;
  const seen = new Map<string, number>();
  const ranked = lines.map(({ line }, index) => {
    const kind = line.replace(/\[[^\]]*\]/g, '').replace(/\d+/g, '0');
    const times = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, times);
    return { index, times };
  });
  const kept = new Set(
    ranked
      .toSorted((a, b) => a.times - b.times || a.index - b.index)
      .slice(0, most)
      .map(({ index }) => index),
  );
  return lines.filter((_, index) => kept.has(index));
}
