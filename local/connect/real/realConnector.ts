import { setTimeout as wait } from 'node:timers/promises';
import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';
import type { OwnedProcess } from '../../real/ownedProcesses.ts';
import { DataPlaneError, type RunningConnector } from '../dataPlane.ts';
import { debeziumServer, publishDebezium, type ExporterOptions } from '../exporter.ts';
import { readJmx, type JmxValue } from './jmx.ts';
import { LineCounter } from './logLines.ts';
import type { ConnectorStatus } from './connectRest.ts';
import { startWorkerProcess, type WorkerProcess, type WorkerProcessParts } from './workerProcess.ts';
import { connectorId } from './workerSettings.ts';
import { debeziumMetrics, nativeMetrics, publishNative } from './workerMetrics.ts';
import { workerSample, type WorkerSample } from './workerSample.ts';

export interface RealConnectorParts extends Omit<WorkerProcessParts, 'onLine'> {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly exporter?: ExporterOptions;
  readonly nativeEverySeconds: number;
  readonly sampleEverySeconds: number;
  readonly onSample?: (sample: WorkerSample) => void;
  readonly onLine?: (connector: string, line: string) => void;
}

/** From the start of the process: a cold start of Java on a busy machine, with room. */
const startTimeoutMs = 120_000;
/** A connector that made no task by then has none to make, or one that MSK Connect does not wait for. */
const taskTimeoutMs = 60_000;
const scrapeTimeoutMs = 4_000;
const removeTimeoutMs = 10_000;
/** Long enough for tasks to stop (5 s) and to commit. */
const endGraceMs = 20_000;
/** How soon MSK Connect's containers are started again is not published [inferred]. */
const startAgainAfterMs = 10_000;

/** A connector on a worker of its own. Whoever made one calls {@link begin}, once. */
export class RealConnector implements RunningConnector {
  readonly #parts: RealConnectorParts;
  readonly #sink: boolean;
  readonly #counter: LineCounter;
  readonly #timers = new Map<string, () => void>();
  #worker: WorkerProcess | undefined;
  #stopped = false;

  constructor(parts: RealConnectorParts) {
    this.#parts = parts;
    this.#sink = isSink(parts.connector.configuration);
    this.#counter = new LineCounter(parts.connector.connectVersion, this.#sink);
  }

  get process(): OwnedProcess | undefined {
    return this.#worker?.process;
  }

