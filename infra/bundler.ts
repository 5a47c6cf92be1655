import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { literalSchemas } from './literalSchemas.ts';

/** Run by `bundleFunction` in a process of its own: `node infra/bundler.ts OUTDIR`. Prints the sizes as a `Bundle`. */
const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('The folder to write is missing: node infra/bundler.ts OUTDIR');

const { metafile } = await build({
  entryPoints: { index: repositoryFile('lambda/handler.ts') },
  outdir,
  outExtension: { '.js': '.mjs' },
  // What is imported only when it is needed becomes a file of its own.
  splitting: true,
  chunkNames: '[name]-[hash]',
  metafile: true,
  absWorkingDir: repositoryFile('.'),
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': repositoryFile('infra/environmentCredentials.ts'),
    '@smithy/core/event-streams': repositoryFile('infra/noEventStreams.ts'),
  },
  plugins: [literalSchemas],
  // What is left of CommonJS in the bundle asks for Node's own modules by `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'error',
});

// What is loaded with the handler, and what only later.
const files = Object.entries(metafile.outputs).map(([path, { bytes, imports, entryPoint }]) => ({
  path,
  bytes,
  isEntry: entryPoint === 'lambda/handler.ts',
  loads: imports.filter(({ kind }) => kind === 'import-statement').map((one) => one.path),
}));
const loaded = new Set(files.filter(({ isEntry }) => isEntry).map(({ path }) => path));
for (const path of loaded) for (const next of files.find((one) => one.path === path)?.loads ?? []) loaded.add(next);
const sum = (chosen: typeof files) => chosen.reduce((bytes, file) => bytes + file.bytes, 0);
const sizes = {
  bytes: sum(files.filter(({ path }) => loaded.has(path))),
  laterBytes: sum(files.filter(({ path }) => !loaded.has(path))),
};
process.stdout.write(JSON.stringify(sizes));

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
