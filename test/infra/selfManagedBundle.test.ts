import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleSidecars } from '../../infra/selfManagedBundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'sidecars-test-'));
beforeAll(() => bundleSidecars(folder), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('each sidecar is one file, below 2.5 MB', () => {
  expect(readdirSync(folder).toSorted()).toEqual(['registrar.mjs', 'watchdog.mjs']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(2_500_000);
});

test('the watchdog runs where there is nothing but Node.js beside it', () => {
  const said = execFileSync(process.execPath, [join(folder, 'watchdog.mjs'), '--help'], { cwd: folder, env: {} });
  expect(said.toString()).toContain('--settings');
});

test.each([
  ['watchdog.mjs', '20.20.2', 2, 'needs Node.js 22.22 or newer (found v20.20.2)\n'],
  ['watchdog.mjs', '22.21.1', 2, 'needs Node.js 22.22 or newer (found v22.21.1)\n'],
  ['registrar.mjs', '20.20.2', 2, 'needs Node.js 22.22 or newer (found v20.20.2)\n'],
  ['watchdog.mjs', '22.22.0', 0, ''],
  ['watchdog.mjs', '26.0.0', 0, ''],
])(
  '%s under Node.js %s ends with %d, and where it refuses says so in one line and no more',
  (name, version, code, said) => {
    const older = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
    const args = ['--import', `data:text/javascript,${older}`, join(folder, name), '--help'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env: {}, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: code, stderr: said });
  },
);

test('the registrar starts, says where it looks, goes on where S3 does not answer, and ends when it is asked to', async () => {
  const child = spawn(process.execPath, [join(folder, 'registrar.mjs')], {
    cwd: folder,
    env: {
      REGISTRAR_URL: 'http://127.0.0.1:9',
      REGISTRAR_BUCKET: 'shop',
      REGISTRAR_WANTED: 'connectors/',
      REGISTRAR_REGISTERED: 'registered/',
      AWS_REGION: 'ap-northeast-2',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      events.push((JSON.parse(line) as { event: string }).event);
      if (events.includes('registrar.failed')) resolve();
    });
    void ended.then(() => resolve());
  });
  expect(events).toEqual(['registrar.started', 'registrar.failed']);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
