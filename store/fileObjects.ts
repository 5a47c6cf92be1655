import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { PortError } from '../recovery/ports.ts';
import { keyOf, pathOf, versionIn, versionName } from './fileNames.ts';
import { mostBytes } from './objects.ts';
import type { Objects } from './objects.ts';

/** The newest versions are kept for a person's eye. */
const versionsKept = 5;
/** And those that were younger a moment ago, so that a number is not free again for whoever reads, thinks and writes in that time. */
const youngMs = 60_000;
/** What a process that was killed left half-written is cleared away once it is this old. */
const leftoverMs = 600_000;
/** A reader whose version is cleared away under its hands looks again; that it happens so often in a row is no chance. */
const mostTries = 20;

const foldersMode = 0o700;
const filesMode = 0o600;

/**
 * Objects in a folder, for processes of one host (or of hosts that share a file system with hard links).
 *
 * Each object is a folder of numbered versions; the highest number counts. A version is written whole into a file of another name, forced to the
 * disk, and then linked to its number, which succeeds for one process only: that is the compare and swap. So no lock is held that a killed process could
 * leave behind, a process that stands still in between harms nobody, and a reader sees a whole version or the one before. What was
 * answered `written` outlives the process and the host's power. Versions are immutable.
 *
 * Folders are made for the owner alone (0700), files too (0600).
 *
 * @param clearAfterMs how long a version stays at least; twice as long as a writer may think. @default 60 s
 */
export function fileObjects(folder: string, clearAfterMs = youngMs): Objects {
  const placeOf = (key: string) => join(folder, pathOf(key));

  const current = async (key: string): Promise<Version | undefined> => {
    const [newest] = await versionsIn(placeOf(key));
    return newest;
  };

  /** Puts a version in the place that follows `after`, which was the newest at `sinceMs`. `lost`: somebody else has it. */
  const put = async (key: string, text: string, after: number, sinceMs: number): ReturnType<Objects['swap']> => {
    const place = placeOf(key);
    await makeFolder(folder, pathOf(key));
    const draft = join(place, `.${process.pid}-${randomUUID()}`);
    const number = after + 1;
    try {
      await writeDown(draft, text);
      if (!(await isLinked(draft, join(place, versionName(number))))) return { kind: 'lost' };
    } finally {
      await rm(draft, { force: true });
    }
    const stoodStill = performance.now() - sinceMs > clearAfterMs / 2;
    const versions = await versionsIn(place);
    // The number may have been taken, overtaken and cleared away while we stood still.
    if (stoodStill && versions[0]?.number !== number) return { kind: 'lost' };
    await syncFolder(place);
    await clearAway(place, versions.slice(versionsKept), clearAfterMs);
    return { kind: 'written', tag: tagOf(number, text) };
  };

  return {
    bucket: folder,

    async read(key, atMost = mostBytes) {
      for (let tries = 1; ; tries += 1) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- the next try looks at what became of it
          const newest = await current(key);
          if (newest === undefined) return { kind: 'missing' };
          // oxlint-disable-next-line no-await-in-loop -- as above
          const { size } = await stat(newest.place);
          // Its text is too long to be read, but whoever writes over it must name it.
          if (size > atMost) return { kind: 'too-large', bytes: size, tag: `${newest.number}-large` };
          // oxlint-disable-next-line no-await-in-loop -- as above
          const text = await readFile(newest.place, 'utf8');
          return { kind: 'read', text, tag: tagOf(newest.number, text) };
        } catch (error) {
          if (codeOf(error) === 'ENOENT' && tries < mostTries) continue;
          const mapped = failed('read', placeOf(key), error);
          if (mapped.code === 'denied') return { kind: 'denied' };
          throw mapped;
        }
      }
    },

    async exists(key) {
      try {
        return (await current(key)) === undefined ? 'no' : 'yes';
      } catch (error) {
        const mapped = failed('read', placeOf(key), error);
        if (mapped.code === 'denied') return 'unknown';
        throw mapped;
      }
    },

    async write(key, text) {
      try {
        for (let tries = 1; tries <= mostTries; tries += 1) {
          const sinceMs = performance.now();
          // oxlint-disable-next-line no-await-in-loop -- each try goes over what it lost against
          const answer = await put(key, text, (await current(key))?.number ?? 0, sinceMs);
          if (answer.kind === 'written') return;
        }
      } catch (error) {
        throw failed('write', placeOf(key), error);
      }
      throw new PortError('unavailable', `write ${placeOf(key)}: somebody else wrote it each time`);
    },

    async swap(key, text, tag) {
      try {
        const sinceMs = performance.now();
        const newest = await current(key);
        const found = newest === undefined ? undefined : await tagAt(newest);
        if (found !== tag || (newest !== undefined && found === undefined)) return { kind: 'lost' };
        return await put(key, text, newest?.number ?? 0, sinceMs);
      } catch (error) {
        throw failed('write', placeOf(key), error);
      }
    },

    async list(prefix) {
      try {
        return (await keysIn(folder, '')).filter((key) => key.startsWith(prefix)).toSorted();
      } catch (error) {
        throw failed('list', folder, error);
      }
    },
  };
}

