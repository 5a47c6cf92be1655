import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordText } from './record.ts';
import { runCell } from './runCell.ts';
import { cells } from './table.ts';

/** The process of one cell: `node cellProcess.ts --cell ID --into FILE`. Says each step in a line; exit code 0 if it ran to its end, passed or not. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cell: { type: 'string' }, into: { type: 'string' } } });
  const cell = cells.find(({ id }) => id === values.cell);
  if (cell === undefined || values.into === undefined) throw new Error(`There is no cell ${values.cell ?? ''}.`);
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
  process.on('SIGTERM', () => interrupted.abort(new Error('Ended.')));
  const record = await runCell(cell, interrupted.signal, (text) => console.log(text));
  writeFileSync(values.into, recordText(record));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// What the SDK's clients keep open would hold the process.
process.exit();
