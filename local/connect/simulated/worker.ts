import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';
import { randomHex, type Random } from '../../seededRandom.ts';
import type { RunningConnector, StartedConnector } from '../dataPlane.ts';
import type { ExporterOptions } from './exporter.ts';
import { publishDebezium } from './exporter.ts';
import type { SimulatedKafka } from './kafka.ts';
import { kinds, type Kind } from './kinds.ts';
import { publishLag, publishNative } from './nativeMetrics.ts';
import { SimulatedTask } from './task.ts';
import { TaskLog } from './taskLog.ts';
import { readTaskSettings, wholeNumber, type Found, type TaskSettings } from './taskSettings.ts';
import { alreadyFlushing, cannotConnect, cannotConnectToPostgres } from './traces.ts';
import { WorkerLog } from './workerLog.ts';

export interface WorkerParts {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly random: Random;
  readonly kafka: SimulatedKafka;
  readonly connector: StartedConnector;
  readonly found: Found;
  readonly exporter?: ExporterOptions;
  readonly nativeEverySeconds: number;
  readonly clusterName: string;
}

/** Kafka Connect's default `task.shutdown.graceful.timeout.ms`. */
const gracefulStopMs = 5000;
/** Debezium's pause between two attempts to register its metrics, and how many it makes. */
const registrationMs = 5000;
const registrations = 12;
/** From the start of a task that stopped cleanly to data [inferred: nothing of what delays the others stands in its way]. */
const quickStartMs = 2000;
const connectTimeoutMs = 30_000;
/** `scheduled.rebalance.max.delay.ms`. */
const rebalanceDelayMs = 300_000;

interface Slot {
  readonly settings: TaskSettings;
  readonly log: TaskLog;
  task: SimulatedTask;
  /** Whose Debezium metrics are shown: a dead predecessor's, where the names were still taken. */
  metricsOwner: SimulatedTask;
}

