import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, it } from 'vitest';

const start = resolve(import.meta.dirname, '../../cli/start.ts');
/** Node's options under which the output takes itself for a terminal. */
const asTerminal = [
  '--import',
  'data:text/javascript,process.stdout.isTTY=process.stderr.isTTY=true;process.stdout.columns=120',
];
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** `npm start -- --cycles`, interrupted as soon as its output says so. */
async function interruptedWhen(said: RegExp, terminal: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'cycles-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [...(terminal ? asTerminal : []), start, '--cycles', '--seed', '1'], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  let output = '';
  await new Promise<void>((reached, failed) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (said.test(output)) reached();
    });
    void ended.then(() => failed(new Error(`It ended by itself: ${output}`)));
  });
  const sentAt = performance.now();
  child.kill('SIGINT');
  const code = await ended;
  return {
    code,
    output,
    afterMs: performance.now() - sentAt,
    left: readdirSync(folder).filter((name) => name.startsWith('connector-recovery-')),
    actors: [...output.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid)),
  };
}

/** Without what shows and hides a cursor. */
function lastLine(output: string): string | undefined {
  return stripVTControlCharacters(output).trimEnd().split('\n').at(-1);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.each([
  ['while it is loading', /A silent connector comes back/, 0, 'Interrupted. 0 rounds finished'],
  ['while the connector is made', /started the connector/, 2, 'Interrupted. 0 rounds finished'],
  [
    'when a round is under way on a terminal',
    /hangs half open/,
    2,
    'Interrupted. 0 rounds finished, 0 recovered and proved; round 1 was still under way',
  ],
])(
  'Ctrl+C %s ends it with a summary within two seconds, and leaves nothing behind',
  { timeout: 40_000 },
  async (when, said, actors, summary) => {
    const run = await interruptedWhen(said, when.endsWith('on a terminal'));
    expect(run.output).toContain(summary);
    expect(lastLine(run.output)).toBe('as promised nothing was lost');
    expect(run.code).toBe(0);
    expect(run.afterMs).toBeLessThan(2000);
    expect(run.actors).toHaveLength(actors);
    expect(run.actors.filter(runs)).toEqual([]);
    expect(run.left).toEqual([]);
  },
);
