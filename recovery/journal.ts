import type { CreateRequest } from './connector.ts';
import type { Approval, CallOff, Hold, Intervention } from './intervention.ts';
import type { Lulls } from './lulls.ts';
import type { Message } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { InStack } from './suspicion.ts';
import type { Trigger } from './trigger.ts';
import type { Instant } from './time.ts';
import type { Verdict } from './verdict.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';

/** An act is written down before it is carried out (`intendedAt`), and again when its answer is known. */
export interface RestartAct {
  readonly kind: 'restart';
  readonly intendedAt: Instant;
  readonly arn: string;
  readonly onlyFailedTasks: boolean;
  /** Absent: by a restart of what it names. */
  readonly by?: 'stop-and-resume' | 'replace-worker';
  /** Those tasks, each by a call of its own (see `RestartHow`). */
  readonly tasks?: readonly number[];
  /** The worker whose process is replaced. */
  readonly worker?: string;
  /** Of a stop: when the connector was seen STOPPED. */
  readonly stoppedAt?: Instant;
  /** Of a stop: how often it was resumed, when last, and when that was last accepted. */
  readonly resumes?: {
    readonly times: number;
    readonly lastAt: Instant;
    readonly acceptedAt?: Instant;
    readonly reason?: string;
  };
  readonly operationArn?: string;
  readonly endedAt?: Instant;
  /** `not-carried-out`: its answer was lost and nothing shows that it happened. */
  readonly result?: 'complete' | 'failed' | 'refused' | 'timed-out' | 'not-carried-out';
  readonly reason?: string;
  /** Of one that was refused: for a missing right. */
  readonly denied?: true;
  /** Of one that was refused: for what was under way. */
  readonly busy?: true;
}

export interface DeleteAct {
  readonly kind: 'delete';
  readonly intendedAt: Instant;
  readonly arn: string;
  readonly version: string;
  /** Where the live configuration lies, stored after the intent and before the deletion. */
  readonly backup?: string;
  /** What will be created again. Kept here and in the backup, so that one of them suffices. */
  readonly recreateFrom: CreateRequest;
  /** When DeleteConnector answered that it had begun. */
  readonly acceptedAt?: Instant;
  /** Set once the backup says that its intent is over; until then it is closed again and again. */
  readonly backupClosedAt?: Instant;
  readonly endedAt?: Instant;
  readonly result?: 'gone' | 'refused' | 'not-carried-out';
  readonly reason?: string;
}

export interface CreateAct {
  readonly kind: 'create';
  readonly intendedAt: Instant;
  /** What is created. */
  readonly request: CreateRequest;
  /** Set once the connector is seen or CreateConnector answered. */
  readonly arn?: string;
  /** The connector was seen to exist under that ARN. */
  readonly seenAt?: Instant;
  readonly endedAt?: Instant;
  readonly result?: 'running' | 'failed' | 'refused' | 'vanished';
  readonly reason?: string;
  /** How often CreateConnector was refused or not answered, and since when; such attempts are kept as one act. */
  readonly refusals?: { readonly times: number; readonly since: Instant };
}

export type Act = RestartAct | DeleteAct | CreateAct;

/** A recovery under way. */
export interface Recovery {
  readonly id: string;
  readonly openedAt: Instant;
  readonly trigger: Trigger;
  /** The verdict that opened it. */
  readonly verdict: Verdict;
  readonly acts: readonly Act[];
  /** It finds out for the whole stack whether the cause is over. */
  readonly forStack?: true;
  /** When people were last told that this recovery does not come to its end, and how often. */
  readonly alarmed?: { readonly at: Instant; readonly times: number };
}

export interface PastRecovery {
  readonly id: string;
  readonly openedAt: Instant;
  readonly endedAt: Instant;
  readonly outcome: Outcome['kind'];
  /** When its last act ended: signs that are older belong to a task that is gone. */
  readonly actedAt?: Instant;
  readonly acts: readonly Act['kind'][];
  /** A restart that found a source still out of reach, or the cause of the whole stack not over: it counts for no limit. */
  readonly probe?: true;
  /** Of one that brought nothing back: when it was first seen alive after it. */
  readonly aliveAt?: Instant;
  /** It was to find out for the whole stack whether the cause is over, and brought nothing back. */
  readonly forStack?: true;
  /** What it was opened for. */
  readonly verdict?: Verdict['kind'];
}

/** What people were told last and what still stands: they hear again only when it changes. */
export interface Standing {
  /** Verdict and outcome in one word each, such as `dead/refused`. */
  readonly key: string;
  readonly since: Instant;
  /** People heard of it in a message about the whole stack; that it is over is no news of its own. */
  readonly byStack?: true;
}

/** What people should have heard, and the notifier refused to take; told at a later look. */
export interface Untold {
  readonly at: Instant;
  readonly message: Message;
}

/** The record of one connector, by name. One object, written only by compare and swap: its lease and its content cannot part. */
export interface Journal {
  readonly schema: 1;
  readonly connector: string;
  readonly lease?: { readonly holder: string; readonly until: Instant };
  readonly recovery?: Recovery;
  /** Newest first, the last twenty. */
  readonly history: readonly PastRecovery[];
  readonly standing?: Standing;
  /** What people were told once to switch on, so that next time it can be known; newest first. */
  readonly advised?: readonly string[];
  /** Silences of which nobody could tell what they were. */
  readonly lulls?: Lulls;
  /** The metrics of its dead task stand, as people were told once; until a recreation, or the living task is heard. */
  readonly watchedWithLess?: WatchedWithLess;
  /** Oldest first. */
  readonly untold?: readonly Untold[];
  /** When the connector was last looked at to the end. */
  readonly lookedAt?: Instant;
  /** What it says to the others of its stack. */
  readonly stack?: InStack;
  /** What persons ordered, newest first, the last ten. */
  readonly interventions?: readonly Intervention[];
  readonly hold?: Hold;
  readonly approval?: Approval;
  readonly calledOff?: CallOff;
  /** What it died of no restart cures, and with which configuration (its version); until it lives, or the configuration is another. */
  readonly incurable?: { readonly version: string; readonly since: Instant };
}
