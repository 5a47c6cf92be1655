import type { CreateRequest } from '../recovery/connector.ts';
import { drift } from '../recovery/drift.ts';
import type { Difference } from '../recovery/readiness/subject.ts';
import { cleanReason, plainSecrets } from './cleanText.ts';

/** A value longer than this says no more to a person. */
const mostCharacters = 80;

/** The fields in which a saved config differs from the live one, with both values; of a secret only that it is one. Pure. */
export function differences(saved: CreateRequest, live: CreateRequest): Difference[] {
  return drift(saved, live).map((field) => {
    const [kept, now] = [shownAt(saved, field), shownAt(live, field)];
    return { field, ...(kept === undefined ? {} : { kept }), ...(now === undefined ? {} : { live: now }) };
  });
}

/** The value at a place that `drift` names, fit to be shown. A key of the configuration may have dots in it. */
function shownAt(request: CreateRequest, field: string): string | undefined {
  const prefix = 'connectorConfiguration.';
  if (field.startsWith(prefix)) {
    const key = field.slice(prefix.length);
    const value = request.connectorConfiguration[key];
    if (value === undefined) return undefined;
    return plainSecrets({ [key]: value }).length > 0 ? '(a secret)' : shown(value, request);
  }
  const value = field
    .split('.')
    .reduce<unknown>(
      (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
      request,
    );
  return value === undefined ? undefined : shown(value, request);
}

function shown(value: unknown, request: CreateRequest): string {
  const text = cleanReason(typeof value === 'string' ? value : JSON.stringify(value), request.connectorConfiguration);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 3)}...` : text;
}
