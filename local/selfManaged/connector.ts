import { kinds, type Kind, type TaskStarts } from '../connect/simulated/kinds.ts';
import type { SimulatedSource } from '../connect/simulated/source.ts';
import { cannotConnect, cannotConnectToPostgres } from '../connect/simulated/traces.ts';
import type { LocalClock } from '../clock.ts';
import type { RowCount } from '../connect/rowCount.ts';
import type { Random } from '../seededRandom.ts';
import { ConnectTask } from './connectTask.ts';
import { Hold, type InventedCure } from './hold.ts';
import { sharePartitions } from './partitions.ts';
import { RecordStream } from './recordStream.ts';
import { Slot } from './slot.ts';
import type { ClusterWorker } from './worker.ts';

export interface ConnectorParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly name: string;
  readonly source: SimulatedSource;
  readonly flushMs: number;
  /** A sink's. */
  readonly partitions?: number;
  /** Others write to the same server, so that a heartbeat of an idle source moves the offset. */
  readonly othersWrite?: boolean;
  /** How long this takes, this time. */
  readonly vary: (milliseconds: number) => number;
  /** @default as measured of the kind */
  readonly taskStarts?: TaskStarts;
}

/** Kafka Connect's default `task.shutdown.graceful.timeout.ms`. */
export const gracefulStopMs = 5000;
/** From the start of a task to RUNNING, and, where nothing stands in its way, to data [inferred]. */
const startupMs = 1000;
const quickStartMs = 2000;
const connectTimeoutMs = 30_000;
const defaultKeepAliveMs = 60_000;

