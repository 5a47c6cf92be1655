import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { insideOwnNetwork } from '../../../local/real/ownNetwork.ts';
import { recordText } from './record.ts';
import { runCell } from './runCell.ts';
import { cells } from './table.ts';

const inside = 'CONNECTOR_RECOVERY_OWN_NETWORK';

/** The process of one cell: `node cellProcess.ts --cell ID --into FILE`. Says each step in a line; exit code 0 if it ran to its end, passed or not. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cell: { type: 'string' }, into: { type: 'string' } } });
  const cell = cells.find(({ id }) => id === values.cell);
  if (cell === undefined || values.into === undefined) throw new Error(`There is no cell ${values.cell ?? ''}.`);
  if (cell.failure === 'dropped-packets' && process.env[inside] === undefined) return inOwnNetwork();
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
  process.on('SIGTERM', () => interrupted.abort(new Error('Ended.')));
  const record = await runCell(cell, interrupted.signal, (text) => console.log(text));
  writeFileSync(values.into, recordText(record));
  return 0;
}

/** The same once more, in a network in which packets can be lost. @throws NoOwnNetwork */
async function inOwnNetwork(): Promise<number> {
  const child = await insideOwnNetwork(process.argv.slice(1), { env: { [inside]: 'yes' } });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// What the SDK's clients keep open would hold the process.
process.exit();
