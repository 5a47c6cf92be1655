import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { jmxConfiguration } from '../../infra/selfManagedImages.ts';
import { jmxAgentConfiguration } from '../../local/connect/real/jmx.ts';
import { checkWatchdogSettings } from '../../settings/watchdogRead.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'self-managed-synth-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The second entry of `npm run synth`, with no credentials, no home, no Docker and no network: what would need one is sent where nobody listens. */
function synth(...more: string[]): { readonly code: number; readonly said: string } {
  const cdk = join(repository, 'node_modules/aws-cdk/bin/cdk');
  const args = ['synth', '--quiet', '--app', 'node infra/selfManagedApp.ts', '--output', join(folder, 'out'), ...more];
  try {
    const said = execFileSync(process.execPath, [cdk, ...args], {
      cwd: repository,
      env: {
        PATH: `${dirname(process.execPath)}:/bin`,
        HOME: folder,
        CDK_DOCKER: join(folder, 'no-docker'),
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

/** Every file of a folder, with its text. */
function texts(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
}

test(
  'npm run synth leaves the second template too, offline, without credentials and without Docker; cdk-nag finds nothing',
  { timeout: 90_000 },
  () => {
    expect(synth()).toMatchObject({ code: 0 });
    const files = texts(join(folder, 'out'));
    const template = files['self-managed-connect.template.json'] ?? '';
    expect(Object.keys((JSON.parse(template) as { Outputs: object }).Outputs).toSorted()).toEqual([
      'BucketName',
      'RegisterCommand',
      'StateCommand',
      'TopicArn',
      'WatchCommand',
      'WorkersCommand',
    ]);
    // Nothing of the machine that it was made on.
    for (const place of [repository, tmpdir(), folder]) {
      expect(template).not.toContain(place);
      expect(files['self-managed-connect.assets.json']).not.toContain(place);
    }
    const dockerfiles = Object.entries(files).filter(([name]) => name.endsWith('Dockerfile'));
    expect(dockerfiles).toHaveLength(2);
    for (const [, text] of dockerfiles) {
      expect(text).toMatch(/^FROM \S+:\S*\d+\.\d+\.\d+\S*$/m);
      // Built for either architecture on any machine.
      expect(text).not.toMatch(/^RUN/m);
    }
    const sidecars = Object.entries(files).filter(([name]) => name.endsWith('.mjs'));
    expect(sidecars.map(([name]) => name.replace(/^asset\.\w+\//, ''))).toEqual([
      'app/registrar.mjs',
      'app/watchdog.mjs',
    ]);
  },
);

test('the watchdog takes what it is told, once the names of the deployed are in it', () => {
  const { Resources } = JSON.parse(readFileSync(join(folder, 'out/self-managed-connect.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { ContainerDefinitions: Container[] } }>;
  };
  const containers =
    Object.values(Resources).find(({ Type }) => Type === 'AWS::ECS::TaskDefinition')?.Properties.ContainerDefinitions ??
    [];
  const [variable] = containers
    .flatMap(({ Environment }) => Environment)
    .filter(({ Name }) => Name === 'WATCHDOG_SETTINGS');
  if (variable === undefined) throw new Error('the watchdog was expected to be told something');
  const [, parts] = (variable.Value as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  const text = parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return part.Ref.includes('Topic')
        ? 'arn:aws:sns:ap-northeast-2:111122223333:people'
        : 'self-managed-connect-store';
    })
    .join('');
  const settings = checkWatchdogSettings(JSON.parse(text), 'watchdog.json');
  expect(settings.clusters.map(({ name, urls }) => ({ name, urls }))).toEqual([
    { name: 'self-managed-connect', urls: ['http://127.0.0.1:8083'] },
  ]);
});

interface Container {
  readonly Name: string;
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
}

test('faults in self-managed.json end it, all of them at once', { timeout: 60_000 }, () => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, JSON.stringify({ stackname: 'x', kafka: { security: 'tls', bootstrapServers: [] } }));
  const { code, said } = synth('-c', `selfManaged=${file}`);
  expect(code).toBe(1);
  expect(said).toContain('mine.json has 4 faults:');
  expect(said).toContain(
    'stackname: found an unknown field, expected only the fields that self-managed.schema.json lists',
  );
});

test('a file that is not there is named', { timeout: 60_000 }, () => {
  expect(synth('-c', 'selfManaged=nowhere.json')).toMatchObject({
    code: 1,
    said: expect.stringContaining('nowhere.json is not there. Name another file with -c selfManaged=FILE.') as string,
  });
});

test('the agent publishes as the workers of this project do that the watchdog is tried with', () => {
  expect(jmxConfiguration).toBe(jmxAgentConfiguration);
});
