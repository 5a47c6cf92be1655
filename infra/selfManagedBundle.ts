import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Writes `watchdog.mjs` and `registrar.mjs`, each a file that needs nothing beside it but Node.js. A construct cannot wait, and esbuild takes plugins
 * only where it is waited for, so it works in a process of its own.
 * @param outdir made if it is not there
 * @throws when one of them cannot be bundled
 */
export function bundleSidecars(outdir: string): void {
  mkdirSync(outdir, { recursive: true });
  const bundler = fileURLToPath(new URL('selfManagedBundler.ts', import.meta.url));
  execFileSync(process.execPath, [bundler, outdir], { stdio: ['ignore', 'pipe', 'inherit'] });
}
