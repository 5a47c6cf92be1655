import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn, type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleSidecars } from '../../infra/selfManagedBundle.ts';
import { LocalS3 } from '../../local/aws/s3.ts';
import { startServer } from '../../local/aws/server.ts';
import { LocalSns } from '../../local/aws/sns.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { SimulatedConnectCluster } from '../../local/selfManaged/simulatedConnectCluster.ts';
import { mysql } from '../local/selfManaged/clusterAt.ts';
import { container, environmentOf, selfManagedTemplate } from './selfManagedSynthesized.ts';
import { only, resources } from './synthesized.ts';

/**
 * The sidecars as the template describes them, as processes of this machine: their own commands, environments and health checks, with S3, SNS and the
 * worker in stand-ins. Only places are put in: addresses, the bucket, the folder of the bundle.
 */
const template = selfManagedTemplate();
const folder = mkdtempSync(join(tmpdir(), 'sidecars-run-'));
const clock = scaledClock({ factor: 20 });
const cluster = new SimulatedConnectCluster({ clock, random: seededRandom(5), name: 'shop' });
const ended: (() => Promise<void>)[] = [];
let places: readonly (readonly [string, string])[] = [];
let endpoint = '';
let s3: S3Client;

beforeAll(async () => {
  bundleSidecars(folder);
  const account = { region: 'ap-northeast-2', accountId: '111122223333' };
  const sns = new LocalSns({ clock, account });
  await sns.call('CreateTopic', { Name: 'people' });
  const server = await startServer([new LocalS3({ clock }), sns]);
  const workers = await cluster.listen();
  ended.push(
    () => server.close(),
    () => workers.close(),
  );
  endpoint = server.endpoint;
  s3 = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'store' }));
  places = [
    ['http://127.0.0.1:8083', workers.urls[0] ?? ''],
    ['http://127.0.0.1:9404/metrics', workers.prometheusUrls[0] ?? ''],
    ['"port":8089', '"port":0'],
    ['/app/', `${folder}/`],
    [`<${only(template, 'AWS::S3::Bucket').id}>`, 'store'],
    [`<${only(template, 'AWS::SNS::Topic').id}>`, 'arn:aws:sns:ap-northeast-2:111122223333:people'],
  ];
}, 90_000);

afterAll(async () => {
  clock.stop();
  for (const stop of ended) await stop();
  rmSync(folder, { recursive: true });
});

function placed(text: string): string {
  return places.reduce((so, [from, to]) => so.replaceAll(from, to), text);
}

interface Sidecar {
  readonly process: ChildProcess;
  readonly lines: string[];
}

/** @param command in place of the container's own */
function run(name: string, command = container(template, name).Command): Sidecar {
  const one = container(template, name);
  const [program = '', ...args] = command.map(placed);
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      PATH: dirname(process.execPath),
      ...Object.fromEntries(Object.entries(environmentOf(one)).map(([key, value]) => [key, placed(value)])),
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // However the test ends.
  ended.unshift(async () => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { process: child, lines };
}

async function terminate({ process: child }: Sidecar): Promise<number | null> {
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return code;
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- tried again and again
    const found = await look();
    if (found !== undefined) return found;
    // oxlint-disable-next-line no-await-in-loop -- tried again and again
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It never came to pass.');
}

test(
  'a file in the bucket becomes a connector, which the watchdog sees; both end well when they are asked to',
  { timeout: 90_000 },
  async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket: 'store',
        Key: 'connectors/orders-cdc.json',
        Body: JSON.stringify({ name: 'orders-cdc', config: mysql }),
      }),
    );
    const registrar = run('registrar');
    const record = await until(async () => {
      try {
        const answer = await s3.send(new GetObjectCommand({ Bucket: 'store', Key: 'registered/orders-cdc.json' }));
        const read = JSON.parse((await answer.Body?.transformToString()) ?? '{}') as { outcome: string };
        return read.outcome === 'at work' ? undefined : read;
      } catch {
        return undefined;
      }
    });
    expect(record).toMatchObject({ outcome: 'registered' });

    const watchdog = run('watchdog');
    const port = await until(() => {
      const line = watchdog.lines
        .map((one) => JSON.parse(one) as { event: string; port?: number })
        .find(({ event }) => event === 'listening');
      return line?.port;
    });
    // The alarm on its silence counts the lines of this event.
    const [filter] = Object.values(resources(template, 'AWS::Logs::MetricFilter'));
    const counted = /^\{ \$\.event = "(\w+)" \}$/.exec(String(filter?.Properties['FilterPattern']))?.[1];
    const round = await until(() =>
      watchdog.lines.find((line) => (JSON.parse(line) as { event: string }).event === counted),
    );
    expect(round).toContain('self-managed-connect');

    const { Command: check } = container(template, 'watchdog')['HealthCheck'] as { Command: readonly string[] };
    const [, program = '', ...args] = check.map((word) => word.replace('8089', String(port)));
    expect(spawnSync(program, args, { env: { PATH: dirname(process.execPath) } }).status).toBe(0);
    const page = (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as {
      readonly clusters: readonly {
        readonly connectors: string;
        readonly verdicts: Readonly<Record<string, number>>;
      }[];
    };
    expect(page.clusters.map(({ connectors, verdicts }) => [connectors, Object.values(verdicts)])).toEqual([
      ['read', [1]],
    ]);

    // A person's order, as docs/self-managed-deploy.md has it, from anywhere that reaches the bucket.
    const settings = container(template, 'watchdog').Command.slice(1);
    const order = '{"connector":"self-managed-connect/orders-cdc","do":"hold","who":"anna"}';
    const ordering = run('watchdog', ['node', settings[0] ?? '', 'order', ...settings.slice(1), order]);
    expect(await new Promise((resolve) => ordering.process.once('exit', resolve))).toBe(0);

    expect(await terminate(watchdog)).toBe(0);
    expect(await terminate(registrar)).toBe(0);
    // Who is not there is not healthy.
    expect(spawnSync(program, args, { env: { PATH: dirname(process.execPath) } }).status).toBe(1);
  },
);
