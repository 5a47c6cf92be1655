import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionSettings } from '../settings/connectorSettings.ts';

export interface Bundle {
  /** Size of `index.mjs`. */
  readonly bytes: number;
}

/**
 * Writes the function as it is deployed: `index.mjs` and, beside it, `settings.json`. A construct cannot wait, and esbuild takes plugins
 * only where it is waited for, so it works in a process of its own.
 * @param outdir made if it is not there
 * @throws when the handler cannot be bundled
 */
export function bundleFunction(outdir: string, settings: FunctionSettings): Bundle {
  mkdirSync(outdir, { recursive: true });
  const outfile = join(outdir, 'index.mjs');
  const bundler = fileURLToPath(new URL('bundler.ts', import.meta.url));
  execFileSync(process.execPath, [bundler, outfile], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(join(outdir, 'settings.json'), JSON.stringify(settings));
  return { bytes: statSync(outfile).size };
}
