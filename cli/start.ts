import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readScenario } from '../local/connect/scenario.ts';
import { mainJob } from './demonstration/mainJob.ts';

const usage = `npm start                      the main job on this machine: two silent connectors come back, an idle one is left alone
npm start -- --faults FILE     the same, with faults in MSK Connect from a scenario file (docs/scenarios/create-refused.json)

Exit code 0 only if both were recovered and proved and the third was not touched.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false }, faults: { type: 'string' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
  process.once('SIGTERM', () => interrupted.abort(new Error('Ended.')));
  const faults =
    values.faults === undefined ? undefined : readScenario(readFileSync(values.faults, 'utf8'), values.faults);
  return (await mainJob(interrupted.signal, faults)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
