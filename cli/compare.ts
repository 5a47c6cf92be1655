import { readCompareOptions, usage } from './compare/compareOptions.ts';
import { UsageError } from './demonstration/startOptions.ts';
import { interruption } from './interruption.ts';

async function main(): Promise<number> {
  const options = readCompareOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    console.log(usage);
    return 0;
  }
  const interrupted = interruption();
  switch (options.mode) {
    case 'runs': {
      const { compareRuns } = await import('./compare/compareRuns.ts');
      return (await compareRuns(options, interrupted)) ? 0 : 1;
    }
    case 'live': {
      const { compareLive } = await import('./compare/compareLive.ts');
      return (await compareLive(options, interrupted)) ? 0 : 1;
    }
    case 'real': {
      const { compareReal } = await import('./compare/compareReal.ts');
      return (await compareReal(options, interrupted)) ? 0 : 1;
    }
  }
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
