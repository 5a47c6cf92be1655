/** One thing that makes an input unreadable. Values of a configuration are never shown, for they may be secrets. */
export interface InputFault {
  /** The file. */
  readonly file: string;
  /** The place in it, as a dotted path; `the file` for all of it. */
  readonly place: string;
  readonly found: string;
  readonly expected: string;
}

/** What a value is, in words and without showing it. */
export function kindOfValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const words: Readonly<Record<string, string>> = {
    object: 'an object',
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[typeof value] ?? 'something else';
}

/** Parses JSON; of the parser's message only the position is told, for the rest quotes the text. */
export function parseJson(
  file: string,
  text: string,
): { readonly value: unknown } | { readonly faults: readonly InputFault[] } {
  try {
    // Editors of another system put a mark before the text.
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    const where = /line \d+ column \d+|position \d+/.exec(String(error))?.[0];
    const found = text.trim() === '' ? 'nothing' : 'something that is not JSON';
    return { faults: [{ file, place: where ?? 'the file', found, expected: 'a JSON object' }] };
  }
}
