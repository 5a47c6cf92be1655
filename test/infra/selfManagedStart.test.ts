import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startScript } from '../../infra/selfManagedWorker.ts';

const folder = mkdtempSync(join(tmpdir(), 'start-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const entrypoint = join(folder, 'docker-entrypoint.sh');
writeFileSync(entrypoint, '#!/bin/bash\necho "pid $$, $1, advertises $ADVERTISED_HOST_NAME"\n');
chmodSync(entrypoint, 0o755);

/** What ECS answers a container: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html */
const metadata = {
  DockerId: 'cd189a933e5849daa93386466019ab50-2495160603',
  Name: 'worker',
  Labels: { 'com.amazonaws.ecs.container-name': 'worker' },
  KnownStatus: 'RUNNING',
  Limits: { CPU: 2, Memory: 3552 },
  Networks: [
    {
      NetworkMode: 'awsvpc',
      IPv4Addresses: ['10.0.2.106'],
      AttachmentIndex: 0,
      MACAddress: '0e:9e:32:c7:48:85',
      IPv4SubnetCIDRBlock: '10.0.2.0/24',
      PrivateDNSName: 'ip-10-0-2-106.us-west-2.compute.internal',
      SubnetGatewayIpv4Address: '10.0.2.1/24',
    },
  ],
  Snapshotter: 'overlayfs',
};

/** Runs what the worker's container runs, with ECS and Debezium's start script in stand-ins; curl and bash are real. */
async function start(
  body: string,
  status = 200,
): Promise<{ readonly code: number; readonly said: string; readonly pid: number }> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const child = execFile(
        '/bin/bash',
        ['-c', startScript.replace('/docker-entrypoint.sh', entrypoint).replace('--retry 5', '--retry 0')],
        {
          env: {
            HOME: folder,
            PATH: process.env['PATH'],
            ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}/v4/cd189a`,
          },
        },
        (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), said: stdout + stderr, pid: child.pid ?? 0 }),
      );
    });
  } finally {
    server.close();
  }
}

describe('a worker that starts', () => {
  test.each([
    ['as ECS writes it', JSON.stringify(metadata)],
    ['with blanks', JSON.stringify(metadata, null, 2)],
  ])('advertises the address of its task, %s, and is the same process from then on', async (_, body) => {
    const { code, said, pid } = await start(body);
    expect(said).toBe(`pid ${pid}, start, advertises 10.0.2.106\n`);
    expect(code).toBe(0);
  });

  test('does not start without an address: nobody could reach it', async () => {
    const { code, said } = await start(JSON.stringify({ ...metadata, Networks: [] }));
    expect(code).toBe(1);
    expect(said).toContain('ECS names no address of this task');
    expect(said).not.toContain('advertises');
  });

  test('does not start where ECS does not answer', async () => {
    const { code, said } = await start('', 503);
    expect(code).not.toBe(0);
    expect(said).not.toContain('advertises');
  });
});
