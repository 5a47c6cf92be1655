import { writeFileSync } from 'node:fs';
import { recordingOf } from './recording.ts';
import { readResults } from './results.ts';

/** `node cli/real/matrix/keepRecording.ts CELL...` makes test data of the detection out of results: `test/recordings/matrix-<cell>.csv` and `.log`. */
const results = readResults();
for (const cell of process.argv.slice(2)) {
  const record = results.get(cell);
  if (record === undefined) throw new Error(`docs/failures/ has no ${cell}.`);
  const { csv, log } = recordingOf(record);
  const place = new URL(`../../../test/recordings/matrix-${cell}`, import.meta.url);
  writeFileSync(new URL(`${place.href}.csv`), csv);
  if (log !== '') writeFileSync(new URL(`${place.href}.log`), log);
  console.log(`test/recordings/matrix-${cell}`);
}
