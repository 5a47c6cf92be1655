import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedProcess } from '../../../local/real/ownedProcesses.ts';
import { parseThreadDump, type ThreadDump } from './threadDump.ts';
import type { TlsVersion } from './versions.ts';

/** What makes a JVM name the locks that each thread holds in the dump that it writes at SIGQUIT: no JDK is needed for that, a JRE will do. */
export const dumpOptions = ['-XX:+PrintConcurrentLocks'] as const;

const mostMs = 20_000;

/** Takes thread dumps of workers from their output. */
export class Dumps {
  readonly #heard = new Map<TlsVersion, string[]>();

  /** To be told every line of a worker's output. */
  hear(version: TlsVersion, line: string): void {
    this.#heard.get(version)?.push(line);
  }

  /** @throws when the worker writes none within 20 s */
  async take(version: TlsVersion, worker: OwnedProcess): Promise<ThreadDump> {
    const lines: string[] = [];
    this.#heard.set(version, lines);
    worker.signal('SIGQUIT');
    try {
      for (const giveUpAtMs = Date.now() + mostMs; Date.now() < giveUpAtMs; await sleep(50)) {
        if (lines.some((line) => line.startsWith('JNI global refs'))) return parseThreadDump(lines);
      }
    } finally {
      this.#heard.delete(version);
    }
    throw new Error(`${worker.name} wrote no thread dump within ${mostMs / 1000} s.`);
  }
}
