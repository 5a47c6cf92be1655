import { parseArgs } from 'node:util';
import { firstSentence, UsageError } from '../demonstration/startOptions.ts';

export interface RunOptions {
  readonly short: boolean;
  /** Two workers in one cluster, of which one is killed, in place of cut connections. */
  readonly twoWorkers: boolean;
}

/** What `npm run self-managed` is to do. */
export type SelfManagedOptions = { readonly mode: 'help' } | ({ readonly mode: 'run' } & RunOptions);

export const usage = `npm run self-managed                   a real Kafka Connect of one's own and the watchdog: a task that FAILED and one that hangs while it says RUNNING come back
npm run self-managed -- --short        the same, quicker: the database beats more often, and offsets are committed more often
npm run self-managed -- --two-workers  two workers in one cluster, of which one is killed: Connect moves its tasks, the watchdog tells and leaves them to it
                                       (goes with --short)

It needs Java 17, Maven and a MariaDB server on the machine; what is missing is named, with the command that installs it.
Exit code 0 only if everything came about as promised, no row lost; 2 when these words are not understood.
`;

/** @throws UsageError */
export function readSelfManagedOptions(args: readonly string[]): SelfManagedOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        short: { type: 'boolean', default: false },
        'two-workers': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error, 'npm run self-managed'), { cause: error });
  }
  if (values.help) return { mode: 'help' };
  return { mode: 'run', short: values.short, twoWorkers: values['two-workers'] };
}
