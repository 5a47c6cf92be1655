import type { ConnectorKind, Policy, Remedy } from '../recovery/policy.ts';

/** The signals that can watch a connector; each becomes a CloudWatch alarm. */
export type Signal =
  'connected' | 'event-clock' | 'offset-commits' | 'errored-tasks' | 'running-tasks' | 'stalled-records' | 'lag';

/** One alarm as it will be deployed. */
export interface SignalSettings {
  readonly signal: Signal;
  /** `look`: the function looks at the connector. `notify`: the alarm goes to people only. */
  readonly does: 'look' | 'notify';
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many periods in a row must breach. */
  readonly periods: number;
}

/** Where the custom metrics of the connector's Debezium lie (AWS's JMX exporter plugin). */
export interface DebeziumMetrics {
  /** Such as `MSK_Connect`. */
  readonly namespace: string;
  /** Such as `{DBServerName: 'shop', type: 'streaming'}`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The metric names, by what they give; absent: it does not publish that one. */
  readonly connected?: string;
  readonly msSinceLastEvent?: string;
  readonly msBehindSource?: string;
  /** At most so long passes between two events of an idle source, its own heartbeat being one (MySQL, MariaDB). */
  readonly beatSeconds: number;
}

/** Where a sink's lag lies, in AWS/Kafka by consumer group and topic. */
export interface LagMetric {
  readonly clusterName: string;
  readonly consumerGroup: string;
  readonly topics: readonly string[];
}

export interface PreventiveRestart {
  /** An EventBridge Scheduler expression: `cron(...)` or `rate(...)`. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly remedy: Remedy;
}

/** What the owner says of a connector's surroundings, which cannot be read from AWS. */
export interface OwnersFacts {
  readonly pluginVersion?: string;
  readonly database?: string;
  readonly databaseTimeZone?: string;
  readonly binlogRetentionHours?: number;
  readonly longestOutageHours?: number;
  readonly topics?: readonly string[];
}

/** One connector with every default filled in. */
export interface ConnectorSettings {
  readonly name: string;
  readonly kind: ConnectorKind;
  /** `2.7.1` or `3.7.x`. */
  readonly connectVersion: string;
  /** What CreateConnector is allowed to pass. */
  readonly executionRoleArn: string;
  /** The connector's own log group; absent: no evidence from logs. */
  readonly logGroup?: string;
  readonly savedConfig: {
    /** Absent: the stack's own bucket. */
    readonly bucket?: string;
    readonly key: string;
  };
  readonly debezium?: DebeziumMetrics;
  readonly lag?: LagMetric;
  readonly signals: readonly SignalSettings[];
  readonly preventiveRestart?: PreventiveRestart;
  readonly facts?: OwnersFacts;
  readonly policy: Policy;
}

/** All of `connectors.json`, read, checked and completed. */
export interface Settings {
  readonly stackName: string;
  readonly notify: {
    readonly emails: readonly string[];
    /** An existing topic to use instead of a new one, and the customer-managed key it is encrypted with, if any. */
    readonly topic?: { readonly arn: string; readonly keyArn?: string };
  };
  /** ARNs of those who may use the key of the stack's bucket besides the function. */
  readonly operators: readonly string[];
  readonly connectors: readonly ConnectorSettings[];
}

/** The file that lies beside the function's bundle as `settings.json`: generated at synth, never written by hand. */
export interface FunctionSettings {
  readonly schema: 1;
  readonly stackName: string;
  readonly connectors: readonly ConnectorSettings[];
  /** Alarm name → whose it is and what it asks for: nobody guesses that from dimensions. */
  readonly alarms: Readonly<
    Record<string, { readonly connector: string; readonly signal: Signal; readonly does: 'look' | 'notify' }>
  >;
}
