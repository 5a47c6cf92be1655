import { UsageError } from './demonstration/startOptions.ts';
import { interruption } from './interruption.ts';
import { readRealOptions, usage } from './real/realOptions.ts';

async function main(): Promise<number> {
  const options = readRealOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    console.log(usage);
    return 0;
  }
  const interrupted = interruption();
  if (options.mode === 'matrix') {
    const { matrix } = await import('./real/matrix/matrix.ts');
    return (await matrix(options, interrupted)) ? 0 : 1;
  }
  if (options.mode === 'tls') {
    const { compareTls } = await import('./real/tls/compareTls.ts');
    return (await compareTls(options, interrupted)) ? 0 : 1;
  }
  const { mainRun } = await import('./real/mainRun.ts');
  return (await mainRun(options, interrupted)) ? 0 : 1;
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
