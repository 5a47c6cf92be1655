import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startFunctionProcess, type FunctionRuntime } from '../../../local/functions/functionProcess.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { bundledFolder, sourceFolder } from './bundle.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function started(
  folder: { readonly directory: string; remove(): void },
  factor: number,
  environment: Readonly<Record<string, string>> = {},
): FunctionRuntime {
  const clock = scaledClock({ factor, originMs: Date.parse('2026-03-01T12:00:00Z') });
  const runtime = startFunctionProcess({
    codeDirectory: folder.directory,
    environment: { LAMBDA_TASK_ROOT: folder.directory, _HANDLER: 'index.handler', ...environment },
    scale: clock.scale,
    onLine: () => undefined,
  });
  cleanups.push(
    () => runtime.end(),
    () => folder.remove(),
    () => clock.stop(),
  );
  return runtime;
}

async function run(runtime: FunctionRuntime): Promise<Record<string, number>> {
  const result = await runtime.invoke({
    requestId: 'r-1',
    functionArn: 'arn',
    payload: '{}',
    deadlineMs: Number.MAX_SAFE_INTEGER,
  });
  if (result.kind !== 'returned') throw new Error(JSON.stringify(result));
  return JSON.parse(result.payload) as Record<string, number>;
}

describe('a function process at sixty times real time', () => {
  it.each([
    ['setTimeout', 'await new Promise((resolve) => setTimeout(resolve, 30_000));'],
    ['setTimeout of node:timers', 'await new Promise((resolve) => timers.setTimeout(resolve, 30_000));'],
    ['setTimeout of node:timers/promises', 'await timersPromises.setTimeout(30_000);'],
    ['scheduler.wait', 'await timersPromises.scheduler.wait(30_000);'],
    ['promisify(setTimeout)', 'await promisify(setTimeout)(30_000);'],
    [
      'setInterval',
      'await new Promise((resolve) => { let ticks = 0; const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); resolve(); } }, 10_000); });',
    ],
    [
      'setInterval of node:timers/promises',
      'let ticks = 0; for await (const tick of timersPromises.setInterval(10_000)) { if (++ticks === 3) break; }',
    ],
  ])('%s waits 30 s of its own time in half a second of ours', async (_name, wait) => {
    const runtime = started(
      sourceFolder(`
        import * as timers from 'node:timers';
        import * as timersPromises from 'node:timers/promises';
        import { promisify } from 'node:util';
        export const handler = async () => {
          const [date, instance, precise, real] = [Date.now(), new Date(), performance.now(), process.hrtime.bigint()];
          ${wait}
          return {
            dateNow: Date.now() - date,
            newDate: new Date() - instance,
            performanceNow: performance.now() - precise,
            real: Number(process.hrtime.bigint() - real) / 1e6,
          };
        };`),
      60,
    );
    const took = await run(runtime);
    for (const measured of [took['dateNow'], took['newDate'], took['performanceNow']]) {
      expect(measured).toBeGreaterThanOrEqual(29_000);
      expect(measured).toBeLessThan(60_000);
    }
    expect(took['real']).toBeGreaterThanOrEqual(480);
    expect(took['real']).toBeLessThan(1000);
  });

  it('shows the virtual date, and dates still behave as dates', async () => {
    const runtime = started(
      sourceFolder(`
        export const handler = () => ({
          year: new Date().getUTCFullYear(),
          month: new Date().getUTCMonth(),
          parsed: new Date('2020-02-03T04:05:06Z').getTime(),
          instance: Number(new Date() instanceof Date && new Date(0).constructor === Date),
          text: Number(typeof Date() === 'string'),
          utc: Date.UTC(1970, 0, 1, 0, 0, 1),
        });`),
      10,
    );
    expect(await run(runtime)).toEqual({
      year: 2026,
      month: 2,
      parsed: 1580702706000,
      instance: 1,
      text: 1,
      utc: 1000,
    });
  });

  it("leaves the SDK's socket guards in real time, in a minified bundle too", async () => {
    const slow = createServer((_request, response) => {
      setTimeout(() => response.end('<ListAllMyBucketsResult/>'), 500);
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void slow.close());
    const runtime = started(
      await bundledFolder(`
        import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
        export const handler = async () => {
          const client = new S3Client({
            maxAttempts: 1,
            requestHandler: { connectionTimeout: 3000, requestTimeout: 3000, throwOnRequestTimeout: true },
          });
          const before = Date.now();
          const { $metadata } = await client.send(new ListBucketsCommand({}));
          const asked = Date.now();
          await new Promise((resolve) => setTimeout(resolve, 6000));
          return { status: $metadata.httpStatusCode, answered: asked - before, waited: Date.now() - asked };
        };`),
      60,
      {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(slow.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    );
    const seen = await run(runtime);
    expect(seen['status']).toBe(200);
    // Half a real second is thirty of the function's: ten times its request timeout.
    expect(seen['answered']).toBeGreaterThan(29_000);
    // The product's own wait is still scaled.
    expect(seen['waited']).toBeGreaterThanOrEqual(5_900);
    expect(seen['waited']).toBeLessThan(30_000);
  });

  it('a socket guard still fires when its real time is up', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const runtime = started(
      await bundledFolder(`
        import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
        export const handler = async () => {
          const client = new S3Client({ maxAttempts: 1, requestHandler: { requestTimeout: 400, throwOnRequestTimeout: true } });
          const before = process.hrtime.bigint();
          const error = await client.send(new ListBucketsCommand({})).catch((caught) => caught);
          return { timedOut: Number(error.name === 'TimeoutError'), real: Number(process.hrtime.bigint() - before) / 1e6 };
        };`),
      60,
      {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    );
    const seen = await run(runtime);
    expect(seen['timedOut']).toBe(1);
    expect(seen['real']).toBeGreaterThanOrEqual(390);
  });

  it('reaches a bucket by path when the endpoint is an address', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const runtime = started(
      await bundledFolder(`
        import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
        export const handler = async () => {
          await new S3Client({}).send(new GetObjectCommand({ Bucket: 'recovery-bucket', Key: 'connectors/shop.json' }));
          return {};
        };`),
      10,
      {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    );
    await run(runtime);
    expect(paths).toEqual(['GET /recovery-bucket/connectors/shop.json?x-id=GetObject']);
  });
});
