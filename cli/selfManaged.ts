import { UsageError } from './demonstration/startOptions.ts';
import { interruption } from './interruption.ts';
import { readSelfManagedOptions, usage } from './selfManaged/options.ts';

async function main(): Promise<number> {
  const options = readSelfManagedOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    console.log(usage);
    return 0;
  }
  const interrupted = interruption();
  const { selfManagedRun } = await import('./selfManaged/run.ts');
  return (await selfManagedRun(options, interrupted)) ? 0 : 1;
}

let code: number;
try {
  code = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  code = error instanceof UsageError ? 2 : 1;
}
// Calls that were under way when it was interrupted would be tried again for seconds.
process.exit(code);
