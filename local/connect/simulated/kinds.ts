import type { SourceKind } from './source.ts';

/** How a kind of source shows itself through its connector: one row for each, as measured (docs/evidence.md). */
export interface Kind {
  /** Debezium publishes its own metrics. */
  readonly debezium: boolean;
  /** The database's own replication heartbeat, as a share of `connect.keep.alive.interval.ms`; it reaches the event clock. */
  readonly serverBeatShare?: number;
  /** When Debezium's own heartbeat is written: along with an event (the server's beat is one), or whenever its interval is over. */
  readonly heartbeat: 'with-event' | 'by-timer' | 'none';
  /** The step in which `MilliSecondsSinceLastEvent` counts. */
  readonly clockStepMs: number;
  /** A binlog client that notices silence and connects anew. */
  readonly keepAlive: boolean;
  /** The connection itself brings a first event. */
  readonly eventOnConnect: boolean;
  /** After a restart of a task that cannot stop: from the call to data, and whether the new task gets metrics of its own. */
  readonly afterStuckTask: { readonly dataSeconds: number; readonly ownMetrics: boolean };
  /** From the start of a task to data. */
  readonly startSeconds: number;
}

const binlog: Kind = {
  debezium: true,
  serverBeatShare: 0.8,
  heartbeat: 'with-event',
  clockStepMs: 1000,
  keepAlive: true,
  eventOnConnect: true,
  afterStuckTask: { dataSeconds: 16, ownMetrics: true },
  startSeconds: 16,
};

/** How long a restart takes to give data, where a run draws it, in seconds from the call. */
export interface TaskStarts {
  /** In place of `afterStuckTask.dataSeconds`; no less than the 5 s of a graceful stop that fails. */
  readonly afterStuckSeconds: number;
  /** Of a task that had ended, or could stop. */
  readonly afterEndedSeconds: number;
}

/** `other` and `topic` are without a recording: how soon they start is [inferred]. */
export const kinds: Readonly<Record<SourceKind, Kind>> = {
  mysql: binlog,
  mariadb: binlog,
  postgresql: {
    debezium: true,
    heartbeat: 'by-timer',
    clockStepMs: 1,
    keepAlive: false,
    eventOnConnect: false,
    afterStuckTask: { dataSeconds: 115, ownMetrics: false },
    startSeconds: 16,
  },
  other: {
    debezium: false,
    heartbeat: 'none',
    clockStepMs: 1,
    keepAlive: false,
    eventOnConnect: false,
    afterStuckTask: { dataSeconds: 10, ownMetrics: true },
    startSeconds: 10,
  },
  topic: {
    debezium: false,
    heartbeat: 'none',
    clockStepMs: 1,
    keepAlive: false,
    eventOnConnect: false,
    afterStuckTask: { dataSeconds: 10, ownMetrics: true },
    startSeconds: 10,
  },
};
