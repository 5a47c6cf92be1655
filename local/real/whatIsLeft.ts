import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The environment variable that tells a run's processes, and their descendants, from everybody else's. */
export const RUN_MARK = 'CONNECTOR_RECOVERY_RUN';

/** What a run may leave behind. */
export interface Remains {
  readonly pids: Iterable<number>;
  /** The value of the mark in the environment of the run's processes. */
  readonly mark: string;
  readonly folder: string;
}

/**
 * Ends the run's processes with SIGKILL, those that were started by them too, and removes its folder. A stopped process ends as well.
 * Processes that carry the mark are looked for until none is found, since one may be starting another.
 */
export async function removeWhatIsLeft({ pids, mark, folder }: Remains): Promise<void> {
  let left = [...pids];
  for (let looks = 0; looks < 100; looks += 1) {
    for (const pid of left) kill(pid);
    left = await marked(mark);
    if (left.length === 0) break;
    for (const pid of left) kill(pid);
    await wait(20);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

async function marked(mark: string): Promise<number[]> {
  const wanted = `${RUN_MARK}=${mark}`;
  if (process.platform !== 'linux') {
    // The columns of BSD's ps, whose E shows the environment of one's own processes.
    const { stdout } = await promisify(execFile)('ps', ['-axwwE', '-o', 'pid=,command='], { maxBuffer: 64 << 20 });
    return stdout.split('\n').flatMap((line) => (line.includes(wanted) ? [Number.parseInt(line, 10)] : []));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        return (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0').includes(wanted) ? pid : undefined;
      } catch {
        // Somebody else's, or ended. (That of one which ended and was not yet taken leave of is empty.)
        return undefined;
      }
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
