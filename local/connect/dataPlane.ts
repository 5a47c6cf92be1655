/**
 * What runs behind an MSK Connect connector: a Kafka Connect worker with its connector, real or simulated. The local MSK Connect
 * drives it; nothing else may. It shows itself to the world only through `Telemetry` (logs and metrics), as on AWS.
 */
export interface DataPlane {
  /** Starts workers and connector; resolves when the connector would be RUNNING. @throws DataPlaneError when it cannot start. */
  start(connector: StartedConnector): Promise<RunningConnector>;
}

export interface StartedConnector {
  readonly name: string;
  /** Full ARN; its id is part of the default topics' names. */
  readonly arn: string;
  /** `2.7.1` or `3.7.x`. */
  readonly connectVersion: string;
  readonly configuration: Readonly<Record<string, string>>;
  /** Names of its custom plugins. */
  readonly plugins: readonly string[];
  /** The worker configuration's properties, the three topics' names filled in as MSK Connect does. */
  readonly workerProperties: Readonly<Record<string, string>>;
  readonly logGroup?: string;
}

export interface RunningConnector {
  /** As the control plane does it: on 2.7.1 it reaches the connector instance only, not its tasks. */
  restart(onlyFailedTasks: boolean): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  update(configuration: Readonly<Record<string, string>>): Promise<void>;
  /** Ends workers and connector. Offsets stay in their topic. */
  stop(): Promise<void>;
}

/** Why a connector could not be started: `stateDescription` of a FAILED connector. */
export class DataPlaneError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'DataPlaneError';
    this.code = code;
  }
}
