import { Worker } from 'node:worker_threads';
import type { Mutant } from './mutant.ts';
import type { MutantFinding, MutantWork } from './mutantWorker.ts';
import { mutants as all } from './mutants.ts';

export interface MutantOptions {
  /** A mutant that was not found after so many histories has survived. @default 3000 */
  readonly most?: number;
  /** Only those whose name contains it. @default all */
  readonly only?: string;
  /** Workers at once. @default 2 */
  readonly atOnce?: number;
  /** Takes each line of the report. */
  readonly write: (line: string) => void;
}

/** A mutant and what became of it. */
export interface MutantResult {
  readonly mutant: Mutant;
  readonly histories: number;
  /** The history that found it; absent: it survived. */
  readonly seed?: number;
  readonly rules: readonly string[];
}

/**
 * Breaks the product in each of the ways and lives through histories from seed 1 on until the observer says so. A history in which the product as
 * it is breaks the same rule finds nothing.
 * @returns the results in the order of the list; where one has no `seed`, the command ends with 1
 * @throws PieceNotFound where a mutant does not fit the source any more
 */
export async function runMutants(options: MutantOptions): Promise<readonly MutantResult[]> {
  const { most = 3000, only = '', atOnce = 2, write } = options;
  const chosen = all.filter(({ name }) => name.includes(only));
  const results = new Map<Mutant, MutantResult>();
  const waiting = [...chosen];
  write(`${chosen.length} ways to break the product, each looked for in at most ${most} histories from seed 1 on.`);
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other in each worker
      const result = await hunt(mutant, most);
      results.set(mutant, result);
      write(line(result));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const found = chosen.flatMap((mutant) => results.get(mutant) ?? []);
  const survived = found.filter(({ seed }) => seed === undefined);
  write(
    survived.length === 0
      ? `All ${found.length} were found.`
      : `${survived.length} of ${found.length} survived: ${survived.map(({ mutant }) => mutant.name).join(', ')}.`,
  );
  return found;
}

async function hunt(mutant: Mutant, most: number): Promise<MutantResult> {
  let done = 0;
  while (done < most) {
    // oxlint-disable-next-line no-await-in-loop -- the next history depends on what the last one showed
    const found = await inWorker({ mutant, from: done + 1, most: most - done });
    if (found.unloaded.length > 0) throw new Error(`${mutant.name}: ${found.unloaded.join(', ')} is never loaded`);
    done += found.histories;
    if (found.seed === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const asItIs = await inWorker({ from: found.seed, most: 1 });
    const rules = found.rules.filter((rule) => !asItIs.rules.includes(rule));
    if (rules.length > 0) return { mutant, histories: done, seed: found.seed, rules };
  }
  return { mutant, histories: done, rules: [] };
}

function inWorker(work: MutantWork): Promise<MutantFinding> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mutantWorker.ts', import.meta.url), { workerData: work });
    worker.once('message', (finding: MutantFinding) => {
      resolve(finding);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`The worker ended with ${code} before it had found anything.`));
    });
  });
}

function line({ mutant, histories, seed, rules }: MutantResult): string {
  const files = [...new Set(mutant.pieces.map(({ file }) => file))].join(', ');
  const after = `${histories} ${histories === 1 ? 'history' : 'histories'}`;
  if (seed === undefined) return `SURVIVED ${after}: ${mutant.name} (${files}): ${mutant.harm}`;
  return `found after ${after} (seed ${seed}): ${mutant.name} (${files})\n    ${rules.join('\n    ')}`;
}
