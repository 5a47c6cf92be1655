import type { ConnectorOptions, ConnectorsFile } from '../../settings/schema.ts';

/** A connector of a story, and what it reads. */
export interface Character {
  readonly name: string;
  readonly kind: 'mysql' | 'postgresql' | 'sink';
  readonly connectVersion: '2.7.1' | '3.7.x';
  /** Rows a second in its database or topic. @default 1 */
  readonly rowsPerSecond?: number;
  /** Debezium's heartbeats. @default none */
  readonly heartbeatSeconds?: number;
  /** The binlog client's own keep-alive, which heals a half-open connection. @default false */
  readonly keepAlive?: boolean;
  /** `connect.keep.alive.interval.ms`, by which the database's own beat goes, too. @default 60 */
  readonly keepAliveSeconds?: number;
  /** Of a sink. @default 1 */
  readonly tasks?: number;
  /** Where its offsets lie: in a topic that outlives a recreation, or in one that every creation gets anew. @default pinned */
  readonly offsets?: 'pinned' | 'new with each creation';
  /** What its owner wants otherwise than by default, in the words of `connectors.json`. @default nothing */
  readonly wants?: ConnectorOptions;
}

/** What befalls a connector, or what somebody does. */
export type Event =
  | {
      readonly kind: 'half-open';
      readonly of: string;
      /** An invented death, which only a recreation ends. @default false */
      readonly restartDoesNotHelp?: boolean;
      /** The dead task keeps the names of its metrics, as was recorded of PostgreSQL. @default false, but for PostgreSQL */
      readonly metricsStay?: boolean;
    }
  | { readonly kind: 'database-hangs' | 'network-hole'; readonly of: string; readonly minutes: number }
  /** The cluster does not answer for so long; a task of 2.7.1 that it catches in a flush dies of it. */
  | { readonly kind: 'broker-hangs'; readonly of: string; readonly minutes: number; readonly duringFlush?: boolean }
  | { readonly kind: 'connection-reset'; readonly of: string }
  /** AWS itself works on it. */
  | {
      readonly kind: 'aws-operates';
      readonly of: string;
      readonly operation: 'ISOLATE_CONNECTOR' | 'RESTORE_CONNECTOR';
      readonly minutes: number;
    }
  /** No metric of any connector is published any more, until the telemetry is back. */
  | { readonly kind: 'metrics-stop' | 'metrics-return'; readonly of: string }
  /** Somebody deletes the log group that its worker log is delivered to. */
  | { readonly kind: 'log-group-deleted'; readonly of: string }
  /** A person mutes all its alarms for so long. */
  | { readonly kind: 'alarms-muted'; readonly of: string; readonly minutes: number }
  /** @param task Its number; all of them when absent. */
  | { readonly kind: 'task-fails'; readonly of: string; readonly task?: number }
  /** It reads and hands nothing on. No recording shows this. */
  | { readonly kind: 'invented-zombie'; readonly of: string }
  | { readonly kind: 'rate'; readonly of: string; readonly rowsPerSecond: number }
  | { readonly kind: 'person-pauses' | 'person-resumes' | 'person-deletes'; readonly of: string }
  /** Changes one property of the running connector. */
  | { readonly kind: 'person-updates'; readonly of: string; readonly property: string; readonly value: string }
  /** Deletes it and creates it anew as soon as its name is free. */
  | { readonly kind: 'person-replaces'; readonly of: string }
  /** Approves the deletion of it as it is. */
  | { readonly kind: 'person-approves'; readonly of: string }
  | { readonly kind: 'person-asks'; readonly of: string; readonly remedy?: 'restart' | 'recreate' }
  /** By the command line, as `anna`; on every connector where it is of `the stack`. */
  | { readonly kind: 'person-orders'; readonly of: string; readonly do: 'call-off' | 'hold' | 'release' }
  /** Runs the command that a mail about it shows beside these words, with her name in it. */
  | {
      readonly kind: 'person-follows-mail';
      readonly of: string;
      readonly saying: string;
      /** Which of those that show it. @default the last */
      readonly fromMail?: 'first';
    }
  /** The check of readiness, as its schedule begins it once a day. What it tells is `of: 'readiness'`. */
  | { readonly kind: 'daily-check'; readonly of: 'the stack' }
  /** An alarm about it reaches the product that way. `unknown`: of a connector that nobody configured. */
  | { readonly kind: 'alarm-arrives'; readonly of: string; readonly how: AlarmArrival; readonly times?: number };

