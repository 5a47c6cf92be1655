import type { LocalClock } from '../../clock.ts';
import type { Random } from '../../seededRandom.ts';
import type { SimulatedKafka } from './kafka.ts';
import { kinds } from './kinds.ts';
import type { Kind, TaskStarts } from './kinds.ts';
import { SimulatedTask } from './task.ts';
import type { TaskLog } from './taskLog.ts';
import type { Found, TaskSettings } from './taskSettings.ts';
import { cannotConnect, cannotConnectToPostgres } from './traces.ts';

/** Kafka Connect's default `task.shutdown.graceful.timeout.ms`. */
const gracefulStopMs = 5000;
/** Debezium's pause between two attempts to register its metrics, and how many it makes before it says that it has none. */
const registrationMs = 5000;
const registrations = 12;
/** From the start of a task whose predecessor stopped cleanly to data [inferred: nothing of what delays the others stands in its way]. */
const quickStartMs = 2000;
const connectTimeoutMs = 30_000;

export interface TaskSlotParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly kafka: SimulatedKafka;
  readonly found: Found;
  readonly kind: Kind;
  readonly settings: TaskSettings;
  /** @default as measured of the kind */
  readonly taskStarts?: TaskStarts;
  readonly log: TaskLog;
  /** A task was started, or could not. */
  readonly count: (what: 'attempted' | 'failed') => void;
  readonly paused: () => boolean;
  /** A new task is of no use: an invented death. */
  readonly restartIsUseless: () => boolean;
  /** A dead task keeps its metrics' names, whatever its kind. */
  readonly metricsStay: () => boolean;
}

/** The place of task `n` in a worker: the task that is there now, and how one follows another. */
export class TaskSlot {
  task: SimulatedTask;
  readonly #parts: TaskSlotParts;
  #settings: TaskSettings;
  /** Whose Debezium metrics are shown: a dead predecessor's, where the names were still taken. */
  #metricsOwner: SimulatedTask;
  #callOffNext: () => void = () => undefined;
  #callOffRegistration: () => void = () => undefined;

  constructor(parts: TaskSlotParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.task = this.#newTask();
    this.#metricsOwner = this.task;
    this.#beginAfter(parts.kind.startSeconds * 1000);
  }

  debeziumMetrics(): Readonly<Record<string, number>> | undefined {
    return this.#metricsOwner.debeziumMetrics();
  }

  /** Stops the task and puts another in its place; how long that takes depends on whether the old one can stop. */
  replace(settings: TaskSettings = this.#settings): void {
    const { log } = this.#parts;
    const { dataSeconds } = this.#afterStuckTask();
    const old = this.task;
    this.#settings = settings;
    this.#callOffRegistration();
    log.stopping();
    if (old.stop()) {
      this.task = this.#newTask();
      this.#beginAfter(this.#metricsOwner === old ? this.#quickStartMs() : dataSeconds * 1000);
      return;
    }
    this.#next(gracefulStopMs, () => {
      log.couldNotStop();
      old.abandon();
      this.task = this.#newTask();
      this.#beginAfter(dataSeconds * 1000 - gracefulStopMs);
    });
  }

  /** No worker has the task for so long; then it starts anew. */
  unassign(delayMs: number, assigned: () => void): void {
    this.task.stop();
    this.#next(delayMs, () => {
      assigned();
      this.task = this.#newTask();
      this.#beginAfter(this.#quickStartMs());
    });
  }

  /** Ends for good, with the worker. */
  end(): void {
    this.#callOffNext();
    this.#callOffRegistration();
    if (!this.task.stop()) this.task.abandon();
  }

  /** A task that is yet to begin; the metrics that are shown stay the old one's until then. */
  #newTask(): SimulatedTask {
    const { clock, random, kafka, found, kind, log, paused } = this.#parts;
    const task = new SimulatedTask({ clock, random, kafka, source: found.source, kind, settings: this.#settings, log });
    if (paused()) task.block('paused');
    return task;
  }

  #beginAfter(delayMs: number): void {
    const { task } = this;
    const { found, kind, log, count, restartIsUseless } = this.#parts;
    count('attempted');
    log.creating();
    if (restartIsUseless() && this.#metricsOwner !== task) return;
    if (!found.source.reachable) {
      this.#dieUnconnected(task);
      return;
    }
    const namesTaken = kind.debezium && this.#metricsOwner.life === 'lingering';
    if (namesTaken) this.#tryToRegister(1, Math.ceil(delayMs / registrationMs) - 1);
    this.#next(delayMs, () => {
      if (!found.source.reachable) {
        this.#dieUnconnected(task);
        return;
      }
      if (namesTaken && !this.#afterStuckTask().ownMetrics) log.metricsOrphaned();
      else this.#metricsOwner = task;
      task.begin();
    });
  }

  /** How it goes on after a task that could not stop: where names are kept for good, as it was recorded of PostgreSQL. */
  #afterStuckTask(): Kind['afterStuckTask'] {
    const { kind, metricsStay, taskStarts } = this.#parts;
    if (kind.debezium && metricsStay()) return kinds.postgresql.afterStuckTask;
    return taskStarts === undefined
      ? kind.afterStuckTask
      : { ...kind.afterStuckTask, dataSeconds: taskStarts.afterStuckSeconds };
  }

  #quickStartMs(): number {
    const { taskStarts } = this.#parts;
    return taskStarts === undefined ? quickStartMs : taskStarts.afterEndedSeconds * 1000;
  }

  /** A task that cannot connect at its start dies of it, once its time is up [inferred]. */
  #dieUnconnected(task: SimulatedTask): void {
    const { found, count } = this.#parts;
    this.#next(connectTimeoutMs, () => {
      count('failed');
      task.fail(found.source.kind === 'postgresql' ? cannotConnectToPostgres : cannotConnect);
    });
  }

  #tryToRegister(attempt: number, attempts: number): void {
    if (attempt > attempts) return;
    const { clock, log } = this.#parts;
    this.#callOffRegistration = clock.at(clock.now() + registrationMs, () => {
      const inRound = ((attempt - 1) % registrations) + 1;
      if (inRound === registrations && !this.#afterStuckTask().ownMetrics) log.metricsOrphaned();
      else log.metricsTaken(inRound);
      this.#tryToRegister(attempt + 1, attempts);
    });
  }

  /** What becomes of the slot next; one thing at a time. */
  #next(delayMs: number, act: () => void): void {
    this.#callOffNext();
    this.#callOffNext = this.#parts.clock.at(this.#parts.clock.now() + delayMs, act);
  }
}
