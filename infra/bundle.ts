import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionSettings } from '../settings/connectorSettings.ts';

export interface Bundle {
  /** Of `index.mjs` and what is loaded with it. */
  readonly bytes: number;
  /** Of what is loaded when it is needed: the daily check. */
  readonly laterBytes: number;
}

/**
 * Writes the function as it is deployed: `index.mjs` with its parts and, beside them, `settings.json`. A construct cannot wait, and esbuild takes plugins
 * only where it is waited for, so it works in a process of its own.
 * @param outdir made if it is not there
 * @throws when the handler cannot be bundled
 */
export function bundleFunction(outdir: string, settings: FunctionSettings): Bundle {
  mkdirSync(outdir, { recursive: true });
  const bundler = fileURLToPath(new URL('bundler.ts', import.meta.url));
  const printed = execFileSync(process.execPath, [bundler, outdir], { stdio: ['ignore', 'pipe', 'inherit'] });
  writeFileSync(join(outdir, 'settings.json'), JSON.stringify(settings));
  return JSON.parse(printed.toString('utf8')) as Bundle;
}
