import type { SimulatedSource } from '../connect/simulated/source.ts';

/** Where a stream was committed: so many of its records, and so many heartbeats that moved its offset. */
export interface CommittedPosition {
  readonly records: number;
  readonly beats: number;
  readonly atMs: number;
}

export interface StreamParts {
  readonly source: SimulatedSource;
  /** Of the source's rows every `of`th, from row `index + 1` on: a source task's share, or a partition. */
  readonly index: number;
  readonly of: number;
  readonly nowMs: number;
  /** How often a heartbeat that moves the offset is handed on while nothing else comes; absent: never. */
  readonly beatMs?: number;
  /** How often a heartbeat is handed on while nothing else comes, whether it moves the offset or not: a record that is polled; absent: never. */
  readonly heartbeatMs?: number;
}

/** From a moment on: how many records had been handed on, and whether more came. */
interface Mark {
  readonly atMs: number;
  readonly records: number;
  readonly flowing: boolean;
}

/** As far back as Kafka's rates look: two windows of 30 s. */
const windowMs = 30_000;
const lookBackMs = 2 * windowMs;

/**
 * A sequence of records on its way: how far it was handed on, how far it was committed. It is computed from the source's own times when somebody
 * looks, so a day costs nothing.
 */
export class RecordStream {
  readonly #parts: StreamParts;
  #marks: Mark[];
  #seenMs: number;
  /** Handed on in the present run, which begins at what was committed. */
  #records = 0;
  #beats = 0;
  #flowingFromMs: number | undefined;
  #beatsBefore = 0;
  #ticks: { readonly originMs: number; readonly everyMs: number } | undefined;
  #committed: CommittedPosition | undefined;
  /** The most that ever arrived. */
  #reached = 0;
  #duplicated = 0;
  #lost = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#seenMs = parts.nowMs;
    this.#marks = [{ atMs: parts.nowMs, records: 0, flowing: false }];
  }

  get index(): number {
    return this.#parts.index;
  }

  /** How many records the stream holds at that moment. */
  end(atMs: number): number {
    return this.#share(this.#parts.source.written(atMs));
  }

  /** The number, in the source, of the stream's nth record, from 1. */
  rowOf(record: number): number {
    return (record - 1) * this.#parts.of + this.#parts.index + 1;
  }

  committed(nowMs: number): CommittedPosition | undefined {
    this.#sync(nowMs);
    return this.#committed;
  }

  /** Handed on in the present run. */
  records(nowMs: number): number {
    this.#sync(nowMs);
    return this.#records;
  }

  /** As if it had always run: everything there is has arrived and is committed. */
  settle(nowMs: number): void {
    const records = this.end(nowMs);
    this.#records = records;
    this.#reached = records;
    this.#committed = { records, beats: 0, atMs: nowMs };
    this.#mark(nowMs);
  }

  /** A run begins: from what was committed, or from `otherwise` on. It hands nothing on before `flow`. */
  begin(nowMs: number, ticks: { readonly originMs: number; readonly everyMs: number }, otherwise: number): void {
    this.#sync(nowMs);
    const from = this.#committed?.records ?? otherwise;
    this.#lost += Math.max(0, from - this.#reached);
    this.#reached = Math.max(this.#reached, from);
    this.#records = from;
    this.#beats = this.#committed?.beats ?? 0;
    this.#ticks = ticks;
    // The rates of a task are its own: what others handed on before is none of it.
    this.#marks = [];
    this.#mark(nowMs);
  }

  flow(nowMs: number, flowing: boolean): void {
    this.#sync(nowMs);
    if (flowing === (this.#flowingFromMs !== undefined)) return;
    this.#flowingFromMs = flowing ? nowMs : undefined;
    this.#beatsBefore = this.#beats;
    this.#mark(nowMs);
    if (flowing) this.#handOnUntil(nowMs);
  }

  /** The run is over. @param commit what was handed on is committed on the way out */
  finish(nowMs: number, commit: boolean): void {
    this.flow(nowMs, false);
    this.#ticks = undefined;
    if (commit) this.#commit(nowMs);
  }

  perSecond(nowMs: number): number {
    this.#sync(nowMs);
    const sinceMs = nowMs - (this.#marks[0]?.atMs ?? nowMs);
    const backMs = windowMs + (sinceMs % windowMs);
    const records = this.#records - this.#recordsAt(nowMs - backMs);
    return ((records === 0 ? this.#heartbeats(nowMs - backMs, nowMs) : records) * 1000) / backMs;
  }

  /** Handed on after the one moment and until the other. */
  #heartbeats(fromMs: number, toMs: number): number {
    const { heartbeatMs } = this.#parts;
    if (heartbeatMs === undefined) return 0;
    return this.#marks.reduce((sum, { atMs, flowing }, index) => {
      const endMs = Math.min(this.#marks[index + 1]?.atMs ?? toMs, toMs);
      if (!flowing || endMs <= fromMs) return sum;
      const before = Math.floor((Math.max(fromMs, atMs) - atMs) / heartbeatMs);
      return sum + Math.floor((endMs - atMs) / heartbeatMs) - before;
    }, 0);
  }

  count(nowMs: number): { arrived: number; duplicated: number; lost: number; waiting: number } {
    this.#sync(nowMs);
    return {
      arrived: this.#reached - this.#lost,
      duplicated: this.#duplicated,
      lost: this.#lost,
      waiting: Math.max(0, this.end(nowMs) - this.#reached),
    };
  }

  #share(rows: number): number {
    const { index, of } = this.#parts;
    return rows <= index ? 0 : Math.floor((rows - index - 1) / of) + 1;
  }

  #sync(nowMs: number): void {
    if (nowMs <= this.#seenMs) return;
    const ticks = this.#ticks;
    if (ticks !== undefined) {
      const tickMs = ticks.originMs + Math.floor((nowMs - ticks.originMs) / ticks.everyMs) * ticks.everyMs;
      if (tickMs > this.#seenMs && tickMs > ticks.originMs) {
        if (this.#flowingFromMs !== undefined) this.#handOnUntil(tickMs);
        this.#commit(tickMs);
      }
    }
    if (this.#flowingFromMs !== undefined) this.#handOnUntil(nowMs);
    this.#seenMs = nowMs;
  }

  #handOnUntil(atMs: number): void {
    const end = Math.max(this.#records, this.end(atMs));
    this.#duplicated += Math.max(0, Math.min(end, this.#reached) - this.#records);
    this.#reached = Math.max(this.#reached, end);
    this.#records = end;
    const { beatMs } = this.#parts;
    if (beatMs === undefined || this.#flowingFromMs === undefined) return;
    this.#beats = this.#beatsBefore + Math.floor((atMs - this.#flowingFromMs) / beatMs);
  }

  #commit(atMs: number): void {
    const { records, beats } = this.#committed ?? { records: undefined, beats: 0 };
    if (records === this.#records && beats === this.#beats) return;
    if (records === undefined && this.#records === 0 && this.#beats === 0) return;
    this.#committed = { records: this.#records, beats: this.#beats, atMs };
  }

  #mark(atMs: number): void {
    const marks = [...this.#marks, { atMs, records: this.#records, flowing: this.#flowingFromMs !== undefined }];
    const first = marks.findLastIndex((mark) => mark.atMs <= atMs - lookBackMs);
    this.#marks = marks.slice(Math.max(0, first));
  }

  #recordsAt(atMs: number): number {
    const mark = this.#marks.findLast((each) => each.atMs <= atMs);
    if (mark === undefined) return this.#marks[0]?.records ?? 0;
    return mark.flowing ? Math.max(mark.records, this.end(atMs)) : mark.records;
  }
}
