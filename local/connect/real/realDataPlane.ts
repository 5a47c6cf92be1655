import type { Telemetry } from '../../aws/service.ts';
import type { LocalClock } from '../../clock.ts';
import type { OwnedProcess, OwnedProcesses } from '../../real/ownedProcesses.ts';
import type { Software } from '../../real/software.ts';
import type { DataPlane, RunningConnector, StartedConnector } from '../dataPlane.ts';
import type { ExporterOptions } from '../exporter.ts';
import { clusterLag, ConsumerLag } from './consumerLag.ts';
import { isSink, RealConnector } from './realConnector.ts';
import type { WorkerSample } from './workerSample.ts';

export type { WorkerSample } from './workerSample.ts';

export interface RealDataPlaneOptions {
  /** In real time. */
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly processes: OwnedProcesses;
  readonly software: Pick<Software, 'java' | 'classPath' | 'jmxAgent'>;
  /** Of the workers and their connectors. */
  readonly bootstrapServers: string;
  /** Where the cluster itself is asked for a sink's lag. @default bootstrapServers */
  readonly clusterBootstrapServers?: string;
  /** Folder of a custom plugin, by its name as in its ARN. */
  readonly plugins: Readonly<Record<string, string>>;
  /** Whether a connector was packaged with AWS's JMX exporter, and what it was told to send. @default none */
  readonly exporter?: (connector: StartedConnector) => ExporterOptions | undefined;
  /** @default 60 */
  readonly nativeEverySeconds?: number;
  /** More options of a worker's JVM. @default none */
  readonly javaOptions?: (connector: StartedConnector) => readonly string[];
  /** The `Cluster Name` of the lag metrics. @default local */
  readonly clusterName?: string;
  /** @default 5 */
  readonly sampleEverySeconds?: number;
  readonly onSample?: (sample: WorkerSample) => void;
  /** Each line of a worker's output, as the worker wrote it. */
  readonly onLine?: (connector: string, line: string) => void;
}

/**
 * Real Kafka Connect workers, one process per connector. They show themselves through their logs and their JMX values, as on AWS, and the cluster shows
 * a sink's lag. What is real and what is inferred: `../README.md`.
 */
export class RealDataPlane implements DataPlane {
  readonly #options: RealDataPlaneOptions;
  readonly #connectors = new Map<string, RealConnector>();
  /** By group and topic: how to call off the next look at it. */
  readonly #lags = new Map<string, () => void>();
  readonly #cluster: ReturnType<typeof clusterLag>;
  #closed = false;

  constructor(options: RealDataPlaneOptions) {
    this.#options = options;
    this.#cluster = clusterLag(options.clusterBootstrapServers ?? options.bootstrapServers);
  }

  async start(connector: StartedConnector): Promise<RunningConnector> {
    const { exporter, javaOptions, onSample, onLine, nativeEverySeconds, sampleEverySeconds, ...rest } = this.#options;
    const exported = exporter?.(connector);
    const real = new RealConnector({
      ...rest,
      connector,
      javaOptions: javaOptions?.(connector) ?? [],
      nativeEverySeconds: nativeEverySeconds ?? 60,
      sampleEverySeconds: sampleEverySeconds ?? 5,
      ...(exported !== undefined && { exporter: exported }),
      ...(onSample !== undefined && { onSample }),
      ...(onLine !== undefined && { onLine }),
    });
    this.#connectors.set(connector.name, real);
    this.#watchLag(connector);
    await real.begin();
    return real;
  }

  /** The process of a connector's worker, for breaking it: the product cannot reach it. `undefined`: never started. */
  worker(name: string): OwnedProcess | undefined {
    return this.#connectors.get(name)?.process;
  }

  /** Ends every worker at once. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const callOff of this.#lags.values()) callOff();
    await Promise.all([...this.#connectors.values()].map((connector) => connector.kill()));
    await this.#cluster.close();
  }

  /** A group's lag is the cluster's: it is published while the worker hangs, and after the connector is gone. */
  #watchLag({ name, configuration }: StartedConnector): void {
    if (!isSink(configuration)) return;
    const group = `connect-${name}`;
    for (const topic of (configuration['topics'] ?? '').split(',').map((each) => each.trim())) {
      const key = `${group}/${topic}`;
      if (topic === '' || this.#lags.has(key)) continue;
      this.#lags.set(key, () => undefined);
      this.#publishLagLater(key, new ConsumerLag(this.#options.clusterName ?? 'local', group, topic));
    }
  }

  #publishLagLater(key: string, lag: ConsumerLag): void {
    const { clock, telemetry, nativeEverySeconds } = this.#options;
    const publish = async (): Promise<void> => {
      try {
        lag.publish(telemetry, await this.#cluster.read(lag.group, lag.topic), clock.now());
      } catch {
        // The cluster is out of reach: it publishes nothing of itself either.
      }
      if (!this.#closed) this.#publishLagLater(key, lag);
    };
    this.#lags.set(
      key,
      clock.at(clock.now() + (nativeEverySeconds ?? 60) * 1000, () => void publish()),
    );
  }
}
