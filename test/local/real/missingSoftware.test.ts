import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findJava, findProgram, javaMajor, MissingSoftware } from '../../../local/real/missingSoftware.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
  vi.stubEnv('PATH', `${folder}/bin:/usr/bin:/bin`);
  vi.stubEnv('JAVA_HOME', undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(path: string, script: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

test.each([
  ['17.0.15', 17],
  ['21', 21],
  ['25-ea', 25],
  ['11.0.2', 11],
  ['1.8.0_392', 8],
])('Java %s is Java %i', (version, major) => {
  expect(javaMajor(version)).toBe(major);
});

describe('Java', () => {
  test('17 is enough', async () => {
    const java = await program('bin/java', `echo 'openjdk version "17.0.15" 2025-04-15' >&2`);

    expect(await findJava([])).toEqual({ java });
  });

  test('of JAVA_HOME goes before the one of the PATH', async () => {
    await program('bin/java', `echo 'openjdk version "17.0.15"' >&2`);
    const java = await program('jdk/bin/java', `echo 'openjdk version "21.0.1"' >&2`);
    vi.stubEnv('JAVA_HOME', join(folder, 'jdk'));

    expect(await findJava([])).toEqual({ java });
  });

  test('that is recent enough is found behind an old one', async () => {
    await program('old/bin/java', `echo 'openjdk version "11.0.2"' >&2`);
    const java = await program('bin/java', `echo 'openjdk version "21.0.1"' >&2`);
    vi.stubEnv('JAVA_HOME', join(folder, 'old'));

    expect(await findJava([])).toEqual({ java });
  });

  test.each([
    ['none', undefined, /^Java 17 or later \(none was found\)$/],
    ['too old', `echo 'java version "1.8.0_392"' >&2`, /^Java 17 or later \(found: 1\.8\.0_392 at .*java\)$/],
    [
      'only a sign where to get one',
      'echo "No Java runtime present" >&2; exit 1',
      /^Java 17 or later \(found: .*java does not run\)$/,
    ],
  ])('that is %s is named', async (_, script, what) => {
    vi.stubEnv('PATH', join(folder, 'bin'));
    if (script !== undefined) await program('bin/java', script);

    expect(await findJava([])).toMatchObject({ missing: { what: expect.stringMatching(what) } });
  });
});

test('a program is looked for in the PATH, and must be one that may be run', async () => {
  const found = await program('bin/mvn', 'true');
  await writeFile(join(folder, 'bin/mariadb-in-vain'), 'no program');

  expect(await findProgram('mvn')).toBe(found);
  expect(await findProgram('mariadb-in-vain')).toBeUndefined();
});

test('all that is missing is named at once, with the commands that install it', () => {
  const error = new MissingSoftware([
    {
      what: 'Java 17 or later (none was found)',
      debianPackage: 'openjdk-17-jre-headless',
      homebrewFormula: 'openjdk@17',
    },
    { what: 'the MariaDB server (mariadbd)', debianPackage: 'mariadb-server', homebrewFormula: 'mariadb' },
    { what: 'mariadb-install-db', debianPackage: 'mariadb-server', homebrewFormula: 'mariadb' },
  ]);

  expect(error.message).toBe(`A real run needs what is not on this machine:
  Java 17 or later (none was found)
  the MariaDB server (mariadbd)
  mariadb-install-db
On Debian and Ubuntu: sudo apt-get install --no-install-recommends openjdk-17-jre-headless mariadb-server
On macOS: brew install openjdk@17 mariadb
In a container, with none of this on the machine: see "See it on real Kafka Connect" in the README.`);
});
