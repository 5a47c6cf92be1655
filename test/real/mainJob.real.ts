import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { realCast } from '../../cli/real/cast.ts';
import { openRealWorld } from '../../cli/real/realWorld.ts';
import { startCommand } from './startedCommand.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const start = () => startCommand('cli/real.ts', ['--short'], (cleanup) => cleanups.push(cleanup));

it.each([
  ['while broker and database start', /hang half open\.\n/],
  ['while the workers start', /their workers start/],
  ['when all is running', /they are RUNNING/],
])('Ctrl+C %s ends it within ten seconds, and leaves no process and no file', async (_, said) => {
  const run = start();
  await run.until(said);
  const sentAt = performance.now();
  run.child.kill('SIGINT');

  expect(await run.ended).toBe(1);
  expect(performance.now() - sentAt).toBeLessThan(10_000);
  expect(run.output().trimEnd().split('\n').at(-1)).toBe('Interrupted.');
  expect(run.processes()).toEqual([]);
  expect(run.files()).toEqual([]);
});

it('a crash leaves no process and no file either', async () => {
  const run = start();
  await run.until(/they are RUNNING/);
  // A broker, a database and two workers; the guardian names the folder too.
  expect(run.processes().length).toBeGreaterThanOrEqual(4);
  run.child.kill('SIGKILL');
  await run.ended;
  for (let seconds = 0; seconds < 20 && run.files().length + run.processes().length > 0; seconds += 1) await wait(1000);

  expect(run.processes()).toEqual([]);
  expect(run.files()).toEqual([]);
});

it('two runs at the same time do not disturb each other', async () => {
  const runs = [start(), start()];
  await Promise.all(runs.map((run) => run.until(/wrote connectors\.json/)));
  for (const run of runs) run.child.kill('SIGTERM');

  for (const run of runs) {
    expect(await run.ended).toBe(1);
    expect(run.output().trimEnd().split('\n').at(-1)).toBe('Ended.');
    expect(run.files()).toEqual([]);
  }
});

it('a connector that cannot be started ends the run with what MSK Connect says of it, and leaves no process and no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'failed-start-'));
  chmodSync(folder, 0o711);
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', folder);
  const [orders] = realCast();
  if (orders === undefined) throw new Error('There is no connector.');
  const configuration: typeof orders.configuration = (endpoints) => ({
    ...orders.configuration(endpoints),
    'database.user': 'nobody',
  });

  await expect(openRealWorld({ connectors: [{ ...orders, configuration }], say: () => undefined })).rejects.toThrow(
    /orders-cdc is FAILED: .*(Access denied|Unable to connect)/s,
  );

  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
});
