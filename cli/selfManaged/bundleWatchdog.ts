import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** Bundles the watchdog into `watchdog.mjs` in that folder. */
export async function bundleWatchdog(
  folder: string,
): Promise<{ readonly file: string; readonly bytes: number; readonly milliseconds: number }> {
  const beganAtMs = performance.now();
  const file = join(folder, 'watchdog.mjs');
  await build({
    entryPoints: [join(root, 'watchdog/main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minify: true,
    logLevel: 'silent',
  });
  const { size } = await stat(file);
  return { file, bytes: size, milliseconds: Math.round(performance.now() - beganAtMs) };
}
