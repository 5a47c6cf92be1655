import type * as v from 'valibot';
import { cleanText } from './cleanText.ts';

/** Which keys were found, never their values: they may be anybody's. */
export function keysOf(event: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(event);
  if (keys.length === 0) return ' (no keys)';
  const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
  return ` (keys: ${keys
    .slice(0, 10)
    .map((key) => cleanText(key, 40))
    .join(', ')}${more})`;
}

/** The first five faults of a shape: where, and what was expected; never the value. */
export function faultsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.slice(0, 5).map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
    // Of a key that is missing valibot expects the key.
    if (issue.received === 'undefined') return `${cleanText(path, 80)}: missing`;
    return `${cleanText(path, 80)}: expected ${issue.expected ?? 'another value'}`;
  });
}
