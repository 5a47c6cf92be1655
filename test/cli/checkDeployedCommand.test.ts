import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { bucketObjects } from '../../store/objects.ts';
import { LocalIam } from '../../local/aws/iam.ts';
import { fixture, runningConnector } from '../local/connect/fixture.ts';
import { account, startServices, type TestServices } from '../lambda/services.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
let services: TestServices | undefined;
afterEach(async () => {
  await services?.close();
  services = undefined;
});

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, unknown>;
const good = read('../configs/saved/orders-good.json')['connectorConfiguration'] as Record<string, string>;
const context = read('../configs/saved/orders-good.context.json');
const workerProperties = Object.entries(context['workerProperties'] as Record<string, string>)
  .map(([key, value]) => `${key}=${value}`)
  .join('\n');
const { pluginVersion, database, databaseTimeZone, binlogRetentionHours } = context;
const facts = { pluginVersion, database, databaseTimeZone, binlogRetentionHours };

/** A deployed stack with one connector that has everything. */
async function start() {
  const roles = new LocalIam(account);
  roles.putRole('connect-execution', {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'kafkaconnect.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const made = await fixture({ configuration: good, workerProperties });
  services = await startServices([made.connect, roles]);
  const { clients, clock } = services;
  // The command lives in the machine's own time.
  await made.clock.advanceTo(Date.now() - 1_800_000);
  await clock.advanceTo(Date.now());
  await runningConnector(made);
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
  const stackBucket = bucketObjects(clients.s3, 'shop');
  await stackBucket.write('sweep.json', JSON.stringify({ at: new Date().toISOString() }));
  await stackBucket.write('connectors/orders-cdc.json', JSON.stringify({ ...made.request, networkType: 'IPV4' }));
  const { protocol, hostname, port } = (await clients.s3.config.endpoint?.()) ?? {};
  const endpoint = `${protocol ?? ''}//${hostname ?? ''}:${port ?? ''}`;
  return { made, stackBucket, endpoint };
}

function written(changes: object = {}): string {
  const file = join(folder, 'connectors.json');
  const connector = {
    name: 'orders-cdc',
    kind: 'mysql',
    connectVersion: '3.7.x',
    executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
    logGroup: '/msk-connect/shop',
    heartbeatSeconds: 10,
    facts,
    ...changes,
  };
  writeFileSync(file, JSON.stringify({ notify: { subscribedElsewhere: true }, connectors: [connector] }));
  return file;
}

function check(endpoint: string, ...more: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = fileURLToPath(new URL('../../cli/check.ts', import.meta.url));
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: account.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...more], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('a connector that has everything is ready: 0', async () => {
  const { endpoint } = await start();
  const { code, stdout, stderr } = await check(endpoint, '--connectors', written(), '--bucket', 'shop', '--json');
  expect([stderr, code]).toEqual(['', 0]);
  expect(JSON.stringify(JSON.parse(stdout))).toContain('"orders-cdc"');
});

test('a saved config that says otherwise: 1, with the command that accepts the live one', async () => {
  const { endpoint, made, stackBucket } = await start();
  const saved = { ...made.request, connectorConfiguration: { ...good, 'topic.prefix': 'store' } };
  await stackBucket.write('connectors/orders-cdc.json', JSON.stringify(saved));
  const { code, stdout } = await check(endpoint, '--connectors', written(), '--bucket', 'shop', '--json');
  expect(code).toBe(1);
  expect(stdout).toContain('connectorConfiguration.topic.prefix: saved store, live shop');
  expect(stdout).toContain('npm run capture -- orders-cdc --overwrite');
});

test('a fact that nobody wrote down: 1, for nobody can tell', async () => {
  const { endpoint } = await start();
  const file = written({ facts: { ...facts, pluginVersion: undefined } });
  const { code, stdout } = await check(endpoint, '--connectors', file, '--bucket', 'shop', '--json');
  expect(code).toBe(1);
  expect(stdout).toContain('pluginVersion');
  expect(stdout).toContain('cannot-tell');
});

test('a connectors.json that is none: 2', async () => {
  const file = join(folder, 'broken.json');
  writeFileSync(file, '{');
  expect(await check('http://127.0.0.1:9', '--connectors', file)).toMatchObject({ code: 2, stdout: '' });
});
