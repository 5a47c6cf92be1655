import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileObjects } from '../../store/fileObjects.ts';
import { s3Journals } from '../../store/journals.ts';
import { bucketObjects } from '../../store/objects.ts';
import type { Objects } from '../../store/objects.ts';
import { prefixedObjects } from '../../store/prefixedObjects.ts';
import { startServices } from '../lambda/services.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function inBucket(): Promise<() => Objects> {
  const services = await startServices();
  closers.push(async () => services.close());
  return () => bucketObjects(services.clients.s3, 'shop');
}

async function inFolder(): Promise<() => Objects> {
  const folder = await mkdtemp(join(tmpdir(), 'objects-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  return () => fileObjects(join(folder, 'store'));
}

/** What the product relies on, of every store alike. */
describe.each([
  ['an S3 bucket', inBucket],
  ['a part of an S3 bucket', async () => inBucket().then((open) => () => prefixedObjects(open(), 'watchdog/'))],
  ['a folder of this host', inFolder],
  ['a part of a folder', async () => inFolder().then((open) => () => prefixedObjects(open(), 'one/'))],
])('%s', (_title, start) => {
  it('has nothing before the first write', async () => {
    const objects = (await start())();
    expect(await objects.read('journals/shop/orders.json')).toEqual({ kind: 'missing' });
    expect(await objects.exists('journals/shop/orders.json')).toBe('no');
    expect(await objects.list('journals/')).toEqual([]);
  });

  it('gives what was written, to others too', async () => {
    const open = await start();
    await open().write('hold.json', '{"text":"gr\u00fc\u00df \u{1f600}"}');
    expect(await open().read('hold.json')).toMatchObject({ kind: 'read', text: '{"text":"gr\u00fc\u00df \u{1f600}"}' });
    expect(await open().exists('hold.json')).toBe('yes');
  });

  it('writes over what was there, as often as one likes', async () => {
    const objects = (await start())();
    for (const text of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await objects.write('a.json', text);
    }
    expect(await objects.read('a.json')).toMatchObject({ text: '12' });
  });

  it('swaps only over the version that was read', async () => {
    const objects = (await start())();
    const first = await objects.swap('a.json', 'one', undefined);
    expect(first.kind).toBe('written');
    expect(await objects.swap('a.json', 'other', undefined)).toEqual({ kind: 'lost' });
    const tag = first.kind === 'written' ? first.tag : '';
    expect(await objects.read('a.json')).toMatchObject({ text: 'one', tag });
    expect((await objects.swap('a.json', 'two', tag)).kind).toBe('written');
    expect(await objects.swap('a.json', 'three', tag)).toEqual({ kind: 'lost' });
    expect(await objects.read('a.json')).toMatchObject({ text: 'two' });
  });

  it('loses a swap over what is not there', async () => {
    const objects = (await start())();
    expect(await objects.swap('a.json', 'one', '7-abc')).toEqual({ kind: 'lost' });
    expect(await objects.exists('a.json')).toBe('no');
  });

  it('lets one of many win who swap at the same moment', async () => {
    const open = await start();
    const first = await open().swap('a.json', 'begin', undefined);
    const tag = first.kind === 'written' ? first.tag : '';
    const names = Array.from({ length: 12 }, (_, index) => `writer ${index}`);
    const answers = await Promise.all(names.map((name) => open().swap('a.json', name, tag)));
    const winners = names.filter((_, index) => answers[index]?.kind === 'written');
    expect(winners).toHaveLength(1);
    expect(await open().read('a.json')).toMatchObject({ text: winners[0] });
  });

  it('loses no addition of many who read, add and swap until they win', async () => {
    const open = await start();
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        const objects = open();
        for (let done = 0; done < 5;) {
          // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
          const found = await objects.read('list.json');
          const before = found.kind === 'read' ? (JSON.parse(found.text) as string[]) : [];
          const text = JSON.stringify([...before, `${writer}.${done}`]);
          // oxlint-disable-next-line no-await-in-loop -- as above
          const answer = await objects.swap('list.json', text, found.kind === 'read' ? found.tag : undefined);
          if (answer.kind === 'written') done += 1;
        }
      }),
    );
    const found = await open().read('list.json');
    const list = found.kind === 'read' ? (JSON.parse(found.text) as string[]) : [];
    expect(list).toHaveLength(30);
    expect(new Set(list).size).toBe(30);
  });

  it('reads nothing that is larger than what is asked for, and still lets it be replaced', async () => {
    const objects = (await start())();
    await objects.write('a.json', 'x'.repeat(2_000_000));
    const found = await objects.read('a.json');
    expect(found).toMatchObject({ kind: 'too-large', bytes: 2_000_000 });
    const tag = found.kind === 'too-large' ? found.tag : '';
    expect((await objects.swap('a.json', 'small', tag)).kind).toBe('written');
    expect(await objects.read('a.json')).toMatchObject({ text: 'small' });
    expect(await objects.read('a.json', 4)).toMatchObject({ kind: 'too-large', bytes: 5 });
  });

  it('lists by the beginning of keys, in order', async () => {
    const objects = (await start())();
    for (const key of ['orders/b.json', 'journals/x/b.json', 'journals/x/a.json', 'journals/y.json', 'hold.json']) {
      // oxlint-disable-next-line no-await-in-loop -- few
      await objects.write(key, '{}');
    }
    expect(await objects.list('journals/')).toEqual(['journals/x/a.json', 'journals/x/b.json', 'journals/y.json']);
    expect(await objects.list('journals/x/b')).toEqual(['journals/x/b.json']);
    expect(await objects.list('h')).toEqual(['hold.json']);
  });

  it.each([
    'shop/orders cdc',
    'shop/..',
    'shop/../../etc',
    'shop/.hidden',
    'shop/\u00fc\u{1f600}',
    'shop/a.json/b',
    'shop/%41',
    'shop/@7',
  ])('keeps the journal of a connector named %s, and gives its key again', async (name) => {
    const objects = (await start())();
    const journals = s3Journals(objects);
    await journals.write(name, { schema: 1, connector: name, history: [] }, undefined);
    expect(await journals.read(name)).toMatchObject({ journal: { connector: name } });
    expect(await objects.list('')).toEqual([`journals/${name}.json`]);
  });
});
