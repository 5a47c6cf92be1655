import type { TaskState } from '../../recovery/connector.ts';
import type { Instant } from '../../recovery/time.ts';
import type { PartitionLag } from './consumerGroups.ts';
import type { WorkerMetrics } from './prometheus.ts';

/** What a worker's REST interface, and its herder behind it, did in one round. */
export type WorkerAnswer =
  | { readonly kind: 'answers'; readonly tookMs: number }
  /** It answered, or may yet, but not within what a round can wait. */
  | { readonly kind: 'slow'; readonly tookMs: number }
  /** Nobody there, or no answer in several rounds. */
  | { readonly kind: 'silent'; readonly since: Instant; readonly reason: string }
  /**
   * The REST interface answers, the herder behind it does not: it waits for its group, which it has lost, or for a task that does not stop.
   * `reason`: in its own words, as soon as it said some.
   */
  | { readonly kind: 'lost-its-group'; readonly since: Instant; readonly reason?: string };

/** One worker, as one round saw it. */
export interface WorkerSeen {
  /** `worker_id`: the host and port that it advertises. */
  readonly worker: string;
  /** Its REST interface; absent: known only from the states of what it has, and not asked. */
  readonly url?: string;
  /** Absent where it is not asked. */
  readonly answer?: WorkerAnswer;
  /** Kafka Connect's, as `GET /` says it: `3.7.1`. */
  readonly version?: string;
  readonly kafkaClusterId?: string;
  /** It refuses what needs the group, with 409: a rebalance is under way. */
  readonly rebalancing: boolean;
}

/** What one JMX agent showed. */
export interface MetricsSeen {
  /** The worker that it belongs to; absent where the settings do not tell. */
  readonly worker?: string;
  readonly values: Reading<WorkerMetrics>;
}

/** What came of a question that a round asked beside. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly at: Instant; readonly value: T }
  | { readonly kind: 'not-watched'; readonly cure: string }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** It was not this one's turn; what was read before stands. */
  | { readonly kind: 'not-asked' };

/** As Connect shows it; secrets are not yet blanked in its trace. */
export type TaskSeen = TaskState;

/** The states of a connector's own instance in Kafka Connect. */
export type InstanceState = 'RUNNING' | 'FAILED' | 'PAUSED' | 'STOPPED' | 'UNASSIGNED' | 'RESTARTING' | 'DESTROYED';

/** One connector, as one round saw it. */
export interface ConnectorSeen {
  readonly name: string;
  readonly type: 'source' | 'sink' | 'unknown';
  readonly state: InstanceState;
  readonly worker: string;
  readonly trace?: string;
  readonly tasks: readonly TaskSeen[];
  /** As it was given to Connect, references to config providers unresolved; may hold secrets. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Committed offsets, by partition, each in one text of its own: a source's, or a sink's where no Kafka cluster is named. */
  readonly offsets: Reading<ReadonlyMap<string, string>>;
  /** Of a sink's consumer group. */
  readonly lag: Reading<readonly PartitionLag[]>;
}

/** All that one poll round saw of a cluster. */
export interface ClusterSeen {
  readonly cluster: string;
  /** When it began. */
  readonly at: Instant;
  readonly tookSeconds: number;
  readonly workers: readonly WorkerSeen[];
  /** Of each JMX agent that is named; none: nobody named any. */
  readonly metrics: readonly MetricsSeen[];
  /** A change would be refused with 409 now. */
  readonly rebalancing: boolean;
  readonly connectors:
    | {
        readonly kind: 'read';
        readonly at: Instant;
        /** The worker that showed them. */
        readonly by: string;
        readonly list: readonly ConnectorSeen[];
        /** Those of the cluster that are not watched: they too live on its workers. */
        readonly others: readonly Pick<ConnectorSeen, 'name' | 'type' | 'state' | 'worker' | 'trace' | 'tasks'>[];
      }
    | { readonly kind: 'unreadable'; readonly reason: string };
}
