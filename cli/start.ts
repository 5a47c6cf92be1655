import { readFileSync } from 'node:fs';
import { readScenario } from '../local/connect/scenario.ts';
import { cycles } from './demonstration/cycles.ts';
import { mainJob } from './demonstration/mainJob.ts';
import { readStartOptions, usage, UsageError } from './demonstration/startOptions.ts';

async function main(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    console.log(usage);
    return 0;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
  process.once('SIGTERM', () => interrupted.abort(new Error('Ended.')));
  if (options.mode === 'cycles') {
    const asPromised = await cycles(options, interrupted.signal);
    // Calls that were under way when it was interrupted would be tried again for seconds.
    process.exit(asPromised ? 0 : 1);
  }
  const { faultsFile } = options;
  const faults = faultsFile === undefined ? undefined : readScenario(readFileSync(faultsFile, 'utf8'), faultsFile);
  return (await mainJob(interrupted.signal, faults)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
