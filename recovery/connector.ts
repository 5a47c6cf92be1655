import type { Instant } from './time.ts';

/**
 * Of MSK Connect (there is no DELETED: a deleted connector is not found), and of Kafka Connect itself, which has RUNNING, FAILED, PAUSED,
 * RESTARTING, and STOPPED and UNASSIGNED besides.
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_DescribeConnector.html
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/AbstractStatus.java
 */
export type ConnectorState =
  | 'CREATING'
  | 'RUNNING'
  | 'UPDATING'
  | 'DELETING'
  | 'FAILED'
  | 'RESTARTING'
  | 'PAUSING'
  | 'PAUSED'
  | 'RESUMING'
  | 'STOPPED'
  | 'UNASSIGNED';

/** A task as the REST API of a self-managed Kafka Connect shows it. */
export interface TaskState {
  readonly id: number;
  readonly state: 'RUNNING' | 'FAILED' | 'PAUSED' | 'UNASSIGNED' | 'RESTARTING' | 'STOPPED';
  /** `worker_id`: host and port of the worker that has it. */
  readonly worker: string;
  /** Of a FAILED one, without secrets. */
  readonly trace?: string;
}

/** What is sent to CreateConnector, as plain JSON. The fields beyond those named are validated by `parseCreateRequest` and carried along untouched. */
export interface CreateRequest {
  readonly connectorName: string;
  readonly kafkaConnectVersion: string;
  /** May hold secrets in plain text: never logged, never sent, never part of a reason. */
  readonly connectorConfiguration: Readonly<Record<string, string>>;
  readonly workerConfiguration?: { readonly workerConfigurationArn: string; readonly revision: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** An asynchronous operation on a connector, as DescribeConnectorOperation and ListConnectorOperations show it. */
export interface Operation {
  readonly arn: string;
  readonly type: string;
  readonly state: 'in-progress' | 'complete' | 'failed';
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
}

/** A connector that exists, as the control plane describes it. */
export interface LiveConnector {
  readonly name: string;
  readonly arn: string;
  /** `currentVersion`: DeleteConnector refuses when it has moved on. */
  readonly version: string;
  readonly state: ConnectorState;
  /** Code and message of `stateDescription`, without secrets. */
  readonly stateReason?: string;
  readonly createdAt: Instant;
  /** The live configuration in CreateConnector's shape, tags included. */
  readonly request: CreateRequest;
  /** Its newest operations, newest first. */
  readonly operations: readonly Operation[];
  /** Since when it was seen in this state without a gap, where it is watched all the time. */
  readonly stateSince?: Instant;
  /** Of a self-managed Kafka Connect: its tasks one by one. */
  readonly tasks?: readonly TaskState[];
  /** Of a self-managed Kafka Connect: the worker that has the connector's own instance. */
  readonly worker?: string;
}

export type Sighting = { readonly kind: 'present'; readonly connector: LiveConnector } | { readonly kind: 'absent' };
