import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';

export interface WorkerLogOptions {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly connector: string;
  /** Such as `0edd1b9d4d5c6f0d1`. */
  readonly workerId: string;
  /** Absent: nothing is delivered. */
  readonly logGroup?: string;
  readonly stream: string;
}

type Level = 'INFO' | 'WARN' | 'ERROR';

/** A worker's log as MSK Connect delivers it: every line an event of its own, each with the worker in front. */
export class WorkerLog {
  readonly #options: WorkerLogOptions;

  constructor(options: WorkerLogOptions) {
    this.#options = options;
  }

  /** A line of the connector: `scope` is `task-0`, `task-0|offsets` or `worker`; `where` is logger and line. */
  write(level: Level, scope: string, message: string, where: string): void {
    this.#deliver(`[${this.#time()}] ${level} [${this.#options.connector}|${scope}] ${message} (${where})`);
  }

  /** A line of the worker that names no connector, as its Kafka clients write. */
  writeUnscoped(level: Level, message: string, where: string): void {
    this.#deliver(`[${this.#time()}] ${level} ${message} (${where})`);
  }

  /** An exception below its line: every line of the trace is an event, without time or connector. */
  writeTrace(lines: readonly string[]): void {
    for (const line of lines) this.#deliver(line);
  }

  /**
   * A line of the binlog client. It logs through java.util.logging, past the worker's log4j: two lines, without the connector's name.
   * Seen so at https://github.com/shyiko/mysql-binlog-connector-java/issues/84; that MSK Connect delivers such lines is [inferred].
   */
  writeBinlogClient(level: 'INFO' | 'WARNING', method: string, message: string): void {
    const at = new Date(this.#options.clock.now());
    const date = at.toLocaleString('en-US', {
      month: 'short',
      day: 'numeric',
      year: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      timeZone: 'UTC',
    });
    // Java writes `Nov 28, 2022 10:47:09 PM`, without the comma after the year.
    this.#deliver(
      `${date.replace(/(\d{4}),\s/u, '$1 ').replace(/\s/gu, ' ')} com.github.shyiko.mysql.binlog.BinaryLogClient${method}`,
    );
    this.#deliver(`${level}: ${message}`);
  }

  #time(): string {
    return new Date(this.#options.clock.now()).toISOString().replace('T', ' ').replace('.', ',').slice(0, -1);
  }

  #deliver(text: string): void {
    const { logGroup, stream, workerId, telemetry } = this.#options;
    if (logGroup !== undefined) telemetry.log(logGroup, stream, `[Worker-${workerId}] ${text}`);
  }
}
