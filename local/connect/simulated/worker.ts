import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';
import { randomHex, type Random } from '../../seededRandom.ts';
import type { RunningConnector, StartedConnector } from '../dataPlane.ts';
import { publishDebezium, type ExporterOptions } from '../exporter.ts';
import type { SimulatedKafka } from './kafka.ts';
import { kinds, type TaskStarts } from './kinds.ts';
import { publishLag, publishNative } from './nativeMetrics.ts';
import type { SimulatedTask } from './task.ts';
import { TaskLog } from './taskLog.ts';
import { TaskSlot } from './taskSlot.ts';
import { readTaskSettings, wholeNumber, type Found, type TaskSettings } from './taskSettings.ts';
import { alreadyFlushing } from './traces.ts';
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
  /** @default `nativeEverySeconds` */
  readonly nativeFirstSeconds?: number;
  readonly taskStarts?: TaskStarts;
  readonly clusterName: string;
}

/** `scheduled.rebalance.max.delay.ms`. */
const rebalanceDelayMs = 300_000;

/** One worker with one connector: MSK Connect gives every connector workers of its own. */
export class SimulatedWorker implements RunningConnector {
  /** What a restart does not reach; no recording shows such a death. */
  inventedRestartDoesNotHelp = false;
  /** A dead task keeps the names of its metrics for good, on every kind; recorded on PostgreSQL only. */
  inventedMetricsStay = false;
  readonly #parts: WorkerParts;
  readonly #log: WorkerLog;
  readonly #old: boolean;
  readonly #timers = new Map<string, () => void>();
  readonly #slots: readonly TaskSlot[];
  #paused = false;
  #stopped = false;
  #brokerLostAtMs: number | undefined;
  #taskStarts = { attempted: 0, failed: 0 };
  #rebalancedAtMs: number;
  #rebalances = 1;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    const { clock, telemetry, random, connector, found } = parts;
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
    this.#say('INFO', 'worker', `Creating connector ${connector.name} of type ${this.#class()}`, 'runtime.Worker:274');
    this.#slots = this.#makeSlots(found);
    this.#every('commits', this.#flushMs(), () => this.#tick());
    if (parts.exporter !== undefined) {
      const { everySeconds = 15, firstSeconds = everySeconds } = parts.exporter;
      this.#every('exporter', everySeconds * 1000, () => this.#publishDebezium(), firstSeconds * 1000);
    }
    const { nativeEverySeconds, nativeFirstSeconds = nativeEverySeconds } = parts;
    this.#every('native', nativeEverySeconds * 1000, () => this.#publishNative(), nativeFirstSeconds * 1000);
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
    for (const slot of this.#slots) if (!onlyFailedTasks || slot.task.life === 'failed') slot.replace();
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
    for (const [index, slot] of this.#slots.entries()) slot.replace(fresh[index]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
    for (const slot of this.#slots) slot.end();
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
      for (const slot of this.#slots) slot.unassign(rebalanceDelayMs, () => this.#rebalanced());
    });
  }

  #tick(): void {
    for (const task of this.tasks) task.tick();
  }

  #publishDebezium(): void {
    const { exporter, telemetry, connector } = this.#parts;
    if (exporter === undefined || this.#brokerSilent()) return;
    for (const slot of this.#slots) {
      slot.task.sync();
      const metrics = slot.debeziumMetrics();
      if (metrics !== undefined) publishDebezium(telemetry, exporter, connector.configuration, { streaming: metrics });
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

  #makeSlots(found: Found): readonly TaskSlot[] {
    const { clock, random, kafka, connector, taskStarts } = this.#parts;
    const sink = found.sinkTopic !== undefined;
    return this.#settings(connector.configuration).map(
      (settings) =>
        new TaskSlot({
          clock,
          random,
          kafka,
          found,
          kind: kinds[found.source.kind],
          settings,
          ...(taskStarts !== undefined && { taskStarts }),
          log: new TaskLog(this.#log, connector.name, settings.index, connector.connectVersion, sink),
          count: (what) => {
            this.#taskStarts[what] += 1;
          },
          paused: () => this.#paused,
          restartIsUseless: () => this.inventedRestartDoesNotHelp,
          metricsStay: () => this.inventedMetricsStay,
        }),
    );
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

  #say(level: 'INFO' | 'ERROR', scope: string, message: string, where: string): void {
    this.#log.write(level, scope, message, `org.apache.kafka.connect.${where}`);
  }

  #every(name: string, intervalMs: number, act: () => void, firstMs = intervalMs): void {
    this.#after(name, firstMs, () => {
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
