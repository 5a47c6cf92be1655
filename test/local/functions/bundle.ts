import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** An asset folder with an `index.mjs` that holds this source; `remove` takes it away. */
export function sourceFolder(source: string): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(directory, 'index.mjs'), source);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** The same, bundled and minified with its dependencies, as NodejsFunction does it. */
export async function bundledFolder(source: string): Promise<ReturnType<typeof sourceFolder>> {
  const folder = sourceFolder('');
  await build({
    stdin: { contents: source, resolveDir: root },
    outfile: join(folder.directory, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  return folder;
}
