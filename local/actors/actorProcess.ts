import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of this project as its parent sees it. */
export interface ActorProcess<To, From> {
  readonly pid: number;
  send(message: To): void;
  /** The next message of that kind. @throws when the process ends first, or answers that it failed */
  next<Kind extends (From extends { readonly kind: infer K } ? K : never)>(
    kind: Kind,
  ): Promise<Extract<From, { readonly kind: Kind }>>;
  /** Ends it and everything that it started, whatever they are doing; resolves when it is gone. */
  end(): Promise<void>;
}

/**
 * Starts a process of its own, in a process group of its own: Ctrl+C reaches the parent alone, which then ends them in its own order. When the
 * parent dies, each ends by itself, for its channel is cut.
 * @param onMessage hears every message
 */
export function startActor<To extends object, From extends { readonly kind: string }>(
  name: string,
  entry: URL,
  onMessage: (message: From) => void = () => undefined,
): ActorProcess<To, From> {
  // Node's own flags and AWS settings of the person's shell are no part of it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AWS_|NODE_OPTIONS$)/.test(key)));
  const child = fork(fileURLToPath(entry), [], {
    detached: true,
    execArgv: [],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${name} could not be started.`);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const waiting: {
    readonly kind: string;
    readonly resolve: (message: From) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  let over = false;
  const refuse = (reason: string) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`The ${name} ${reason}`));
  };
  child.once('exit', (code, signal) => {
    over = true;
    refuse(`ended (${signal ?? code}). ${errors.trim()}`);
  });
  child.on('message', (message: From) => {
    onMessage(message);
    if (message.kind === 'failed' && 'reason' in message) refuse(`failed: ${String(message.reason)}`);
    const found = waiting.findIndex(({ kind }) => kind === message.kind);
    if (found !== -1) waiting.splice(found, 1)[0]?.resolve(message);
  });
  return {
    pid,
    send: (message) => void child.send(message, () => undefined),
    next: (kind) =>
      new Promise((resolve, reject) => {
        if (over) reject(new Error(`The ${name} has ended.`));
        waiting.push({ kind, resolve: resolve as (message: From) => void, reject });
      }),
    async end() {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // The group has ended already, or this system has no groups (Windows).
        child.kill('SIGKILL');
      }
      await gone;
    },
  };
}