  /**
   * Starts the worker and the connector; resolves when the connector instance runs and each of its tasks was started. A task that FAILED at once counts
   * as started: MSK Connect may show RUNNING over a start that never worked.
   * @throws DataPlaneError where the worker dies, does not come up, or refuses the configuration; then no process is left.
   */
  async begin(): Promise<void> {
    try {
      const worker = await this.#launch();
      const { nativeEverySeconds, sampleEverySeconds, exporter, connector } = this.#parts;
      if (this.#parts.onSample !== undefined) this.#every('sample', sampleEverySeconds * 1000, () => this.#sample());
      await this.#whileAlive(worker, async () => {
        await worker.rest.configure({ ...connector.configuration, name: connector.name });
        await this.#untilTasksStarted(worker);
      });
      if (exporter !== undefined) {
        this.#every('exporter', (exporter.everySeconds ?? 15) * 1000, () => this.#publishDebezium(exporter));
      }
      this.#every('native', nativeEverySeconds * 1000, () => this.#publishNative());
      void this.#startAgainWhenDead();
    } catch (error) {
      await this.#end(0);
      throw error;
    }
  }

  async restart(onlyFailedTasks: boolean): Promise<void> {
    const old = this.#parts.connector.connectVersion.startsWith('2.');
    await this.#rest().restart(old ? 'none' : onlyFailedTasks ? 'failed' : 'all');
  }

  async pause(): Promise<void> {
    await this.#rest().pause();
  }

  async resume(): Promise<void> {
    await this.#rest().resume();
  }

  async update(configuration: Readonly<Record<string, string>>): Promise<void> {
    await this.#rest().configure({ ...configuration, name: this.#parts.connector.name });
  }

  /** Takes the connector off its worker and ends it. A worker that does not answer is killed, a dead one is no obstacle. */
  async stop(): Promise<void> {
    const answered = await this.#worker?.rest.remove(removeTimeoutMs).then(
      () => true,
      () => false,
    );
    await this.#end(answered === true ? endGraceMs : 0);
  }

  /** Ends the worker at once, and everything that watches it. */
  async kill(): Promise<void> {
    await this.#end(0);
  }

  async #launch(): Promise<WorkerProcess> {
    const { connector, telemetry, onLine } = this.#parts;
    const stream = `${connector.name}-${connectorId(connector)}`;
    const worker = await startWorkerProcess({
      ...this.#parts,
      onLine: (workerId, line) => {
        this.#counter.add(line);
        if (connector.logGroup !== undefined) telemetry.log(connector.logGroup, stream, `[Worker-${workerId}] ${line}`);
        onLine?.(connector.name, line);
      },
    });
    this.#worker = worker;
    if (this.#stopped) {
      await worker.process.end(0);
      throw notStarted('It was stopped meanwhile.', worker);
    }
    await this.#whileAlive(worker, async () => {
      const giveUpAtMs = Date.now() + startTimeoutMs;
      while (!(await worker.rest.answers())) {
        if (Date.now() > giveUpAtMs) throw notStarted(`It did not answer within ${startTimeoutMs / 1000} s.`, worker);
        await wait(250);
      }
    });
    return worker;
  }

  /** Does the work, unless the worker dies over it. */
  async #whileAlive(worker: WorkerProcess, work: () => Promise<void>): Promise<void> {
    const death = worker.process.ended.then((how) => {
      throw notStarted(`It ${how}.`, worker);
    });
    const done = work();
    // Whichever comes second has nobody to tell.
    death.catch(() => undefined);
    done.catch(() => undefined);
    await Promise.race([done, death]);
  }

  async #untilTasksStarted(worker: WorkerProcess): Promise<void> {
    const giveUpAtMs = Date.now() + taskTimeoutMs;
    for (;;) {
      const status = await worker.rest.status();
      if (status?.connector.state === 'FAILED') {
        throw new DataPlaneError('InternalError', firstLine(status.connector.trace) ?? 'The connector did not start.');
      }
      if (status !== undefined && hasStarted(status)) return;
      if (Date.now() > giveUpAtMs) {
        if (status?.connector.state === 'RUNNING') return;
        throw notStarted(`The connector was not running after ${taskTimeoutMs / 1000} s.`, worker);
      }
      await wait(250);
    }
  }

  /** As the platform's containers would: a worker that died by itself is started again, with a new id, and finds its connector in its config topic. */
  async #startAgainWhenDead(): Promise<void> {
    while (this.#worker !== undefined) {
      await this.#worker.process.ended;
      await new Promise<void>((resolve) => this.#after('start again', startAgainAfterMs, async () => resolve()));
      try {
        await this.#launch();
      } catch {
        // Its log says why. The next one may do better.
        await this.#worker.process.end(0);
      }
    }
  }

  async #publishDebezium(exporter: ExporterOptions): Promise<void> {
    const values = await this.#jmx();
    const { telemetry, connector } = this.#parts;
    if (values === undefined) return;
    const metrics = debeziumMetrics(values, debeziumServer(connector.configuration));
    publishDebezium(telemetry, exporter, connector.configuration, metrics);
  }

  async #publishNative(): Promise<void> {
    const values = await this.#jmx();
    const { telemetry, connector } = this.#parts;
    if (values === undefined) return;
    publishNative(telemetry, connector.name, nativeMetrics(values, connector.name, this.#sink));
  }

  async #sample(): Promise<void> {
    const { connector, clock, onSample } = this.#parts;
    const at = clock.now();
    const [status, values] = await Promise.all([this.#worker?.rest.status(), this.#jmx()]);
    if (this.#stopped) return;
    onSample?.(workerSample(connector, at, { sink: this.#sink, status, values, counts: this.#counter.counts }));
  }

  /** `undefined`: the worker is gone or hangs, and whatever looks out from inside it shows nothing. */
  async #jmx(): Promise<readonly JmxValue[] | undefined> {
    if (this.#worker === undefined || !this.#worker.process.running) return undefined;
    try {
      return await readJmx(this.#worker.jmxPort, scrapeTimeoutMs);
    } catch {
      return undefined;
    }
  }

  #rest(): WorkerProcess['rest'] {
    if (this.#worker === undefined) throw new DataPlaneError('InternalError', 'The connector has no worker.');
    return this.#worker.rest;
  }

  async #end(graceMs: number): Promise<void> {
    this.#stopped = true;
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
    await this.#worker?.process.end(graceMs);
  }

  /** One look after the other: a worker that hangs is not asked twice at once. */
  #every(name: string, intervalMs: number, act: () => Promise<void>): void {
    let busy = false;
    const tick = async (): Promise<void> => {
      this.#after(name, intervalMs, tick);
      if (busy) return;
      busy = true;
      try {
        await act();
      } finally {
        busy = false;
      }
    };
    this.#after(name, intervalMs, tick);
  }

  #after(name: string, delayMs: number, act: () => Promise<void>): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    this.#timers.set(
      name,
      clock.at(clock.now() + delayMs, () => void act()),
    );
  }
}

/** Kafka Connect itself tells a sink by its class; a sink alone is given `topics` or `topics.regex`. */
export function isSink(configuration: Readonly<Record<string, string>>): boolean {
  return configuration['topics'] !== undefined || configuration['topics.regex'] !== undefined;
}

function hasStarted({ connector, tasks }: ConnectorStatus): boolean {
  const settled = tasks.every(({ state }) => state === 'RUNNING' || state === 'FAILED' || state === 'PAUSED');
  return (connector.state === 'RUNNING' || connector.state === 'PAUSED') && tasks.length > 0 && settled;
}

function notStarted(what: string, worker: WorkerProcess): DataPlaneError {
  return new DataPlaneError('InternalError', `The worker did not start. ${what} ${worker.lastWords()}`.trim());
}

function firstLine(trace: string | undefined): string | undefined {
  return trace?.split('\n')[0];
}
