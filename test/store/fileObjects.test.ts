import { fork } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjects, prepareFolder } from '../../store/fileObjects.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function modeOf(place: string): Promise<string> {
  return ((await stat(place)).mode & 0o777).toString(8);
}

describe('a store in a folder', () => {
  it('is closed to everybody else, whatever the folder was', async () => {
    const root = join(folder, 'data');
    await mkdir(root, { mode: 0o755 });
    await chmod(root, 0o755);
    await prepareFolder(root);
    await fileObjects(root).write('journals/shop/orders.json', '{}');
    expect(await modeOf(root)).toBe('700');
    expect(await modeOf(join(root, 'journals'))).toBe('700');
    expect(await modeOf(join(root, 'journals/shop/orders.json'))).toBe('700');
    expect(await modeOf(join(root, 'journals/shop/orders.json/@1'))).toBe('600');
  });

  it('keeps five versions, and those of the last minute', async () => {
    const texts = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const [hasty, usual] = [fileObjects(join(folder, 'hasty'), 0), fileObjects(join(folder, 'usual'))];
    for (const text of texts) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await Promise.all([hasty.write('a.json', text), usual.write('a.json', text)]);
    }
    expect((await readdir(join(folder, 'hasty/a.json'))).toSorted()).toEqual(['@4', '@5', '@6', '@7', '@8']);
    expect((await readdir(join(folder, 'usual/a.json'))).toSorted()).toEqual(texts.map((text) => `@${text}`));
  });

  it('sees nothing of what a killed process left half-written', async () => {
    const objects = fileObjects(folder);
    await objects.write('a.json', 'whole');
    await writeFile(join(folder, 'a.json/.4711-half'), 'ha');
    expect(await objects.read('a.json')).toMatchObject({ text: 'whole' });
    await objects.write('a.json', 'next');
    expect(await objects.read('a.json')).toMatchObject({ text: 'next' });
    // A young draft stays, for somebody may be at it.
    expect(await readdir(join(folder, 'a.json'))).toContain('.4711-half');
    expect(await objects.list('')).toEqual(['a.json']);
  });

  it('is not taken in by a tag of the time before the folder was emptied', async () => {
    const objects = fileObjects(folder);
    const before = await objects.swap('a.json', 'before', undefined);
    await rm(join(folder, 'a.json'), { recursive: true });
    await objects.swap('a.json', 'after', undefined);
    expect(await objects.swap('a.json', 'late', before.kind === 'written' ? before.tag : '')).toEqual({ kind: 'lost' });
    expect(await objects.read('a.json')).toMatchObject({ text: 'after' });
  });

  it('says so where a file stands in its way', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(prepareFolder(join(folder, 'file'))).rejects.toMatchObject({ name: 'PortError', code: 'unexpected' });
  });

  it('adds up what several processes add, though half of them are killed on the way', { timeout: 30_000 }, async () => {
    const writers = Array.from({ length: 4 }, (_, index) =>
      fork(fileURLToPath(new URL('addingProcess.ts', import.meta.url)), [folder, `p${index}`], { stdio: 'ignore' }),
    );
    const ended = writers.map((writer) => new Promise<number | null>((resolve) => writer.once('exit', resolve)));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    writers[0]?.kill('SIGKILL');
    writers[1]?.kill('SIGKILL');
    expect((await Promise.all(ended)).slice(2)).toEqual([0, 0]);
    const found = await fileObjects(folder).read('sum.json', Infinity);
    const list = found.kind === 'read' ? (JSON.parse(found.text) as string[]) : [];
    // Each of the survivors added 40, none twice, none lost; the killed ones some, in their order and without a gap.
    for (const name of ['p0', 'p1', 'p2', 'p3']) {
      const own = list.filter((one) => one.startsWith(`${name}.`));
      expect(own).toEqual(own.map((_, index) => `${name}.${index}`));
    }
    for (const name of ['p2', 'p3']) expect(list.filter((one) => one.startsWith(`${name}.`))).toHaveLength(40);
  });
});