interface Version {
  readonly number: number;
  readonly place: string;
}

/** The versions in an object's folder, newest first. */
async function versionsIn(place: string): Promise<readonly Version[]> {
  const names = await namesIn(place);
  return names
    .flatMap((name) => {
      const number = versionIn(name);
      return number === undefined ? [] : [{ number, place: join(place, name) }];
    })
    .toSorted((a, b) => b.number - a.number);
}

async function namesIn(place: string): Promise<readonly string[]> {
  try {
    return await readdir(place);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** `undefined`: it was cleared away meanwhile. */
async function tagAt({ number, place }: Version): Promise<string | undefined> {
  try {
    const { size } = await stat(place);
    return size > mostBytes ? `${number}-large` : tagOf(number, await readFile(place, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The number alone would do, were it not for somebody who empties the folder. */
function tagOf(number: number, text: string): string {
  if (Buffer.byteLength(text) > mostBytes) return `${number}-large`;
  return `${number}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** One level after the other, for `mkdir` would give those above the usual mode. */
async function makeFolder(root: string, path: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: foldersMode });
  let place = root;
  for (const part of path.split('/')) {
    place = join(place, part);
    // oxlint-disable-next-line no-await-in-loop -- one lies in the other
    await mkdir(place, { mode: foldersMode }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

async function writeDown(place: string, text: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const file = await open(place, O_WRONLY | O_CREAT | O_EXCL, filesMode);
  await closing(file, async () => {
    await file.writeFile(text, 'utf8');
    await file.sync();
  });
}

async function syncFolder(place: string): Promise<void> {
  const file = await open(place, constants.O_RDONLY);
  await closing(file, () => file.sync());
}

async function closing(file: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await file.close();
  }
}

async function isLinked(draft: string, place: string): Promise<boolean> {
  try {
    await link(draft, place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Old versions, and what killed processes left. That somebody else does the same at once is no fault. */
async function clearAway(place: string, versions: readonly Version[], clearAfterMs: number): Promise<void> {
  const drafts = (await namesIn(place)).filter((name) => name.startsWith('.')).map((name) => join(place, name));
  const old = async (one: string, ms: number) => {
    const found = await stat(one).catch(() => undefined);
    // When its names last changed, which is when it was linked or later: a draft may have lain for long before.
    return found !== undefined && Date.now() - found.ctimeMs >= ms ? [one] : [];
  };
  const due = await Promise.all([
    ...versions.map((version) => old(version.place, clearAfterMs)),
    ...drafts.map((draft) => old(draft, leftoverMs)),
  ]);
  await Promise.all(due.flat().map((one) => rm(one, { force: true })));
}

async function keysIn(folder: string, above: string): Promise<string[]> {
  const entries = await namesIn(folder);
  const own = entries.some((name) => versionIn(name) !== undefined) ? [above] : [];
  const below = await Promise.all(
    entries
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const place = join(folder, name);
        const isFolder = (await stat(place)).isDirectory();
        return isFolder ? keysIn(place, above === '' ? keyOf(name) : `${above}/${keyOf(name)}`) : [];
      }),
  );
  return [...own, ...below.flat()];
}

/**
 * Makes the folder where it is missing and closes it to others where we may.
 * @throws PortError where it cannot be written, or its file system knows no hard links
 */
export async function prepareFolder(folder: string): Promise<void> {
  const draft = join(folder, `.${process.pid}-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: foldersMode });
    // A volume that was mounted there may be another's, who has his own mind about its mode.
    await chmod(folder, foldersMode).catch(() => undefined);
    await writeDown(draft, '');
    await link(draft, `${draft}-linked`);
  } catch (error) {
    throw failed('prepare', folder, error);
  } finally {
    await Promise.all([draft, `${draft}-linked`].map((one) => rm(one, { force: true }).catch(() => undefined)));
  }
}

const deniedCodes = new Set(['EACCES', 'EPERM', 'EROFS']);
/** What may pass by itself: a full disk, too many open files, a disk that errs. */
const passingCodes = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EBUSY', 'ESTALE', 'ENOENT']);

function failed(what: string, place: string, error: unknown): PortError {
  if (error instanceof PortError) return error;
  const code = codeOf(error) ?? 'unknown';
  const kind = deniedCodes.has(code) ? 'denied' : passingCodes.has(code) ? 'unavailable' : 'unexpected';
  return new PortError(kind, `${what} ${place}: ${code}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
