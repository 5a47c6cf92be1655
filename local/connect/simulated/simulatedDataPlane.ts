import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';
import type { Random } from '../../seededRandom.ts';
import { DataPlaneError, type DataPlane, type RunningConnector, type StartedConnector } from '../dataPlane.ts';
import type { ExporterOptions } from '../exporter.ts';
import type { RowCount } from '../rowCount.ts';
import { SimulatedKafka } from './kafka.ts';
import type { TaskStarts } from './kinds.ts';
import type { SimulatedSource } from './source.ts';
import type { SimulatedTask } from './task.ts';
import { findSource, readTaskSettings, type Found } from './taskSettings.ts';
import { anyException } from './traces.ts';
import { SimulatedWorker } from './worker.ts';

export interface SimulatedDataPlaneOptions {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  /** The only source of chance. */
  readonly random: Random;
  /** By host name, as `database.hostname` of a connector gives it. */
  readonly databases?: Readonly<Record<string, SimulatedSource>>;
  /** By name, as a sink's `topics` gives it. */
  readonly topics?: Readonly<Record<string, SimulatedSource>>;
  /** Whether a connector was packaged with AWS's JMX exporter, and what it was told to send. @default none */
  readonly exporter?: (connector: StartedConnector) => ExporterOptions | undefined;
  /** @default 60 */
  readonly nativeEverySeconds?: number;
  /** From a worker's start until its first own metrics. @default `nativeEverySeconds` */
  readonly nativeFirstSeconds?: number;
  /** How long restarts take to give data. @default as measured of the kind of source */
  readonly taskStarts?: TaskStarts;
  /** The `Cluster Name` of the lag metrics. @default local */
  readonly clusterName?: string;
}

interface Running {
  readonly worker: SimulatedWorker;
  readonly found: Found;
}

/**
 * Kafka Connect workers that exist only as their signals: logs and metrics, as recorded from real ones. Everything that can go wrong is brought
 * about by a method here; nobody learns of it but by what the connector shows. What is measured and what is invented: `../README.md`.
 */
export class SimulatedDataPlane implements DataPlane {
  readonly #options: SimulatedDataPlaneOptions;
  readonly #kafka = new SimulatedKafka();
  readonly #running = new Map<string, Running>();
  readonly #sources = new Map<string, SimulatedSource>();

  constructor(options: SimulatedDataPlaneOptions) {
    this.#options = options;
  }

  /** @throws DataPlaneError when the configuration is refused, or what it points at does not exist or cannot be reached. */
  async start(connector: StartedConnector): Promise<RunningConnector> {
    const { clock, telemetry, random, databases, topics, exporter, nativeFirstSeconds, taskStarts } = this.#options;
    const found = findSource(connector.configuration, databases ?? {}, topics ?? {});
    readTaskSettings(connector, found);
    if (!found.source.reachable) {
      // MSK Connect validates a connector by Kafka Connect's own check, and Debezium's connects to the database [inferred].
      throw new DataPlaneError(
        'InvalidInput.InvalidConnectorConfiguration',
        `The connector configuration is invalid. Message: Unable to connect: Communications link failure (${found.server})`,
      );
    }
    const exported = exporter?.(connector);
    const worker = new SimulatedWorker({
      clock,
      telemetry,
      random,
      kafka: this.#kafka,
      connector,
      found,
      nativeEverySeconds: this.#options.nativeEverySeconds ?? 60,
      clusterName: this.#options.clusterName ?? 'local',
      ...(nativeFirstSeconds !== undefined && { nativeFirstSeconds }),
      ...(taskStarts !== undefined && { taskStarts }),
      ...(exported !== undefined && { exporter: exported }),
    });
    this.#running.set(connector.name, { worker, found });
    this.#sources.set(connector.name, found.source);
    return worker;
  }

  /** The connection to the source dies in silence. It heals only where a keep-alive is at work. */
  halfOpen(
    name: string,
    options: {
      readonly task?: number;
      /** When the keep-alive notices. @default drawn from 75 to 107 s */
      readonly noticedAfterSeconds?: number;
      /** No restart will cure it, only a recreation. No recording shows this. */
      readonly inventedRestartDoesNotHelp?: boolean;
      /** After a restart the dead task's metrics stand for good. Recorded on PostgreSQL, where it is so anyway. */
      readonly inventedMetricsStay?: boolean;
    } = {},
  ): void {
    const { worker } = this.#get(name);
    worker.inventedRestartDoesNotHelp = options.inventedRestartDoesNotHelp ?? false;
    worker.inventedMetricsStay = options.inventedMetricsStay ?? worker.inventedMetricsStay;
    for (const task of chosen(worker, options.task)) task.cut(options.noticedAfterSeconds);
  }

  /** The database's process hangs for so long, for every connector that reads it. */
  databaseHangs(name: string, seconds: number, noticedAfterSeconds?: number): void {
    this.#get(name).found.source.hang(seconds, noticedAfterSeconds);
  }

  /** Packets to the database vanish for so long, on old connections and new ones. */
  networkHole(name: string, seconds: number, noticedAfterSeconds?: number): void {
    this.#get(name).found.source.vanish(seconds, noticedAfterSeconds);
  }

  /** The connection is reset: on 2.7.1 the task dies of it, on 3.7.x it starts over by itself. */
  connectionReset(name: string): void {
    for (const task of this.#get(name).worker.tasks) task.reset();
  }

  /** A task dies of an exception. @param task Its number; all of them when absent. @param trace @default one that a restart does not cure */
  taskFailed(name: string, task?: number, trace: readonly string[] = anyException): void {
    for (const each of chosen(this.#get(name).worker, task)) each.fail(trace);
  }

  /** The broker hangs for so long. @param duringFlush It catches the task in a flush, of which one on 2.7.1 dies. */
  brokerHangs(name: string, seconds: number, duringFlush = false): void {
    this.#get(name).worker.loseBroker(seconds, duringFlush);
  }

  /** The source writes nothing more. */
  goIdle(name: string): void {
    this.#get(name).found.source.setRate(0);
  }

  goBusy(name: string, rowsPerSecond: number): void {
    this.#get(name).found.source.setRate(rowsPerSecond);
  }

  /** A task that reads and hands nothing on, with a living connection. No recording shows this. */
  inventedZombie(name: string, task?: number): void {
    for (const each of chosen(this.#get(name).worker, task)) each.block('invented-zombie');
  }

  /** How the rows of the source that a connector reads have fared; it may be deleted by now. */
  rows(name: string): RowCount {
    const source = this.#sources.get(name);
    if (source === undefined) throw new Error(`No connector named ${name} was ever started.`);
    for (const task of this.#running.get(name)?.worker.tasks ?? []) task.sync();
    return this.#kafka.count(name, source.written(this.#options.clock.now()));
  }

  #get(name: string): Running {
    const running = this.#running.get(name);
    if (running === undefined || running.worker.stopped) throw new Error(`No connector named ${name} is running.`);
    return running;
  }
}

function chosen(worker: SimulatedWorker, task: number | undefined): readonly SimulatedTask[] {
  return task === undefined ? worker.tasks : worker.tasks.slice(task, task + 1);
}
