import type { CreateRequest } from '../recovery/connector.ts';
import { drift } from '../recovery/drift.ts';
import type { Difference } from '../recovery/readiness/subject.ts';
import { mayHoldSecret } from '../recovery/secrets.ts';
import { cleanReason } from '../tell/cleanText.ts';

/** A value longer than this says no more to a person. */
const mostCharacters = 80;

/** Stands for a value of a configuration key that nobody knows to be harmless: a plugin names its secrets as it likes. */
const notShown = '(not shown)';

/** Configuration keys that hold no secret in any plugin that was looked at, and whose values tell a person what was changed. */
const harmless = new Set([
  'connector.class',
  'database.include.list',
  'database.exclude.list',
  'database.server.id',
  'database.server.name',
  'decimal.handling.mode',
  'errors.tolerance',
  'heartbeat.interval.ms',
  'key.converter',
  'max.batch.size',
  'max.queue.size',
  'plugin.name',
  'poll.interval.ms',
  'publication.name',
  'schema.exclude.list',
  'schema.include.list',
  'slot.name',
  'snapshot.locking.mode',
  'snapshot.mode',
  'table.exclude.list',
  'table.include.list',
  'tasks.max',
  'time.precision.mode',
  'tombstones.on.delete',
  'topic.prefix',
  'topics',
  'value.converter',
]);

/** The fields in which a saved config differs from the live one, with both values where they cannot be secrets. Pure. */
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
    return harmless.has(key) && !mayHoldSecret(key, value) ? shown(value, request) : notShown;
  }
  // The rest are fields of CreateConnector, none of which takes a secret.
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
