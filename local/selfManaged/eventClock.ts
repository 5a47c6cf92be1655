import type { Kind } from '../connect/simulated/kinds.ts';
import type { SimulatedSource } from '../connect/simulated/source.ts';

export interface EventClockParts {
  readonly source: SimulatedSource;
  readonly kind: Kind;
  /** How often the database beats on an idle connection. */
  readonly serverBeatMs?: number;
}

/** `MilliSecondsBehindSource` while rows come: a binlog event carries whole seconds, a PostgreSQL commit is seen some 400 ms later [invented, near what was measured]. */
const behindMs = { binlog: 480, other: 390 };

/** What Debezium measures of a connection: when something last came over it, and how late. It runs on when the connection has died. */
export class EventClock {
  readonly #parts: EventClockParts;
  #linkUpMs: number;
  /** Nothing came from then on. */
  #stoppedMs: number | undefined;

  constructor(parts: EventClockParts, nowMs: number) {
    this.#parts = parts;
    this.#linkUpMs = nowMs;
  }

  connect(nowMs: number): void {
    this.#linkUpMs = nowMs;
    this.#stoppedMs = undefined;
  }

  stop(nowMs: number): void {
    this.#stoppedMs ??= nowMs;
  }

  metrics(nowMs: number): Readonly<Record<string, number>> {
    const { clockStepMs } = this.#parts.kind;
    const last = this.#last(this.#stoppedMs ?? nowMs);
    if (last === undefined) return { MilliSecondsSinceLastEvent: -1, MilliSecondsBehindSource: 0 };
    return {
      MilliSecondsSinceLastEvent: Math.floor((nowMs - last.atMs) / clockStepMs) * clockStepMs,
      MilliSecondsBehindSource: last.beat ? 0 : clockStepMs === 1 ? behindMs.other : behindMs.binlog,
    };
  }

  /** The last thing that came over the connection until then. */
  #last(atMs: number): { readonly atMs: number; readonly beat: boolean } | undefined {
    const { source, kind, serverBeatMs } = this.#parts;
    const rowMs = source.timeOf(source.written(atMs));
    const heardMs = rowMs !== undefined && source.written(atMs) > 0 ? Math.max(rowMs, this.#linkUpMs) : undefined;
    const sinceMs = heardMs ?? (kind.eventOnConnect ? this.#linkUpMs : undefined);
    if (serverBeatMs === undefined) return sinceMs === undefined ? undefined : { atMs: sinceMs, beat: false };
    const quietFromMs = sinceMs ?? this.#linkUpMs;
    const beats = Math.floor((atMs - quietFromMs) / serverBeatMs);
    return { atMs: quietFromMs + beats * serverBeatMs, beat: beats > 0 };
  }
}
