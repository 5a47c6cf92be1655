import type { TaskStarts } from '../connect/simulated/kinds.ts';
import type { SimulatedSource, SourceKind } from '../connect/simulated/source.ts';
import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import type { Block, Life, Link } from './connectTask.ts';

export interface ConnectClusterOptions {
  readonly clock: LocalClock;
  /** The only source of chance. */
  readonly random: Random;
  /** In small letters; it is part of the workers' addresses in process. */
  readonly name: string;
  /** @default 1 */
  readonly workers?: number;
  /** Kafka Connect's version: what its REST interface knows depends on it. @default 3.7.1 */
  readonly version?: string;
  /** `offset.flush.interval.ms`, as Kafka Connect has it untold. @default 60 */
  readonly flushSeconds?: number;
  /** By host name, as `database.hostname` of a connector gives it. A connector whose database is not among these gets one of its own. */
  readonly databases?: Readonly<Record<string, SimulatedSource>>;
  /** By name, as a sink's `topics` gives it. */
  readonly topics?: Readonly<Record<string, SimulatedSource>>;
  /** How the JMX agent names what it shows: this repository's own rule, or the ones that most people copy. @default jmx */
  readonly metrics?: MetricsNaming;
  /** From the start of a worker's process to its first answer. @default 11 */
  readonly workerStartSeconds?: number;
  /** How far starts of tasks and workers may fall short of or exceed their length, as a share of it. @default 0 */
  readonly jitter?: number;
  /** How long restarts of tasks take to give data. @default as measured of the kind of source */
  readonly taskStarts?: TaskStarts;
  /** In process an answer takes so long: drawn evenly from the first to the second, in milliseconds. @default 2 to 10 */
  readonly latencyMs?: readonly [number, number];
  /** Who may ask, by Kafka Connect's basic authentication extension. @default everybody */
  readonly basic?: { readonly user: string; readonly password: string };
}

export type MetricsNaming = 'jmx' | 'debezium_metrics';

/** What stands behind a connector that finds no database or topic of its own among the cluster's. */
export interface AddedConnector {
  /** @default by `connector.class`: a sink is `topic`, Debezium's by their database, the rest `other` */
  readonly kind?: SourceKind;
  /** All its tasks together; 0: idle. @default 1 */
  readonly rowsPerSecond?: number;
  /** @default 0 */
  readonly existingRows?: number;
  /** A sink's; its topic has so many. @default as many as it has tasks */
  readonly partitions?: number;
  /** Other applications write to the same server, so that a heartbeat moves the offset of an idle source. @default false */
  readonly othersWrite?: boolean;
}

/** Which worker, by its place from 0, or by its `host:port`. */
export type WorkerChoice = number | string;

/** One partition of a consumer group, as an admin client sees it. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Absent: nothing was committed yet. */
  readonly committed?: number;
  readonly end: number;
  /** Client id of the member that it is assigned to: `connector-consumer-<name>-<task>`. */
  readonly client?: string;
}

/** A cluster that listens on 127.0.0.1: one REST interface and one Prometheus endpoint for each worker. */
export interface Listening {
  readonly urls: readonly string[];
  readonly prometheusUrls: readonly string[];
  close(): Promise<void>;
}

/** A change that somebody asked a worker for: everything but a GET. */
export interface AskedFor {
  readonly atMs: number;
  /** `host:port`. */
  readonly worker: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Absent: no answer was given. */
  readonly status?: number;
}

/** A connector as it truly is. */
export interface TrueConnector {
  /** What somebody wanted last. */
  readonly target: 'STARTED' | 'PAUSED' | 'STOPPED';
  readonly tasks: readonly TrueTask[];
}

/** A task as it truly is. */
export interface TrueTask {
  readonly task: number;
  /** `none`: it never began. */
  readonly life: Life | 'none';
  readonly link: Link;
  readonly blocks: readonly Block[];
  /** It has something to read from: a sink's task may have no partition. */
  readonly hasWork: boolean;
  readonly sourceReachable: boolean;
  /** To whom it is assigned, and whether that one runs in its group; absent: to nobody. */
  readonly worker?: string;
  readonly workerIsWell?: boolean;
}
