import { parseArgs } from 'node:util';

/** What `npm start` is to do. */
export type StartOptions =
  | { readonly mode: 'help' }
  | { readonly mode: 'main job'; readonly faultsFile?: string }
  | { readonly mode: 'cycles'; readonly seconds: number; readonly seed?: number };

/** The command line is not understood; the message says why in one line. */
export class UsageError extends Error {}

const leastSeconds = 10;
const mostSeconds = 3600;
const defaultSeconds = 40;

export const usage = `npm start                        the main job on this machine: two silent connectors come back, an idle one is left alone
npm start -- --faults FILE       the same, with faults in MSK Connect from a scenario file (docs/scenarios/create-refused.json)
npm start -- --cycles            rounds of failure at a random moment, detection and recovery, for ${defaultSeconds} s; Ctrl+C ends it early
             --seconds N         for N seconds (${leastSeconds} to ${mostSeconds}), counted from the first healthy moment
             --seed N            the same random moments again

Exit code 0 only if every silent connector was recovered and proved, an idle one was not touched, and no row was lost.
`;

/** @throws UsageError */
export function readStartOptions(args: readonly string[]): StartOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        faults: { type: 'string' },
        cycles: { type: 'boolean', default: false },
        seconds: { type: 'string' },
        seed: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error), { cause: error });
  }
  if (values.help) return { mode: 'help' };
  if (!values.cycles) {
    if (values.seconds !== undefined) throw new UsageError('--seconds goes with --cycles only.');
    if (values.seed !== undefined) throw new UsageError('--seed goes with --cycles only.');
    return { mode: 'main job', ...(values.faults === undefined ? {} : { faultsFile: values.faults }) };
  }
  if (values.faults !== undefined) throw new UsageError('--faults does not go with --cycles.');
  const seconds =
    values.seconds === undefined ? defaultSeconds : whole('--seconds', values.seconds, leastSeconds, mostSeconds);
  if (values.seed === undefined) return { mode: 'cycles', seconds };
  return { mode: 'cycles', seconds, seed: whole('--seed', values.seed, 0, 2 ** 32 - 1) };
}

/** @throws UsageError */
export function whole(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${option} must be a whole number from ${least} to ${most}, got '${text}'.`);
  }
  return number;
}

/** Node's own explanations go on with advice about positional arguments. */
export function firstSentence(error: unknown, command = 'npm start'): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /^.*?[.](?=\s|$)/.exec(message)?.[0] ?? message.split('\n', 1).join('');
  return `${sentence.replace(/\.$/, '')}; ${command} -- --help tells what there is.`;
}
