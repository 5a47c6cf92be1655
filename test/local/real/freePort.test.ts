import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../../local/real/freePort.ts';

test('a free port can be listened on, is given once, and is none that the kernel lends to others', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));

  expect(new Set(ports).size).toBe(50);
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
