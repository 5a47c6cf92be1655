import { registerHooks } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { mutated } from './mutant.ts';
import type { Mutant } from './mutant.ts';

/** What a worker is to do. */
export interface MutantWork {
  /** Absent: the product as it is. */
  readonly mutant?: Mutant;
  readonly from: number;
  readonly most: number;
}

/** What it found: the first history that broke a rule, or none. */
export interface MutantFinding {
  readonly histories: number;
  readonly seed?: number;
  readonly rules: readonly string[];
  /** Pieces whose file was never loaded, so that nothing was broken at all. */
  readonly unloaded: readonly string[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const work = workerData as MutantWork;
const unloaded = new Set(work.mutant?.pieces.map(({ file }) => file) ?? []);

// The pieces are put in as a file is loaded, before its types are stripped: https://nodejs.org/api/module.html#moduleregisterhooksoptions
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (work.mutant === undefined || !url.startsWith('file:')) return loaded;
    const file = relative(root, fileURLToPath(url)).replaceAll('\\', '/');
    if (!work.mutant.pieces.some((piece) => piece.file === file)) return loaded;
    unloaded.delete(file);
    const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array);
    return { ...loaded, source: mutated(work.mutant, file, source.toString('utf8')) };
  },
});

async function find(): Promise<MutantFinding> {
  // Only now: what is loaded before the hooks are there stays as it is.
  const { drawHistory } = await import('../draw.ts');
  const { judge } = await import('../judge.ts');
  for (let seed = work.from; seed < work.from + work.most; seed += 1) {
    const histories = seed - work.from + 1;
    // oxlint-disable-next-line no-await-in-loop -- the thread can live in one time only
    const rules = await judge(drawHistory(seed), 'direct').then(
      ({ broken }) => [...new Set(broken.map(({ rule }) => rule))],
      (error: unknown) => [`it threw: ${error instanceof Error ? error.message : String(error)}`],
    );
    if (rules.length > 0) return { histories, seed, rules, unloaded: [...unloaded] };
  }
  return { histories: work.most, rules: [], unloaded: [...unloaded] };
}

const finding = await find();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a worker thread has no origin
parentPort?.postMessage(finding);
