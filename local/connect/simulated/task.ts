import type { LocalClock } from '../../clock.ts';
import type { Random } from '../../seededRandom.ts';
import { EventStream, type ReadRecord } from './eventStream.ts';
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
  readonly #queue: ReadRecord[] = [];
  readonly #stream: EventStream;
  readonly #detach: () => void;
  readonly #keepAlive: BinlogKeepAlive | undefined;
  #handedRow = 0;
  /** Nothing was handed on before. */
  #handedFromMs = 0;
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
    this.#stream = new EventStream({ ...parts, emit: (record) => this.#queue.push(record) });
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
          log.connected(settings.server, this.#stream.position(clock.now()));
        },
      });
    }
  }

  /** Data begins to flow, from the committed offset or as `snapshot.mode` says. */
  begin(): void {
    const { clock, kafka, settings, source, log } = this.#parts;
    const nowMs = clock.now();
    const committed = kafka.committed(settings.offsetHolder, settings.index);
    this.life = 'running';
    this.#saidSentMs = nowMs;
    log.started();
    if (committed !== undefined) this.#stream.seek(committed);
    else if (settings.withoutOffsets === 'from-now')
      this.#stream.seek(source.slotConfirmedRow ?? source.written(nowMs));
    this.#handedRow = this.#stream.row;
    if (committed === undefined && settings.withoutOffsets === 'snapshot') this.#stream.snapshot(nowMs);
    this.#connect();
    this.#handOn();
  }

  /** Lets happen what would have happened until now. */
  sync(): void {
    if (this.life !== 'running') return;
    if (this.link === 'up') this.#stream.read(this.#parts.clock.now());
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

  /**
   * Dead of an exception. What it had handed on is committed on the way out, in every version.
   * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/WorkerSourceTask.java finalOffsetCommit
   */
  fail(trace: readonly string[]): void {
    this.sync();
    this.#commitQuietly();
    this.life = 'failed';
    this.#retire();
    this.#parts.log.failed(trace);
  }

  /** Told to stop. Gives whether it could: a task that waits on a dead connection cannot, and lingers. */
  stop(): boolean {
    this.sync();
    const couldStop = this.life !== 'running' || (this.link !== 'cut' && !this.blocks.has('invented-zombie'));
    if (couldStop) {
      this.#commitQuietly();
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

  recordsPerSecond(): { readonly polled: number; readonly written: number } {
    const nowMs = this.#parts.clock.now();
    return { polled: this.#polls.perSecond(nowMs), written: this.#writes.perSecond(nowMs) };
  }

  /** Debezium's streaming metrics as this task has them; `undefined` once it has taken them away. */
  debeziumMetrics(): Readonly<Record<string, number>> | undefined {
    const { kind, clock } = this.#parts;
    if (!kind.debezium || this.life === 'starting' || this.life === 'failed' || this.life === 'stopped')
      return undefined;
    return { Connected: this.link === 'seeking' ? 0 : 1, ...this.#stream.metrics(clock.now()) };
  }

  /** Commits what is due without a line, as a task does that stops. */
  #commitQuietly(): void {
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
    log.recordsSent(this.#sent, sinceMs, this.#stream.position(clock.now()), settings.serverName);
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
    this.link = 'up';
    this.#lostWithSource = false;
    this.#stream.connect(this.#parts.clock.now());
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

  #resume(): void {
    this.#keepAlive?.end();
    this.link = 'up';
    this.#stream.resume(this.#parts.clock.now());
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