/** One worker with one connector: MSK Connect gives every connector workers of its own. */
export class SimulatedWorker implements RunningConnector {
  /** What a restart does not reach; no recording shows such a death. */
  inventedRestartDoesNotHelp = false;
  readonly #parts: WorkerParts;
  readonly #kind: Kind;
  readonly #log: WorkerLog;
  readonly #old: boolean;
  readonly #timers = new Map<string, () => void>();
  #slots: Slot[];
  #paused = false;
  #stopped = false;
  #brokerLostAtMs: number | undefined;
  #taskStarts = { attempted: 0, failed: 0 };
  #rebalancedAtMs: number;
  #rebalances = 1;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    const { clock, telemetry, random, connector, found } = parts;
    this.#kind = kinds[found.source.kind];
    this.#old = connector.connectVersion.startsWith('2.');
    this.#rebalancedAtMs = clock.now();
    const id = connector.arn.slice(connector.arn.lastIndexOf('/') + 1);
    this.#log = new WorkerLog({
      clock,
      telemetry,
      connector: connector.name,
      workerId: randomHex(random, 17),
      stream: `${connector.name}-${id}`,
      ...(connector.logGroup !== undefined && { logGroup: connector.logGroup }),
    });
    this.#slots = this.#makeSlots(connector.configuration);
    this.#say('INFO', 'worker', `Creating connector ${connector.name} of type ${this.#class()}`, 'runtime.Worker:274');
    for (const slot of this.#slots) this.#beginAfter(slot, this.#kind.startSeconds * 1000);
    this.#every('commits', this.#flushMs(), () => this.#tick());
    if (parts.exporter !== undefined) {
      this.#every('exporter', (parts.exporter.everySeconds ?? 15) * 1000, () => this.#publishDebezium());
    }
    this.#every('native', parts.nativeEverySeconds * 1000, () => this.#publishNative());
    this.#chatter();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get tasks(): readonly SimulatedTask[] {
    return this.#slots.map(({ task }) => task);
  }

  async restart(onlyFailedTasks: boolean): Promise<void> {
    this.#say('INFO', 'worker', `Stopping connector ${this.#parts.connector.name}`, 'runtime.Worker:387');
    const message = `Creating connector ${this.#parts.connector.name} of type ${this.#class()}`;
    this.#say('INFO', 'worker', message, 'runtime.Worker:274');
    if (this.#old) return;
    for (const slot of this.#slots) if (!onlyFailedTasks || slot.task.life === 'failed') this.#replace(slot);
  }

  async pause(): Promise<void> {
    this.#paused = true;
    for (const task of this.tasks) task.block('paused');
  }

  async resume(): Promise<void> {
    this.#paused = false;
    for (const task of this.tasks) task.unblock('paused');
  }

  /** A new configuration reaches the tasks on every version. */
  async update(configuration: Readonly<Record<string, string>>): Promise<void> {
    const fresh = this.#settings(configuration);
    this.#rebalanced();
    this.#slots = this.#slots.map((slot, index) => ({ ...slot, settings: fresh[index] ?? slot.settings }));
    for (const slot of this.#slots) this.#replace(slot);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
    for (const task of this.tasks) if (!task.stop()) task.abandon();
  }

  /** The broker does not answer. Afterwards the tasks are unassigned for a while, or, caught in a flush on 2.7.1, dead. */
  loseBroker(seconds: number, duringFlush: boolean): void {
    for (const task of this.tasks) task.block('broker');
    this.#brokerLostAtMs = this.#parts.clock.now();
    this.#after('broker', seconds * 1000, () => {
      this.#brokerLostAtMs = undefined;
      for (const task of this.tasks) task.unblock('broker');
      if (duringFlush && this.#old) {
        for (const task of this.tasks) task.fail(alreadyFlushing);
        return;
      }
      this.#rebalanced();
      for (const slot of this.#slots) {
        slot.task.stop();
        this.#after(`task-${slot.settings.index}`, rebalanceDelayMs, () => {
          this.#rebalanced();
          this.#install(slot);
          this.#beginAfter(slot, quickStartMs);
        });
      }
    });
  }

  /** Stops a task and puts another in its place; how long that takes depends on whether the old one can stop. */
  #replace(slot: Slot): void {
    const wasDead = slot.task.life === 'failed';
    const old = slot.task;
    this.#timers.get(`task-${slot.settings.index}-metrics`)?.();
    this.#say('INFO', `task-${slot.settings.index}`, `Stopping task ${this.#taskId(slot)}`, 'runtime.Worker:1010');
    if (old.life === 'starting' || wasDead || old.stop()) {
      old.stop();
      this.#install(slot);
      this.#beginAfter(slot, slot.metricsOwner === old ? quickStartMs : this.#kind.afterStuckTask.dataSeconds * 1000);
      return;
    }
    this.#after(`task-${slot.settings.index}`, gracefulStopMs, () => {
      this.#say(
        'ERROR',
        `task-${slot.settings.index}`,
        `Graceful stop of task ${this.#taskId(slot)} failed.`,
        'runtime.Worker:1025',
      );
      old.abandon();
      this.#install(slot);
      this.#beginAfter(slot, this.#kind.afterStuckTask.dataSeconds * 1000 - gracefulStopMs);
    });
  }

  /** A new task that is yet to begin; the metrics that are shown stay the old one's until then. */
  #install(slot: Slot): void {
    const { clock, random, kafka, found } = this.#parts;
    const { settings, log } = slot;
    slot.task = new SimulatedTask({ clock, random, kafka, source: found.source, kind: this.#kind, settings, log });
    if (this.#paused) slot.task.block('paused');
  }

  #beginAfter(slot: Slot, delayMs: number): void {
    const { task } = slot;
    const { clock, found } = this.#parts;
    const timer = `task-${slot.settings.index}`;
    const startsAtMs = clock.now();
    this.#taskStarts.attempted += 1;
    this.#say('INFO', timer, `Creating task ${this.#taskId(slot)}`, 'runtime.Worker:509');
    if (this.inventedRestartDoesNotHelp && slot.metricsOwner !== task) return;
    // A task that cannot connect at its start dies of it, once its time is up [inferred].
    const die = (): void => {
      this.#taskStarts.failed += 1;
      task.fail(found.source.kind === 'postgresql' ? cannotConnectToPostgres : cannotConnect);
    };
    if (!found.source.reachable) {
      this.#after(timer, connectTimeoutMs, die);
      return;
    }
    const namesTaken = slot.metricsOwner.life === 'lingering' && this.#kind.debezium;
    const register = (attempt: number): void => {
      const nextMs = startsAtMs + attempt * registrationMs;
      if (nextMs >= startsAtMs + delayMs) return;
      this.#after(`${timer}-metrics`, nextMs - clock.now(), () => {
        const round = ((attempt - 1) % registrations) + 1;
        if (round === registrations && !this.#kind.afterStuckTask.ownMetrics) slot.log.metricsOrphaned();
        else slot.log.metricsTaken(round);
        register(attempt + 1);
      });
    };
    if (namesTaken) register(1);
    this.#after(timer, delayMs, () => {
      if (!found.source.reachable) {
        this.#after(timer, connectTimeoutMs, die);
        return;
      }
      if (namesTaken && !this.#kind.afterStuckTask.ownMetrics) slot.log.metricsOrphaned();
      else slot.metricsOwner = task;
      task.begin();
    });
  }

  #tick(): void {
    for (const task of this.tasks) task.tick();
  }

  #publishDebezium(): void {
    const { exporter, telemetry, connector } = this.#parts;
    if (exporter === undefined || this.#brokerSilent()) return;
    for (const { task, metricsOwner } of this.#slots) {
      task.sync();
      const metrics = metricsOwner.debeziumMetrics();
      if (metrics !== undefined) publishDebezium(telemetry, exporter, connector.configuration, metrics);
    }
  }

  #publishNative(): void {
    const { clock, telemetry, random, connector, found, kafka, clusterName } = this.#parts;
    for (const task of this.tasks) task.sync();
    if (found.sinkTopic !== undefined) {
      publishLag(telemetry, {
        clusterName,
        topic: found.sinkTopic,
        connector: connector.name,
        tasks: this.tasks.length,
        source: found.source,
        kafka,
        nowMs: clock.now(),
      });
    }
    if (this.#brokerSilent()) return;
    const running = this.#paused
      ? 0
      : this.tasks.filter(({ life }) => life === 'running' || life === 'starting').length;
    const rates = this.tasks.map((task) => task.recordsPerSecond());
    publishNative(telemetry, random, {
      connector: connector.name,
      sink: found.sinkTopic !== undefined,
      runningTasks: running,
      erroredTasks: this.tasks.filter(({ life }) => life === 'failed').length,
      polledPerSecond: rates.reduce((sum, { polled }) => sum + polled, 0),
      writtenPerSecond: rates.reduce((sum, { written }) => sum + written, 0),
      taskStarts: this.#taskStarts,
      rebalances: this.#rebalances,
      msSinceRebalance: clock.now() - this.#rebalancedAtMs,
    });
  }

  /** Measured: everything that the worker publishes is gone 15 s into a broker's silence. */
  #brokerSilent(): boolean {
    return this.#brokerLostAtMs !== undefined && this.#parts.clock.now() - this.#brokerLostAtMs >= 15_000;
  }

  /** Idle connections of the worker's own clients are closed after `connections.max.idle.ms` (9 min), which they say. */
  #chatter(): void {
    const { random, connector } = this.#parts;
    this.#after('chatter', (420 + random() * 120) * 1000, () => {
      const message = `[AdminClient clientId=${connector.name}-shared-admin] Node -1 disconnected.`;
      this.#log.writeUnscoped('INFO', message, `org.apache.kafka.clients.NetworkClient:${this.#old ? 937 : 977}`);
      this.#chatter();
    });
  }

  #makeSlots(configuration: Readonly<Record<string, string>>): Slot[] {
    const { clock, random, kafka, found, connector } = this.#parts;
    return this.#settings(configuration).map((settings) => {
      const log = new TaskLog(
        this.#log,
        connector.name,
        settings.index,
        connector.connectVersion,
        found.sinkTopic !== undefined,
      );
      const task = new SimulatedTask({ clock, random, kafka, source: found.source, kind: this.#kind, settings, log });
      return { settings, log, task, metricsOwner: task };
    });
  }

  #settings(configuration: Readonly<Record<string, string>>): readonly TaskSettings[] {
    return readTaskSettings({ ...this.#parts.connector, configuration }, this.#parts.found);
  }

  #flushMs(): number {
    return wholeNumber(this.#parts.connector.workerProperties, 'offset.flush.interval.ms', 60_000);
  }

  #rebalanced(): void {
    this.#rebalances += 1;
    this.#rebalancedAtMs = this.#parts.clock.now();
  }

  #class(): string {
    return this.#parts.connector.configuration['connector.class'] ?? '';
  }

  #taskId(slot: Slot): string {
    return `${this.#parts.connector.name}-${slot.settings.index}`;
  }

  #say(level: 'INFO' | 'ERROR', scope: string, message: string, where: string): void {
    this.#log.write(level, scope, message, `org.apache.kafka.connect.${where}`);
  }

  #every(name: string, intervalMs: number, act: () => void): void {
    this.#after(name, intervalMs, () => {
      this.#every(name, intervalMs, act);
      act();
    });
  }

  /** One timer of each name; a later one replaces it. */
  #after(name: string, delayMs: number, act: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#parts.clock.at(this.#parts.clock.now() + delayMs, act));
  }
}
