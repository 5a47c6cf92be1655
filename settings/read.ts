import * as v from 'valibot';
import { completeConnector } from './connector.ts';
import type { Breaker } from '../recovery/policy.ts';
import type { ConnectorSettings, Settings } from './connectorSettings.ts';
import { breakerDefaults } from './defaults.ts';
import { fault, issueFaults, SettingsError, shown } from './faults.ts';
import { connectorsFile, type ConnectorsFile } from './schema.ts';

export { SettingsError } from './faults.ts';

const defaultStackName = 'connector-recovery';

/**
 * Reads `connectors.json`, checks it and fills in every default.
 * @param text the file's text
 * @param place the file's name, for the message
 * @throws SettingsError with every fault at once
 */
export function readSettings(text: string, place: string): Settings {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    // Of the parser's message only the position: the rest quotes the file.
    const where = /line \d+ column \d+/.exec(String(error))?.[0];
    throw new SettingsError(place, [fault(where ?? 'the file', 'something that is not JSON', 'a JSON object')]);
  }
  return checkSettings(input, place);
}

/** As `readSettings`, from the parsed object. @throws SettingsError */
export function checkSettings(input: unknown, place: string): Settings {
  if (Array.isArray(input)) throw new SettingsError(place, [fault('the file', shown(input), 'an object')]);
  const parsed = v.safeParse(connectorsFile, input);
  // What fields mean together can only be said of fields that are well-formed; entries that are get checked in either case.
  const faults = parsed.success ? [] : issueFaults(parsed.issues);
  if (!parsed.success) throw new SettingsError(place, [...faults, ...crossFaultsOfSound(input)]);
  const completed = complete(parsed.output);
  if (completed.faults.length > 0) throw new SettingsError(place, completed.faults);
  return completed.settings;
}

/** The faults across fields of a file that has faults within fields: of the entries that are sound by themselves. */
function crossFaultsOfSound(input: unknown): string[] {
  const { notify: notifyForm, defaults: defaultsForm, connectors: listForm } = connectorsFile.pipe[0].entries;
  const outline = v.safeParse(v.object({ defaults: defaultsForm, connectors: v.array(v.unknown()) }), input);
  const told = v.safeParse(v.object({ notify: notifyForm }), input);
  const nobodyTold = told.success ? notifyFaults(told.output.notify) : [];
  // Without sound defaults nobody can say what an entry lacks.
  if (!outline.success) return nobodyTold;
  const sound = outline.output.connectors.flatMap((candidate, index) => {
    const one = v.safeParse(listForm.pipe[0].item, candidate);
    return one.success ? [{ place: `connectors[${index}]`, entry: one.output }] : [];
  });
  return [
    ...nobodyTold,
    ...sharedFaults(sound.map(({ place, entry }) => ({ place, name: entry.name }))),
    ...sound.flatMap(({ place, entry }) => completeConnector(entry, outline.output.defaults ?? {}, place).faults),
  ];
}

function complete(file: ConnectorsFile): { readonly settings: Settings; readonly faults: readonly string[] } {
  const stackName = file.stackName ?? defaultStackName;
  const results = file.connectors.map((entry, index) =>
    completeConnector(entry, file.defaults ?? {}, `connectors[${index}]`),
  );
  const faults = [
    ...notifyFaults(file.notify),
    ...sharedFaults(file.connectors.map(({ name }, index) => ({ place: `connectors[${index}]`, name }))),
    ...results.flatMap((result) => result.faults),
    ...repeats(
      results.map(({ settings }, index) => ({
        place: `connectors[${index}].savedConfig`,
        value: settings && `${settings.savedConfig.bucket ?? ''}/${settings.savedConfig.key}`,
        found: settings && shown(settings.savedConfig.key),
      })),
      'a place that no other connector is saved in',
    ),
  ];
  return {
    faults,
    settings: {
      stackName,
      notify: {
        emails: file.notify?.emails ?? [],
        ...(file.notify?.topic && { topic: file.notify.topic }),
      },
      operators: file.operators ?? [],
      connectors: withBreaker(
        results.flatMap(({ settings }) => (settings ? [settings] : [])),
        { ...breakerDefaults, ...file.breaker },
      ),
    },
  };
}

/** Fewer connectors than can open it need none. */
function withBreaker(connectors: readonly ConnectorSettings[], breaker: Breaker): readonly ConnectorSettings[] {
  if (connectors.length < breaker.atLeast) return connectors;
  return connectors.map((one) => ({ ...one, policy: { ...one.policy, breaker } }));
}

/** What is deleted and does not come back is told to somebody: that there is nobody must be said in as many words. */
function notifyFaults(notify: ConnectorsFile['notify']): string[] {
  const { emails = [], topic, subscribedElsewhere } = notify ?? {};
  if (emails.length === 0 && topic === undefined && subscribedElsewhere === undefined) {
    return [
      fault(
        'notify',
        'nobody',
        'somebody who is told: emails, a topic, or "subscribedElsewhere": true where the topic gets its subscribers by other means',
      ),
    ];
  }
  return repeats(
    emails.map((email, index) => ({
      place: `notify.emails[${index}]`,
      value: email.toLowerCase(),
      found: shown(email),
    })),
    'each address once',
  );
}

/** A name twice is a fault; no two names lead to one alarm, and none to one that is too long (see `alarmNames.ts`). */
function sharedFaults(entries: readonly { readonly place: string; readonly name: string }[]): string[] {
  return repeats(
    entries.map(({ place, name }) => ({ place: `${place}.name`, value: name, found: shown(name) })),
    'each connector once',
  );
}

function repeats(
  values: readonly {
    readonly place: string;
    readonly value?: string | undefined;
    readonly found?: string | undefined;
  }[],
  expected: string,
): string[] {
  const first = new Map<string, string>();
  return values.flatMap(({ place, value, found }) => {
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier !== undefined) return [fault(place, `${found ?? value}, as in ${earlier}`, expected)];
    first.set(value, place);
    return [];
  });
}
