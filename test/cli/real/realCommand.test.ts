import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mainRun } from '../../../cli/real/mainRun.ts';
import type { provideSoftware } from '../../../local/real/software.ts';
import { MissingSoftware } from '../../../local/real/missingSoftware.ts';

const provide = vi.hoisted(() => vi.fn<typeof provideSoftware>());
vi.mock('../../../local/real/software.ts', () => ({ provideSoftware: provide }));

const entry = resolve(import.meta.dirname, '../../../cli/real.ts');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'real-'));
  vi.stubEnv('TMPDIR', folder);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it('a machine without Java and MariaDB is told so before anything is started', async () => {
  const missing = new MissingSoftware([
    {
      what: 'Java 17 or later (none was found)',
      debianPackage: 'openjdk-17-jre-headless',
      homebrewFormula: 'openjdk@17',
    },
    { what: 'the MariaDB server (mariadbd)', debianPackage: 'mariadb-server', homebrewFormula: 'mariadb' },
  ]);
  provide.mockRejectedValue(missing);

  await expect(mainRun({ short: true }, new AbortController().signal)).rejects.toBe(missing);
  expect(readdirSync(folder)).toEqual([]);
});

it('who is interrupted while jars are fetched is not kept waiting', async () => {
  const interrupted = new AbortController();
  provide.mockImplementation(
    ({ signal }) =>
      new Promise((_, refuse) => {
        signal?.addEventListener('abort', () => refuse(new Error('Maven was ended.')));
        interrupted.abort(new Error('Interrupted.'));
      }),
  );

  await expect(mainRun({ short: true }, interrupted.signal)).rejects.toThrow('Interrupted.');
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  [['--help'], 0, /npm run real -- --short/, /^$/],
  [['--shrot'], 2, /^$/, /Unknown option '--shrot'/],
])('npm run real -- %j ends with %i', (args, code, said, complained) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });
  expect(stdout).toMatch(said);
  expect(stderr).toMatch(complained);
  expect(status).toBe(code);
});
