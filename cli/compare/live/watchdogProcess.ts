import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TimeScale } from '../../../local/scaledClock.ts';

/** The watchdog as it is deployed: a process of its own, with a settings file. */
export interface WatchdogProcess {
  readonly pid: number;
  /** @throws Error with what it wrote last, once it has ended by itself */
  mustRun(): void;
  end(): Promise<void>;
}

export interface WatchdogStart {
  /** The bundle. */
  readonly file: string;
  readonly settingsFile: string;
  readonly scale: TimeScale;
  readonly environment: Readonly<Record<string, string>>;
  /** Told of each line of its log. */
  readonly onLine: (line: string) => void;
}

/**
 * Starts it. Nothing else leads into it than its settings file, which names the workers' addresses, and this environment: no other argument, no message, and
 * nothing of this process's own environment but the path.
 */
export function startWatchdog({ file, settingsFile, scale, environment, onLine }: WatchdogStart): WatchdogProcess {
  const child = fork(file, ['--settings', settingsFile], {
    execArgv: ['actors/endsWithParent.ts', 'functions/preload.ts'].flatMap((path) => [
      '--import',
      new URL(`../../../local/${path}`, import.meta.url).href,
    ]),
    env: {
      PATH: process.env['PATH'] ?? '',
      ...environment,
      LOCAL_TIME_ORIGIN_REAL_MS: String(scale.originRealMs),
      LOCAL_TIME_ORIGIN_MS: String(scale.originMs),
      LOCAL_TIME_FACTOR: String(scale.factor),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The watchdog could not be started.');
  let last = '';
  let ended: string | undefined;
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      last = line;
      onLine(line);
    }
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  child.once('exit', (code, signal) => {
    ended = `The watchdog ended (${signal ?? code}). ${complaint.trim() || last}`;
  });
  return {
    pid,
    mustRun() {
      if (ended !== undefined) throw new Error(ended);
    },
    async end() {
      if (ended !== undefined) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
