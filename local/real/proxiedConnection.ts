import { connect, type Socket } from 'node:net';

/**
 * One client's connection and the one that the proxy made for it. `through`: bytes, half-closes and resets are passed on;
 * `held`: nothing is, until it is let through; `frozen`: nothing ever will be.
 */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #target: () => { readonly port: number; readonly host: string };
  readonly #gone = Promise.withResolvers<void>();
  #upstream: Socket | undefined;
  #state: 'through' | 'held' | 'frozen' = 'held';

  /**
   * @param client paused: no byte may be read before it is known what becomes of it
   * @param target asked when the connection is first let through
   */
  constructor(client: Socket, target: () => { readonly port: number; readonly host: string }) {
    this.#client = client;
    this.#target = target;
    this.#watch(client);
  }

  /** Resolves when neither side is left. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  letThrough(): void {
    if (this.#state !== 'held') return;
    this.#state = 'through';
    if (this.#upstream === undefined && !this.#client.destroyed) {
      this.#upstream = connect({ ...this.#target(), allowHalfOpen: true, noDelay: true });
      this.#watch(this.#upstream);
    }
    if (this.#passOnReset()) return;
    const upstream = this.#upstream;
    if (upstream === undefined) return;
    this.#client.pipe(upstream);
    upstream.pipe(this.#client);
  }

  /** What is sent from now on stays with the sender's side: in the proxy's buffers and then, by back-pressure, in the sender's own. */
  hold(): void {
    if (this.#state !== 'through') return;
    this.#state = 'held';
    this.#unpipe();
  }

  /** Goes on reading, so that the senders' packets are acknowledged, and throws it away. */
  freeze(): void {
    this.#state = 'frozen';
    this.#unpipe();
    this.#client.resume();
    this.#upstream?.resume();
  }

  reset(): void {
    this.#state = 'frozen';
    resetNow(this.#client);
    if (this.#upstream) resetNow(this.#upstream);
  }

  destroy(): void {
    this.#state = 'frozen';
    this.#client.destroy();
    this.#upstream?.destroy();
  }

  #unpipe(): void {
    const upstream = this.#upstream;
    if (upstream === undefined) return;
    this.#client.unpipe(upstream);
    upstream.unpipe(this.#client);
  }

  #watch(socket: Socket): void {
    // A reset is passed on when the socket closes, as far as anything is passed on.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#passOnReset();
      if (this.#client.closed && (this.#upstream === undefined || this.#upstream.closed)) this.#gone.resolve();
    });
  }

  /** A side that is gone without having closed in both directions was reset, or never came to be: so is the other one then. */
  #passOnReset(): boolean {
    const upstream = this.#upstream;
    if (this.#state !== 'through' || upstream === undefined) return false;
    if (this.#client.destroyed && !upstream.destroyed && !finished(this.#client)) resetNow(upstream);
    else if (upstream.destroyed && !this.#client.destroyed && !finished(upstream)) resetNow(this.#client);
    else return false;
    return true;
  }
}

function finished(socket: Socket): boolean {
  return socket.errored === null && socket.readableEnded && socket.writableFinished;
}

function resetNow(socket: Socket): void {
  // A socket that is still connecting has nobody to send a reset to.
  if (socket.connecting) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}
