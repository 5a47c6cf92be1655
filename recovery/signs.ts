import type { TaskState } from './connector.ts';
import type { Instant } from './time.ts';

/** One datapoint: what was measured over `from`..`to` (a CloudWatch timestamp is the start of its period). */
export interface Sample {
  readonly from: Instant;
  readonly to: Instant;
  readonly value: number;
  /** The greatest value of the period, where `value` is the smallest and both were asked for. */
  readonly greatest?: number;
}

/** A metric over the window that was looked at, oldest sample first. */
export type Series =
  | { readonly kind: 'read'; readonly samples: readonly Sample[] }
  /** Nothing is configured to publish it; `cure` says what to switch on. */
  | { readonly kind: 'not-watched'; readonly cure: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** How often a kind of log line was seen in the window, and when last. */
export interface Lines {
  readonly count: number;
  readonly lastAt?: Instant;
}

/** What the connector's own worker log showed. */
export type LogSigns =
  | {
      readonly kind: 'read';
      /** Every page was read up to one without a next token; only then does an absence say anything. */
      readonly complete: boolean;
      /** From there on every page was read; absent where not even the newest lines were, or where `complete` says all. */
      readonly wholeSince?: Instant;
      /** The newest line of any connector in that log group: the witness that lines are delivered at all. */
      readonly newestLineAt?: Instant;
      /** Lines that say that offsets were committed. `undefined`: this Connect version writes none for this kind. */
      readonly commits?: Lines;
      /** Attempts to reconnect, and connections refused: somebody is trying, and the source is out of reach. */
      readonly reconnects: Lines;
      /** The source ended a connection by itself. */
      readonly closed: Lines;
      /** The source said that it no longer has the log from the connector's position on. */
      readonly positionLost: Lines;
      /** Uncaught exceptions of a task. */
      readonly taskFailures: Lines;
      /** A snapshot, or the reading of the schema history, that was begun and of whose end nothing was said since. */
      readonly startingUp: Lines;
      /** "Failed to register metrics MBean": the task goes on without metrics of its own, those that show are its predecessor's. */
      readonly metricsOrphaned: Lines;
    }
  | { readonly kind: 'not-watched'; readonly cure: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What was seen of committed offsets, of a source's position or a sink's consumer group, by reading them again and again. */
export type Position =
  | {
      readonly kind: 'read';
      /** From there on they were read without a gap; before that nobody knows what they did. */
      readonly since: Instant;
      /** When they were last seen to differ from the time before; absent: never since `since`. */
      readonly movedAt?: Instant;
      /** The reading before that one: they moved at some moment between the two, which may be before what was done meanwhile. */
      readonly movedAfter?: Instant;
      /** They were seen to move at a time that is not looked back to any more. */
      readonly movedBefore?: true;
      readonly readAt: Instant;
    }
  | { readonly kind: 'not-watched'; readonly cure: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What was seen of one task. */
export interface TaskSigns extends TaskState {
  /** Since when it was seen in its state, without a gap, on its worker. */
  readonly since: Instant;
  /** When it was seen to begin to run, from another state or on another worker; absent: it ran already when it was first seen. */
  readonly begunAt?: Instant;
  /** Records that wait in the partitions that it is assigned. */
  readonly waiting?: Series;
  /** Of the partitions that it is assigned. */
  readonly position?: Position;
  /** Records per second that it took in. */
  readonly recordsIn?: Series;
}

/** Everything that can be seen of a connector's life from outside, over one window of time. */
export interface Signs {
  readonly from: Instant;
  readonly to: Instant;
  /** Records per second that tasks took in: SourceRecordPollRate of a source, SinkRecordReadRate of a sink. */
  readonly recordsIn: Series;
  /** Records per second that tasks handed on: SourceRecordWriteRate or SinkRecordSendRate. */
  readonly recordsOut: Series;
  readonly runningTasks: Series;
  readonly erroredTasks: Series;
  /** Debezium's `Connected`, 0 or 1. */
  readonly connected: Series;
  /** Debezium's `MilliSecondsSinceLastEvent`; -1 before the first event. */
  readonly msSinceLastEvent: Series;
  /** Records that a sink's consumer group has yet to read. */
  readonly lag: Series;
  readonly log: LogSigns;
  /** Of a self-managed Kafka Connect: its committed offsets. */
  readonly position?: Position;
  /** Of a self-managed Kafka Connect: its tasks one by one; the counts of running and errored tasks then say nothing more. */
  readonly tasks?: readonly TaskSigns[];
}
