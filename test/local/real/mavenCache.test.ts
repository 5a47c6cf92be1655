import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cached, cacheFolder, entryFolder, fetchEntry } from '../../../local/real/mavenCache.ts';

const JMX = { pom: 'jmx-agent' };
let folder: string;
let cache: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-test-'));
  cache = join(folder, 'cache');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A Maven that notes its arguments and does this in the folder that it is to fill. */
async function mavenThat(does: string): Promise<string> {
  const path = join(folder, 'mvn');
  await writeFile(
    path,
    `#!/bin/sh
echo "$@" >> ${folder}/calls
for each; do case "$each" in -DoutputDirectory=*) into="\${each#*=}";; esac; done
cd "$into" || exit 9
${does}
`,
  );
  await chmod(path, 0o755);
  return path;
}

async function calls(): Promise<number> {
  return (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n').length;
}

describe('where the cache lies', () => {
  test.each([
    [{ CONNECTOR_RECOVERY_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, '/own'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/connector-recovery'],
    [{ CONNECTOR_RECOVERY_CACHE: '', XDG_CACHE_HOME: '/xdg' }, '/xdg/connector-recovery'],
  ])('%j: %s', (env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });

  test('in the home folder otherwise', () => {
    expect(cacheFolder({})).toMatch(/\/\.cache\/connector-recovery$/);
  });
});

describe('an entry', () => {
  test('is fetched once, and then found', async () => {
    const maven = await mavenThat('echo jar > agent.jar');
    expect(await cached(cache, JMX)).toBeUndefined();

    const content = await fetchEntry(cache, JMX, maven);

    expect(await readdir(content)).toEqual(['agent.jar']);
    expect(await cached(cache, JMX)).toBe(content);
    expect(await readdir(cache)).toHaveLength(1);
    expect(await calls()).toBe(1);
  });

  test('of another POM or platform lies elsewhere', async () => {
    const places = await Promise.all([
      entryFolder(cache, JMX),
      entryFolder(cache, { pom: 'connect-3.7.1' }),
      entryFolder(cache, { pom: 'postgres', properties: { build: 'linux-amd64' } }),
      entryFolder(cache, { pom: 'postgres', properties: { build: 'darwin-arm64v8' } }),
    ]);

    expect(new Set(places).size).toBe(4);
  });

  test('whose archive is unpacked holds what was in it, and not the archive', async () => {
    const maven = await mavenThat(
      'mkdir connector && echo 1 > connector/a.jar && tar czf plugin.tar.gz connector && rm -r connector',
    );

    const content = await fetchEntry(cache, { pom: 'debezium-mysql-2.6.2', unpack: '.tar.gz' }, maven);

    expect((await readdir(content, { recursive: true })).toSorted()).toEqual(['connector', 'connector/a.jar']);
  });

  test.each([
    ['lost a file', (content: string) => rm(join(content, 'b.jar'))],
    ['has a file of another size', (content: string) => writeFile(join(content, 'b.jar'), 'shortened')],
    ['has no list of its files', (content: string) => rm(join(content, '..', 'complete.json'))],
    ['has a list that cannot be read', (content: string) => writeFile(join(content, '..', 'complete.json'), '{"a')],
  ])('that %s is fetched again', async (_, breakIt) => {
    const maven = await mavenThat('echo one > a.jar; echo something longer > b.jar');
    const content = await fetchEntry(cache, JMX, maven);
    await breakIt(content);

    expect(await cached(cache, JMX)).toBeUndefined();
    expect(await fetchEntry(cache, JMX, maven)).toBe(content);
    expect(await readFile(join(content, 'b.jar'), 'utf8')).toBe('something longer\n');
    expect(await readdir(cache)).toHaveLength(1);
  });

  test('may be fetched by two runs at once', async () => {
    const maven = await mavenThat('sleep 0.3; echo jar > agent.jar');

    const [one, other] = await Promise.all([fetchEntry(cache, JMX, maven), fetchEntry(cache, JMX, maven)]);

    expect(one).toBe(other);
    expect(await readFile(join(one, 'agent.jar'), 'utf8')).toBe('jar\n');
    expect(await readdir(cache)).toHaveLength(1);
  });
});

describe('a fetch that does not succeed', () => {
  test('shows the last lines of Maven and leaves nothing', async () => {
    const maven = await mavenThat(
      'echo part > a.jar; for n in $(seq 30); do echo "line $n"; done; echo "[ERROR] no such artifact" >&2; exit 1',
    );

    await expect(fetchEntry(cache, JMX, maven)).rejects.toThrow(
      /^Maven could not fetch jmx-agent \(it ended with code 1\):\n[^]*no such artifact/,
    );
    await expect(fetchEntry(cache, JMX, maven)).rejects.not.toThrow(/line 5$/m);
    expect(await readdir(cache)).toEqual([]);
  });

  test('because it was called off ends Maven and leaves nothing', async () => {
    const maven = await mavenThat(`echo $$ > ${folder}/pid; sleep 600 & wait`);
    const controller = new AbortController();
    const fetching = fetchEntry(cache, JMX, maven, controller.signal);
    const refusal = fetching.catch((error: unknown) => error);
    const pid = await eventually(() => readFile(join(folder, 'pid'), 'utf8'));

    controller.abort(new Error('called off'));

    expect(await refusal).toEqual(new Error('called off'));
    expect(await readdir(cache)).toEqual([]);
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  test('because nothing came is an error', async () => {
    await expect(fetchEntry(cache, JMX, await mavenThat('true'))).rejects.toThrow(
      'Fetching jmx-agent brought nothing.',
    );
  });

  test('because the machine died is cleared away after a day, that of another run is not', async () => {
    const long = new Date(Date.now() - 25 * 3_600_000);
    await mkdir(join(cache, '.building-old'), { recursive: true });
    await utimes(join(cache, '.building-old'), long, long);
    await mkdir(join(cache, '.building-new'));

    await fetchEntry(cache, JMX, await mavenThat('echo jar > agent.jar'));

    const left = await readdir(cache);
    expect(left).toContain('.building-new');
    expect(left).not.toContain('.building-old');
  });
});

async function eventually<Value>(give: () => Promise<Value>): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    try {
      const value = await give();
      if (value !== '') return value;
    } catch (error) {
      if (tries > 500) throw error;
    }
    await wait(20);
  }
}
