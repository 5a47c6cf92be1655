import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one end of a connection has seen so far. */
export class End {
  readonly socket: Socket;
  received = '';
  /** In order: `end` is the other end's FIN, an error its code. */
  readonly seen: string[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (this.received += text));
    socket.on('end', () => this.seen.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.seen.push(error.code ?? error.message));
  }

  /** Resolves when the text has arrived. */
  async has(text: string): Promise<void> {
    await until(
      () => this.received === text,
      () => `has ${JSON.stringify(this.received)}, not ${JSON.stringify(text)}`,
    );
  }

  /** Resolves, with all that was seen, when that was among it. */
  async saw(what: string): Promise<readonly string[]> {
    await until(
      () => this.seen.includes(what),
      () => `saw ${JSON.stringify(this.seen)}, not ${what}`,
    );
    return this.seen;
  }
}

/** A TCP server that keeps its ends of the connections, in the order in which they came. */
export interface Listening {
  readonly port: number;
  readonly ends: readonly End[];
  /** The nth connection, counted from 0, once it is there. */
  end(nth: number): Promise<End>;
  close(): void;
}

export async function listen(): Promise<Listening> {
  const ends: End[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => ends.push(new End(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ends,
    end: async (nth) => {
      await until(
        () => ends[nth] !== undefined,
        () => `has ${ends.length} connections`,
      );
      return ends[nth] as End;
    },
    close: () => {
      server.close();
      for (const each of ends) each.socket.destroy();
    },
  };
}

/** Resolves when connected; rejects with what the system said. */
export async function dial(port: number): Promise<End> {
  const end = new End(connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  await once(end.socket, 'connect');
  return end;
}

export async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const giveUpAtMs = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > giveUpAtMs) throw new Error(otherwise());
    await sleep(5);
  }
}

/** Long enough on the loopback address for what comes at all. */
export const nothingMoreComes = (): Promise<void> => sleep(150);
