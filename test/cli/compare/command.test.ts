import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const entry = resolve(import.meta.dirname, '../../../cli/compare.ts');
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm run compare as a command', () => {
  it('refuses what it does not understand in one line, with exit code 2', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, '--failure', 'flood'], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: "--failure must be half-open or heals-itself or failed-task, got 'flood'.\n",
    });
  });

  it.each([
    ['while it is loading', /Side by side/, 0],
    ['when both worlds are being opened', /started the watchdog/, 2],
  ])(
    'Ctrl+C %s ends it within three seconds with exit code 1, and leaves nothing behind',
    { timeout: 40_000 },
    async (_, said, processes) => {
      const folder = mkdtempSync(join(tmpdir(), 'compare-test-'));
      cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
      const child = spawn(process.execPath, [entry], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      cleanups.push(() => child.kill('SIGKILL'));
      const ended = new Promise<number | null>((done) => child.once('close', done));
      let output = '';
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      await new Promise<void>((reached) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (said.test(output)) reached();
        });
      });
      const sentAt = performance.now();
      child.kill('SIGINT');
      expect(await ended).toBe(1);
      expect(performance.now() - sentAt).toBeLessThan(3000);
      expect(complaint).toBe('Interrupted.\n');
      const pids = [...output.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
      expect(pids.length).toBeGreaterThanOrEqual(processes);
      expect(pids.filter(runs)).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});
