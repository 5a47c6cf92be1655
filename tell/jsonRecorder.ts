import type { Recorder } from '../recovery/ports.ts';
import { secretName } from '../recovery/secrets.ts';

/** Field names whose values are never written, wherever they lie in a line, beside those of secrets. */
const ofConfiguration = /jaas|connectorConfiguration|recreateFrom|^live$/i;

const mostCharacters = 4_000;
const deepest = 8;

/**
 * A recorder that writes one JSON line per event to stdout, where Lambda takes it to CloudWatch Logs.
 *
 * `base` (the request's id, the connector) stands on every line; once an event names a `recovery`, every later line does too.
 * Fields that may hold secrets are replaced, long texts are cut.
 */
export function jsonRecorder(
  base: Readonly<Record<string, unknown>>,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Recorder {
  let recovery: unknown;
  return {
    note(event, fields) {
      recovery = fields['recovery'] ?? recovery;
      const line = {
        time: new Date().toISOString(),
        event,
        ...base,
        ...(recovery === undefined ? {} : { recovery }),
        ...fields,
      };
      write(JSON.stringify(withoutSecrets(line, 0)));
    },
  };
}

function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}...` : value;
  if (value instanceof Error) return { name: value.name, message: withoutSecrets(value.message, depth) };
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '...';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      secretName.test(name) || ofConfiguration.test(name) ? '(not logged)' : withoutSecrets(item, depth + 1),
    ]),
  );
}
