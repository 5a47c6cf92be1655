import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine that has not ended. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Holds `NAME=value` of its environment; empty for somebody else's process. */
  readonly environment: string;
}

/** Every process that can be seen, at this moment. */
export function processTable(): readonly ProcessRow[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** The pids of all processes that these have started, and those in turn. */
export function descendants(table: readonly ProcessRow[], pids: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  let parents = new Set(pids);
  while (parents.size > 0) {
    const children = table.filter(({ pid, parent }) => parents.has(parent) && !found.has(pid)).map(({ pid }) => pid);
    for (const pid of children) found.add(pid);
    parents = new Set(children);
  }
  return found;
}

function fromProc(): readonly ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // The name in brackets may hold anything, brackets too. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // One that has ended stays until its parent takes leave of it.
      if (state === 'Z' || state === 'X') return [];
      return [{ pid: Number(name), parent: Number(parent), environment: environmentOf(name) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** BSD's ps, whose E shows the environment of one's own processes behind the command. */
function fromPs(): readonly ProcessRow[] {
  const lines = execFileSync('ps', ['-axwwE', '-o', 'pid=,ppid=,state=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return lines.split('\n').flatMap((line) => {
    const [, pid, parent, state, environment] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || environment === undefined || state?.startsWith('Z') === true) return [];
    return [{ pid: Number(pid), parent: Number(parent), environment }];
  });
}
