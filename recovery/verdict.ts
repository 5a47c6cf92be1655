import type { Instant } from './time.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';

/** One thing that was looked at and what was seen. */
export interface Evidence {
  /** Such as `event clock`, `offset commits`, `records in`. */
  readonly source: string;
  /** In a person's words: "473 s since the last event of the database; its heartbeat comes every 48 s". */
  readonly seen: string;
  readonly since?: Instant;
  /** What it speaks for. `silent`: no sign of life on a channel that works; no proof of death by itself. */
  readonly says: 'alive' | 'listening' | 'silent' | 'dead' | 'out of reach' | 'position lost' | 'errored' | 'nothing';
}

/** A silence that proves nothing yet, and when it would, if nothing were seen until then. */
export interface Ripening {
  readonly at: Instant;
  /** When what is alive now would count as silent, by the mere passing of time. */
  readonly silentAt?: Instant;
  /** In a person's words: "a beat of the database is overdue". */
  readonly because: string;
}

/** Why a restart cannot cure what a task died of, and its trace: first and "Caused by" lines, bounded, without secrets. */
export interface Incurable {
  readonly what:
    | 'credentials'
    | 'authorization'
    | 'unknown-topic'
    | 'serialization'
    | 'record-too-large'
    | 'schema'
    | 'configuration'
    | 'plugin';
  readonly trace: string;
  /** The tasks that died of it; none: the connector itself. */
  readonly tasks: readonly number[];
}

export interface Verdict {
  readonly kind: 'alive' | 'partial' | 'idle' | 'dead' | 'elsewhere' | 'unknown';
  /** One sentence. */
  readonly because: string;
  /** What would have changed it; for `unknown`, what to switch on. */
  readonly wouldChange: string;
  readonly evidence: readonly Evidence[];
  /** Since when no sign of life was seen, where that can be said. */
  readonly silentSince?: Instant;
  /** Of `elsewhere`: when its last task, or the connector itself, died of a source out of reach. Nobody has tried since. */
  readonly diedUnconnectedAt?: Instant;
  /** Of `elsewhere`: when its source last said that it no longer has the log from its position on. Nothing but a new snapshot helps. */
  readonly positionLostAt?: Instant;
  /** Of `dead`: when its source closed the connection that its task died of; it may be starting anew. */
  readonly closedBySourceAt?: Instant;
  /**
   * Of `dead`: its only proof is that it has been silent for longer than ever before in its own past. A restart needs no more; whether that
   * is enough for a deletion only a person can say.
   */
  readonly learnedOnly?: true;
  /** What Debezium publishes of it is a dead task's: it was judged by what remains. */
  readonly watchedWithLess?: WatchedWithLess;
  /** Of what may be deleted for it: why lines that forbid a deletion may be in the log unread. */
  readonly unread?: string;
  /** Of `dead` and `partial`, where tasks are seen one by one: those that are dead and that a restart may cure. */
  readonly deadTasks?: readonly number[];
  /** Of tasks seen one by one: those for which records wait, and that have taken none yet since they began or were restarted. */
  readonly unprovedTasks?: readonly number[];
  /** Of several tasks seen one by one: those for which nothing is known to wait, and that have taken nothing since they were restarted. */
  readonly unseenTasks?: readonly number[];
  /** Of `unseenTasks`, where nothing tells the tasks' records apart: what to switch on. */
  readonly tellsNoneApart?: string;
  /** Of what an act brought about: tasks that were restarted and run, and of which nothing shows records of their own. */
  readonly untoldTasks?: readonly number[];
  /** What a task, or the connector itself, died of is nothing that a restart cures. */
  readonly incurable?: Incurable;
  /** What would soon make it `dead`; of `alive`, `idle` and `unknown` only. */
  readonly ripens?: Ripening;
}
