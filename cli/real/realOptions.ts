import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { firstSentence, UsageError, whole } from '../demonstration/startOptions.ts';
import type { MatrixOptions } from './matrix/matrix.ts';
import type { TlsOptions } from './tls/compareTls.ts';

/** Options that mean something in one mode only. */
const belongsTo = [
  ['all', 'matrix'],
  ['cell', 'matrix'],
  ['jobs', 'matrix'],
  ['fresh', 'matrix'],
  ['minutes', 'tls'],
  ['checks', 'tls'],
  ['seed', 'tls'],
  ['hang', 'tls'],
] as const;

/** What `npm run real` is to do. */
export type RealOptions =
  | { readonly mode: 'help' }
  | { readonly mode: 'main run'; readonly short: boolean }
  | ({ readonly mode: 'matrix' } & MatrixOptions)
  | ({ readonly mode: 'tls' } & TlsOptions);

const mostJobs = 8;
const defaultMinutes = 10;
const mostMinutes = 1440;
const mostChecks = 100_000;
/** A check every 5 s, where the original had one every 90 s: too few to tell anything apart. */
const checksPerMinute = 12;

export const usage = `npm run real                  two silent connectors come back, on real Kafka Connect workers: about 10 minutes
npm run real -- --short       the same in under 8 minutes: the database beats more often, and offsets are committed more often
npm run real -- --matrix      the table of failures, its core: what each signal showed, what was decided, what it cost (docs/failures.md)
                --all         every cell of the table, which takes hours
                --cell ID     this cell alone; may be given more than once
                --jobs N      so many side by side (1 to ${mostJobs}, default 1)
                --fresh       again what has a result already
npm run real -- --tls         TLS 1.3 beside TLS 1.2, two workers on one database, with the same random faults
                --minutes N   for so long (1 to ${mostMinutes}, default ${defaultMinutes})
                --checks N    so many rows that are waited for (default ${checksPerMinute} a minute)
                --seed N      the same random moments again
                --hang        instead: tries to bring about the two hangs that are known of Java's TLS, about 25 minutes; one part needs a JDK

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
        tls: { type: 'boolean', default: false },
        minutes: { type: 'string' },
        checks: { type: 'string' },
        seed: { type: 'string' },
        hang: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(firstSentence(error, 'npm run real'), { cause: error });
  }
  if (values.help) return { mode: 'help' };
  const modes = (['short', 'matrix', 'tls'] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new UsageError(`--${modes[1]} does not go with --${modes[0]}.`);
  const [mode = 'short'] = modes;
  for (const [option, goesWith] of belongsTo) {
    if (goesWith !== mode && given(values[option])) throw new UsageError(`--${option} goes with --${goesWith} only.`);
  }
  if (mode === 'matrix') {
    const { all, cell: cells, jobs = '1', fresh } = values;
    if (all && cells.length > 0) throw new UsageError('--cell does not go with --all.');
    return { mode, all, cells, fresh, jobs: whole('--jobs', jobs, 1, mostJobs) };
  }
  if (mode === 'tls') {
    const { hang, seed = String(randomInt(2 ** 32)) } = values;
    for (const option of ['minutes', 'checks', 'seed'] as const) {
      if (hang && values[option] !== undefined) throw new UsageError(`--${option} does not go with --hang.`);
    }
    const minutes = whole('--minutes', values.minutes ?? String(defaultMinutes), 1, mostMinutes);
    const checks = whole('--checks', values.checks ?? String(minutes * checksPerMinute), 1, mostChecks);
    return { mode, hang, minutes, checks, seed: whole('--seed', seed, 0, 2 ** 32 - 1) };
  }
  return { mode: 'main run', short: values.short };
}

function given(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}
