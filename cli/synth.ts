import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { synthesisOf, type Synthesis } from './synthesis.ts';

/** `npm run synth`: both templates, offline. A script of its own, since npm hands arguments to one command only: the other stack's file would be ignored. */
const cdk = fileURLToPath(new URL('../node_modules/aws-cdk/bin/cdk', import.meta.url));

try {
  process.exitCode = run(synthesisOf(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function run({ runs, files }: Synthesis): number {
  const missing = files.filter((file) => !existsSync(file));
  for (const file of missing) console.error(`${file} is not there.`);
  if (missing.length > 0) return 1;
  // Both, whatever the first says: every fault at once.
  const codes = runs.map((args) => spawnSync(process.execPath, [cdk, ...args], { stdio: 'inherit' }).status ?? 1);
  return Math.max(...codes);
}
