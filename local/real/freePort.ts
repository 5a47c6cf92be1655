import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that kernels lend to outgoing connections, so that a server which is stopped for minutes finds its port free. */
const LOWEST = 16_384;
const HIGHEST = 32_767;

const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 on which nobody listens. No port is given twice by one process.
 * @throws when a hundred ports in a row are taken
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port was found between ${LOWEST} and ${HIGHEST}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
