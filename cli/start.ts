import { readFileSync } from 'node:fs';
import { readStartOptions, usage, UsageError } from './demonstration/startOptions.ts';
import { interruption } from './interruption.ts';

async function main(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    console.log(usage);
    return 0;
  }
  const interrupted = interruption();
  if (options.mode === 'cycles') {
    const { cycles } = await import('./demonstration/cycles.ts');
    const asPromised = await cycles(options, interrupted);
    // Calls that were under way when it was interrupted would be tried again for seconds.
    process.exit(asPromised ? 0 : 1);
  }
  const { faultsFile } = options;
  const { readScenario } = await import('../local/connect/scenario.ts');
  const { mainJob } = await import('./demonstration/mainJob.ts');
  const faults = faultsFile === undefined ? undefined : readScenario(readFileSync(faultsFile, 'utf8'), faultsFile);
  return (await mainJob(interrupted, faults)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
