import type { WorkerLog } from './workerLog.ts';

/**
 * What a task writes into the worker's log, in the words and with the line numbers of each version. Recorded: the commits and
 * `records sent` (test/recordings/*.log). Read in the code: the others (apache/kafka 2.7.1 and 3.7.1, debezium 1.9.7 and 2.7.4); their line numbers are approximate.
 */
export class TaskLog {
  readonly #log: WorkerLog;
  readonly #scope: string;
  readonly #name: string;
  readonly #id: string;
  readonly #old: boolean;
  readonly #sink: boolean;

  constructor(log: WorkerLog, connector: string, index: number, connectVersion: string, sink: boolean) {
    this.#log = log;
    this.#scope = `task-${index}`;
    this.#name = `${connector}-${index}`;
    this.#id = `${sink ? 'WorkerSinkTask' : 'WorkerSourceTask'}{id=${connector}-${index}}`;
    this.#old = connectVersion.startsWith('2.');
    this.#sink = sink;
  }

  creating(): void {
    this.#log.write('INFO', this.#scope, `Creating task ${this.#name}`, 'org.apache.kafka.connect.runtime.Worker:509');
  }

  stopping(): void {
    this.#log.write('INFO', this.#scope, `Stopping task ${this.#name}`, 'org.apache.kafka.connect.runtime.Worker:1010');
  }

  couldNotStop(): void {
    const message = `Graceful stop of task ${this.#name} failed.`;
    this.#log.write('ERROR', this.#scope, message, 'org.apache.kafka.connect.runtime.Worker:1025');
  }

  started(): void {
    if (this.#sink) {
      const where = `org.apache.kafka.connect.runtime.WorkerSinkTask:${this.#old ? 309 : 326}`;
      this.#log.write('INFO', this.#scope, `${this.#id} Sink task finished initialization and start`, where);
      return;
    }
    const where = this.#old ? 'WorkerSourceTask:233' : 'AbstractWorkerSourceTask:280';
    const message = `${this.#id} Source task finished initialization and start`;
    this.#log.write('INFO', this.#scope, message, `org.apache.kafka.connect.runtime.${where}`);
  }

  /** One tick of the offset committer: `records` were acknowledged since the last one that went through. */
  tick(records: number): void {
    const scope = `${this.#scope}|offsets`;
    const where = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
    if (!this.#old) {
      if (records === 0) return;
      const message = `${this.#id} Committing offsets for ${records} acknowledged messages`;
      this.#log.write('INFO', scope, message, `${where}:233`);
      return;
    }
    this.#log.write('INFO', scope, `${this.#id} Committing offsets`, `${where}:485`);
    this.#log.write('INFO', scope, `${this.#id} flushing 0 outstanding messages for offset commit`, `${where}:502`);
    if (records === 0) return;
    this.#log.write('INFO', scope, `${this.#id} Finished commitOffsets successfully in 2 ms`, `${where}:583`);
  }

  /** A sink's commit; 3.7.1 says nothing at INFO. */
  sinkTick(sequence: number, topic: string, partition: number, offset: number): void {
    if (!this.#old) return;
    const offsets = `{${topic}-${partition}=OffsetAndMetadata{offset=${offset}, leaderEpoch=null, metadata=''}}`;
    const message = `${this.#id} Committing offsets asynchronously using sequence number ${sequence}: ${offsets}`;
    this.#log.write('INFO', this.#scope, message, 'org.apache.kafka.connect.runtime.WorkerSinkTask:349');
  }

  /** A tick while the broker does not answer. */
  tickTimedOut(outstanding: number): void {
    const scope = `${this.#scope}|offsets`;
    const where = 'org.apache.kafka.connect.runtime';
    if (this.#sink || !this.#old) {
      this.#log.write('WARN', scope, `${this.#id} Commit of offsets timed out`, `${where}.WorkerSourceTask:270`);
      return;
    }
    const message = `${this.#id} Failed to flush, timed out while waiting for producer to flush outstanding ${outstanding} messages`;
    this.#log.write('ERROR', scope, message, `${where}.WorkerSourceTask:509`);
    this.#log.write('ERROR', scope, `${this.#id} Failed to commit offsets`, `${where}.SourceTaskOffsetCommitter:116`);
  }

  recordsSent(records: number, sinceMs: number, position: string, server: string): void {
    const duration = formatDuration(sinceMs);
    const [message, line] = this.#old
      ? [
          `${records} records sent during previous ${duration}, last recorded offset: {transaction_id=null, ${position}}`,
          186,
        ]
      : [
          `${records} records sent during previous ${duration}, last recorded offset of {server=${server}} partition is {${position}}`,
          323,
        ];
    this.#log.write('INFO', this.#scope, message, `io.debezium.connector.common.BaseSourceTask:${line}`);
  }

  /** The task is dead: Kafka Connect's line and its trace. */
  failed(trace: readonly string[]): void {
    const message = `${this.#id} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted`;
    this.#log.write(
      'ERROR',
      this.#scope,
      message,
      `org.apache.kafka.connect.runtime.WorkerTask:${this.#old ? 191 : 212}`,
    );
    this.#log.writeTrace(trace);
  }

  /** Debezium's own retry after an error that may pass. */
  retrying(trace: readonly string[]): void {
    this.#log.write('ERROR', this.#scope, 'Producer failure', 'io.debezium.pipeline.ErrorHandler:52');
    this.#log.writeTrace(trace);
    const message = 'Going to restart connector after 10 sec. after a retriable exception';
    this.#log.write('WARN', this.#scope, message, 'io.debezium.connector.common.BaseSourceTask:347');
  }

  lostConnection(server: string): void {
    this.#log.writeBinlogClient('INFO', '$5 run', `Keepalive: Trying to restore lost connection to ${server}`);
  }

  stillLost(server: string, intervalMs: number): void {
    const message = `keepalive: Failed to restore connection to ${server}. Next attempt in ${intervalMs}ms`;
    this.#log.writeBinlogClient('WARNING', '$5 run', message);
  }

  connected(server: string, position: string): void {
    const message = `Connected to binlog at ${server}, starting at {${position}}`;
    const where = 'io.debezium.connector.mysql.MySqlStreamingChangeEventSource';
    this.#log.write('INFO', this.#scope, message, `${where}:${this.#old ? 1193 : 1222}`);
  }

  metricsTaken(attempt: number): void {
    const message = `Unable to register metrics as an old set with the same name exists, retrying in PT5S (attempt ${attempt} out of 12)`;
    this.#log.write('WARN', this.#scope, message, 'io.debezium.metrics.Metrics:92');
  }

  metricsOrphaned(): void {
    const message = 'Failed to register metrics MBean, metrics will not be available';
    this.#log.write('ERROR', this.#scope, message, 'io.debezium.metrics.Metrics:97');
  }
}

/** As Debezium's `Strings.duration`: `00:01:36.197`. */
function formatDuration(milliseconds: number): string {
  return new Date(Math.max(0, milliseconds)).toISOString().slice(11, 23);
}
