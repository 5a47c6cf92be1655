import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { literalSchemas } from './literalSchemas.ts';

/** Run by `bundleSidecars` in a process of its own: `node infra/selfManagedBundler.ts OUTDIR`. */
const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('The folder to write is missing: node infra/selfManagedBundler.ts OUTDIR');

await build({
  entryPoints: {
    watchdog: repositoryFile('watchdog/main.ts'),
    registrar: repositoryFile('watchdog/registrar/main.ts'),
  },
  outdir,
  outExtension: { '.js': '.mjs' },
  absWorkingDir: repositoryFile('.'),
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  // The Kafka client's checksums are WebAssembly in a file of its own, and in one of a package that holds it.
  alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
  plugins: [literalSchemas],
  // What is left of CommonJS in the bundle asks for Node's own modules by `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'error',
});

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
