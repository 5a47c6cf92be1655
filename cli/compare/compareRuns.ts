import { availableParallelism } from 'node:os';
import pc from 'picocolors';
import { duration } from '../../recovery/time.ts';
import { wrap } from '../demonstration/screen.ts';
import { failures, type CompareOptions } from './compareOptions.ts';
import { durationsOf } from './durations.ts';
import { faultsOfRuns, runsTable } from './manyRuns.ts';
import { durationList } from './durationList.ts';
import { onAllCores } from './virtual/onAllCores.ts';

/** At most so many faults are named. */
const mostFaults = 5;

/** Many failures in virtual time. Gives whether data came back in every one of them, in both worlds, and no row was lost. */
export async function compareRuns(
  options: Extract<CompareOptions, { mode: 'runs' }>,
  signal: AbortSignal,
): Promise<boolean> {
  const { failure, connectVersion, seed, runs } = options;
  const beganAtMs = performance.now();
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  progress('synthesizing the stack');
  const results = await onAllCores(
    { failure, connectVersion, seed, runs, progress: (done) => progress(`${done} of ${runs} runs`) },
    signal,
  );
  progress('');
  const took = duration((performance.now() - beganAtMs) / 1000);
  const { user, system } = process.cpuUsage();
  const worked = duration((user + system) / 1_000_000);
  console.log(
    [
      pc.bold(`${failure} on Connect ${connectVersion}: ${failures[failure]}`),
      `Seeds ${seed} to ${seed + runs - 1}, in virtual time on ${availableParallelism()} cores: ${took}, and ${worked} of processor time.`,
      ...wrap(
        'Both worlds have the same row a second, the same beat of the database, the same flush interval and the same moment of the failure in each run. ' +
          'The MSK Connect world is the synthesized stack on local services with the engine and its Lambda adapter in process; the self-managed one a ' +
          'simulated cluster with the watchdog in process.',
        118,
      ),
      '',
      runsTable(results),
      '',
      durationList(durationsOf(options)),
    ].join('\n'),
  );
  const faults = faultsOfRuns(results);
  console.log(
    faults.length === 0
      ? `\n${pc.green('as promised')} data came back in both worlds in every run, and no row was lost`
      : `\n${pc.red('NOT AS PROMISED')} ${faults.slice(0, mostFaults).join('; ')}${faults.length > mostFaults ? `; and ${faults.length - mostFaults} more` : ''}`,
  );
  return faults.length === 0;
}
