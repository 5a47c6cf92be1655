import type { CreateRequest } from '../connector.ts';
import { checkCreateRequest } from '../createRequest.ts';
import type { Context } from './context.ts';
import { kindOfValue, parseJson, type InputFault } from './inputFault.ts';
import { known, unknown, type Fact, type Facts, type Subject } from './subject.ts';
import { agree, parseVersion } from './version.ts';

/**
 * Reads a connector from a file's text, whatever form it has:
 * - MSK Connect's create request, as a saved config is one (`connectorConfiguration`);
 * - the body of `POST /connectors`, or the answer of `GET /connectors/NAME` (`name`, `config`);
 * - the body of `PUT /connectors/NAME/config`, the bare configuration (`connector.class`).
 * @param fallbackName what a bare configuration is called that names itself nowhere
 */
export function subjectFromFile(
  file: string,
  content: string,
  context: Context,
  fallbackName: string,
): { readonly subject: Subject } | { readonly faults: readonly InputFault[] } {
  const parsed = parseJson(file, content);
  if ('faults' in parsed) return parsed;
  const { value } = parsed;
  if (isRecord(value)) {
    if ('connectorConfiguration' in value || 'connectorName' in value) return ofCreateRequest(file, value, context);
    if ('config' in value && !('connector.class' in value)) return ofRestBody(file, value, context, fallbackName);
    if ('connector.class' in value)
      return ofConfiguration(file, '', value, textOf(value, 'name') ?? fallbackName, context);
  }
  return {
    faults: [
      {
        file,
        place: 'the file',
        found: isRecord(value)
          ? 'an object without connectorConfiguration, config or connector.class'
          : kindOfValue(value),
        expected: 'a create request of MSK Connect, a body of POST /connectors, or a connector’s configuration',
      },
    ],
  };
}

function ofCreateRequest(
  file: string,
  value: Readonly<Record<string, unknown>>,
  context: Context,
): ReturnType<typeof subjectFromFile> {
  const checked = checkCreateRequest(value, textOf(value, 'connectorName') ?? '');
  if (checked.kind === 'invalid') {
    const hint =
      'connectorArn' in value ? ' (the answer of DescribeConnector is none: npm run capture makes one of it)' : '';
    return { faults: checked.faults.map((line) => requestFault(file, line, hint, value)) };
  }
  const { request } = checked;
  return {
    subject: {
      platform: 'msk-connect',
      name: request.connectorName,
      configuration: request.connectorConfiguration,
      request,
      facts: {
        ...factsOf(context),
        connectVersion: mskVersion(request, context),
        // Without one MSK Connect runs its default, which pins no offsets and knows no config provider.
        ...(request.workerConfiguration === undefined ? { workerProperties: known({}) } : {}),
      },
    },
  };
}

/** The request says what would be created; the context may say it more exactly, and must not say otherwise. */
function mskVersion({ kafkaConnectVersion }: CreateRequest, { connectVersion }: Context): Fact<string> {
  if (connectVersion === undefined) return known(kafkaConnectVersion);
  const [asked, said] = [parseVersion(kafkaConnectVersion), parseVersion(connectVersion)];
  if (asked === undefined || said === undefined) return unknown('connectVersion');
  return agree(said, asked)
    ? known(connectVersion)
    : unknown(
        `connectVersion that agrees with the request (it says ${connectVersion}, the request ${kafkaConnectVersion})`,
      );
}

const spoken: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  Object: 'an object',
  Array: 'a list',
};

