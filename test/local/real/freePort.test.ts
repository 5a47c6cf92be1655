import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../../../local/real/freePort.ts';

test('a free port can be listened on, is given once, and is none that the kernel lends to others', async () => {
  const ports = await Promise.all(Array.from({ length: 150 }, () => freePort()));

  expect(new Set(ports).size).toBe(150);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(16_384);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  const listening = await Promise.all(
    ports.map(
      (port) =>
        new Promise((resolve) => {
          const server = createServer().once('error', () => resolve(false));
          server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
        }),
    ),
  );
  expect(listening).not.toContain(false);
});

test('a port that somebody listens on already is not given', async () => {
  const next = (await freePort()) + 1;
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(next, '127.0.0.1', listening));

  expect(await freePort()).not.toBe(next);
  await new Promise((closed) => taken.close(closed));
});

test('four runs at once are given different ports, though none listens on its own yet, and each can end', async () => {
  const module = new URL('../../../local/real/freePort.ts', import.meta.url).href;
  const program = `const { freePort } = await import('${module}');
    const ports = await Promise.all(Array.from({ length: 120 }, () => freePort()));
    console.log(JSON.stringify(ports));
    setTimeout(() => {}, 1500);`;
  const runs = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { timeout: 15_000 }),
    ),
  );

  const ports = runs.flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
  expect(new Set(ports).size).toBe(480);
});
