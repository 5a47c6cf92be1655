import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundleFunction } from '../../infra/bundle.ts';
import { defaultProvider } from '../../infra/environmentCredentials.ts';
import { withLiteralKeys } from '../../infra/literalSchemas.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the bundle is one module with a handler, its settings beside it, below 550 KB', () => {
  const settings = { schema: 1, stackName: 'shop', connectors: [], alarms: {} } as const;
  const { bytes } = bundleFunction(folder, settings);
  expect(bytes).toBeLessThan(550_000);
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual(settings);
  const script = `import('${join(folder, 'index.mjs')}').then((module) => console.log(typeof module.handler))`;
  const environment = { RECOVERY_BUCKET: 'b', RECOVERY_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:t' };
  const printed = execFileSync(process.execPath, ['-e', script], { env: { AWS_REGION: 'eu-west-1', ...environment } });
  expect(printed.toString().trim()).toBe('function');
});

test('only keys that are known constants of the module become literals', () => {
  expect(withLiteralKeys('const _h = "http";\nvar A$ = [9, { [_h]: ["GET"], [_x]: 1 }, _h];\n')).toBe(
    'const _h = "http";\nvar A$ = [9, { "http": ["GET"], [_x]: 1 }, _h];\n',
  );
});

test('credentials come from the environment, where Lambda puts them', async () => {
  const before = { ...process.env };
  try {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    });
    await expect(defaultProvider()()).resolves.toEqual({
      accessKeyId: 'AKID',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    await expect(defaultProvider()()).rejects.toThrow('No AWS credentials in the environment');
  } finally {
    process.env = before;
  }
});
