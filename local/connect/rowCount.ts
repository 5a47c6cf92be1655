/** How the rows of a source fared on their way through one connector, by key. For the screen and for tests: the product cannot reach it. */
export interface RowCount {
  readonly written: number;
  /** Different rows that arrived. */
  readonly arrived: number;
  /** Arrivals beyond a row's first. */
  readonly duplicated: number;
  /** Rows that did not arrive though a later one did. */
  readonly lost: number;
  /** Rows after the last one that arrived. */
  readonly waiting: number;
}
