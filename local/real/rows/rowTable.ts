/** The table of rows in one database, over one connection. */
export interface RowTable {
  /** The highest id in it, 0 for an empty table. */
  highestId(): Promise<number>;
  /** Inserts rows `from` to `to` together, and resolves when they are committed. @throws RowsAreThere, or whatever the driver says */
  insert(from: number, to: number): Promise<void>;
  /** Cuts the connection without a word: it may lead nowhere. */
  cut(): void;
}

/** What one statement and one attempt to connect may take: a database that hangs answers nothing, for ever. */
export const ANSWER_WITHIN_MS = 5000;

/** The rows, of which none could have been inserted without all of them, are in the table: an earlier attempt was committed after all. */
export class RowsAreThere extends Error {
  override readonly name = 'RowsAreThere';
}
