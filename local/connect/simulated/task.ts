import type { LocalClock } from '../../clock.ts';
import type { Random } from '../../seededRandom.ts';
import type { SimulatedKafka } from './kafka.ts';
import { KafkaRate } from './kafkaRate.ts';
import type { Kind } from './kinds.ts';
import { BinlogKeepAlive } from './keepAlive.ts';
import type { SimulatedSource } from './source.ts';
import type { TaskLog } from './taskLog.ts';
import type { TaskSettings } from './taskSettings.ts';
import { connectionReset } from './traces.ts';

/** `starting` until data can flow; `lingering`: told to stop, could not, and was given up. */
export type Life = 'starting' | 'running' | 'failed' | 'lingering' | 'stopped';

/** `cut`: nothing arrives, and the task does not know. `seeking`: it knows, and tries to connect. `retrying`: it starts over by itself. */
export type Link = 'up' | 'cut' | 'seeking' | 'retrying';

export interface TaskParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly kafka: SimulatedKafka;
  readonly source: SimulatedSource;
  readonly kind: Kind;
  readonly settings: TaskSettings;
  readonly log: TaskLog;
}

/** Debezium tells how many records it sent after 5 s, 10 s, and so on up to an hour. */
const firstSaidAfterMs = 5000;
const saidAtLeastEveryMs = 3_600_000;

interface QueuedRecord {
  readonly atMs: number;
  /** Absent: a heartbeat. */
  readonly row?: number;
}

/**
 * One task. It reads rows `index + 1`, `index + 1 + of`, ... Nothing ticks in here: whoever looks calls `sync`, which lets everything happen
 * that would have happened until now.
 */
export class SimulatedTask {
  life: Life = 'starting';
  link: Link = 'up';
  /** Reasons why records that were read are not handed on. */
  readonly blocks = new Set<'paused' | 'invented-zombie' | 'broker'>();
  readonly #parts: TaskParts;
  readonly #polls = new KafkaRate();
  readonly #writes = new KafkaRate();
  readonly #queue: QueuedRecord[] = [];
  readonly #detach: () => void;
  readonly #keepAlive: BinlogKeepAlive | undefined;
  #lastEventMs: number | undefined;
  #msBehindSource = 0;
  #linkUpMs = 0;
  #lastHeartbeatMs = 0;
  #readRow = 0;
  #handedRow = 0;
  /** Nothing was handed on before. */
  #handedFromMs = 0;
  #transactions = 0;
  #uncommitted = 0;
  #commits = 0;
  #sent = 0;
  #saidSentMs = 0;
  #sayNextAfterMs = firstSaidAfterMs;
  /** The silence came with the source's own and will end with it. */
  #lostWithSource = false;
  #callOff: () => void = () => undefined;

