/**
 * A process of its own that outlives a run by a moment: `node guardian.ts <folder>` with the run's mark in the environment. On its standard
 * input it is told `+pid` of each process that was started and `-pid` of each that ended; the end of that input, which comes however the
 * owner dies, is the end of the run.
 */
import { createInterface } from 'node:readline';
import { GUARDIAN_MARK, removeWhatIsLeft } from './whatIsLeft.ts';

const [, , folder] = process.argv;
const mark = process.env[GUARDIAN_MARK];
if (folder === undefined || mark === undefined)
  throw new Error(`Usage: ${GUARDIAN_MARK}=<mark> node guardian.ts <folder>`);

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);

const pids = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) pids.add(pid);
  else pids.delete(pid);
}
await removeWhatIsLeft({ pids, mark, folder });
