import type { Random } from '../../seededRandom.ts';
import type { Kind } from './kinds.ts';
import type { SimulatedSource } from './source.ts';
import type { TaskSettings } from './taskSettings.ts';

/** Something that a task has read and is to hand on. */
export interface ReadRecord {
  readonly atMs: number;
  /** Absent: a heartbeat. */
  readonly row?: number;
}

export interface EventStreamParts {
  readonly source: SimulatedSource;
  readonly kind: Kind;
  readonly settings: TaskSettings;
  readonly random: Random;
  readonly emit: (record: ReadRecord) => void;
}

/** What comes down a connection to the source: rows, the server's beats, and with them Debezium's heartbeats; and what Debezium measures of it. */
export class EventStream {
  readonly #parts: EventStreamParts;
  #row = 0;
  #lastEventMs: number | undefined;
  #msBehindSource = 0;
  #linkUpMs = 0;
  #lastHeartbeatMs = 0;
  #transactions = 0;

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
  }

  /** Where the reading stands: the last row read. */
  get row(): number {
    return this.#row;
  }

  seek(row: number): void {
    this.#row = row;
  }

  /** Reads every row there is. It is over at once, and the streaming metrics know nothing of it. */
  snapshot(nowMs: number): void {
    const { source, emit } = this.#parts;
    for (let row = this.#nextRow(); row <= source.written(nowMs); row = this.#nextRow()) {
      this.#row = row;
      emit({ atMs: nowMs, row });
    }
  }

  /** A new connection, from where the reading stands. */
  connect(nowMs: number): void {
    this.#linkUpMs = nowMs;
    this.#lastHeartbeatMs = nowMs;
    if (this.#parts.kind.eventOnConnect) this.#lastEventMs = nowMs;
  }

  /** The old connection, which was never broken, only silent. */
  resume(nowMs: number): void {
    this.#linkUpMs = nowMs;
    this.#lastHeartbeatMs = nowMs;
    if (this.#parts.kind.serverBeatShare !== undefined) this.#lastEventMs = nowMs;
  }

  /** Reads what came until now. */
  read(nowMs: number): void {
    const { source, kind, settings } = this.#parts;
    const never = Number.POSITIVE_INFINITY;
    for (;;) {
      const row = this.#nextRow();
      const writtenMs = source.timeOf(row);
      const rowMs = writtenMs === undefined ? never : Math.max(writtenMs, this.#linkUpMs);
      const quietSinceMs = this.#lastEventMs ?? this.#linkUpMs;
      const beatMs = settings.serverBeatMs === undefined ? never : quietSinceMs + settings.serverBeatMs;
      const byTimer = kind.heartbeat === 'by-timer' && settings.heartbeatMs > 0;
      const timerMs = byTimer ? this.#lastHeartbeatMs + settings.heartbeatMs : never;
      const atMs = Math.min(rowMs, beatMs, timerMs);
      if (atMs > nowMs) return;
      if (atMs === rowMs && writtenMs !== undefined) this.#takeRow(row, writtenMs, atMs);
      else if (atMs === beatMs) this.#takeBeat(atMs);
      this.#beatAlong(atMs, atMs === timerMs);
    }
  }

  /** Debezium's streaming metrics, but for `Connected`. */
  metrics(nowMs: number): Readonly<Record<string, number>> {
    const { clockStepMs } = this.#parts.kind;
    return {
      MilliSecondsSinceLastEvent:
        this.#lastEventMs === undefined ? -1 : Math.floor((nowMs - this.#lastEventMs) / clockStepMs) * clockStepMs,
      MilliSecondsBehindSource: this.#msBehindSource,
      NumberOfCommittedTransactions: this.#transactions,
    };
  }

  /** What the last offset would be, in the terms of a log line. */
  position(nowMs: number): string {
    const seconds = Math.floor((this.#lastEventMs ?? nowMs) / 1000);
    return this.#parts.source.kind === 'postgresql'
      ? `lsn_proc=${22_000_000 + this.#row * 96}, ts_usec=${seconds}000000`
      : `ts_sec=${seconds}, file=binlog.000002, pos=${4 + this.#row * 381}, row=1, server_id=1`;
  }

  #takeRow(row: number, writtenMs: number, atMs: number): void {
    const { kind, random, emit } = this.#parts;
    this.#row = row;
    this.#transactions += 1;
    this.#lastEventMs = atMs;
    // A binlog event carries whole seconds; a PostgreSQL commit is seen some 400 ms later.
    const commitMs = Math.floor(writtenMs / kind.clockStepMs) * kind.clockStepMs;
    const transitMs = kind.clockStepMs === 1 ? 350 + random() * 90 : random() * 15;
    this.#msBehindSource = Math.round(atMs - commitMs + transitMs);
    emit({ atMs, row });
  }

  #takeBeat(atMs: number): void {
    this.#lastEventMs = atMs;
    this.#msBehindSource = 0;
  }

  /** Debezium's own heartbeat, where the kind and the configuration have one. */
  #beatAlong(atMs: number, timerIsUp: boolean): void {
    const { kind, settings, emit } = this.#parts;
    if (settings.heartbeatMs <= 0 || kind.heartbeat === 'none') return;
    const due = kind.heartbeat === 'by-timer' ? timerIsUp : atMs - this.#lastHeartbeatMs >= settings.heartbeatMs;
    if (!due) return;
    this.#lastHeartbeatMs = atMs;
    emit({ atMs });
  }

  /** The next row that is this task's: of all rows, every `of`th. */
  #nextRow(): number {
    const { index, of } = this.#parts.settings;
    const next = this.#row + 1;
    return next + ((((index + 1 - next) % of) + of) % of);
  }
}
