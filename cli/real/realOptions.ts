import { parseArgs } from 'node:util';
import { firstSentence, UsageError, whole } from '../demonstration/startOptions.ts';
import type { MatrixOptions } from './matrix/matrix.ts';

/** What `npm run real` is to do. */
export type RealOptions =
  | { readonly mode: 'help' }
  | { readonly mode: 'main run'; readonly short: boolean }
  | ({ readonly mode: 'matrix' } & MatrixOptions);

const mostJobs = 8;

export const usage = `npm run real                  two silent connectors come back, on real Kafka Connect workers: about 10 minutes, as the product is set by default
npm run real -- --short       the same in under 8 minutes: the database beats more often, and the thresholds follow
npm run real -- --matrix      the table of failures, its core: what each signal showed, what was decided, what it cost (docs/failures.md)
                --all         every cell of the table, which takes hours
                --cell ID     this cell alone; may be given more than once
                --jobs N      so many side by side (1 to ${mostJobs}, default 1)
                --fresh       again what has a result already

It needs Java 17, Maven and a MariaDB server on the machine; what is missing is named, with the command that installs it.
Exit code 0 only if everything came about as promised, no row lost; 2 when these words are not understood.
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
        matrix: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        cell: { type: 'string', multiple: true, default: [] },
        jobs: { type: 'string' },
        fresh: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error, 'npm run real'), { cause: error });
  }
  const { short, all, cell: cells, jobs, fresh } = values;
  if (values.help) return { mode: 'help' };
  if (!values.matrix) {
    const stray = all ? '--all' : cells.length > 0 ? '--cell' : jobs !== undefined ? '--jobs' : fresh ? '--fresh' : '';
    if (stray !== '') throw new UsageError(`${stray} goes with --matrix only.`);
    return { mode: 'main run', short };
  }
  if (short) throw new UsageError('--short does not go with --matrix.');
  if (all && cells.length > 0) throw new UsageError('--cell does not go with --all.');
  return { mode: 'matrix', all, cells, fresh, jobs: jobs === undefined ? 1 : whole('--jobs', jobs, 1, mostJobs) };
}
