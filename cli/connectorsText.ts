import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import type { ConnectorEntry, ConnectorsFile } from '../settings/schema.ts';

/** A change to `connectors.json`, and what was left as its owner wrote it. */
export interface FilledText {
  readonly text: string;
  readonly filled: readonly string[];
  /** Fields that say otherwise than the live connector. */
  readonly differs: readonly string[];
}

const empty = '{\n  "$schema": "./connectors.schema.json",\n  "connectors": []\n}\n';
const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n', keepLines: true } as const;

/**
 * Fills an entry of `connectors.json`: adds what it lacks and leaves everything else, order and spaces included, as it is. What
 * `defaults` say already is not said again.
 * @param text the file's text; `undefined`: there is no file yet
 * @throws Error when the text is not JSON or its outline is another
 */
export function fillEntry(text: string | undefined, captured: ConnectorEntry): FilledText {
  const before = text === undefined || text.trim() === '' ? empty : text;
  const file = outline(before);
  const index = file.connectors.findIndex(({ name }) => name === captured.name);
  const entry: Partial<ConnectorEntry> = file.connectors[index] ?? {};
  const additions: Edit[] = [];
  const differs: string[] = [];
  compare(captured, entry, file.defaults ?? {}, [], additions, differs);
  if (index < 0) {
    const fresh = additions.reduce<Record<string, unknown>>((whole, { path, value }) => put(whole, path, value), {});
    return { text: edit(before, ['connectors', file.connectors.length], fresh), filled: Object.keys(fresh), differs };
  }
  const after = additions.reduce(
    (whole, { path, value }) => edit(whole, ['connectors', index, ...path], value),
    before,
  );
  return { text: after, filled: additions.map(({ path }) => path.join('.')), differs };
}

/** The entry of that connector, as the text has it. */
export function entryIn(text: string, name: string): Partial<ConnectorEntry> {
  return outline(text).connectors.find((entry) => entry.name === name) ?? {};
}

interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Goes down to the leaves: what neither the entry nor the defaults have is added, what says otherwise is told. */
function compare(
  captured: object,
  entry: object,
  defaults: object,
  path: readonly string[],
  additions: Edit[],
  differs: string[],
): void {
  for (const [key, value] of Object.entries(captured) as [string, unknown][]) {
    const [own, shared]: unknown[] = [Reflect.get(entry, key), Reflect.get(defaults, key)];
    const here = [...path, key];
    if (isObject(value)) {
      compare(value, isObject(own) ? own : {}, isObject(shared) ? shared : {}, here, additions, differs);
      continue;
    }
    const said = own ?? shared;
    if (said === undefined) additions.push({ path: here, value });
    else if (JSON.stringify(said) !== JSON.stringify(value)) differs.push(here.join('.'));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function put(
  whole: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...whole, [key]: value };
  const inner = whole[key];
  return { ...whole, [key]: put(isObject(inner) ? { ...inner } : {}, rest, value) };
}

function edit(text: string, path: (string | number)[], value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

function outline(text: string): Pick<ConnectorsFile, 'connectors' | 'defaults'> {
  const errors: ParseError[] = [];
  const file: unknown = parse(text, errors);
  if (errors.length > 0) throw new Error(`connectors.json is not JSON (at character ${errors[0]?.offset ?? 0}).`);
  if (!isObject(file) || !('connectors' in file) || !Array.isArray(file.connectors)) {
    throw new Error('connectors.json: expected an object with a list "connectors".');
  }
  return file as Pick<ConnectorsFile, 'connectors' | 'defaults'>;
}
