/** Records per second of one task, as Kafka Connect's own metrics have them. */
export interface TaskRate {
  readonly connector: string;
  readonly task: number;
  /** `source-record-poll-rate` or `sink-record-read-rate`. */
  readonly recordsIn?: number;
  /** `source-record-write-rate` or `sink-record-send-rate`. */
  readonly recordsOut?: number;
}

/** What Debezium's streaming metrics say of one source; of one task and database of it, where there are several. */
export interface DebeziumValues {
  /** `topic.prefix`, before 2.0 `database.server.name`. */
  readonly server: string;
  /** `mysql`, `postgres`, ...; absent where a rule dropped it. */
  readonly plugin?: string;
  readonly connected?: number;
  readonly msSinceLastEvent?: number;
}

/** One worker's JMX values; what is not there is not zero. */
export interface WorkerMetrics {
  readonly rates: readonly TaskRate[];
  readonly debezium: readonly DebeziumValues[];
}
