import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { descendants, processTable } from './processTable.ts';

/** The environment variable that tells a run's processes, and their descendants, from everybody else's. */
export const RUN_MARK = 'CONNECTOR_RECOVERY_RUN';

/** The environment variable of a run's guardian, its value the mark of that run. */
export const GUARDIAN_MARK = 'CONNECTOR_RECOVERY_GUARDS';

/** What a run may leave behind. */
export interface Remains {
  readonly pids: Iterable<number>;
  /** The value of the mark in the environment of the run's processes. */
  readonly mark: string;
  readonly folder: string;
}

/**
 * Ends the run's processes with SIGKILL, those that were started by them too, and removes its folder. A stopped process ends as well.
 * A guardian among them (that of a run inside this one) is left to do its work. Looks until nothing is found, since one may be starting
 * another, for 10 s at most.
 */
export async function removeWhatIsLeft({ pids, mark, folder }: Remains): Promise<void> {
  const ours = new Set(pids);
  for (let looks = 0; looks < 500; looks += 1) {
    const table = processTable();
    const marked = `${RUN_MARK}=${mark}`;
    for (const { pid, environment } of table) if (environment.includes(marked)) ours.add(pid);
    // PostgreSQL writes its title over its environment, so that the mark alone would not do.
    for (const pid of descendants(table, ours)) ours.add(pid);
    const left = table.filter(({ pid, environment }) => ours.has(pid) && !environment.includes(`${GUARDIAN_MARK}=`));
    if (left.length === 0) break;
    for (const { pid } of left) kill(pid);
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
