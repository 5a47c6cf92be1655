import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleFigures } from './bench/bundleFigures.ts';
import { type Figure, limitsHold, table } from './bench/figures.ts';
import { overheadFigures } from './bench/overhead.ts';
import { startFigure, synthFigures } from './bench/wallTimes.ts';
import { dayFigures, leastHours, roundFigures } from './bench/watchdog/figures.ts';

const usage = `npm run bench -- [--runs N] [--seed N] [--travel MS] [--no-start] [--hours N] [--no-watchdog] [--json]

Measures the bundle, the orchestration in virtual time, the synthesis, npm start and the watchdog, and prints one table.
  --runs N       recoveries in virtual time, half restarts, half recreations (default 1000)
  --seed N       of the first of them (default 1)
  --travel MS    how long a request, and again an answer, is on its way at most, in virtual time (default 50)
  --no-start     leaves npm start out
  --hours N      of virtual time over which the watchdog's memory is measured (default 24; at least ${leastHours})
  --no-watchdog  leaves the watchdog out
  --json         the same figures as JSON

Exit code 0 only if every limit is kept.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      travel: { type: 'string', default: '50' },
      start: { type: 'boolean', default: true },
      hours: { type: 'string', default: '24' },
      watchdog: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const runs = wholeNumber('--runs', values.runs, 2);
  const seed = wholeNumber('--seed', values.seed, 0);
  // Within a Region a call takes some tens of milliseconds there and back [inferred].
  const longestTravelMs = wholeNumber('--travel', values.travel, 0);
  const hours = wholeNumber('--hours', values.hours, leastHours);
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  // What is timed runs alone, before and after the threads that take every core.
  progress('bundle');
  const bundle = await bundleFigures();
  progress('synth');
  const synth = await synthFigures();
  progress('npm start');
  const start = values.start ? [await startFigure()] : [];
  progress('rounds of the watchdog');
  const rounds = values.watchdog ? await roundFigures() : [];
  const done = { runs: 0, hours: 0 };
  const inVirtualTime = (now: Partial<typeof done>) => {
    Object.assign(done, now);
    progress(`in virtual time: ${done.runs} of ${runs} recoveries, ${done.hours} of ${hours} hours of the watchdog`);
  };
  const [overhead, day] = await Promise.all([
    overheadFigures({ runs, seed, longestTravelMs, progress: (many) => inVirtualTime({ runs: many }) }),
    values.watchdog ? dayFigures(hours, (hour) => inVirtualTime({ hours: hour })) : [],
  ]);
  progress('');
  const figures: readonly Figure[] = [...bundle, ...overhead, ...synth, ...start, ...rounds, ...day];
  const machine = {
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    seed,
    runs,
  };
  if (values.json) console.log(JSON.stringify({ machine, figures }, undefined, 2));
  else {
    console.log(`Node ${machine.node}, ${machine.cores} cores (${machine.processor}); ${runs} runs from seed ${seed}`);
    console.log(`\n${table(figures)}`);
  }
  return limitsHold(figures) ? 0 : 1;
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`${option}: found "${text}", expected a whole number of at least ${least}`);
  }
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
