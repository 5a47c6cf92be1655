import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ownProcesses } from '../../../local/real/ownedProcesses.ts';

const OWNER = fileURLToPath(new URL('owner.ts', import.meta.url));

interface Owned {
  readonly folder: string;
  readonly pids: readonly number[];
  readonly port?: number;
}

/** Runs a program that owns processes until it has ended in that way. */
function runOwner(
  way: string,
): Promise<{ readonly owned: Owned; readonly signal: string | undefined; readonly code: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [OWNER, way], { timeout: 15_000 }, (error, stdout) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ owned: JSON.parse(stdout) as Owned, signal: error?.signal ?? undefined, code });
    });
  });
}

/** One that has ended, and whom nobody has taken leave of yet, does not run. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function withinSeconds(seconds: number, holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < seconds * 50; tries += 1) {
    if (holds()) return true;
    await wait(20);
  }
  return false;
}

function canListenOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

describe('however the owner ends, nothing is left', () => {
  test.each([
    ['killed by SIGKILL, with a server that ignores SIGTERM and a stopped process', 'killed', 'SIGKILL', 2],
    ['killed right after it started processes', 'killedAtOnce', 'SIGKILL', 5],
    ['killed, with processes that its processes started', 'grandchildren', 'SIGKILL', 3],
    ['ended by an exception that nobody caught', 'thrown', undefined, 1],
    ['ended by process.exit', 'exit', undefined, 1],
    ['ended with everything closed', 'closed', undefined, 1],
  ])('%s', async (_, way, signal, count) => {
    const ended = await runOwner(way);

    expect(ended.signal).toBe(signal);
    expect(ended.owned.pids).toHaveLength(count);
    const { pids, folder, port } = ended.owned;
    expect(await withinSeconds(10, () => !pids.some(isRunning) && !existsSync(folder))).toBe(true);
    expect(port === undefined || (await canListenOn(port))).toBe(true);
  });

  test('a closed run is over when close returns, not later', async () => {
    const { owned } = await runOwner('closed');

    expect(owned.pids.filter(isRunning)).toEqual([]);
    expect(existsSync(owned.folder)).toBe(false);
  });

  test('owning processes keeps no program from ending', async () => {
    const { owned, code } = await runOwner('idle');

    expect(code).toBe(0);
    expect(await withinSeconds(10, () => !existsSync(owned.folder))).toBe(true);
  });
});

describe('a process', () => {
  test('tells its lines, the last one without an end too, and how it ended', async () => {
    const processes = await ownProcesses();
    const lines: string[] = [];
    const owned = processes.start({
      name: 'a shell',
      command: 'sh',
      args: ['-c', 'echo one; echo two >&2; sleep 0.1; printf three; exit 7'],
      onLine: (line) => lines.push(line),
    });

    expect(await owned.ended).toBe('ended with code 7');
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
    expect(owned.running).toBe(false);
    await processes.close();
  });

  test('is asked to end, and made to when it does not', async () => {
    const processes = await ownProcesses();
    const willing = processes.start({ name: 'willing', command: 'sleep', args: ['600'] });
    const stopped = processes.start({ name: 'stopped', command: 'sleep', args: ['600'] });
    const lines: string[] = [];
    const deaf = processes.start({
      name: 'deaf',
      command: 'sh',
      args: ['-c', "trap '' TERM; echo ready; sleep 600 & wait; wait"],
      onLine: (line) => lines.push(line),
    });
    stopped.signal('SIGSTOP');
    await withinSeconds(5, () => lines.includes('ready'));

    await Promise.all([willing.end(), stopped.end(), deaf.end(300)]);

    expect(await willing.ended).toBe('was ended by SIGTERM');
    expect(await stopped.ended).toBe('was ended by SIGTERM');
    expect(await deaf.ended).toBe('was ended by SIGKILL');
    await processes.close();
  });

  test('that cannot be started is an error that names it', async () => {
    const processes = await ownProcesses();

    expect(() => processes.start({ name: 'the broker', command: '/nowhere/java', args: [] })).toThrow(
      'the broker could not be started: /nowhere/java is not there or may not be run.',
    );
    await processes.close();
  });

  test('is not started any more when the run is ending', async () => {
    const processes = await ownProcesses();
    await processes.close();

    expect(() => processes.start({ name: 'late', command: 'sleep', args: ['600'] })).toThrow(
      'late was not started: the run is ending.',
    );
  });

  test("does not get the settings of the person's shell that would change a JVM or speak to AWS", async () => {
    const processes = await ownProcesses();
    process.env['JAVA_TOOL_OPTIONS'] = '-Dleak=1';
    process.env['AWS_PROFILE'] = 'leak';
    const lines: string[] = [];
    await processes.start({
      name: 'env',
      command: 'env',
      args: [],
      env: { OWN: 'given' },
      onLine: (line) => lines.push(line),
    }).ended;
    delete process.env['JAVA_TOOL_OPTIONS'];
    delete process.env['AWS_PROFILE'];

    expect(lines).toContain('OWN=given');
    expect(lines.filter((line) => line.includes('leak'))).toEqual([]);
    await processes.close();
  });
});

test('two runs have folders of their own, and one that ends takes nothing from the other', async () => {
  const [one, other] = [await ownProcesses(), await ownProcesses()];
  const kept = other.start({ name: 'of the other', command: 'sleep', args: ['600'] });
  await writeFile(join(other.folder, 'file'), 'kept');

  await one.close();

  expect(existsSync(one.folder)).toBe(false);
  expect(existsSync(join(other.folder, 'file'))).toBe(true);
  expect(kept.running).toBe(true);
  await other.close();
});
