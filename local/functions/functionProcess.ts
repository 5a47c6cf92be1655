import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { TimeScale } from '../scaledClock.ts';

/** What a function's process is sent: one invocation at a time. */
export interface ToProcess {
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON text: the payload is passed by value. */
  readonly payload: string;
  /** In virtual time. */
  readonly deadlineMs: number;
}

export type ToParent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | {
      readonly kind: 'failed';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    };

export type InvocationResult =
  Exclude<ToParent, { kind: 'ready' }> | { readonly kind: 'exited'; readonly status: string };

/** Something that runs a function's code, one invocation at a time, and stays warm between them. */
export interface FunctionRuntime {
  /** Resolves when the code is loaded, or could not be: the first invocation then fails with the reason. */
  readonly ready: Promise<void>;
  /** Never rejects. */
  invoke(invocation: ToProcess): Promise<InvocationResult>;
  /** Ends it, whatever it is doing; resolves when it is gone. */
  end(): Promise<void>;
}

export interface RuntimeStart {
  /** The asset folder: where `index.mjs` lies. */
  readonly codeDirectory: string;
  /** All of its environment; nothing of this process's own is handed down. */
  readonly environment: Readonly<Record<string, string>>;
  readonly scale: TimeScale;
  onLine(line: string): void;
}

/** Starts a process of its own for a built bundle, living in scaled time. */
export function startFunctionProcess(start: RuntimeStart): FunctionRuntime {
  const child = fork(fileURLToPath(new URL('bootstrap.ts', import.meta.url)), [], {
    cwd: start.codeDirectory,
    execArgv: ['--import', new URL('preload.ts', import.meta.url).href],
    env: {
      ...start.environment,
      LOCAL_TIME_ORIGIN_REAL_MS: String(start.scale.originRealMs),
      LOCAL_TIME_ORIGIN_MS: String(start.scale.originMs),
      LOCAL_TIME_FACTOR: String(start.scale.factor),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let exitStatus: string | undefined;
  const exited = new Promise<void>((resolve) => {
    const end = (status: string) => {
      exitStatus ??= status;
      resolve();
    };
    child.once('exit', (code, signal) => end(signal === null ? `exit status ${code}` : `signal: ${signal}`));
    child.once('error', (error) => end(error.message));
  });

  let awaited: { readonly requestId: string; flushed(): void } | undefined;
  const takeLine = (line: string) => {
    if (!line.startsWith('\0')) start.onLine(line);
    else if (line.slice(1) === awaited?.requestId) awaited.flushed();
  };
  const lines = async (stream: Readable | null) => {
    if (stream === null) throw new Error('The function process has no output pipe.');
    let rest = '';
    stream.setEncoding('utf8');
    // Split at line feeds only: in the text format a carriage return holds a message of several lines together.
    stream.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      parts.forEach(takeLine);
    });
    await once(stream, 'close');
    if (rest !== '') takeLine(rest);
  };
  const outputEnded = Promise.all([lines(child.stdout), lines(child.stderr)]);

  let takeAnswer: ((answer: Exclude<ToParent, { kind: 'ready' }>) => void) | undefined;
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: ToParent) => {
      if (message.kind === 'ready') resolve();
      else takeAnswer?.(message);
    });
    void exited.then(() => resolve());
  });

  return {
    ready,
    async invoke(invocation) {
      await ready;
      const gone = async (): Promise<InvocationResult> => {
        await exited;
        await outputEnded;
        return { kind: 'exited', status: exitStatus ?? 'unknown' };
      };
      if (exitStatus !== undefined) return gone();
      const answer = new Promise<InvocationResult>((resolve) => {
        takeAnswer = resolve;
      });
      const flushed = new Promise<void>((resolve) => {
        awaited = { requestId: invocation.requestId, flushed: resolve };
      });
      // A process that ends between the check above and here is seen by `exited`.
      child.send(invocation, () => undefined);
      return Promise.race([Promise.all([answer, flushed]).then(([result]) => result), gone()]);
    },
    async end() {
      if (exitStatus === undefined) child.kill('SIGKILL');
      await exited;
    },
  };
}
