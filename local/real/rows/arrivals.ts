import type { RowCount } from '../../connect/rowCount.ts';

/** Which rows have arrived, by id: counted from 1, each written once. */
export class Arrivals {
  readonly #firstAtMs = new Map<number, number>();
  readonly #times = new Map<number, number>();
  #highest = 0;

  /** When each row first arrived. */
  get firstAtMs(): ReadonlyMap<number, number> {
    return this.#firstAtMs;
  }

  arrive(id: number, atMs: number): void {
    if (!this.#firstAtMs.has(id)) this.#firstAtMs.set(id, atMs);
    this.#times.set(id, (this.#times.get(id) ?? 0) + 1);
    this.#highest = Math.max(this.#highest, id);
  }

  /**
   * @param written rows 1 to this one are in the database for sure. One beyond it that has arrived already (its commit is not confirmed
   *   yet) is not counted, but is later than those before it.
   */
  count(written: number): RowCount {
    let arrived = 0;
    let duplicated = 0;
    for (let id = 1; id <= written; id += 1) {
      const times = this.#times.get(id) ?? 0;
      if (times === 0) continue;
      arrived += 1;
      duplicated += times - 1;
    }
    const overtaken = Math.min(written, this.#highest);
    return { written, arrived, duplicated, lost: overtaken - arrived, waiting: written - overtaken };
  }
}
