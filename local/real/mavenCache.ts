import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownProcesses, type ProcessSpec } from './ownedProcesses.ts';

/** One entry of the cache: what a pinned POM names. */
export interface Wanted {
  /** Of the POM in `poms/`, without its ending. */
  readonly pom: string;
  /** Where the POM leaves something open. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Archives of this ending are unpacked, by `tar`, and thrown away. */
  readonly unpack?: '.tar.gz' | '.txz';
  /** Whether Maven opens the jar first. */
  readonly openJar?: boolean;
}

/** The folder for what was fetched: CONNECTOR_RECOVERY_CACHE, or a folder in the user's cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env['CONNECTOR_RECOVERY_CACHE'];
  if (own !== undefined && own !== '') return own;
  const users = env['XDG_CACHE_HOME'];
  return join(users === undefined || users === '' ? join(homedir(), '.cache') : users, 'connector-recovery');
}

/** Where an entry lies, or would lie, in the cache: another POM, another place. */
export async function entryFolder(cache: string, wanted: Wanted): Promise<string> {
  const hash = createHash('sha256').update(await readFile(pomFile(wanted), 'utf8'));
  hash.update(JSON.stringify([wanted.properties ?? {}, wanted.unpack ?? '', wanted.openJar ?? false]));
  return join(cache, `${wanted.pom}-${hash.digest('hex').slice(0, 12)}`);
}

/** The list of an entry's files, written last: an entry without it, or with a file that is not as listed, is none. */
const LIST = 'complete.json';

/** The folder of an entry's files when every one of them is there in its size; undefined otherwise. */
export async function cached(cache: string, wanted: Wanted): Promise<string | undefined> {
  const entry = await entryFolder(cache, wanted);
  try {
    const list = JSON.parse(await readFile(join(entry, LIST), 'utf8')) as Readonly<Record<string, number>>;
    const content = join(entry, 'content');
    const sizes = await sizesIn(content);
    const whole = Object.entries(list).every(([path, size]) => sizes[path] === size);
    return whole && Object.keys(list).length > 0 ? content : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fetches an entry by Maven into a folder beside it and then renames that, so that two runs may do it at once and none sees a part.
 * @throws with the last lines of Maven's output when it fails; with the signal's reason when that is aborted
 */
export async function fetchEntry(cache: string, wanted: Wanted, maven: string, signal?: AbortSignal): Promise<string> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const entry = await entryFolder(cache, wanted);
  const building = join(cache, `${BUILDING}${randomUUID()}`);
  const content = join(building, 'content');
  await mkdir(content, { recursive: true });
  try {
    await runMaven(wanted, maven, content, signal);
    if (wanted.unpack !== undefined) await unpackIn(content, wanted.unpack, signal);
    await writeFile(join(building, LIST), JSON.stringify(await sizesIn(content)));
    await putInPlace(building, entry);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  const done = await cached(cache, wanted);
  if (done === undefined) throw new Error(`Fetching ${wanted.pom} brought nothing.`);
  return done;
}

const BUILDING = '.building-';

/** What a run that was killed has left, after a day. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(BUILDING)) continue;
    const folder = join(cache, name);
    const age = Date.now() - (await stat(folder).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > 24 * 3_600_000) await rm(folder, { recursive: true, force: true });
  }
}

async function putInPlace(building: string, entry: string): Promise<void> {
  try {
    await rename(building, entry);
  } catch {
    // There is one already: somebody else's, who was faster (as good as ours), or a broken one.
    const other = `${building}-old`;
    await rename(entry, other).catch(() => undefined);
    await rename(building, entry).catch(() => undefined);
    await rm(other, { recursive: true, force: true });
  }
}

async function runMaven(wanted: Wanted, maven: string, into: string, signal?: AbortSignal): Promise<void> {
  const env = process.env['JAVA_TOOL_OPTIONS'];
  await run(
    (folder) => ({
      name: 'Maven',
      command: maven,
      args: [
        '--batch-mode',
        '--quiet',
        '--file',
        join(folder, 'pom.xml'),
        ...Object.entries(wanted.properties ?? {}).map(([key, value]) => `-D${key}=${value}`),
        `-DoutputDirectory=${into}`,
        '-DincludeScope=runtime',
        wanted.openJar === true ? 'dependency:unpack-dependencies' : 'dependency:copy-dependencies',
      ],
      // It may hold the way to the registry.
      ...(env === undefined ? {} : { env: { JAVA_TOOL_OPTIONS: env } }),
    }),
    `Maven could not fetch ${wanted.pom}`,
    signal,
    // Maven puts a folder for its results beside the POM.
    async (folder) => writeFile(join(folder, 'pom.xml'), await readFile(pomFile(wanted), 'utf8')),
  );
}

async function unpackIn(folder: string, ending: string, signal?: AbortSignal): Promise<void> {
  for (const archive of await readdir(folder)) {
    if (!archive.endsWith(ending)) continue;
    const args = ['-xf', join(folder, archive), '-C', folder, '--no-same-owner'];
    await run(() => ({ name: 'tar', command: 'tar', args }), `${archive} could not be unpacked`, signal);
    await rm(join(folder, archive));
  }
}

/** Runs a program to its end, as the owner of its processes, which a crash then ends too. */
async function run(
  spec: (folder: string) => ProcessSpec,
  complaint: string,
  signal: AbortSignal | undefined,
  prepare: (folder: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const processes = await ownProcesses();
  const close = () => void processes.close();
  signal?.addEventListener('abort', close);
  const lines: string[] = [];
  try {
    signal?.throwIfAborted();
    await prepare(processes.folder);
    const how = await processes.start({ ...spec(processes.folder), onLine: (line) => lines.push(line) }).ended;
    signal?.throwIfAborted();
    if (how !== 'ended with code 0') throw new Error([`${complaint} (it ${how}):`, ...lines.slice(-12)].join('\n'));
  } finally {
    signal?.removeEventListener('abort', close);
    await processes.close();
  }
}

async function sizesIn(folder: string): Promise<Record<string, number>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const sizes = await Promise.all(
    files.toSorted().map(async (file) => [file.slice(folder.length + 1), (await stat(file)).size] as const),
  );
  return Object.fromEntries(sizes);
}

function pomFile(wanted: Wanted): string {
  return fileURLToPath(new URL(`poms/${wanted.pom}.xml`, import.meta.url));
}
