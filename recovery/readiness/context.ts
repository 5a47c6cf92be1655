import * as v from 'valibot';
import { kindOfValue, parseJson, type InputFault } from './inputFault.ts';

/** What lies beside a configuration in `NAME.context.json`: what the configuration alone cannot tell. */
export interface Context {
  readonly connectVersion?: string;
  readonly pluginVersion?: string;
  readonly database?: string;
  readonly databaseTimeZone?: string;
  readonly binlogRetentionHours?: number;
  readonly longestOutageHours?: number;
  readonly javaVersion?: number;
  readonly workerProperties?: Readonly<Record<string, string>>;
  readonly topics?: readonly string[];
}

const text = v.pipe(v.string(), v.trim(), v.minLength(1));
const hours = v.pipe(v.number(), v.minValue(0));
const scalar = v.union([v.string(), v.number(), v.boolean()]);
const version = v.pipe(text, v.regex(/\d/, 'a version, such as 2.7.4.Final'));

const fields = {
  connectVersion: version,
  pluginVersion: version,
  database: text,
  databaseTimeZone: text,
  binlogRetentionHours: hours,
  longestOutageHours: hours,
  javaVersion: v.pipe(v.number(), v.integer(), v.minValue(1)),
  // A list would pass for a record of nothing.
  workerProperties: v.pipe(
    v.custom<Record<string, unknown>>((value) => !Array.isArray(value)),
    v.record(v.string(), scalar),
  ),
  topics: v.array(text),
} as const;

/** What each field expects, for the message. */
const expected: Readonly<Record<keyof typeof fields, string>> = {
  connectVersion: 'the version of the workers, such as "3.7.1"',
  pluginVersion: 'the version of the plugin, such as "2.7.4.Final"',
  database: 'the database and its version, such as "mysql 8.0"',
  databaseTimeZone: 'what the database server reports, such as "UTC"',
  binlogRetentionHours: 'a number of hours, 0 or more',
  longestOutageHours: 'a number of hours, 0 or more',
  javaVersion: 'the major version of Java, such as 17',
  workerProperties: 'an object of properties',
  topics: 'a list of topic names',
};

/** The names that a context may have. */
export const contextFields = Object.keys(fields) as readonly (keyof Context)[];

/**
 * Reads a context. A field that is absent or null is unknown; fields of other names are given back as `unread`, for a misspelled one leaves
 * its fact unknown, and that is said.
 */
export function parseContext(
  file: string,
  content: string,
): { readonly context: Context; readonly unread: readonly string[] } | { readonly faults: readonly InputFault[] } {
  const parsed = parseJson(file, content);
  if ('faults' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = { file, place: 'the file', found: kindOfValue(value), expected: 'an object' };
    return { faults: [what] };
  }
  const faults: InputFault[] = [];
  const read: Record<string, unknown> = {};
  for (const name of contextFields) {
    const given: unknown = Reflect.get(value, name);
    if (given === undefined || given === null) continue;
    const result = v.safeParse(fields[name], given);
    if (result.success) read[name] = result.output;
    else faults.push({ file, place: name, found: kindOfValue(given), expected: expected[name] });
  }
  if (faults.length > 0) return { faults };
  const { workerProperties, ...rest } = read;
  const context: Context = {
    ...rest,
    ...(workerProperties === undefined ? {} : { workerProperties: texts(workerProperties) }),
  };
  return { context, unread: Object.keys(value).filter((name) => !contextFields.includes(name as keyof Context)) };
}

function texts(properties: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(properties) as object).map(([key, value]) => [key, String(value)]));
}
