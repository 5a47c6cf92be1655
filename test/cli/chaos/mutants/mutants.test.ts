import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { mutated, PieceNotFound } from '../../../../cli/chaos/mutants/mutant.ts';
import type { Mutant } from '../../../../cli/chaos/mutants/mutant.ts';
import { mutants } from '../../../../cli/chaos/mutants/mutants.ts';
import { runMutants } from '../../../../cli/chaos/mutants/runMutants.ts';

const root = new URL('../../../../', import.meta.url);

function sourceOf(file: string): string {
  return readFileSync(new URL(file, root), 'utf8');
}

describe('the list of ways to break the product', () => {
  it('has at least twenty, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(20);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it.each(mutants)(
    '$name: every piece stands in its file exactly once, and what comes of it can be loaded',
    (mutant) => {
      for (const file of new Set(mutant.pieces.map((piece) => piece.file))) {
        const source = sourceOf(file);
        const broken = mutated(mutant, file, source);
        expect(broken).not.toBe(source);
        expect(() => stripTypeScriptTypes(broken)).not.toThrow();
      }
    },
  );

  it('says so when a source has moved on', () => {
    const piece = { file: 'a.ts', find: 'one', replace: 'two' };
    const mutant: Mutant = { name: 'x', harm: 'y', pieces: [piece] };
    expect(() => mutated(mutant, 'a.ts', 'nothing')).toThrow(PieceNotFound);
    expect(() => mutated(mutant, 'a.ts', 'one, one')).toThrow('found 2 times');
    expect(mutated(mutant, 'a.ts', 'just one')).toBe('just two');
    expect(mutated(mutant, 'b.ts', 'just one')).toBe('just one');
  });
});

describe('the search for one of them', () => {
  it('finds a product that stores no backup, and says which rule it broke', async () => {
    const lines: string[] = [];
    const results = await runMutants({
      only: 'drop the backup',
      most: 200,
      atOnce: 1,
      write: (line) => lines.push(line),
    });
    expect(results).toMatchObject([
      { rules: expect.arrayContaining(['1: nothing is deleted without a config to recreate it from and a backup']) },
    ]);
    expect(lines.at(-1)).toBe('All 1 were found.');
  }, 60_000);

  it('says which survived', async () => {
    const lines: string[] = [];
    await runMutants({ only: 'tell only once', most: 1, atOnce: 1, write: (line) => lines.push(line) });
    expect(lines.at(-1)).toBe('1 of 1 survived: tell only once.');
  }, 60_000);
});
