import { setTimeout as sleep } from 'node:timers/promises';
import { startMariadb, type MariaDb } from './mariadb.ts';
import type { Underfoot } from './underfoot.ts';

/** The connector's and the writer's connections go to a copy from now on, on which not a row is missing. It has the same GTIDs and other binlog files. */
export async function failOver({ processes, software, database, writer, proxy }: Underfoot): Promise<undefined> {
  if (database.kind !== 'mariadb') throw new Error('Only MariaDB has a binlog.');
  const other = await startMariadb(processes, software, { serverId: 2, copyOf: database.server });
  const { rowsPerSecond } = writer;
  writer.setRate(0);
  await writer.settled();
  const [end] = await database.server.sql('SELECT @@gtid_binlog_pos AS gtid');
  const [reached] = await other.sql(`SELECT MASTER_GTID_WAIT('${String(end?.['gtid'])}', 30) AS late`);
  if (Number(reached?.['late']) !== 0) throw new Error('The second MariaDB has not caught up within 30 s.');
  await other.sql('STOP SLAVE');
  await other.sql('RESET SLAVE ALL');
  writer.retarget(other.port);
  proxy.retarget(other.port);
  proxy.reset();
  writer.setRate(rowsPerSecond);
}

const PURGE_WITHIN_MS = 20_000;

/** Nothing that was written so far stays in the binlog. @throws when the server keeps some of it for 20 s */
export async function purgeBinlog(database: MariaDb): Promise<void> {
  // A file that is being sent is not purged, and the server takes its time to notice that nobody reads it.
  const readers = await database.sql("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'");
  for (const { id } of readers) await database.sql(`KILL ${Number(id)}`);
  await database.sql('FLUSH BINARY LOGS');
  const [status] = await database.sql('SHOW MASTER STATUS');
  const current = String(status?.['File']);
  const giveUpAtMs = Date.now() + PURGE_WITHIN_MS;
  for (;;) {
    // Says nothing when it purges nothing: a file is kept until InnoDB needs it no more for a crash, a second or so after the flush.
    await database.sql(`PURGE BINARY LOGS TO '${current}'`);
    const kept = await database.sql('SHOW BINARY LOGS');
    if (kept[0]?.['Log_name'] === current) return;
    if (Date.now() > giveUpAtMs) throw new Error(`MariaDB kept ${kept.length} binlog files.`);
    await sleep(250);
  }
}
