import type { LocalClock } from '../../clock.ts';

/** What a simulated connector reads: a database of some kind, another system, or, for a sink, a topic. */
export type SourceKind = 'mysql' | 'mariadb' | 'postgresql' | 'other' | 'topic';

/** Who reads from a source, and wants to know when it cannot be reached. */
export interface Reader {
  /** @param noticedAfterSeconds When a keep-alive will notice; drawn from what was measured, where absent. */
  lost(noticedAfterSeconds?: number): void;
  back(): void;
}

export interface SourceOptions {
  readonly clock: LocalClock;
  readonly kind: SourceKind;
  /** 0: idle. */
  readonly rowsPerSecond: number;
  /** Rows that are there from the start. @default 0 */
  readonly existingRows?: number;
}

/** From a moment on, a row every `periodMs`; none where that is absent. */
interface Stretch {
  readonly fromMs: number;
  readonly rowsBefore: number;
  readonly periodMs?: number;
}

/** A source whose rows are numbered from 1 and written at a rate. It knows every row's time, so nothing has to tick. */
export class SimulatedSource {
  readonly kind: SourceKind;
  /** How far a PostgreSQL replication slot was confirmed; it outlives the connector. */
  slotConfirmedRow: number | undefined;
  readonly #clock: LocalClock;
  readonly #stretches: Stretch[];
  readonly #readers = new Set<Reader>();
  #reachable = true;

  constructor(options: SourceOptions) {
    this.kind = options.kind;
    this.#clock = options.clock;
    this.#stretches = [
      { fromMs: options.clock.now(), rowsBefore: options.existingRows ?? 0, ...periodOf(options.rowsPerSecond) },
    ];
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  get rowsPerSecond(): number {
    const periodMs = this.#stretches.at(-1)?.periodMs;
    return periodMs === undefined ? 0 : 1000 / periodMs;
  }

  /** From now on, rows at this rate; 0 is idle. */
  setRate(rowsPerSecond: number): void {
    const nowMs = this.#clock.now();
    this.#stretches.push({ fromMs: nowMs, rowsBefore: this.written(nowMs), ...periodOf(rowsPerSecond) });
  }

  /** How many rows there were at that moment. */
  written(atMs: number): number {
    const stretch = this.#stretches.findLast(({ fromMs }) => fromMs <= atMs) ?? this.#stretches[0];
    if (stretch === undefined) return 0;
    const passedMs = Math.max(0, atMs - stretch.fromMs);
    return stretch.rowsBefore + (stretch.periodMs === undefined ? 0 : Math.floor(passedMs / stretch.periodMs));
  }

  /** When a row was, or will be, written; `undefined` while nothing says that it ever will. */
  timeOf(row: number): number | undefined {
    const stretch = this.#stretches.findLast(({ rowsBefore }) => rowsBefore < row);
    if (stretch === undefined) return this.#stretches[0]?.fromMs;
    if (stretch.periodMs === undefined) return undefined;
    return stretch.fromMs + (row - stretch.rowsBefore) * stretch.periodMs;
  }

  /** The process stops answering, and writing, for so long (SIGSTOP); connections stay. */
  hang(seconds: number, noticedAfterSeconds?: number): void {
    const rate = this.rowsPerSecond;
    this.setRate(0);
    this.#lose(seconds, () => this.setRate(rate), noticedAfterSeconds);
  }

  /** Packets to it vanish for so long, on old connections and new ones; it goes on writing. */
  vanish(seconds: number, noticedAfterSeconds?: number): void {
    this.#lose(seconds, () => undefined, noticedAfterSeconds);
  }

  /** Gives the way to stop being told. */
  attach(reader: Reader): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  #lose(seconds: number, restore: () => void, noticedAfterSeconds: number | undefined): void {
    for (const reader of this.#readers) reader.lost(noticedAfterSeconds);
    this.#reachable = false;
    this.#clock.at(this.#clock.now() + seconds * 1000, () => {
      restore();
      this.#reachable = true;
      for (const reader of this.#readers) reader.back();
    });
  }
}

function periodOf(rowsPerSecond: number): { readonly periodMs?: number } {
  return rowsPerSecond > 0 ? { periodMs: 1000 / rowsPerSecond } : {};
}
