import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { literalSchemas } from './literalSchemas.ts';

/** Run by `bundleFunction` in a process of its own: `node infra/bundler.ts OUTFILE`. */
const [outfile] = process.argv.slice(2);
if (outfile === undefined) throw new Error('The file to write is missing: node infra/bundler.ts OUTFILE');

await build({
  entryPoints: [repositoryFile('lambda/handler.ts')],
  outfile,
  absWorkingDir: repositoryFile('.'),
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': repositoryFile('infra/environmentCredentials.ts') },
  plugins: [literalSchemas],
  // What is left of CommonJS in the bundle asks for Node's own modules by `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'error',
});

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
