import { parseArgs } from 'node:util';

/** What the command line asks for, or every fault of it. */
export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'watch' | 'check'; readonly settings: string }
  | { readonly kind: 'order'; readonly settings: string; readonly order: Readonly<Record<string, unknown>> }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

export const help = `Looks after the connectors of self-managed Kafka Connect clusters.

  node watchdog.mjs --settings FILE             watch until SIGTERM or SIGINT
  node watchdog.mjs check --settings FILE       try everything that FILE names, change nothing
  node watchdog.mjs order --settings FILE JSON  carry out a person's word

FILE is a watchdog.json; env:NAME takes its text from the environment variable NAME.

Orders:
  {"connector":"shop/orders","do":"hold","who":"you","why":"migration"}   no restart until somebody releases it
  {"connector":"shop/orders","do":"release","who":"you"}
  {"connector":"shop/orders","do":"call-off","who":"you"}                 end the recovery that is under way
  {"do":"hold","who":"you"}  {"do":"release","who":"you"}                 every connector of the store
  {"connector":"shop/orders","remedy":"restart","who":"you"}              restart it now; also restart-failed-tasks,
                                                                          stop-and-resume, replace-worker
  {"connector":"shop/orders","dryRun":true}                               say what would be done

Exit codes: 0 done; 1 not done, or something is not as it should be; 2 the command or FILE has faults.
`;

const subcommands = ['order', 'check'];

/** Reads the arguments after the program's name. Pure; never throws. */
export function readCommandLine(args: readonly string[]): Asked {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { settings: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    return { kind: 'faulty', faults: [error instanceof Error ? error.message : String(error)] };
  }
  const { values, positionals } = parsed;
  if (values.help === true || args[0] === 'help') return { kind: 'help' };
  const [first, ...rest] = positionals;
  const settings = values.settings ?? '';
  const needsSettings = settings === '' ? ['--settings: found nothing, expected a watchdog.json, or env:NAME'] : [];
  switch (first) {
    case undefined:
      return needsSettings.length > 0 ? { kind: 'faulty', faults: needsSettings } : { kind: 'watch', settings };
    case 'check': {
      const faults = [...needsSettings, ...rest.map((one) => `found "${one}", expected nothing after check`)];
      return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'check', settings };
    }
    case 'order': {
      const { order, faults } = readOrderText(rest);
      const all = [...needsSettings, ...faults];
      return all.length > 0 || order === undefined
        ? { kind: 'faulty', faults: all }
        : { kind: 'order', settings, order };
    }
    default:
      return {
        kind: 'faulty',
        faults: [...needsSettings, `found "${first}", expected nothing, ${subcommands.join(' or ')}`],
      };
  }
}

function readOrderText(texts: readonly string[]): {
  readonly order?: Readonly<Record<string, unknown>>;
  readonly faults: readonly string[];
} {
  const [text, ...more] = texts;
  const expected = `expected one order in JSON, such as '{"connector":"shop/orders","do":"hold","who":"you"}'`;
  if (text === undefined || more.length > 0) return { faults: [`found ${texts.length} orders, ${expected}`] };
  try {
    const order: unknown = JSON.parse(text);
    if (typeof order === 'object' && order !== null && !Array.isArray(order))
      return { order: order as Readonly<Record<string, unknown>>, faults: [] };
  } catch {
    // What the parser says repeats the text.
  }
  return { faults: [`found an order that is no JSON object, ${expected}`] };
}
