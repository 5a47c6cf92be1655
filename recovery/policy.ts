/** What runs behind a connector: each kind shows life differently (see `kinds.ts`). */
export type ConnectorKind = 'mysql' | 'mariadb' | 'postgresql' | 'other-source' | 'sink';

/** `restart` and `recreate` on MSK Connect; a self-managed Kafka Connect can do everything but recreate (see `platforms.ts`). */
export type Remedy = 'restart' | 'recreate' | 'restart-failed-tasks' | 'stop-and-resume' | 'replace-worker';

/** When many connectors are silent at once, the cause is elsewhere: nothing is deleted, and only one is tried, until one comes back. */
export interface Breaker {
  /** So many connectors, and at least this share of the stack. */
  readonly atLeast: number;
  readonly share: number;
  /** What finds out whether the cause is over: a restart alone, or, where nobody can be restarted, a recreation. */
  readonly probe: Remedy;
}

/** What the owner of a connector allows, and how patient he is. Built by `settings/`, read by `decide` and `diagnose`. */
export interface Policy {
  readonly connector: string;
  readonly kind: ConnectorKind;
  /** Where it runs; absent: on MSK Connect. What that means is a row of `platforms.ts`. */
  readonly platform?: 'self-managed';
  /** As DescribeConnector writes it: `2.7.1`, `3.7.x`; on self-managed as `GET /` says it: `3.7.1`, `7.5.0-ccs`. */
  readonly connectVersion: string;
  /** In the order in which they are tried. */
  readonly remedies: readonly Remedy[];
  readonly evidence: {
    /** Records or commits at most this old are a sign of life. */
    readonly livelySeconds: number;
    /** How many of the source's own beats may be missed before its silence is a proof. */
    readonly missedBeats: number;
    /** The owner's word that records flow at least this often; silence beyond it is a proof. Absent: nothing is assumed. */
    readonly recordsAtLeastEverySeconds?: number;
    /** How often offsets are committed (the worker's `offset.flush.interval.ms`); absent: 60. */
    readonly flushSeconds?: number;
    /** Whether, without such a word, the connector's own past says how long it may be quiet. */
    readonly learnQuiet: boolean;
  };
  readonly waits: {
    readonly pollSeconds: number;
    /** For an act to end: a restart, a deletion, a creation. Beyond it people are told. */
    readonly restartSeconds: number;
    readonly deleteSeconds: number;
    readonly createSeconds: number;
    /** For data to be seen again after an act. */
    readonly verifySeconds: number;
    /** How long this kind of failure may need to heal by itself, from the first sign; no act before. */
    readonly healSeconds: number;
    /**
     * After a connector died because its source could not be reached: how long until a recreation may find out whether it can be again. What
     * fails again is tried with growing pauses that begin here.
     */
    readonly outOfReachSeconds: number;
  };
  readonly limits: {
    readonly restartsPerRecovery: number;
    readonly recreationsPerRecovery: number;
    readonly recoveriesPerDay: number;
    /** After a recovery that ended, no other is opened by an alarm for this long. */
    readonly cooldownSeconds: number;
    /**
     * How long to pause after the first, second, ... act in a row that brought nothing back, also from one recovery to the next; the last entry
     * repeats. In place of the cooldown where it is given. An hour of health forgives them all.
     */
    readonly backOffSeconds?: readonly number[];
  };
  /** What may happen to the healthy tasks of other connectors on a worker whose process is replaced; absent: there must be none. */
  readonly workers?: { readonly others: 'must-be-none' | 'may-be-interrupted' };
  /**
   * What to do when a recreation would lose the position, or nobody can say: 'must-survive' refuses. 'pin-default-topic' does, too, but for a source
   * whose offsets lie in MSK Connect's default topic: that topic is pinned in a worker configuration of its own before the deletion. That its
   * name can be told from the ARN is [inferred].
   */
  readonly offsets: 'must-survive' | 'pin-default-topic' | 'may-be-lost';
  /** What to do when the saved config differs from the live one. A restart stays allowed either way. */
  readonly drift: 'refuse' | 'recreate-from-saved';
  /** Whether a deletion needs a person's approval. A restart never does. */
  readonly deletions: 'by-itself' | 'after-approval';
  /** Absent where the stack is too small for one. */
  readonly breaker?: Breaker;
  /** No deletion unless the sweep was seen within this time. */
  readonly sweepSeenWithinSeconds: number;
}
