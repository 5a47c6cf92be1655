import type { ConnectorKind, Policy, Remedy } from '../../recovery/policy.ts';

/**
 * A hostile history: what there is, and what befalls it when. Plain data, so that a seed gives it, a test may write it by hand, and a
 * failing one can be made smaller by leaving things out. Nothing in it depends on what the product does, but a befall may wait for it (`After`).
 */
export interface History {
  readonly seed: number;
  readonly connectors: readonly ConnectorPlan[];
  /** How long MSK Connect takes for its work. */
  readonly durations: {
    readonly createSeconds: number;
    readonly createFailureSeconds: number;
    readonly deleteSeconds: number;
    readonly restartSeconds: number;
  };
  /** Each invocation's clock lies up to so far from the world's, before or behind. */
  readonly clockSpreadSeconds: number;
  /** From here on nothing befalls any more and whatever was wrong in the services is over. Sooner, when all that befalls is over sooner. */
  readonly calmAtSeconds: number;
  readonly befalls: readonly Befall[];
}

export interface ConnectorPlan {
  readonly name: string;
  readonly kind: ConnectorKind;
  readonly connectVersion: '2.7.1' | '3.7.x';
  /** Whether its worker log goes to CloudWatch Logs. */
  readonly log: boolean;
  /** Whether the JMX exporter publishes Debezium's values (sources), or lag can be read (sinks). */
  readonly exporter: boolean;
  /** Whether a recreation would find the offsets. */
  readonly pinned: boolean;
  /** Whether it makes heartbeats of its own, every 30 s, as Debezium's can: they are records like any other. */
  readonly heartbeats: boolean;
  readonly saved: 'there' | 'missing' | 'differs';
  readonly idle: boolean;
  readonly remedies: readonly Remedy[];
  readonly offsets: Policy['offsets'];
  readonly drift: Policy['drift'];
  /** What differs from the default policy. */
  readonly waits: Partial<Policy['waits']>;
  readonly limits: Partial<Policy['limits']>;
}

/** Seconds since the beginning, or since the product made its nth call of that operation. */
export type When =
  { readonly atSeconds: number } | { readonly after: string; readonly nth: number; readonly seconds: number };

interface Befalling {
  readonly when: When;
}

interface OfConnector extends Befalling {
  /** Its place in `connectors`. */
  readonly connector: number;
}

export type Befall = Turning | Start | Trigger | Deed | StoreDeed | CallFault | Outage;

/** What becomes of a running connector. */
export interface Turning extends OfConnector {
  readonly kind: 'turns';
  readonly into: 'flowing' | 'idle' | 'dead' | 'unreachable' | 'tasks-failed' | 'some-tasks-failed';
  /** What cures a dead one: on 2.7.1 a restart does not reach the tasks, whatever stands here. */
  readonly curedBy: 'restart' | 'recreation';
  /** A restarted task runs without metrics of its own: those that show stay its predecessor's. */
  readonly orphaned: boolean;
}

/** How the connector comes up the nth time that it is created, the first creation before the history not counted. */
export interface Start {
  readonly kind: 'comes-up';
  readonly connector: number;
  readonly nth: number;
  readonly as: 'failed' | 'dead' | 'unreachable' | 'slow';
}

/** What calls the function. */
export type Trigger =
  /** So many alarm events, each so long on its way and delivered so many times. */
  | (OfConnector & {
      readonly kind: 'alarm';
      readonly times: number;
      readonly everySeconds: number;
      readonly lateSeconds: number;
      readonly copies: number;
      /** The OK that followed arrives before the ALARM. */
      readonly reordered: boolean;
    })
  /** So many invocations for the same connector at the same moment. */
  | (OfConnector & { readonly kind: 'looks-at-once'; readonly times: number })
  | (OfConnector & { readonly kind: 'person-asks'; readonly remedy: Remedy })
  /** A person steps in by the product's own commands. */
  | (OfConnector & { readonly kind: 'person-says'; readonly says: 'approve' | 'call-off' | 'hold' | 'release' })
  | (OfConnector & { readonly kind: 'schedule' });

/** What a person, or AWS itself, does to the connector. */
export interface Deed extends OfConnector {
  readonly kind:
    'person-deletes' | 'person-pauses' | 'person-resumes' | 'person-updates' | 'person-recreates' | 'own-operation';
  /** How long AWS's own operation lasts, or a person goes on trying what is refused. */
  readonly seconds: number;
}

/** What somebody does to the product's objects. */
export interface StoreDeed extends OfConnector {
  readonly kind:
    | 'journal-cut'
    | 'journal-gone'
    | 'journal-from-older-version'
    | 'journal-rolled-back'
    | 'backup-gone'
    | 'saved-changed'
    | 'saved-gone'
    | 'saved-broken';
}

/** What goes wrong with single calls of the product. */
export interface CallFault extends Befalling {
  readonly kind:
    | 'dies-before'
    | 'dies-during'
    | 'dies-after'
    | 'falls-silent'
    | 'answer-lost'
    | 'timeout'
    | 'timeout-but-done'
    | 'acts-late'
    | 'throttled'
    | 'error-500'
    | 'error-500-but-done'
    | 'error-503'
    | 'pauses-before'
    | 'pauses-after'
    | 'slow';
  /** The operations that it may hit: `*`, `read`, `change`, or one by its name. */
  readonly on: string;
  /** So many of those calls go well before it hits. */
  readonly skip: number;
  /** So many in a row are hit. */
  readonly times: number;
  /** How long it pauses, is slow, or acts late. */
  readonly seconds: number;
}

/** What is wrong for a while. */
export type Outage = Befalling & { readonly lastsSeconds: number } & (
    | {
        readonly kind:
          | 'creation-refused'
          | 'deletion-refused'
          | 'restart-refused'
          | 's3-refuses'
          | 's3-unavailable'
          | 'sns-refuses'
          | 'sns-unavailable'
          | 'connect-unavailable'
          | 'connect-throttles'
          | 'signs-unreadable';
        /** The service's error code. */
        readonly code: string;
        readonly status: number;
      }
    /** Reads of lists and descriptions are answered as they were up to so many seconds ago. */
    | { readonly kind: 'stale-reads'; readonly on: string; readonly seconds: number }
    | { readonly kind: 'sweep-off' }
    /** A deletion that begins meanwhile lasts so much longer. */
    | { readonly kind: 'deletion-hangs'; readonly seconds: number }
    /** Nothing is published. */
    | { readonly kind: 'metrics-missing'; readonly connector: number }
  );
