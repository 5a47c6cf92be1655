import type { ConnectorKind, Policy } from '../recovery/policy.ts';

/** What may be done to a connector of a self-managed Kafka Connect; nothing of it deletes. */
export type SelfManagedRemedy = 'restart-failed-tasks' | 'restart' | 'stop-and-resume' | 'replace-worker';

/** Whom to trust, and who we are, as paths of PEM files. */
export interface TlsSettings {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** Basic authentication, by the names of the environment variables that hold it. */
export interface BasicSettings {
  readonly userEnv: string;
  readonly passwordEnv: string;
}

/** Where the workers' JMX values are: at this port of every worker's host, or at these addresses. */
export type PrometheusSettings =
  { readonly port: number; readonly path: string } | { readonly urls: readonly string[] };

export interface KafkaSettings {
  /** `host:port` each. */
  readonly bootstrapServers: readonly string[];
  /** Absent: in plain text. */
  readonly tls?: TlsSettings;
  readonly sasl?: BasicSettings & { readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' };
}

/** How a worker process is ended so that another one takes its place. */
export type ReplaceSettings =
  | { readonly kind: 'ecs'; readonly cluster: string; readonly service: string }
  /** A program and its arguments; `{worker}` in one becomes the worker's `host:port`, `{host}` its host. */
  | { readonly kind: 'command'; readonly command: readonly string[] };

export interface WorkersSettings {
  readonly replace: ReplaceSettings;
  /** Whether healthy tasks of other connectors may be interrupted with it. */
  readonly others: 'must-be-none' | 'may-be-interrupted';
}

/** One Kafka Connect cluster with every default filled in. */
export interface ClusterSettings {
  /** What people and the store call it; the beginning of its connectors' names. */
  readonly name: string;
  /** The REST interface of each worker, without a slash at the end. */
  readonly urls: readonly string[];
  /** Where people find a connector: `{connector}` in it becomes its name; without that, the REST interface as they reach it. */
  readonly link?: string;
  /** Names of connectors; `*` stands for any text. */
  readonly connectors: readonly string[];
  readonly except: readonly string[];
  /** The address of a worker that advertises one which cannot be reached from here, by its `host:port`. */
  readonly advertised: Readonly<Record<string, string>>;
  readonly tls?: TlsSettings;
  readonly basic?: BasicSettings;
  readonly prometheus?: PrometheusSettings;
  readonly kafka?: KafkaSettings;
  readonly workers?: WorkersSettings;
  /** How long a worker may take for an answer. */
  readonly timeoutSeconds: number;
  /** The workers' `offset.flush.interval.ms`, in seconds: offsets tell no sooner. */
  readonly offsetFlushSeconds: number;
}

export type StoreSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  /** `prefix` ends with a slash, or is empty. */
  | { readonly kind: 'bucket'; readonly bucket: string; readonly prefix: string };

export interface WebhookSettings {
  /** The environment variable that holds its address, which is a secret. */
  readonly urlEnv: string;
  readonly format: 'slack' | 'json';
}

/** What the owner of connectors may say of them; what is absent gets the default of its kind. */
export interface ConnectorWishes {
  readonly kind?: ConnectorKind;
  readonly remedies?: readonly SelfManagedRemedy[];
  readonly evidence?: Partial<Omit<Policy['evidence'], 'learnQuiet'>>;
  readonly waits?: Partial<
    Pick<Policy['waits'], 'restartSeconds' | 'verifySeconds' | 'healSeconds' | 'outOfReachSeconds'>
  >;
  readonly limits?: Partial<Pick<Policy['limits'], 'restartsPerRecovery' | 'recoveriesPerDay' | 'cooldownSeconds'>> & {
    /** The pause after the nth act in a row that brought nothing back; the last one repeats. */
    readonly backOffSeconds?: readonly number[];
  };
}

/** Wishes for the connectors whose `<cluster>/<name>` one of the patterns fits. */
export interface Override extends ConnectorWishes {
  readonly connectors: readonly string[];
}

/** All of `watchdog.json`, read, checked and completed. */
export interface WatchdogSettings {
  readonly name: string;
  readonly pollSeconds: number;
  readonly clusters: readonly ClusterSettings[];
  readonly store: StoreSettings;
  readonly tell: { readonly topicArn?: string; readonly webhooks: readonly WebhookSettings[] };
  readonly listen: { readonly host: string; readonly port: number };
  /** So many recoveries are under way at once. */
  readonly recoveriesAtOnce: number;
  readonly breaker: { readonly atLeast: number; readonly share: number };
  readonly defaults: ConnectorWishes;
  /** The later one wins. */
  readonly overrides: readonly Override[];
}
