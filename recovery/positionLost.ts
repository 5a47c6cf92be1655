import type { Instant } from './time.ts';
import { duration, secondsBetween } from './time.ts';
import type { Evidence, Verdict } from './verdict.ts';

/**
 * What is written when the source no longer has the log from a connector's position on: the connector can then do nothing but say so, and a new
 * task, or a new connector with the kept offsets, begins at the same position. Read in the code that writes them:
 * - Debezium before it starts, 1.x to 3.x, e.g. MySqlConnectorTask.java of 1.9: "The connector is trying to read binlog starting at ..., but this
 *   is no longer available on the server. Reconfigure the connector to use a snapshot when needed." Its full stop is part of the text: without it
 *   Debezium 3 (BaseSourceTask.java) warns that it goes on from the oldest log there is, and then data flows. Where `snapshot.mode` is
 *   `when_needed` it says "Forcing the snapshot execution" instead;
 * - MySQL, error 1236, rpl_binlog_sender.cc: "Could not find first log file name in binary log index file", "Cannot replicate because the master
 *   (or source) purged required binary logs", 5.7: "the master has purged binary logs containing GTIDs that the slave requires", and "Client
 *   requested master (or source) to start replication from impossible position";
 * - MariaDB, error 1236, sql_repl.cc: "Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and
 *   required binlog files have been purged." (measured: docs/failures.md) and "connecting slave requested to start from GTID ..., which is not
 *   in the master's binlog";
 * - PostgreSQL, walsender.c: "requested WAL segment ... has already been removed"; slot.c: "can no longer get changes from replication slot".
 *
 * That a replication slot does not exist is not among them: Debezium makes one. Nor is error 1236 alone: it is also a server id that is taken
 * and an event that is too large.
 */
const lost = [
  'use a snapshot when needed.',
  'Could not find first log file name in binary log index',
  'purged required binary logs',
  'purged binary logs containing GTIDs',
  'start replication from impossible position',
  'Could not find GTID state requested by slave',
  "which is not in the master's binlog",
  'requested WAL segment',
  'can no longer get changes from replication slot',
] as const;

/**
 * Terms that a line of them is found by, few and short, for a filter pattern has 1024 characters: Debezium's binlog reader puts the error code
 * behind each error of the server.
 */
export const positionTerms: readonly string[] = [
  'use a snapshot when needed',
  'Error code: 1236',
  'requested WAL segment',
  'can no longer get changes',
];

/** Whether a line, or a reason, says that the source no longer has the log from the connector's position on. */
export function saysPositionLost(text: string): boolean {
  return lost.some((one) => text.includes(one));
}

/** What a person has to do; nothing else helps. */
const cure =
  'A new snapshot, which only a person can order: see "When the position is gone" in docs/operations.md. Deletions that fell into the gap reach nobody.';

/** The verdict on a connector whose source no longer has the log that it needs next. */
export function positionLost(at: Instant, now: Instant, evidence: readonly Evidence[], silentSince?: Instant): Verdict {
  return {
    kind: 'elsewhere',
    because: `The source no longer has the log from the connector's position on: it said so ${duration(secondsBetween(at, now))} ago. Neither a restart nor a recreation with the kept offsets can bring that back.`,
    wouldChange: cure,
    evidence,
    positionLostAt: at,
    ...(silentSince === undefined ? {} : { silentSince }),
  };
}

/** What stands in the journal once people were told of a lost position, whatever was done before. */
export const positionLostKey = 'position-lost/told';
