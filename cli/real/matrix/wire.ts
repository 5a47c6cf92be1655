import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFarSide } from '../../../local/real/droppedPackets.ts';
import type { Ground } from '../ground.ts';

/** A network between a worker and its database in which packets can be lost. */
export interface Wire {
  /** Where the worker finds its database. */
  readonly host: string;
  readonly port: number;
  drop(): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts a wire before the database at that port; only in a process that has a network of its own (`insideOwnNetwork`).
 * @throws where the far end does not come up
 */
export async function layWire({ processes }: Ground, databasePort: number): Promise<Wire> {
  const far = await openFarSide(processes);
  const socket = join(processes.folder, 'wire');
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const database = connect({ host: '127.0.0.1', port: databasePort, allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [inner, database],
      [database, inner],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  server.listen(socket);
  await once(server, 'listening');
  const listening = Promise.withResolvers<number>();
  const forwarder = far.processes.start({
    name: 'the far end of the wire',
    command: process.execPath,
    args: [fileURLToPath(new URL('farForwarder.ts', import.meta.url)), far.address, socket],
    onLine: (line) => {
      const [, port] = /^port (\d+)$/.exec(line) ?? [];
      if (port !== undefined) listening.resolve(Number(port));
    },
  });
  const ended = forwarder.ended.then((how) => {
    throw new Error(`The far end of the wire ${how}.`);
  });
  ended.catch(() => undefined);
  const port = await Promise.race([listening.promise, ended]);
  return {
    host: far.address,
    port,
    drop: () => far.drop(),
    heal: () => far.heal(),
    async close() {
      await forwarder.end(0);
      await far.close();
      server.close();
    },
  };
}
