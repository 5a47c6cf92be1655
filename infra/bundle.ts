import { buildSync } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionSettings } from '../settings/connectorSettings.ts';

export interface Bundle {
  /** Size of `index.mjs`. */
  readonly bytes: number;
}

/**
 * Writes the function as it is deployed: `index.mjs` and, beside it, `settings.json`.
 * @param outdir made if it is not there
 * @throws when the handler cannot be bundled
 */
export function bundleFunction(outdir: string, settings: FunctionSettings): Bundle {
  mkdirSync(outdir, { recursive: true });
  const outfile = join(outdir, 'index.mjs');
  const { metafile } = buildSync({
    entryPoints: [repositoryFile('lambda/handler.ts')],
    outfile,
    absWorkingDir: repositoryFile('.'),
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': repositoryFile('infra/environmentCredentials.ts') },
    // What is left of CommonJS in the bundle asks for Node's own modules by `require`.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    legalComments: 'none',
    logLevel: 'error',
  });
  writeFileSync(join(outdir, 'settings.json'), JSON.stringify(settings));
  return { bytes: Object.values(metafile.outputs)[0]?.bytes ?? 0 };
}

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
