import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { runToEnd } from '../../local/real/startedServer.ts';

/** As `npm run watchdog:bundle` does, into the run's own folder, and in a process of its own, so that Ctrl+C is heard meanwhile. */
export async function bundleWatchdog(
  processes: OwnedProcesses,
): Promise<{ readonly file: string; readonly bytes: number; readonly milliseconds: number }> {
  const beganAtMs = performance.now();
  const bundler = fileURLToPath(new URL('../../infra/selfManagedBundler.ts', import.meta.url));
  const outdir = join(processes.folder, 'dist');
  await runToEnd(processes, { name: "the watchdog's bundler", command: process.execPath, args: [bundler, outdir] });
  const file = join(outdir, 'watchdog.mjs');
  const { size } = await stat(file);
  return { file, bytes: size, milliseconds: Math.round(performance.now() - beganAtMs) };
}
