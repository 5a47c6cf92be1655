import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProxiedConnection } from './proxiedConnection.ts';

/** Between a worker and what it talks to, on 127.0.0.1: the place where connections are broken. */
export interface Proxy {
  readonly port: number;
  /** Present connections, dead ones included, until neither side is left. */
  readonly connections: number;
  /**
   * Present connections stay open and silent for good: half open. What either side sends is acknowledged (by this machine's
   * kernel) and vanishes; neither learns that the other one closed. New connections go through.
   */
  freeze(): void;
  /** Nothing goes through on present connections and on new ones, which are accepted and get no answer, until `heal`. */
  hole(): void;
  /** Present connections are reset, on both sides; those that were frozen too. */
  reset(): void;
  /** New connections are refused, until `heal`. Present ones go on. */
  refuse(): Promise<void>;
  /**
   * Ends a hole and a refusal; what was frozen stays dead. After a hole connections go on where they were, as after a network
   * outage: what was sent meanwhile is delivered.
   * @throws after 10 s in which another process kept the port
   */
  heal(): Promise<void>;
  /** New connections go to this port of the target's host; in a hole, those that wait as well. */
  retarget(port: number): void;
  /** Ends every connection and the listener. */
  close(): Promise<void>;
}

/** @param target.host default 127.0.0.1 */
export async function startProxy(target: { readonly port: number; readonly host?: string }): Promise<Proxy> {
  const proxy = new TcpProxy({ host: '127.0.0.1', ...target });
  await proxy.listen(0);
  return proxy;
}

class TcpProxy implements Proxy {
  #target: { readonly port: number; readonly host: string };
  #server: Server | undefined;
  #port = 0;
  #inHole = false;
  readonly #connections = new Set<ProxiedConnection>();

  constructor(target: { readonly port: number; readonly host: string }) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  async listen(port: number): Promise<void> {
    // Half-closes are the two ends' own business.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
      const connection = new ProxiedConnection(client, () => this.#target);
      this.#connections.add(connection);
      void connection.gone.then(() => this.#connections.delete(connection));
      if (!this.#inHole) connection.letThrough();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  freeze(): void {
    for (const connection of this.#connections) connection.freeze();
  }

  hole(): void {
    this.#inHole = true;
    for (const connection of this.#connections) connection.hold();
  }

  reset(): void {
    for (const connection of this.#connections) connection.reset();
  }

  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    // Closes the listener at once; its `close` event would come only after the last connection's end.
    server?.close();
    await new Promise(setImmediate);
  }

  async heal(): Promise<void> {
    this.#inHole = false;
    for (const connection of this.#connections) connection.letThrough();
    const giveUpAtMs = Date.now() + 10_000;
    while (this.#server === undefined) {
      try {
        await this.listen(this.#port);
      } catch (error) {
        // An outgoing connection of anybody may have been given the port; it does not stay.
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > giveUpAtMs) throw error;
        await sleep(100);
      }
    }
  }

  retarget(port: number): void {
    this.#target = { ...this.#target, port };
  }

  async close(): Promise<void> {
    await this.refuse();
    const gone = [...this.#connections].map((connection) => connection.gone);
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(gone);
  }
}
