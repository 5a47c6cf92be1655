import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'synth-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `cdk synth` with no credentials, no home and no network: what would need one is sent where nobody listens. */
function synth(...more: string[]): { readonly code: number; readonly said: string } {
  const cdk = join(repository, 'node_modules/aws-cdk/bin/cdk');
  try {
    const said = execFileSync(process.execPath, [cdk, 'synth', '--quiet', '--output', join(folder, 'out'), ...more], {
      cwd: repository,
      env: {
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: folder,
        HTTPS_PROXY: 'http://127.0.0.1:9',
        HTTP_PROXY: 'http://127.0.0.1:9',
        AWS_EC2_METADATA_DISABLED: 'true',
        CI: 'true',
      },
      stdio: 'pipe',
    });
    return { code: 0, said: said.toString() };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return { code: status, said: stderr.toString() };
  }
}

test('npm run synth works offline, without credentials, and leaves template and bundle', { timeout: 60_000 }, () => {
  expect(synth()).toMatchObject({ code: 0 });
  const template = JSON.parse(readFileSync(join(folder, 'out/connector-recovery.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Code?: { S3Key: string } } }>;
  };
  const lambda = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const asset = join(folder, 'out', `asset.${lambda?.Properties.Code?.S3Key.replace('.zip', '')}`);
  expect(existsSync(join(asset, 'index.mjs'))).toBe(true);
  const settings = JSON.parse(readFileSync(join(asset, 'settings.json'), 'utf8')) as {
    alarms: Record<string, unknown>;
  };
  expect(settings.alarms['connector-recovery/orders-cdc/event-clock']).toEqual({
    connector: 'orders-cdc',
    signal: 'event-clock',
    does: 'look',
  });
});

test('faults in connectors.json end it, all of them at once', { timeout: 60_000 }, () => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, JSON.stringify({ stackname: 'x', connectors: [{ name: 'a' }] }));
  const { code, said } = synth('-c', `connectors=${file}`);
  expect(code).toBe(1);
  expect(said).toContain('mine.json has 5 faults:');
  expect(said).toContain(
    'connectors[0].executionRoleArn: found nothing, expected a value; `npm run capture -- a` fills it in',
  );
});

test('a file that is not there is named', { timeout: 60_000 }, () => {
  const { code, said } = synth('-c', 'connectors=nowhere.json');
  expect(code).toBe(1);
  expect(said).toContain('nowhere.json is not there. Name another file with -c connectors=FILE.');
});
