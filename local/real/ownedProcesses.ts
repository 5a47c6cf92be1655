import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GUARDIAN_MARK, removeWhatIsLeft, RUN_MARK } from './whatIsLeft.ts';

export interface ProcessSpec {
  /** What people call it: `the broker`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Each line of stdout and stderr, without its end. */
  readonly onLine?: (line: string) => void;
  /** Numeric user and group, for servers that refuse root. */
  readonly uid?: number;
}

export interface OwnedProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with how it ended, in words, when its last line was heard. */
  readonly ended: Promise<string>;
  readonly running: boolean;
  /** To this process alone; one that has ended does not hear it. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM (and SIGCONT, for a stopped process hears nothing else), then SIGKILL for it and its descendants after the grace, 5000 ms by default. */
  end(graceMs?: number): Promise<void>;
}

export interface OwnedProcesses {
  /** A folder of the run's own, removed at the end. Others may enter it (a server that runs as another user has to) but not list it. */
  readonly folder: string;
  /** @throws when the command cannot be started, or after `close` */
  start(spec: ProcessSpec): OwnedProcess;
  /** Ends what still runs with SIGKILL and removes the folder. */
  close(): Promise<void>;
}

/** Settings of the person's shell that would change a server or a JVM: no part of a run that is to be the same everywhere. */
const FOREIGN = /^(AWS_|NODE_OPTIONS$|JAVA_TOOL_OPTIONS$|_JAVA_OPTIONS$|JDK_JAVA_OPTIONS$|CLASSPATH$|KAFKA_|PG[A-Z]+$)/;

/**
 * Makes this process the owner of those that it will start. Whatever becomes of it, SIGKILL included, a guardian then ends what is left and
 * removes the folder: it is told every process, and finds those that it could not be told of by a mark in their environment.
 */
export async function ownProcesses(): Promise<OwnedProcesses> {
  // Short, for the path of a socket in it must stay below 104 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'cr-'));
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  const mark = randomUUID();
  const running = new Map<number, OwnedProcess>();
  const guardian = startGuardian(mark, folder);
  let closing: Promise<void> | undefined;

  return {
    folder,
    start(spec) {
      if (closing !== undefined) throw new Error(`${spec.name} was not started: the run is ending.`);
      const owned = startOwned(spec, mark, (pid) => {
        running.delete(pid);
        // At once: the number may be another process's soon.
        guardian.stdin?.write(`-${pid}\n`);
      });
      guardian.stdin?.write(`+${owned.pid}\n`);
      running.set(owned.pid, owned);
      return owned;
    },
    close() {
      closing ??= (async () => {
        await Promise.all([...running.values()].map((each) => each.end(0)));
        const gone = guardian.exitCode !== null || guardian.signalCode !== null;
        const ended = gone ? Promise.resolve() : new Promise((resolve) => guardian.once('exit', resolve));
        guardian.ref();
        guardian.stdin?.end();
        await ended;
        // The guardian does this; here it is done only where somebody ended the guardian.
        await removeWhatIsLeft({ pids: [], mark, folder });
      })();
      return closing;
    },
  };
}

function startGuardian(mark: string, folder: string): ChildProcess {
  const entry = fileURLToPath(new URL('guardian.ts', import.meta.url));
  const guardian = spawn(process.execPath, [entry, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', [GUARDIAN_MARK]: mark },
    cwd: '/',
  });
  guardian.on('error', () => undefined);
  if (guardian.pid === undefined) throw new Error('The guardian of the processes could not be started.');
  guardian.stdin.on('error', () => undefined);
  // It must not keep this process from ending.
  guardian.unref();
  return guardian;
}

function startOwned(spec: ProcessSpec, mark: string, onExit: (pid: number) => void): OwnedProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !FOREIGN.test(key)));
  const output = spec.onLine === undefined ? 'ignore' : 'pipe';
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...env, ...spec.env, [RUN_MARK]: mark },
    // A session of its own: Ctrl+C reaches the owner alone, which ends them in its own order.
    detached: true,
    stdio: ['ignore', output, output],
    ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.uid }),
  });
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`${spec.name} could not be started: ${spec.command} is not there or may not be run.`);
  if (spec.onLine !== undefined) {
    hearLines(child.stdout, spec.onLine);
    hearLines(child.stderr, spec.onLine);
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      onExit(pid);
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      // A descendant may hold the output open; it is not waited for.
      void Promise.race([closed, wait(500, undefined, { ref: false })]).then(() =>
        resolve(failure === undefined ? how : failure.message),
      );
    });
  });
  const over = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name: spec.name,
    pid,
    ended,
    get running() {
      return !over();
    },
    signal(name) {
      if (!over()) child.kill(name);
    },
    async end(graceMs = 5000) {
      if (over()) return void (await ended);
      if (graceMs > 0) {
        child.kill('SIGTERM');
        child.kill('SIGCONT');
        await Promise.race([ended, wait(graceMs, undefined, { ref: false })]);
      }
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It and its descendants have ended.
      }
      await ended;
    },
  };
}

function hearLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
    rest = '';
  });
}
