import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleFunction } from '../../infra/bundle.ts';
import type { Figure } from './figures.ts';
import { median } from './statistics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const processes = 9;
const bytesLimit = 550_000;
const loadLimitMs = 70;

/** Size and load time of the function's bundle, beside what esbuild makes of the same source when nobody sees to it. */
export async function bundleFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bundle-'));
  try {
    const bundle = join(folder, 'index.mjs');
    const { bytes, laterBytes } = bundleFunction(folder, { schema: 1, stackName: 'bench', connectors: [], alarms: {} });
    const naive = join(folder, 'naive.mjs');
    await bundleNaively(naive);
    const naiveBytes = statSync(naive).size;
    // In turns, so that what else the machine does meanwhile strikes both alike.
    const loads = Array.from({ length: processes }, () => ({ own: loadMs(bundle), naive: loadMs(naive) }));
    const ownMs = median(loads.map(({ own }) => own));
    const naiveMs = median(loads.map((load) => load.naive));
    const group = 'bundle of the function';
    const timed = `import() in a fresh process, by its own performance.now; median of ${processes}`;
    const plain = 'plain esbuild of lambda/handler.ts: ESM, minified, node24, no alias, no plugin';
    return [
      {
        group,
        name: 'size',
        value: bytes,
        unit: 'bytes',
        measured: 'index.mjs and what is loaded with it, as deployed',
        limit: bytesLimit,
      },
      {
        group,
        name: 'size of what is loaded later',
        value: laterBytes,
        unit: 'bytes',
        measured: 'the daily check, and parts of the SDK that are not used',
      },
      { group, name: 'load time', value: ownMs, unit: 'ms', measured: timed, limit: loadLimitMs },
      { group, name: 'size of the naive bundle', value: naiveBytes, unit: 'bytes', measured: plain },
      { group, name: 'load time of the naive bundle', value: naiveMs, unit: 'ms', measured: timed },
      { group, name: 'size, ratio', value: bytes / naiveBytes, unit: 'of the naive bundle', measured: 'the two above' },
      {
        group,
        name: 'load time, ratio',
        value: ownMs / naiveMs,
        unit: 'of the naive bundle',
        measured: 'the two above',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundleNaively(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'lambda/handler.ts')],
    outfile,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Without it what is left of CommonJS could not be loaded at all.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}

/** As Lambda loads it: with the function's environment and nothing else. */
function loadMs(file: string): number {
  const script = `const before = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - before);`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      RECOVERY_BUCKET: 'bucket',
      RECOVERY_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:people',
    },
  });
  return Number(printed.toString().trim());
}