/** `checkCreateRequest` writes `place: expected …, found ….`, or `place: an unknown field; ….`. */
function requestFault(file: string, line: string, hint: string, request: unknown): InputFault {
  const [, place = 'the file', expected = '', found = ''] = /^(.*?): expected (.*), found (.*)\.$/s.exec(line) ?? [];
  if (expected !== '') {
    // A missing key expects itself.
    const [missing, value] = [found === 'undefined', expected.startsWith('"')];
    return {
      file,
      place,
      expected: value ? 'a value' : (spoken[expected] ?? expected),
      found: missing
        ? 'nothing'
        : place.startsWith('connectorConfiguration.')
          ? kindOfValue(at(request, place))
          : found,
    };
  }
  const [, where = 'the file', what = line] = /^(.*?): (.*)$/s.exec(line) ?? [];
  if (what === 'expected a connector.class.') {
    const key = `${where}.connector.class`;
    const given = at(request, key);
    const empty = given === '' ? 'an empty text' : kindOfValue(given);
    return { file, place: key, found: empty, expected: 'the connector’s class' };
  }
  return what.startsWith('expected ')
    ? {
        file,
        place: where,
        found: kindOfValue(at(request, where)),
        expected: what.replace(/^expected /, '').replace(/\.$/, ''),
      }
    : { file, place: where, found: 'an unknown field', expected: `only the fields of CreateConnector${hint}` };
}

/** What lies at a dotted path; keys of the configuration have dots of their own. */
function at(holder: unknown, path: string): unknown {
  const [, key] = /^connectorConfiguration\.(.+)$/s.exec(path) ?? [];
  const names = key === undefined ? path.split('.') : ['connectorConfiguration', key];
  return names.reduce<unknown>(
    (one, name) => (typeof one === 'object' && one !== null ? Reflect.get(one, name) : undefined),
    holder,
  );
}

function ofRestBody(
  file: string,
  value: Readonly<Record<string, unknown>>,
  context: Context,
  fallbackName: string,
): ReturnType<typeof subjectFromFile> {
  const { name, config } = value;
  const faults: InputFault[] = [];
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
    faults.push({
      file,
      place: 'name',
      found: name === '' ? 'an empty text' : kindOfValue(name),
      expected: 'the connector’s name',
    });
  }
  if (!isRecord(config)) {
    faults.push({ file, place: 'config', found: kindOfValue(config), expected: 'an object of settings' });
    return { faults };
  }
  const called = textOf(value, 'name') ?? textOf(config, 'name') ?? fallbackName;
  const read = ofConfiguration(file, 'config.', config, called, context);
  if ('faults' in read) return { faults: [...faults, ...read.faults] };
  return faults.length > 0 ? { faults } : read;
}

/** Connect takes numbers and truth values as their texts, and null as absent. */
function ofConfiguration(
  file: string,
  above: string,
  config: Readonly<Record<string, unknown>>,
  name: string,
  context: Context,
): ReturnType<typeof subjectFromFile> {
  const odd = Object.entries(config).filter(([, value]) => typeof value === 'object' && value !== null);
  const faults: InputFault[] = odd.map(([key, value]) => ({
    file,
    place: `${above}${key}`,
    found: kindOfValue(value),
    expected: 'a text',
  }));
  if ((textOf(config, 'connector.class') ?? '').trim() === '') {
    const found = kindOfValue(config['connector.class']);
    faults.push({
      file,
      place: `${above}connector.class`,
      found: found === 'a text' ? 'an empty text' : found,
      expected: 'the connector’s class',
    });
  }
  if (faults.length > 0) return { faults };
  const configuration: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      configuration[key] = `${value}`;
  }
  return { subject: { platform: 'self-managed', name, configuration, facts: factsOf(context) } };
}

/** What the context says; the rest is unknown, by the name of the field that would tell. */
function factsOf(context: Context): Facts {
  const fact = <Name extends keyof Context>(name: Name): Fact<NonNullable<Context[Name]>> => {
    const value = context[name];
    return value === undefined || value === null ? unknown(name) : known(value);
  };
  return {
    connectVersion: fact('connectVersion'),
    pluginVersion: fact('pluginVersion'),
    database: fact('database'),
    databaseTimeZone: fact('databaseTimeZone'),
    binlogRetentionHours: fact('binlogRetentionHours'),
    longestOutageHours: fact('longestOutageHours'),
    workerProperties: fact('workerProperties'),
    topics: fact('topics'),
    javaVersion: fact('javaVersion'),
  };
}

function textOf(holder: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = holder[key];
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
