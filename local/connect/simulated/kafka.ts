import type { RowCount } from '../rowCount.ts';

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
