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

/** What outlives a connector in the simulated cluster: committed positions and the records that arrived. */
export class SimulatedKafka {
  readonly #positions = new Map<string, number>();
  /** By connector name: how often row `n` arrived. */
  readonly #arrivals = new Map<string, number[]>();

  /** `holder` is an offsets topic and connector name, or a consumer group. */
  commit(holder: string, partition: number, row: number): void {
    this.#positions.set(`${holder}/${partition}`, row);
  }

  /** The last row committed; `undefined`: no offset there. */
  committed(holder: string, partition: number): number | undefined {
    return this.#positions.get(`${holder}/${partition}`);
  }

  arrive(connector: string, row: number): void {
    const times = this.#arrivals.get(connector) ?? [];
    times[row] = (times[row] ?? 0) + 1;
    this.#arrivals.set(connector, times);
  }

  count(connector: string, written: number): RowCount {
    const times = this.#arrivals.get(connector) ?? [];
    let arrived = 0;
    let duplicated = 0;
    for (const each of times) {
      if (each === undefined) continue;
      arrived += 1;
      duplicated += each - 1;
    }
    const last = Math.max(0, times.length - 1);
    return { written, arrived, duplicated, lost: last - arrived, waiting: written - last };
  }
}
