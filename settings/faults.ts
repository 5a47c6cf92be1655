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
  if (deeper.length > 0) return deeper.flatMap((inner) => issueFault(inner, path, schema));
  const place = placeOf(path);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    // The value of an unknown field is not shown: it may be anything, a password included.
    return [fault(place, 'an unknown field', `only the fields that ${schema} lists`)];
  }
  if (issue.type === 'strict_object' && issue.input === undefined) return [fault(place, 'nothing', 'a value')];
  return [fault(place, shown(issue.input), issue.kind === 'validation' ? issue.message : spoken(issue.expected))];
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
