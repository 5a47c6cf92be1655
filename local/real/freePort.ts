import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Below the range that kernels lend to outgoing connections, so that a server which is stopped for minutes finds its port free. */
const LOWEST = 16_384;
const HIGHEST = 32_767;
const BLOCK_SIZE = 64;

const rest: number[] = [];
/** One claim at a time, however many ask at once. */
let claiming: Promise<void> | undefined;
/** The first port of each claimed block is listened on for this process's life: what tells other runs that the block is taken. */
const claims: Server[] = [];

/**
 * A TCP port of 127.0.0.1 on which nobody listens. No port is given twice by one process, nor to two runs at once: between being given and
 * being listened on lie the seconds in which a Java process starts.
 * @throws when a hundred blocks in a row are taken
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = rest.shift();
    if (port === undefined) await (claiming ??= claimBlock().finally(() => (claiming = undefined)));
    else if (await isFree(port)) return port;
  }
}

async function claimBlock(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const first = LOWEST + BLOCK_SIZE * randomInt(Math.floor((HIGHEST + 1 - LOWEST) / BLOCK_SIZE));
    const claim = await listenOn(first);
    if (claim === undefined) continue;
    // It must not keep the process alive.
    claims.push(claim.unref());
    rest.push(...Array.from({ length: BLOCK_SIZE - 1 }, (_, index) => first + 1 + index));
    return;
  }
  throw new Error(`No free block of ports was found between ${LOWEST} and ${HIGHEST}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === undefined) return false;
  await new Promise((closed) => server.close(closed));
  return true;
}

function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