const stateOf = { STARTED: 'RUNNING', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const;

/** A connector as the cluster keeps it: configuration, target state, and the places of its instance and tasks. */
export class ClusterConnector {
  readonly name: string;
  readonly source: SimulatedSource;
  readonly sink: boolean;
  instance = new Slot();
  config: Readonly<Record<string, string>> = {};
  target: 'STARTED' | 'PAUSED' | 'STOPPED' = 'STARTED';
  tasks: readonly Slot[] = [];
  readonly #parts: ConnectorParts;
  readonly #kind: Kind;
  #detach: () => void = () => undefined;
  #streams: readonly RecordStream[] = [];
  #hold: Hold | undefined;

  constructor(parts: ConnectorParts, config: Readonly<Record<string, string>>) {
    this.#parts = parts;
    this.name = parts.name;
    this.source = parts.source;
    this.sink = parts.source.kind === 'topic';
    this.#kind = kinds[parts.source.kind];
    this.revive(config);
  }

  get streams(): readonly RecordStream[] {
    return this.#streams;
  }

  /** Created, for the first time or again: offsets are still there, and so are the threads that nothing could end. */
  revive(config: Readonly<Record<string, string>>): void {
    this.instance = new Slot();
    this.tasks = [];
    this.target = 'STARTED';
    this.configure(config);
    this.#detach = this.source.attach({
      lost: (noticedAfterSeconds) => {
        for (const task of this.#running()) task.sourceLost(noticedAfterSeconds);
      },
      back: () => {
        for (const task of this.#running()) task.sourceBack();
      },
    });
  }

  /** Takes a configuration over; slots are there as `tasks.max` and the kind ask for, old ones where their number stays. */
  configure(config: Readonly<Record<string, string>>): void {
    this.config = { ...config, name: this.name };
    if (this.target !== 'STOPPED') this.makeTasks();
  }

  makeTasks(): void {
    const wanted = this.#kind.debezium ? 1 : Math.max(1, Number(this.config['tasks.max'] ?? '1'));
    this.tasks = Array.from({ length: wanted }, (_, id) => this.tasks[id] ?? new Slot(id));
    const of = this.sink ? (this.#parts.partitions ?? wanted) : wanted;
    if (of === this.#streams.length) return;
    const beatMs = this.#beatMs();
    const heartbeatMs = beatMs ?? this.#heartbeatMs();
    this.#streams = Array.from(
      { length: of },
      (_, index) =>
        new RecordStream({
          source: this.source,
          index,
          of,
          nowMs: this.#now(),
          ...(beatMs !== undefined && { beatMs }),
          ...(heartbeatMs !== undefined && { heartbeatMs }),
        }),
    );
  }

  /** As if it had run for long: nothing waits, everything is committed. */
  settle(): void {
    for (const stream of this.#streams) stream.settle(this.#now());
    for (const slot of this.tasks) {
      const task = this.#newTask(slot);
      slot.worker?.metricsOwners.set(this.#key(slot), task);
      slot.say('RUNNING', slot.worker);
      this.#begin(slot, task);
    }
    this.instance.say('RUNNING', this.instance.worker);
  }

  startInstance(): void {
    const mine = this.instance.turn();
    const { worker } = this.instance;
    this.#after(this.#parts.vary(startupMs), () => {
      if (mine()) this.instance.say(stateOf[this.target], worker);
    });
  }

  /** Starts a task on the worker that it is assigned to. */
  startTask(slot: Slot): void {
    const { worker } = slot;
    if (worker === undefined) return;
    const mine = slot.turn();
    const givenUp = slot.running?.life === 'lingering';
    const task = this.#newTask(slot);
    const { vary, taskStarts } = this.#parts;
    const then = (delayMs: number, act: () => void) => this.#after(delayMs, () => mine() && act());
    const reachable = () => this.sink || this.source.reachable;
    const dieUnconnected = () =>
      then(connectTimeoutMs, () => {
        task.fail();
        const trace = this.source.kind === 'postgresql' ? cannotConnectToPostgres : cannotConnect;
        slot.say('FAILED', worker, trace.join('\n'));
      });
    if (!reachable()) {
      dieUnconnected();
      return;
    }
    then(vary(startupMs), () => slot.say(stateOf[this.target], worker));
    const namesTaken = this.#kind.debezium && worker.metricsOwners.get(this.#key(slot))?.life === 'lingering';
    const { ownMetrics, dataSeconds: usualSeconds } = this.#kind.afterStuckTask;
    const stuckMs = (taskStarts?.afterStuckSeconds ?? usualSeconds) * 1000 - gracefulStopMs;
    const quickMs = taskStarts === undefined ? quickStartMs : taskStarts.afterEndedSeconds * 1000;
    const late = namesTaken || (givenUp && !this.#kind.debezium);
    then(vary(late ? stuckMs : quickMs), () => {
      if (!reachable()) {
        dieUnconnected();
        return;
      }
      if (!namesTaken || ownMetrics) worker.metricsOwners.set(this.#key(slot), task);
      this.#begin(slot, task);
    });
  }

  /** Stops the tasks in these places, and calls back with those of them that nothing else befell meanwhile; those that will not are given up after a while, and their workers are held up until then. */
  stopTasks(slots: readonly Slot[], then: (stopped: readonly Slot[]) => void): void {
    const stuck = slots.filter((slot) => {
      slot.turn();
      return slot.running !== undefined && !slot.running.stop();
    });
    if (stuck.length === 0) {
      this.#reassignPartitions();
      then(slots);
      return;
    }
    const untilMs = this.#now() + gracefulStopMs;
    const mine = slots.map((slot) => slot.turn());
    for (const { worker } of stuck)
      if (worker !== undefined) worker.busyUntilMs = Math.max(worker.busyUntilMs, untilMs);
    this.#after(gracefulStopMs, () => {
      const left = slots.filter((_, place) => mine[place]?.() === true);
      for (const slot of stuck) if (left.includes(slot)) slot.running?.abandon();
      this.#reassignPartitions();
      then(left);
    });
  }

  fail(slot: Slot, trace: string): void {
    slot.turn();
    slot.running?.fail();
    slot.say('FAILED', slot.worker, trace);
    this.#reassignPartitions();
  }

  pause(): void {
    this.target = 'PAUSED';
    for (const slot of this.#slots()) {
      slot.running?.block('paused');
      if (slot.status?.state === 'RUNNING') slot.say('PAUSED', slot.status.worker);
    }
  }

  unpause(): void {
    this.target = 'STARTED';
    for (const slot of this.#slots()) {
      slot.running?.unblock('paused');
      if (slot.status?.state === 'PAUSED') slot.say('RUNNING', slot.status.worker);
    }
  }

  /** From now on a restart of these tasks is of no use. */
  hold(slots: readonly Slot[], cure: InventedCure): void {
    this.#hold = new Hold(
      cure,
      slots[0]?.worker,
      slots.flatMap(({ task }) => (task === undefined ? [] : [task])),
    );
  }

  /** This was done; tasks that start from now on may work again. */
  cured(done: Exclude<InventedCure, 'none'>, worker?: ClusterWorker): void {
    if (this.#hold?.endsWith(done, worker) !== true) return;
    this.#hold = undefined;
    for (const task of this.#running()) task.unblock('held');
  }

  /** What ran on this worker runs no more. @param how `crashed`: nobody could say so, and the statuses stay as they were. */
  leaveWorker(worker: ClusterWorker, how: 'crashed' | 'process-ended' | 'lost-group'): void {
    for (const slot of this.#slots()) {
      if ((slot.worker ?? slot.status?.worker) !== worker) continue;
      slot.turn();
      const { running } = slot;
      if (how === 'crashed') {
        running?.vanish();
        continue;
      }
      if (running?.stop() === false) {
        if (how === 'lost-group') running.abandon();
        else running.vanish();
      }
      if (slot.status?.state !== 'FAILED') slot.say('UNASSIGNED', worker);
    }
    this.#reassignPartitions();
  }

  /** A sink's task that has not polled for `max.poll.interval.ms` is put out of its consumer group. */
  leaveGroup(task: ConnectTask): void {
    if (task.life !== 'running' || !task.has('thread')) return;
    task.inGroup = false;
    this.#reassignPartitions();
  }

  freeze(worker: ClusterWorker, frozen: boolean): void {
    for (const slot of this.tasks) {
      if (slot.worker !== worker) continue;
      if (frozen) slot.running?.block('frozen');
      else slot.running?.unblock('frozen');
    }
  }

  /** Nothing of it runs any more. */
  end(): void {
    this.#detach();
    for (const slot of this.#slots()) {
      slot.turn();
      if (slot.running?.stop() === false) slot.running.abandon();
    }
  }

  rows(): RowCount {
    const nowMs = this.#now();
    const counts = this.#streams.map((stream) => stream.count(nowMs));
    const sum = (of: (each: ReturnType<RecordStream['count']>) => number) =>
      counts.reduce((total, each) => total + of(each), 0);
    return {
      written: this.source.written(nowMs),
      arrived: sum(({ arrived }) => arrived),
      duplicated: sum(({ duplicated }) => duplicated),
      lost: sum(({ lost }) => lost),
      waiting: sum(({ waiting }) => waiting),
    };
  }

  #begin(slot: Slot, task: ConnectTask): void {
    task.begin();
    if (this.sink) {
      this.#reassignPartitions();
      return;
    }
    const stream = this.#streams[slot.task ?? 0];
    if (stream === undefined) return;
    const fromNow =
      ['schema_only', 'no_data'].includes(this.config['snapshot.mode'] ?? 'initial') && this.#kind.debezium;
    task.take(stream, fromNow ? stream.end(this.#now()) : 0);
  }

  #reassignPartitions(): void {
    if (this.sink) sharePartitions(this.#streams, this.#running());
  }

  #newTask(slot: Slot): ConnectTask {
    const { clock, random, flushMs } = this.#parts;
    const interval = this.#keepAliveMs();
    const { serverBeatShare, keepAlive } = this.#kind;
    const task = new ConnectTask(slot.task ?? 0, {
      clock,
      random,
      source: this.source,
      kind: this.#kind,
      flushMs,
      ...(serverBeatShare !== undefined && { serverBeatMs: interval * serverBeatShare }),
      ...(keepAlive && this.config['connect.keep.alive'] !== 'false' && { keepAliveMs: interval }),
    });
    if (this.target === 'PAUSED') task.block('paused');
    if (this.#hold?.holds(task.id) === true) task.block('held');
    slot.running = task;
    return task;
  }

  /** How often a heartbeat moves the committed offset of an idle source; absent: never. */
  #beatMs(): number | undefined {
    const wantedMs = Number(this.config['heartbeat.interval.ms'] ?? '0');
    const writes = this.config['heartbeat.action.query'] !== undefined || this.#parts.othersWrite === true;
    return this.#kind.debezium && wantedMs > 0 && writes ? wantedMs : undefined;
  }

  /** How often an idle source hands on a heartbeat: with the server's own beats, or by a timer; absent: never. */
  #heartbeatMs(): number | undefined {
    const wantedMs = Number(this.config['heartbeat.interval.ms'] ?? '0');
    const { heartbeat, serverBeatShare = 0 } = this.#kind;
    if (wantedMs <= 0 || heartbeat === 'none') return undefined;
    return heartbeat === 'by-timer' ? wantedMs : Math.max(wantedMs, this.#keepAliveMs() * serverBeatShare);
  }

  /** How often the binlog client wants a sign of life. */
  #keepAliveMs(): number {
    return Number(this.config['connect.keep.alive.interval.ms'] ?? defaultKeepAliveMs);
  }

  #key(slot: Slot): string {
    return `${this.name}/${slot.task}`;
  }

  /** The task that reads this stream now. */
  readerOf(stream: RecordStream): ConnectTask | undefined {
    return this.#running().find(({ streams }) => streams.has(stream));
  }

  #running(): readonly ConnectTask[] {
    return this.tasks.flatMap(({ running }) => (running === undefined ? [] : [running]));
  }

  #slots(): readonly Slot[] {
    return [this.instance, ...this.tasks];
  }

  #after(delayMs: number, act: () => void): void {
    this.#parts.clock.at(this.#now() + delayMs, act);
  }

  #now(): number {
    return this.#parts.clock.now();
  }
}