export type AlarmArrival = 'plainly' | 'muted' | 'from a foreign account' | 'unknown' | 'composite';

/** What the services' own record says was done by the product; refused attempts are not acts. */
export type Act = 'restart' | 'restart of failed tasks' | 'delete' | 'create';

export interface Expected {
  /** @default [] */
  readonly acts?: readonly Act[];
  /** What people heard about it, in order and nothing else: what follows the connector's name in the subject. @default [] */
  readonly heard?: readonly string[];
  /** A death between telling people and writing it down makes them hear the same twice: better than never. @default false */
  readonly heardMayRepeat?: boolean;
  /** Texts that the last of these messages contains. @default [] */
  readonly lastMessageSays?: readonly string[];
  /** Minutes from the first to each of the messages that it is deleted and not back yet. */
  readonly alarmedAtMinutes?: readonly number[];
  /** Its state at the end. @default RUNNING */
  readonly state?: 'RUNNING' | 'PAUSED' | 'absent';
  /** Rows by key. `flows`: the last ones arrived, none is lost; `stands`: more than a minute's rows wait; `some`: a task's share is missing. */
  readonly rows?: {
    /** @default flows */
    readonly data?: 'flows' | 'stands' | 'some';
    /** @default none */
    readonly duplicated?: 'none' | 'some' | 'not counted';
  };
  /** At most so long passed from the (last) event to the first alarm that made the product look at it. */
  readonly alarmWithinSeconds?: number;
  /** Its alarms made the product look so often at most. */
  readonly looksForAlarmsAtMost?: number;
  /** At least so long passed from the (last) event to its first act. */
  readonly firstActNotBeforeSeconds?: number;
  /** At most so long passed from the (last) event to its first act. */
  readonly firstActWithinMinutes?: number;
  /** At most so long passed from the (last) event to its last act. */
  readonly lastActWithinMinutes?: number;
  /** At most so long passed from the moment at which its state became FAILED to its first act. */
  readonly firstActAfterFailedWithinMinutes?: number;
  /** At most so long passed from its last act to the last message. */
  readonly toldWithinMinutes?: number;
  /** Moments of its first act, as `HH:MM` in UTC. */
  readonly firstActAt?: string;
  /** Its saved config at the end still says what it said at first: property and value. */
  readonly savedConfigSays?: Readonly<Record<string, string>>;
  /** Properties that the saved config does not have. */
  readonly savedConfigLacks?: readonly string[];
  /** Reasons for which the product ignored what reached it; each must appear. */
  readonly ignored?: readonly string[];
  /** What its control plane refused the product. @default nothing */
  readonly refused?: 'nothing' | 'CreateConnector';
}

/** Who is there, what befalls whom, how long, and what must be true at the end. It knows nothing of the edge that it is run through. */
export interface Story {
  readonly name: string;
  /** The breaker over the stack, in the words of `connectors.json`. @default its defaults */
  readonly breaker?: ConnectorsFile['breaker'];
  readonly who: readonly Character[];
  /** How they lived before the product was there: so many days, in each of which nothing was written for so long. @default a few minutes */
  readonly past?: { readonly days: number; readonly lullMinutesADay: number };
  /** What befell them before the product was there. @default nothing */
  readonly before?: readonly Event[];
  /** The story's first moment is when all run, and the product has watched them for ten minutes. */
  readonly events: readonly { readonly atMinute: number; readonly event: Event }[];
  readonly lastsMinutes: number;
  /** Creations are refused for so long after the first deletion has ended. */
  readonly creationsRefusedMinutes?: number;
  /** Of the first such act the answer is lost: it is carried out, and the product cannot know. @default none */
  readonly answersLost?: readonly ('restart' | 'delete' | 'create')[];
  /**
   * At each call that the product makes about a connector, with this probability, it dies; so often at most. Whoever runs it notices at once
   * (`exits`) or only when its time is up (`falls silent`).
   */
  readonly productDies?: {
    readonly how: 'exits' | 'falls silent';
    readonly chance: number;
    readonly atMost: number;
    readonly seed: number;
  };
  readonly atTheEnd: Readonly<Record<string, Expected>>;
  /** How many messages the check of readiness sent, and texts that the last of them contains. @default not looked at */
  readonly readiness?: { readonly messages: number; readonly lastSays: readonly string[] };
  /** Messages about the product itself: their subjects contain these, each at least once, and no others come. @default none */
  readonly aboutTheProduct?: readonly string[];
}