  constructor(parts: TaskParts) {
    this.#parts = parts;
    const { kind, settings, source, clock, log } = parts;
    this.#detach = source.attach({
      lost: (noticedAfterSeconds) => this.#sourceLost(noticedAfterSeconds),
      back: () => this.#sourceBack(),
    });
    if (kind.keepAlive && settings.keepAliveMs !== undefined) {
      this.#keepAlive = new BinlogKeepAlive({
        clock,
        random: parts.random,
        log,
        server: settings.server,
        intervalMs: settings.keepAliveMs,
        reachable: () => source.reachable,
        seeking: () => {
          this.link = 'seeking';
        },
        connected: () => {
          this.#connect();
          log.connected(settings.server, this.position());
        },
      });
    }
  }

  /** Data begins to flow, from the committed offset or as `snapshot.mode` says. */
  begin(): void {
    const { clock, kafka, settings, source, kind, log } = this.#parts;
    const nowMs = clock.now();
    const committed = kafka.committed(settings.offsetHolder, settings.index);
    this.life = 'running';
    this.#saidSentMs = nowMs;
    log.started();
    if (committed !== undefined) {
      this.#readRow = committed;
    } else if (settings.withoutOffsets === 'from-now') {
      this.#readRow = source.slotConfirmedRow ?? source.written(nowMs);
    }
    this.#handedRow = this.#readRow;
    if (committed === undefined && kind.debezium && settings.withoutOffsets === 'snapshot') {
      // The snapshot is over at once; the streaming metrics know nothing of it.
      for (let row = this.#nextRow(); row <= source.written(nowMs); row = this.#nextRow()) {
        this.#readRow = row;
        this.#queue.push({ atMs: nowMs, row });
      }
    }
    this.#connect();
    this.#handOn();
  }

  /** Lets happen what would have happened until now. */
  sync(): void {
    if (this.life !== 'running') return;
    if (this.link === 'up') this.#read(this.#parts.clock.now());
    this.#handOn();
  }

  /** One tick of the offset committer. */
  tick(): void {
    if (this.life !== 'running') return;
    this.sync();
    const { log, settings, kafka } = this.#parts;
    if (this.blocks.has('broker')) {
      log.tickTimedOut(this.#queue.length);
      return;
    }
    if (settings.sinkTopic === undefined) {
      log.tick(this.#uncommitted);
    } else if (this.#uncommitted > 0) {
      this.#commits += 1;
      log.sinkTick(this.#commits, settings.sinkTopic, settings.index, this.#handedRow);
    }
    if (this.#uncommitted === 0) return;
    kafka.commit(settings.offsetHolder, settings.index, this.#handedRow);
    if (this.#parts.source.kind === 'postgresql') this.#parts.source.slotConfirmedRow = this.#handedRow;
    this.#uncommitted = 0;
  }

  /** The connection dies in silence. @param noticedAfterSeconds When the keep-alive, if there is one, will notice. */
  cut(noticedAfterSeconds?: number): void {
    this.sync();
    this.link = 'cut';
    this.#keepAlive?.watch(noticedAfterSeconds);
  }

  /** The connection is reset. Debezium 1.9 dies of it; 2.x starts over by itself after 10 s. */
  reset(): void {
    this.sync();
    const { clock, log, settings } = this.#parts;
    if (settings.old) {
      this.fail(connectionReset);
      return;
    }
    this.link = 'retrying';
    log.retrying(connectionReset);
    this.#callOff = clock.at(clock.now() + 10_000, () => this.#connect());
  }

  fail(trace: readonly string[]): void {
    this.sync();
    this.life = 'failed';
    this.#retire();
    this.#parts.log.failed(trace);
  }

  /** Told to stop. Gives whether it could: a task that waits on a dead connection cannot, and lingers. */
  stop(): boolean {
    this.sync();
    const couldStop = this.life !== 'running' || (this.link !== 'cut' && !this.blocks.has('invented-zombie'));
    if (couldStop) {
      this.tickQuietly();
      this.life = 'stopped';
      this.#retire();
    }
    return couldStop;
  }

  /** Given up by the worker: its thread stays, and so do its metrics. */
  abandon(): void {
    this.life = 'lingering';
    this.#retire();
  }

  block(reason: 'paused' | 'invented-zombie' | 'broker'): void {
    this.sync();
    this.blocks.add(reason);
  }

  unblock(reason: 'paused' | 'invented-zombie' | 'broker'): void {
    // What was read in the meantime was read behind the block.
    this.sync();
    this.blocks.delete(reason);
    this.#handedFromMs = this.#parts.clock.now();
    this.sync();
  }

  /** What the last offset would be, in the terms of a log line. */
  position(): string {
    const seconds = Math.floor((this.#lastEventMs ?? this.#parts.clock.now()) / 1000);
    return this.#parts.source.kind === 'postgresql'
      ? `lsn_proc=${22_000_000 + this.#readRow * 96}, ts_usec=${seconds}000000`
      : `ts_sec=${seconds}, file=binlog.000002, pos=${4 + this.#readRow * 381}, row=1, server_id=1`;
  }

  recordsPerSecond(): { readonly polled: number; readonly written: number } {
    const nowMs = this.#parts.clock.now();
    return { polled: this.#polls.perSecond(nowMs), written: this.#writes.perSecond(nowMs) };
  }

  /** Debezium's streaming metrics as this task has them; `undefined` once it has taken them away. */
  debeziumMetrics(): Readonly<Record<string, number>> | undefined {
    const { kind, clock } = this.#parts;
    if (!kind.debezium || this.life === 'starting' || this.life === 'failed' || this.life === 'stopped')
      return undefined;
    const sinceMs = this.#lastEventMs === undefined ? -1 : clock.now() - this.#lastEventMs;
    return {
      Connected: this.link === 'seeking' ? 0 : 1,
      MilliSecondsSinceLastEvent: sinceMs < 0 ? -1 : Math.floor(sinceMs / kind.clockStepMs) * kind.clockStepMs,
      MilliSecondsBehindSource: this.#msBehindSource,
      NumberOfCommittedTransactions: this.#transactions,
    };
  }

  /** Commits what is due without a line, as a task does that stops. */
  tickQuietly(): void {
    const { settings, kafka } = this.#parts;
    if (this.life === 'running' && this.#uncommitted > 0 && !this.blocks.has('broker')) {
      kafka.commit(settings.offsetHolder, settings.index, this.#handedRow);
      this.#uncommitted = 0;
    }
  }

  /** Only ever said while records flow. */
  #saySent(): void {
    const { kind, log, settings, clock } = this.#parts;
    const sinceMs = clock.now() - this.#saidSentMs;
    if (!kind.debezium || sinceMs < this.#sayNextAfterMs) return;
    log.recordsSent(this.#sent, sinceMs, this.position(), settings.serverName);
    this.#sent = 0;
    this.#saidSentMs = clock.now();
    this.#sayNextAfterMs = Math.min(2 * this.#sayNextAfterMs, saidAtLeastEveryMs);
  }

  #retire(): void {
    this.#detach();
    this.#keepAlive?.end();
    this.#callOff();
  }

  #connect(): void {
    const nowMs = this.#parts.clock.now();
    this.link = 'up';
    this.#lostWithSource = false;
    this.#linkUpMs = nowMs;
    this.#lastHeartbeatMs = Math.max(this.#lastHeartbeatMs, nowMs);
    if (this.#parts.kind.eventOnConnect) this.#lastEventMs = nowMs;
  }

  #sourceLost(noticedAfterSeconds?: number): void {
    if (this.link !== 'up' || this.life !== 'running') return;
    this.cut(noticedAfterSeconds);
    this.#lostWithSource = true;
  }

  #sourceBack(): void {
    if (this.link === 'cut' && this.#lostWithSource) this.#resume();
    else if (this.link === 'seeking') this.#keepAlive?.sourceBack();
  }

  /** The old connection was never broken, only silent. */
  #resume(): void {
    this.#keepAlive?.end();
    this.link = 'up';
    this.#linkUpMs = this.#parts.clock.now();
    if (this.#parts.kind.serverBeatShare !== undefined) this.#lastEventMs = this.#linkUpMs;
  }

  #nextRow(): number {
    const { index, of } = this.#parts.settings;
    const next = this.#readRow + 1;
    return next + ((((index + 1 - next) % of) + of) % of);
  }

  #read(nowMs: number): void {
    const { source, kind, settings, random } = this.#parts;
    for (;;) {
      const row = this.#nextRow();
      const writtenMs = source.timeOf(row);
      const rowMs = writtenMs === undefined ? Number.POSITIVE_INFINITY : Math.max(writtenMs, this.#linkUpMs);
      const beatMs =
        settings.serverBeatMs === undefined
          ? Number.POSITIVE_INFINITY
          : (this.#lastEventMs ?? this.#linkUpMs) + settings.serverBeatMs;
      const timerMs =
        kind.heartbeat === 'by-timer' && settings.heartbeatMs > 0
          ? this.#lastHeartbeatMs + settings.heartbeatMs
          : Number.POSITIVE_INFINITY;
      const atMs = Math.min(rowMs, beatMs, timerMs);
      if (atMs > nowMs) return;
      if (atMs === rowMs && writtenMs !== undefined) {
        this.#readRow = row;
        this.#transactions += 1;
        this.#lastEventMs = atMs;
        const commitMs = Math.floor(writtenMs / kind.clockStepMs) * kind.clockStepMs;
        this.#msBehindSource = Math.round(
          atMs - commitMs + (kind.clockStepMs === 1 ? 350 + random() * 90 : random() * 15),
        );
        this.#queue.push({ atMs, row });
      } else if (atMs === beatMs) {
        this.#lastEventMs = atMs;
        this.#msBehindSource = 0;
      }
      this.#beatAlong(atMs, atMs === timerMs);
    }
  }

  /** Debezium's own heartbeat, where the kind and the configuration have one. */
  #beatAlong(atMs: number, timerIsUp: boolean): void {
    const { kind, settings } = this.#parts;
    if (settings.heartbeatMs <= 0) return;
    const due = atMs - this.#lastHeartbeatMs >= settings.heartbeatMs;
    if (kind.heartbeat === 'with-event' ? !due : !timerIsUp) return;
    this.#lastHeartbeatMs = atMs;
    this.#queue.push({ atMs });
  }

  #handOn(): void {
    if (this.blocks.size > 0 || this.#queue.length === 0) return;
    const { kafka, settings } = this.#parts;
    for (const { atMs, row } of this.#queue) {
      this.#polls.record(Math.max(atMs, this.#handedFromMs));
      this.#writes.record(Math.max(atMs, this.#handedFromMs));
      this.#uncommitted += 1;
      this.#sent += 1;
      if (row === undefined) continue;
      this.#handedRow = row;
      kafka.arrive(settings.connector, row);
    }
    this.#queue.length = 0;
    this.#saySent();
  }
}
