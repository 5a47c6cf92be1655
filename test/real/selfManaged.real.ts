import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { startCommand } from './startedCommand.ts';

// What the command shows and promises is judged by itself: `.ci/run` runs it.
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});
const start = () => startCommand('cli/selfManaged.ts', ['--short'], (cleanup) => cleanups.push(cleanup));

it.each([
  ['while broker and database start', /bundled the watchdog/],
  ['while the connectors are registered', /PUT \/connectors\/orders-cdc\/config/],
  ['when the connections are cut', /half open from now on/],
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

it('a crash leaves no process, the watchdog included, and no file', async () => {
  const run = start();
  await run.until(/state by REST/);
  // A broker, a database, a worker and the watchdog; the guardian names the folder too.
  expect(run.processes().filter((line) => line.includes('watchdog.mjs'))).toHaveLength(1);
  run.child.kill('SIGKILL');
  await run.ended;
  for (let seconds = 0; seconds < 20 && run.files().length + run.processes().length > 0; seconds += 1) await wait(1000);

  expect(run.processes()).toEqual([]);
  expect(run.files()).toEqual([]);
});
