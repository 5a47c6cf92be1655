import { BinlogKeepAlive } from '../connect/simulated/keepAlive.ts';
import type { Kind } from '../connect/simulated/kinds.ts';
import type { SimulatedSource } from '../connect/simulated/source.ts';
import { TaskLog } from '../connect/simulated/taskLog.ts';
import { WorkerLog } from '../connect/simulated/workerLog.ts';
import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import { EventClock } from './eventClock.ts';
import type { RecordStream } from './recordStream.ts';

/** `lingering`: told to stop, could not, and was given up; its thread lives as long as the worker's process. */
export type Life = 'starting' | 'running' | 'failed' | 'lingering' | 'stopped';

/** `cut`: nothing arrives, and the task does not know. `seeking`: it knows, and tries to connect. `retrying`: it starts over by itself. */
export type Link = 'up' | 'cut' | 'seeking' | 'retrying';

/**
 * Why nothing is handed on though the connection lives: somebody paused it; its thread hangs; a sink that tries the same batch again for ever; a
 * predecessor's thread holds what it needs; the worker's process stands still.
 */
export type Block = 'paused' | 'thread' | 'retrying-batch' | 'held' | 'frozen';

export interface TaskParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly source: SimulatedSource;
  readonly kind: Kind;
  readonly flushMs: number;
  /** How often the database beats on an idle connection. */
  readonly serverBeatMs?: number;
  /** `connect.keep.alive.interval.ms`; absent: switched off. */
  readonly keepAliveMs?: number;
}

/** A worker's log goes nowhere here. */
const silence = { log: () => undefined, metric: () => undefined };

/** One task of a connector: a thread with a connection. Nothing ticks in it. */
export class ConnectTask {
  readonly id: number;
  life: Life = 'starting';
  link: Link = 'up';
  /** A member of its consumer group, where it is a sink's. */
  inGroup = true;
  readonly #parts: TaskParts;
  readonly #blocks = new Set<Block>();
  readonly #streams = new Set<RecordStream>();
  readonly #ticks: { readonly originMs: number; readonly everyMs: number };
  #keepAlive: BinlogKeepAlive | undefined;
  #callOff: () => void = () => undefined;
  readonly #clock: EventClock;
  /** The silence came with the source's own and will end with it. */
  #lostWithSource = false;

  constructor(id: number, parts: TaskParts) {
    this.id = id;
    this.#parts = parts;
    const nowMs = parts.clock.now();
    this.#clock = new EventClock(parts, nowMs);
    this.#ticks = { originMs: nowMs, everyMs: parts.flushMs };
  }

  get streams(): ReadonlySet<RecordStream> {
    return this.#streams;
  }

  get blocks(): readonly Block[] {
    return [...this.#blocks];
  }

  has(block: Block): boolean {
    return this.#blocks.has(block);
  }

  /** Data begins to flow, or would but for what blocks it. */
  begin(): void {
    this.life = 'running';
    this.#connect();
    if (!this.#parts.source.reachable) this.sourceLost();
  }

  /** Reads this stream from now on, from what was committed; without that, from `otherwise` on. */
  take(stream: RecordStream, otherwise: number): void {
    this.#streams.add(stream);
    stream.begin(this.#now(), this.#ticks, otherwise);
    stream.flow(this.#now(), this.#flowing());
  }

  /** Another has it. @param commit what was handed on is committed first */
  drop(stream: RecordStream, commit: boolean): void {
    if (this.#streams.delete(stream)) stream.finish(this.#now(), commit);
  }

  /** The connection dies in silence. @param noticedAfterSeconds When the keep-alive, if there is one, will notice. */
  cut(noticedAfterSeconds?: number): void {
    this.#fallQuiet('cut');
    this.#watch(noticedAfterSeconds);
  }

  /** The connection is reset, and Debezium 2.x starts over by itself after 10 s. */
  retry(): void {
    this.#fallQuiet('retrying');
    this.#callOff = this.#parts.clock.at(this.#now() + 10_000, () => this.#connect());
  }

  sourceLost(noticedAfterSeconds?: number): void {
    if (this.link !== 'up' || this.life !== 'running') return;
    this.cut(noticedAfterSeconds);
    this.#lostWithSource = true;
  }

  sourceBack(): void {
    if (this.link === 'cut' && this.#lostWithSource) this.#connect();
    else if (this.link === 'seeking') this.#keepAlive?.sourceBack();
  }

  block(block: Block): void {
    this.#blocks.add(block);
    this.#reflow();
  }

  unblock(block: Block): void {
    this.#blocks.delete(block);
    this.#reflow();
  }

  /** Dead of an exception; what it had handed on is committed on the way out, as Kafka Connect does. */
  fail(): void {
    this.life = 'failed';
    this.#retire(true);
  }

  /** Told to stop. Gives whether it could: a task that waits on a dead connection cannot, nor one whose thread hangs. */
  stop(): boolean {
    const couldStop = this.life !== 'running' || (this.link !== 'cut' && !this.has('thread'));
    if (couldStop) {
      this.life = 'stopped';
      this.#retire(true);
    }
    return couldStop;
  }

  /** Given up by the worker: its thread stays, and so do its metrics. */
  abandon(): void {
    this.life = 'lingering';
    this.#retire(false);
  }

  /** Gone with its process. */
  vanish(): void {
    this.life = 'stopped';
    this.#retire(false);
  }

  recordsPerSecond(): number {
    let sum = 0;
    for (const stream of this.#streams) sum += stream.perSecond(this.#now());
    return sum;
  }

  /** Debezium's streaming metrics as this task has them; `undefined` where it has none, or took them away. */
  debeziumMetrics(): Readonly<Record<string, number>> | undefined {
    if (!this.#parts.kind.debezium || this.life === 'starting' || this.life === 'failed' || this.life === 'stopped')
      return undefined;
    return { Connected: this.link === 'seeking' ? 0 : 1, ...this.#clock.metrics(this.#now()) };
  }

  #fallQuiet(link: Link): void {
    this.#clock.stop(this.#now());
    this.link = link;
    this.#reflow();
  }

  #connect(): void {
    this.link = 'up';
    this.#lostWithSource = false;
    this.#clock.connect(this.#now());
    this.#keepAlive?.end();
    this.#reflow();
  }

  #flowing(): boolean {
    return this.life === 'running' && this.link === 'up' && this.#blocks.size === 0;
  }

  #reflow(): void {
    for (const stream of this.#streams) stream.flow(this.#now(), this.#flowing());
  }

  #retire(commit: boolean): void {
    this.#clock.stop(this.#now());
    this.#keepAlive?.end();
    this.#callOff();
    for (const stream of this.#streams) this.drop(stream, commit);
  }

  #watch(noticedAfterSeconds: number | undefined): void {
    const { clock, random, source, keepAliveMs } = this.#parts;
    if (keepAliveMs === undefined) return;
    this.#keepAlive ??= new BinlogKeepAlive({
      clock,
      random,
      log: new TaskLog(
        new WorkerLog({ clock, telemetry: silence, connector: '', workerId: '', stream: '' }),
        '',
        this.id,
        '',
        false,
      ),
      server: '',
      intervalMs: keepAliveMs,
      reachable: () => source.reachable,
      seeking: () => {
        this.link = 'seeking';
      },
      connected: () => this.#connect(),
    });
    this.#keepAlive.watch(noticedAfterSeconds);
  }

  #now(): number {
    return this.#parts.clock.now();
  }
}
