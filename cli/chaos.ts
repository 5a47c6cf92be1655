import { parseArgs } from 'node:util';
import { drawHistory } from './chaos/draw.ts';
import { explain, smallestFor } from './chaos/explain.ts';
import { judge } from './chaos/judge.ts';
import { runMutants } from './chaos/mutants/runMutants.ts';
import { brokenLines, brokenSeeds, reportLines } from './chaos/report.ts';
import { firstDifference } from './chaos/sequence.ts';
import { onAllCores } from './chaos/threads.ts';
import { inWords } from './chaos/words.ts';

const usage = `npm run chaos -- [--runs N] [--seed N] [--sdk N]   histories from that seed on; N of them by the SDK clients as well
npm run chaos -- --seed N --only                    that history alone, by both transports
npm run chaos -- --mutants [--runs N]               the product broken on purpose, each way looked for in at most N histories`;

/** The smallest histories are shown for so many rules. */
const mostExplained = 5;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    sdk: { type: 'string' },
    only: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const [runs, seed] = [Number(values.runs), Number(values.seed)];
const sdk = Number(values.sdk ?? Math.ceil(runs / 50));
if (values.help || !isCount(runs) || !isCount(seed) || !Number.isInteger(sdk) || sdk < 0) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  const broken = values.mutants ? await broke() : values.only ? await one(seed) : await many();
  process.exitCode = broken ? 1 : 0;
}

/** Whether one of the ways to break the product on purpose was not found. */
async function broke(): Promise<boolean> {
  const results = await runMutants({ most: runs, write: (line) => console.log(line) });
  return results.some((result) => result.seed === undefined);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

async function many(): Promise<boolean> {
  const startedMs = performance.now();
  const isScreen = process.stderr.isTTY;
  const tally = await onAllCores({
    runs,
    seed,
    sdk,
    onProgress: ({ counted, failures }) => {
      if (isScreen) process.stderr.write(`\r${counted} of ${runs}, ${failures.length} failed `);
    },
  });
  if (isScreen) process.stderr.write('\r');
  console.log(reportLines(tally, (performance.now() - startedMs) / 1000).join('\n'));
  console.log(`\n${brokenLines(tally).join('\n')}`);
  for (const [rule, seeds] of [...brokenSeeds(tally.failures)].slice(0, mostExplained)) {
    const failure = tally.failures.find((found) => found.seed === seeds[0]);
    const transport = failure?.transport ?? 'direct';
    // oxlint-disable-next-line no-await-in-loop -- the thread can live in one history only
    const smallest = await smallestFor(drawHistory(seeds[0] ?? seed), rule, transport);
    // oxlint-disable-next-line no-await-in-loop -- as above
    console.log(`\n${(await explain(smallest, rule, transport)).join('\n')}`);
  }
  const failed = new Set([...tally.failures, ...tally.differences].map((found) => found.seed)).size;
  console.log(`\n${tally.counted - failed} passed, ${failed} failed`);
  return failed > 0;
}

/** One history as it was drawn, and for each rule that it broke the smallest that still does. */
async function one(only: number): Promise<boolean> {
  const history = drawHistory(only);
  console.log([`seed ${only}`, ...inWords(history).map((line) => `  ${line}`)].join('\n'));
  const direct = await judge(history, 'direct');
  const sent = await judge(history, 'sdk');
  const difference = firstDifference(direct.record, sent.record);
  console.log(`\n${difference ?? `Both transports: the same ${direct.record.calls.length} calls in the same order.`}`);
  const rules = new Set([...direct.broken, ...sent.broken].map(({ rule }) => rule));
  console.log(rules.size === 0 ? 'No rule was broken.' : `Broken: ${[...rules].join('; ')}`);
  for (const rule of rules) {
    const transport = direct.broken.some((found) => found.rule === rule) ? 'direct' : 'sdk';
    // oxlint-disable-next-line no-await-in-loop -- the thread can live in one history only
    const smallest = await smallestFor(history, rule, transport);
    // oxlint-disable-next-line no-await-in-loop -- as above
    console.log(`\n${(await explain(smallest, rule, transport)).join('\n')}`);
  }
  const failed = rules.size > 0 || difference !== undefined ? 1 : 0;
  console.log(`\n${1 - failed} passed, ${failed} failed`);
  return failed > 0;
}
