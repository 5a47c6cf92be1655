/** One exact piece of a source file, and what stands in its place. */
export interface Piece {
  /** From the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A way to break the product on purpose. */
export interface Mutant {
  readonly name: string;
  /** What it would do to an owner. */
  readonly harm: string;
  readonly pieces: readonly Piece[];
}

/** The piece does not stand in the source exactly once: the source has moved on, and the list has to follow. */
export class PieceNotFound extends Error {
  constructor({ file, find }: Piece, times: number) {
    super(`${file}: found ${times} times instead of once: ${find}`);
    this.name = 'PieceNotFound';
  }
}

/**
 * The source of a file with the mutant's pieces in their places.
 * @throws PieceNotFound
 */
export function mutated({ pieces }: Mutant, file: string, source: string): string {
  let text = source;
  for (const piece of pieces) {
    if (piece.file !== file) continue;
    const parts = text.split(piece.find);
    if (parts.length !== 2) throw new PieceNotFound(piece, parts.length - 1);
    text = parts.join(piece.replace);
  }
  return text;
}
