import type { AnsweredCall } from '../../local/aws/calls.ts';
import type { Durations } from '../../local/connect/durations.ts';
import type { RealDataPlane, WorkerSample } from '../../local/connect/real/realDataPlane.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import type { Stage } from '../demonstration/stage.ts';
import type { Ground } from './ground.ts';
import type { RealConnector } from './realConnector.ts';

/** An AWS account on this machine whose connectors are real: workers, broker, database; and the product deployed. Its time is real. */
export interface RealWorld extends Stage {
  readonly aws: LocalAws;
  readonly ground: Ground;
  readonly dataPlane: RealDataPlane;
  /** `connectors.json` as it was deployed. */
  readonly connectorsJson: string;
  /** What `npm run capture` said. */
  readonly captured: readonly string[];
  /** Ends every process and removes every file of the run. */
  close(): Promise<void>;
}

export interface RealWorldOptions {
  readonly connectors: readonly RealConnector[];
  /** What stands in `connectors.json` before the connectors are captured: `{ defaults: { ... } }`. @default nothing */
  readonly begun?: object;
  /** Of each database's writer. @default 1 */
  readonly rowsPerSecond?: number;
  /** MSK Connect's own waiting, on top of what the real worker takes. @default 1 s each */
  readonly durations?: Partial<Durations>;
  /** Puts a proxy between workers and broker. @default false */
  readonly brokerProxy?: boolean;
  /** Makes the database speak TLS. @default false */
  readonly tls?: boolean;
  /** Before any connector is created: tables, topics and the like. */
  readonly prepare?: (ground: Ground) => Promise<void>;
  /** Told of every call that the product makes. */
  readonly onCall?: (call: AnsweredCall) => void;
  readonly onSample?: (sample: WorkerSample) => void;
  /** Told of each line of a worker's log. */
  readonly onLine?: (connector: string, line: string) => void;
  /** Gives up opening it. */
  readonly signal?: AbortSignal;
  /** Told of each step. */
  readonly say: (text: string) => void;
}

/**
 * Opens such a world: MariaDB (PostgreSQL), broker and proxies, the local services, the connectors through MSK Connect's API, capture, synthesis, deployment.
 * Rows are written from before the connectors are created.
 * @throws MissingSoftware naming all that is missing, and how to get it
 */
export declare function openRealWorld(options: RealWorldOptions): Promise<RealWorld>;
