import type { CreateRequest } from './connector.ts';

/**
 * The fields in which two create requests differ, as dotted names, sorted; never their values, for they may be secrets.
 * Tags and the description are not part of what a connector does and do not count.
 */
export function drift(saved: CreateRequest, live: CreateRequest): string[] {
  const fields = new Set<string>();
  compare(meaningful(saved), meaningful(live), '', fields);
  return [...fields].toSorted();
}

function meaningful(request: CreateRequest): Record<string, unknown> {
  const { tags: _tags, connectorDescription: _description, networkType, ...rest } = request;
  // IPV4 is what an absent networkType means, and Describe always gives it.
  return { ...rest, networkType: networkType ?? 'IPV4' };
}

function compare(saved: unknown, live: unknown, place: string, fields: Set<string>): void {
  if (isDisabled(saved) && isDisabled(live)) return;
  if (isRecord(saved) && isRecord(live)) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(live)])) {
      compare(saved[key], live[key], place === '' ? key : `${place}.${key}`, fields);
    }
    return;
  }
  if (Array.isArray(saved) && Array.isArray(live)) {
    if (JSON.stringify(normal(saved)) !== JSON.stringify(normal(live))) fields.add(place);
    return;
  }
  if (saved !== live) fields.add(place);
}

/** Describe gives `{enabled: false}`, or a section of nothing else, where the request had nothing. */
function isDisabled(value: unknown): boolean {
  if (value === undefined) return true;
  return isRecord(value) && (value['enabled'] === false || Object.values(value).every(isDisabled));
}

/** Subnets, security groups and plugins are sets: their order says nothing. */
function normal(list: readonly unknown[]): string[] {
  return list.map((entry) => JSON.stringify(sorted(entry))).toSorted();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
