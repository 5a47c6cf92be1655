import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectorsFile } from '../../settings/schema.ts';
import type { Figure } from './figures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How long `cdk synth` takes for one connector and for fifty, from the start of its process to its end. */
export async function synthFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    const figures: Figure[] = [];
    for (const count of [1, 50]) {
      const file = join(folder, `${count}.json`);
      writeFileSync(file, JSON.stringify(connectors(count)));
      const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
      const output = join(folder, `out-${count}`);
      const value = await wallSeconds([cdk, 'synth', '--quiet', '-c', `connectors=${file}`, '--output', output]);
      figures.push({
        group: 'wall time on this machine',
        name: `cdk synth, ${count === 1 ? 'one connector' : `${count} connectors`}`,
        value,
        unit: 's',
        measured: 'one child process, the bundle and cdk-nag included',
      });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long `npm start` takes, without npm. */
export async function startFigure(): Promise<Figure> {
  const value = await wallSeconds([join(root, 'cli/start.ts')]);
  return {
    group: 'wall time on this machine',
    name: 'npm start',
    value,
    unit: 's',
    measured: 'one child process, its output to nowhere',
    limit: 60,
  };
}

function connectors(count: number): ConnectorsFile {
  return {
    notify: { emails: ['oncall@example.com'] },
    operators: ['arn:aws:iam::111122223333:role/oncall'],
    defaults: {
      executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
      logGroup: '/msk-connect/shop',
      metrics: { debezium: { publishes: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] } },
    },
    connectors: Array.from({ length: count }, (_, index) => ({
      name: `orders-${index + 1}-cdc`,
      kind: 'mysql',
      connectVersion: index % 2 === 0 ? '3.7.x' : '2.7.1',
      metrics: { debezium: { serverName: `orders-${index + 1}` } },
    })),
  };
}

/** @throws with what it wrote to stderr, when it does not end well */
async function wallSeconds(script: readonly string[]): Promise<number> {
  const before = performance.now();
  const child = spawn(process.execPath, script, {
    cwd: root,
    // The CDK's command line starts `node` by itself, and must find this one.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`${script.join(' ')} ended with ${signal ?? code}: ${complaint.slice(-2000)}`);
  return (performance.now() - before) / 1000;
}
