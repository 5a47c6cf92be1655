import type * as v from 'valibot';

/** Everything that is wrong with `connectors.json`, in one message. */
export class SettingsError extends Error {
  readonly code = 'SETTINGS_INVALID';
  /** One line each: place, what was found, what was expected. */
  readonly faults: readonly string[];

  constructor(place: string, faults: readonly string[]) {
    super(
      `${place} has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    );
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** One line of a `SettingsError`. */
export function fault(place: string, found: string, expected: string): string {
  return `${place}: found ${found}, expected ${expected}`;
}

/** A value as it may be shown: short, and nothing of what lies inside lists and objects. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  // An address may carry a password.
  const text = (JSON.stringify(value) ?? 'another value').replaceAll(/:\/\/[^\s/]*@/g, '://(not shown)@');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * The faults of a valibot run, each at its place in the file.
 * @param schema the file that lists what is known
 */
export function issueFaults(issues: readonly v.BaseIssue<unknown>[], schema = 'connectors.schema.json'): string[] {
  return issues.flatMap((issue) => issueFault(issue, [], schema));
}

function issueFault(issue: v.BaseIssue<unknown>, above: readonly v.IssuePathItem[], schema: string): string[] {
  const path = [...above, ...(issue.path ?? [])];
  // Inside `false | {...}` the option that the writer meant is the one whose issues lie deeper than the value itself.
  const deeper = issue.issues?.filter((inner) => inner.path !== undefined) ?? [];
  const place = placeOf(path);
  if (deeper.length > 0) {
    const { faults, issues } = issue.type === 'union' ? ofEither(place, deeper) : { faults: [], issues: deeper };
    return [...faults, ...issues.flatMap((inner) => issueFault(inner, path, schema))];
  }
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    // The value of an unknown field is not shown: it may be anything, a password included.
    return [fault(place, 'an unknown field', `only the fields that ${schema} lists`)];
  }
  if (issue.type === 'strict_object' && issue.input === undefined) return [fault(place, 'nothing', 'a value')];
  return [fault(place, shown(issue.input), issue.kind === 'validation' ? issue.message : spoken(issue.expected))];
}

/**
 * The issues that matter of what must be one of several objects, `{ folder }` or `{ bucket }`: those of the one that was meant, and a single fault
 * where it is neither or both.
 */
function ofEither(place: string, issues: readonly v.BaseIssue<unknown>[]) {
  const unknown = issues.filter(({ type, expected }) => type === 'strict_object' && expected === 'never');
  const missing = issues.filter(
    (issue) => issue.type === 'strict_object' && issue.input === undefined && !unknown.includes(issue),
  );
  const known = new Set(issues.filter((issue) => !unknown.includes(issue)).map(keyOf));
  const own = issues.filter((issue) => !missing.includes(issue) && !unknown.includes(issue));
  // What every one of them refuses; that one refuses what another one asks for is no fault of its own.
  const foreign = unknown.filter(
    (issue, at) => !known.has(keyOf(issue)) && unknown.findIndex((other) => keyOf(other) === keyOf(issue)) < at,
  );
  const [left, both] = [new Set(missing.map(keyOf)), new Set(unknown.map(keyOf))];
  const list = (keys: ReadonlySet<string>, between: string) => [...keys].join(between);
  if (own.length > 0) return { faults: [], issues: [...own, ...foreign] };
  if (left.size > 1)
    return { faults: [fault(place, `neither ${list(left, ' nor ')}`, `one of ${list(left, ', ')}`)], issues: foreign };
  if (both.size > 1 && left.size === 0)
    return { faults: [fault(place, `both ${list(both, ' and ')}`, `one of ${list(both, ', ')}`)], issues: [] };
  return { faults: [], issues };
}

function keyOf({ path }: v.BaseIssue<unknown>): string {
  return (path ?? []).map(({ key }) => String(key)).join('.');
}

function placeOf(path: readonly v.IssuePathItem[]): string {
  const place = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return place.replace(/^\./, '') || 'the file';
}

function spoken(expected: string | null): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    Array: 'a list',
    Object: 'an object',
  };
  const options = (expected ?? 'another value').replace(/^\((.*)\)$/, '$1').split(' | ');
  return options.map((option) => words[option] ?? option).join(' or ');
}
