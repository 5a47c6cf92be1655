import type { RowCount } from '../../local/connect/rowCount.ts';
import type { Marks, Side, SideResult } from './marks.ts';

/** Who does something in one of the worlds. */
export type Role = 'you' | 'connector' | 'monitor' | 'recovery' | 'platform' | 'message';

/** One thing that happened in one of the worlds; without a side it concerns both. */
export interface Happening {
  /** In the run's own time, milliseconds since the epoch. */
  readonly atMs: number;
  readonly side?: Side;
  readonly role: Role;
  readonly text: string;
}

type Open = { -readonly [Key in keyof Marks]: Marks[Key] };

/** Takes down what happens in one world, by whatever way it is heard, and makes the figures of it. */
export class SideWatch {
  readonly #side: Side;
  readonly #show: (happening: Happening) => void;
  readonly #acts: { readonly atMs: number; readonly what: string }[] = [];
  readonly #decidedAtMs: number[] = [];
  #marks: Open | undefined;
  #detectedBy: string | undefined;
  #reason: string | undefined;
  /** Rows that were written when it failed: one that comes later than these shows that data flows again. */
  #writtenBefore = 0;
  #mostWaiting = 0;
  #rows: RowCount | undefined;

  constructor(side: Side, show: (happening: Happening) => void = () => undefined) {
    this.#side = side;
    this.#show = show;
  }

  /** The newest count of its rows. */
  get rows(): RowCount | undefined {
    return this.#rows;
  }

  get marks(): Marks | undefined {
    if (this.#marks === undefined) return undefined;
    const actedAtMs = this.#actedAtMs();
    return { ...this.#marks, ...(actedAtMs === undefined ? {} : { actedAtMs }) };
  }

  /** Whether data flows again. */
  get flows(): boolean {
    return this.#marks?.rowsAtMs !== undefined;
  }

  get acted(): boolean {
    return this.#acts.length > 0;
  }

  get proved(): boolean {
    return this.#marks?.provedAtMs !== undefined;
  }

  /** Tells something that no figure is made of. */
  tell(atMs: number, role: Role, text: string): void {
    this.#show({ atMs, side: this.#side, role, text });
  }

  failed(atMs: number, rows: RowCount, text: string): void {
    this.#marks = { failedAtMs: atMs };
    this.#writtenBefore = rows.written;
    this.tell(atMs, 'connector', text);
  }

  /** The monitor says that something is wrong. What it said before the failure is no detection of it. */
  detected(atMs: number, by: string): void {
    if (this.#marks === undefined || atMs < this.#marks.failedAtMs) return;
    if (this.#marks.detectedAtMs === undefined) {
      this.#marks.detectedAtMs = atMs;
      this.#detectedBy = by;
    }
    this.tell(atMs, 'monitor', by);
  }

  /** The engine decided on something, and why. */
  decided(atMs: number, what: string, reason: string): void {
    if (this.#marks === undefined || atMs < this.#marks.failedAtMs) return;
    this.#reason ??= reason;
    this.#decidedAtMs.push(atMs);
    this.tell(atMs, 'recovery', `decides: ${what}. ${reason}`);
  }

  /** A call that restarts, deletes or creates was answered. */
  called(atMs: number, what: string, refused?: string): void {
    if (this.#marks === undefined || atMs < this.#marks.failedAtMs) return;
    if (refused === undefined) {
      this.#acts.push({ atMs, what });
    }
    this.tell(atMs, 'platform', `${what} ${refused === undefined ? 'accepted' : `refused: ${refused}`}`);
  }

  counted(atMs: number, rows: RowCount): void {
    this.#rows = rows;
    if (this.#marks === undefined || atMs < this.#marks.failedAtMs) return;
    this.#mostWaiting = Math.max(this.#mostWaiting, rows.waiting);
    const newest = rows.arrived + rows.lost;
    if (this.#marks.rowsAtMs !== undefined || newest <= this.#writtenBefore) return;
    this.#marks.rowsAtMs = atMs;
    this.tell(atMs, 'connector', `rows arrive again, ${this.#mostWaiting} had waited`);
  }

  /** The engine finished. */
  finished(atMs: number, outcome: string, reason: string): void {
    if (this.#marks === undefined || atMs < this.#marks.failedAtMs) return;
    if (outcome === 'recovered') this.#marks.provedAtMs ??= atMs;
    this.tell(atMs, 'recovery', `${outcome.toUpperCase().replace('-', ' ')}: ${reason}`);
  }

  /**
   * When it was begun to act: a worker answers a restart only once it has waited for the old task, MSK Connect at once. So it is the engine's decision for
   * the first act that was accepted that counts, in both worlds.
   */
  #actedAtMs(): number | undefined {
    const [first] = this.#acts;
    if (first === undefined) return undefined;
    const before = this.#decidedAtMs.filter((atMs) => atMs <= first.atMs);
    return before.length === 0 ? first.atMs : Math.max(...before);
  }

  /** @throws Error before it failed and rows were counted */
  result(): SideResult {
    const { marks } = this;
    if (marks === undefined || this.#rows === undefined) throw new Error(`Nothing failed in ${this.#side} yet.`);
    return {
      side: this.#side,
      marks,
      ...(this.#detectedBy === undefined ? {} : { detectedBy: this.#detectedBy }),
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      acts: this.#acts.map(({ what }) => what),
      mostWaiting: this.#mostWaiting,
      rows: this.#rows,
    };
  }
}
