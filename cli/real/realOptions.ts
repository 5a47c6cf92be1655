import { parseArgs } from 'node:util';
import { firstSentence, UsageError } from '../demonstration/startOptions.ts';

/** What `npm run real` is to do. */
export type RealOptions = { readonly mode: 'help' } | { readonly mode: 'main run'; readonly short: boolean };

export const usage = `npm run real              two silent connectors come back, on real Kafka Connect workers: as the product is set by default, about 10 minutes
npm run real -- --short   the same in under 8 minutes, with a shorter heartbeat of the database and thresholds to match

It needs Java 17, Maven and a MariaDB server on the machine; what is missing is named, with the command that installs it.
Exit code 0 only if each connector was recovered as promised and no row was lost; 2 when these words are not understood.
`;

/** @throws UsageError */
export function readRealOptions(args: readonly string[]): RealOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        short: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error, 'npm run real'), { cause: error });
  }
  return values.help ? { mode: 'help' } : { mode: 'main run', short: values.short };
}
