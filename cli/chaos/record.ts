import type { LocalService } from '../../local/aws/service.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';

/**
 * What is left of a hostile history: the services' own record of calls, what people got, and what was true. An observer judges by this
 * alone. All times are the world's own, in milliseconds since the epoch; an invocation's clock may differ from it by seconds.
 */
export interface HistoryRecord {
  readonly seed: number;
  readonly transport: 'direct' | 'sdk';
  readonly startMs: number;
  /** The last fault or deed of a person was over: from here on the world is kind. */
  readonly faultsEndMs: number;
  /** By when everything must be well, reckoned from `faultsEndMs` (docs/chaos.md). */
  readonly boundMs: number;
  readonly endMs: number;
  /** What the function was deployed with. */
  readonly settings: FunctionSettings;
  readonly bucket: string;
  readonly functionArn: string;
  /** Every call at a service, by the product and by persons, in the order in which the services took them. */
  readonly calls: readonly RecordedCall[];
  /** Every invocation that began, in that order. */
  readonly invocations: readonly RecordedInvocation[];
  /** What reached people, in the order of time. */
  readonly messages: readonly { readonly atMs: number; readonly subject: string; readonly text: string }[];
  /** What the product logged, parsed: `time` is by the invocation's own clock. */
  readonly logLines: readonly LoggedLine[];
  /** What befell, and when it hit. */
  readonly hits: readonly FaultHit[];
  /** By name. */
  readonly connectors: Readonly<Record<string, ConnectorRecord>>;
  /** What was planted in configurations, error messages and log lines, and must not come out anywhere. */
  readonly secrets?: readonly string[];
}

export interface RecordedCall {
  readonly index: number;
  readonly atMs: number;
  readonly by: 'product' | 'person';
  /** Which of `invocations` made it; absent for a person. */
  readonly invocation?: number;
  readonly service: LocalService['name'];
  /** As the SDK names it, with its own shapes: `DeleteConnector`, `PutObject`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The service's answer, even where the caller never got it, or got an older one in its place (`stale-read`). */
  readonly output?: Readonly<Record<string, unknown>>;
  /** What the service, or the fault in its place, refused with. */
  readonly error?: { readonly code: string; readonly status: number };
  /** The service did it: the call arrived and was not refused. */
  readonly carriedOut: boolean;
  /** The caller got an answer or an error from the service; a process that died or an answer that was lost got none. */
  readonly answered: boolean;
  /** The fault that hit this call. */
  readonly fault?: string;
  /**
   * When the product let it go, and how many calls had been taken by then, where it arrived later: its process stood still, or it was long on its
   * way. What it was decided on was known then.
   */
  readonly sent?: { readonly atMs: number; readonly index: number };
}

export interface RecordedInvocation {
  readonly id: number;
  readonly requestId: string;
  /** Its payload, parsed. */
  readonly event: unknown;
  readonly startMs: number;
  endMs?: number;
  /** How it ended; absent while it is under way. `died`: its process was killed. */
  ended?: 'answered' | 'failed' | 'died' | 'timed-out';
  /** The error of one that failed. */
  error?: string;
  /** What it answered, as text. */
  answer?: string;
  /** So far ahead of the world's clock is its own. */
  readonly clockAheadMs: number;
}

export interface LoggedLine {
  readonly atMs: number;
  readonly invocation: number;
  readonly event: string;
  readonly connector?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface FaultHit {
  readonly kind: string;
  readonly atMs: number;
  readonly connector?: string;
  /** The call that it hit, by its index. */
  readonly call?: number;
}

/** What a connector does in truth, whatever its metrics and logs may show. */
export type Truth =
  /** Records flow. */
  | 'flowing'
  /** Alive, with nothing to do; where its kind can prove it, the proofs of listening are there. */
  | 'idle'
  /** RUNNING and dead: nothing flows, and it does not heal by itself. */
  | 'dead'
  /** Its source is out of reach; it flows again when the source is back, unless it died of it. */
  | 'unreachable'
  /** Some of its tasks are in error, and the others move records. */
  | 'partly'
  /** Its tasks are in error. */
  | 'tasks-failed'
  /** The state FAILED. */
  | 'failed'
  /** PAUSED, or on its way there or back. */
  | 'paused'
  /** Being created, updated, restarted or deleted. */
  | 'changing'
  | 'absent';

export interface ConnectorRecord {
  readonly name: string;
  /**
   * What it does in truth, and from when on; the first span begins at `startMs`. What a call brings about is true from the next millisecond on, so
   * that a call finds what was true before it.
   */
  readonly truth: readonly { readonly fromMs: number; readonly arn?: string; readonly is: Truth }[];
  /** Its states in MSK Connect, each as of the first call or event after it changed. */
  readonly states: readonly { readonly atMs: number; readonly arn: string; readonly state: string }[];
  /** What persons did by hand, and whether MSK Connect accepted it. */
  readonly persons: readonly {
    readonly atMs: number;
    readonly did: string;
    readonly accepted: boolean;
    /** The connector that it was done to. */
    readonly arn?: string;
  }[];
  readonly end: {
    readonly arn?: string;
    /** Absent: the connector does not exist. */
    readonly state?: string;
    readonly truth: Truth;
    /** The text of its journal; absent: there is none. */
    readonly journal?: string;
    readonly savedConfig?: string;
    /** Its backups, oldest first. */
    readonly backups: readonly { readonly key: string; readonly text: string }[];
  };
}
