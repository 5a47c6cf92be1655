import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { literalSchemas } from './literalSchemas.ts';

/** Run by `bundleSidecars` in a process of its own: `node infra/selfManagedBundler.ts OUTDIR`. */
const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('The folder to write is missing: node infra/selfManagedBundler.ts OUTDIR');

/** The least that @platformatic/kafka asks for; undici asks for 22.19. */
const leastNode = { major: 22, minor: 22 };

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
  // So that an older one reads as far as the refusal.
  target: 'node20',
  mainFields: ['module', 'main'],
  // The Kafka client's checksums are WebAssembly in a file of its own, and in one of a package that holds it.
  alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
  plugins: [literalSchemas],
  // What is left of CommonJS in the bundle asks for Node's own modules by `require`.
  banner: { js: `import{createRequire}from'node:module';${refusal()}const require=createRequire(import.meta.url);` },
  legalComments: 'none',
  logLevel: 'error',
});

/** Before anything else runs: an older Node.js fails somewhere within, and prints a line of the bundle, which is long. */
function refusal(): string {
  const { major, minor } = leastNode;
  const older = `const[a,b]=process.versions.node.split('.').map(Number);if(a<${major}||a===${major}&&b<${minor})`;
  const refuses = `console.error(\`needs Node.js ${major}.${minor} or newer (found v\${process.versions.node})\`);process.exit(2)`;
  return `{${older}{${refuses}}}`;
}

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
