import { build } from 'esbuild';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { bundleFunction } from '../../infra/bundle.ts';
import { defaultProvider } from '../../infra/environmentCredentials.ts';
import { literalSchemas, withLiteralKeys } from '../../infra/literalSchemas.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import { startServer } from '../../local/aws/server.ts';
import type { LocalService } from '../../local/aws/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is loaded for a recovery stays below 550 KB, its settings beside it; the daily check is loaded when it runs', () => {
  const settings = { schema: 1, stackName: 'shop', connectors: [], alarms: {} } as const;
  const { bytes, laterBytes } = bundleFunction(folder, settings);
  expect(bytes).toBeLessThan(550_000);
  expect(laterBytes).toBeGreaterThan(50_000);
  expect(readdirSync(folder).some((name) => /^readinessCheck-\w+\.mjs$/.test(name))).toBe(true);
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

test('errors keep their names in a bundle without their classes', async () => {
  const refuses = (
    name: 'kafkaconnect' | 'lambda' | 'logs' | 'monitoring' | 's3',
    code: string,
    status: number,
  ): LocalService => ({
    name,
    call: () => Promise.reject(new AwsError(code, status, 'as the service says it')),
  });
  const server = await startServer([
    refuses('kafkaconnect', 'NotFoundException', 404),
    refuses('lambda', 'TooManyRequestsException', 429),
    refuses('logs', 'ResourceNotFoundException', 400),
    refuses('monitoring', 'InvalidNextToken', 400),
    refuses('s3', 'NoSuchKey', 404),
  ]);
  const outfile = join(folder, 'errors.mjs');
  await build({
    stdin: {
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
      contents: `
        import { DescribeConnectorCommand, KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
        import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
        import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
        import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
        import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
        const asked = [
          [new KafkaConnectClient(), new DescribeConnectorCommand({ connectorArn: 'arn' })],
          [new LambdaClient({ maxAttempts: 1 }), new InvokeCommand({ FunctionName: 'f' })],
          [new CloudWatchLogsClient(), new FilterLogEventsCommand({ logGroupName: 'g' })],
          [new CloudWatchClient(), new DescribeAlarmsCommand({})],
          [new S3Client({ forcePathStyle: true }), new GetObjectCommand({ Bucket: 'b', Key: 'k' })],
        ];
        for (const [client, command] of asked) {
          await client.send(command).catch((error) => console.log(error.name, error.$metadata.httpStatusCode, error.message));
        }`,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [literalSchemas],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  await server.close();
  expect(stdout.trim().split('\n')).toEqual([
    'NotFoundException 404 as the service says it',
    'TooManyRequestsException 429 as the service says it',
    'ResourceNotFoundException 400 as the service says it',
    'InvalidNextToken 400 as the service says it',
    'NoSuchKey 404 as the service says it',
  ]);
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
