import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * Starts a command of this project in a temporary folder of its own.
 * @param entry such as `cli/real.ts`
 * @param onCleanup is given what ends it and removes the folder
 */
export function startCommand(entry: string, args: readonly string[], onCleanup: (cleanup: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  // A server that runs as another user where we are root has to pass through.
  chmodSync(folder, 0o711);
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(root, entry), ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onCleanup(() => child.kill('SIGKILL'));
  let output = '';
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const each of heard) each();
    });
  }
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return {
    child,
    ended,
    output: () => output,
    until: (said: RegExp) =>
      new Promise<void>((reached, failed) => {
        const look = () => said.test(output) && reached();
        heard.push(look);
        look();
        void ended.then(() => failed(new Error(`It ended by itself: ${output}`)));
      }),
    /** Processes that were started on this run's files. */
    processes: () =>
      spawnSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line.includes(`${folder}/`)),
    files: () => readdirSync(folder).filter((name) => name.startsWith('cr-')),
  };
}
