import { parseArgs } from 'node:util';
import { firstSentence, UsageError, whole } from '../demonstration/startOptions.ts';

/** What befalls both connectors. */
export const failures = {
  'half-open': 'its database connection hangs half open, keep-alive off: RUNNING, and nothing arrives any more',
  'heals-itself': 'the same with keep-alive on, which connects anew by itself: nobody has to act',
  'failed-task': 'its task dies of an exception: FAILED, which everybody is shown',
} as const;

export type Failure = keyof typeof failures;

/** As MSK Connect names the versions that it offers. */
const connectVersions = ['3.7.x', '2.7.1'] as const;

export type ConnectVersion = (typeof connectVersions)[number];

/** What is compared. */
export interface Compared {
  readonly failure: Failure;
  readonly connectVersion: ConnectVersion;
}

/** What `npm run compare` is to do. */
export type CompareOptions =
  | { readonly mode: 'help' }
  | (Compared & { readonly mode: 'live'; readonly seed: number })
  | (Compared & { readonly mode: 'runs'; readonly seed: number; readonly runs: number })
  | { readonly mode: 'real'; readonly failure: Failure };

const mostRuns = 100_000;
const command = 'npm run compare';

export const usage = `npm run compare -- [--failure KIND] [--connect VERSION] [--seed N] [--runs N | --real]

The same silent failure at the same moment in two worlds, each with the engine as it is deployed there: MSK Connect, watched by CloudWatch and brought
back by the Lambda; and a self-managed Kafka Connect, watched and brought back by the watchdog. Then how long each phase took, and what each could see.

${Object.entries(failures)
  .map(
    ([name, what], index) =>
      `  ${index === 0 ? '--failure KIND' : ''}`.padEnd(20) +
      `${name.padEnd(14)}${what}${index === 0 ? ' (default)' : ''}`,
  )
  .join('\n')}
  --connect VERSION ${connectVersions.join(' (default) or ')}, of both
  --seed N          of the moment of the failure and of every duration that is drawn (default 1)
  --runs N          medians and 95th percentiles of N failures in virtual time, from that seed on (1 to ${mostRuns.toLocaleString('en-US')})
  --real            measured on real workers, a real broker and a real database on both sides, in real time; Connect 3.7.x only

Exit code 0 only if data came back in both worlds and no row was lost.
`;

/** @throws UsageError */
export function readCompareOptions(args: readonly string[]): CompareOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        failure: { type: 'string', default: 'half-open' },
        connect: { type: 'string', default: '3.7.x' },
        seed: { type: 'string' },
        runs: { type: 'string' },
        real: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error, command), { cause: error });
  }
  if (values.help) return { mode: 'help' };
  const compared: Compared = {
    failure: oneOf('--failure', values.failure, Object.keys(failures) as Failure[]),
    connectVersion: oneOf('--connect', values.connect, connectVersions),
  };
  if (values.real) {
    if (values.runs !== undefined)
      throw new UsageError('--runs does not go with --real: it is measured once, in real time.');
    if (values.seed !== undefined) throw new UsageError('--seed does not go with --real: nothing is drawn there.');
    if (compared.connectVersion !== '3.7.x') {
      throw new UsageError('--real measures on Connect 3.7.x only: the self-managed workers there are of 3.7.1.');
    }
    return { mode: 'real', failure: compared.failure };
  }
  const seed = values.seed === undefined ? 1 : whole('--seed', values.seed, 0, 2 ** 32 - 1);
  if (values.runs === undefined) return { mode: 'live', ...compared, seed };
  return { mode: 'runs', ...compared, seed, runs: whole('--runs', values.runs, 1, mostRuns) };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${option} must be ${names.join(' or ')}, got '${text}'.`);
  return found;
}
