import * as v from 'valibot';
import { holdsSecret } from '../../recovery/secrets.ts';
import { fault, issueFaults, shown } from '../../settings/faults.ts';

/** What a person wants of a connector. */
export interface Wanted {
  readonly config: Readonly<Record<string, string>>;
  /** Brought about once, when the file is read for the first time; absent: as it is. */
  readonly state?: 'running' | 'paused' | 'stopped' | 'deleted';
}

const scalar = v.union([v.string(), v.number(), v.boolean()]);
const file = v.strictObject({
  name: v.optional(v.string()),
  config: v.record(v.string(), scalar),
  state: v.optional(v.picklist(['running', 'paused', 'stopped', 'deleted'])),
});

/**
 * Reads a connector's file, in the form that `POST /connectors` takes, or with a `state` besides.
 * @param name what the file is called
 * @returns what is wanted, or everything that is wrong with it; no fault shows a value of the configuration
 */
export function readWanted(
  name: string,
  text: string,
): { readonly wanted: Wanted } | { readonly faults: readonly string[] } {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { faults: [fault('the file', 'something that is not JSON', 'a JSON object')] };
  }
  const parsed = v.safeParse(file, input);
  // Of a configuration only the place is shown: its values may be anything.
  if (!parsed.success) return { faults: issueFaults(parsed.issues, 'docs/self-managed-deploy.md').map(withoutValue) };
  const { name: named, config: values, state } = parsed.output;
  const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
  const faults = [
    ...(named === undefined || named === name
      ? []
      : [fault('name', shown(named), `${shown(name)}, which the file is called, or none`)]),
    ...(config['name'] === undefined || config['name'] === name
      ? []
      : [fault('config.name', shown(config['name']), `${shown(name)}, which the file is called, or none`)]),
    ...(config['connector.class'] === undefined && state !== 'deleted'
      ? [fault('config', 'no connector.class', 'the class of the connector')]
      : []),
    ...Object.entries(config)
      .filter(([key, value]) => holdsSecret(key, value))
      .map(([key]) =>
        fault(
          `config.${key}`,
          'a secret in plain text',
          'one in Secrets Manager, named in "secrets" and here as ${env:NAME}',
        ),
      ),
  ];
  return faults.length > 0 ? { faults } : { wanted: { config: { ...config, name }, ...(state && { state }) } };
}

function withoutValue(line: string): string {
  return line.replace(/^(config\..*): found .*, expected /, '$1: found another value, expected ');
}
