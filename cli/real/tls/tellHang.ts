import type { MariaDb } from '../../../local/real/mariadb.ts';
import type { SingleRows } from './singleRows.ts';
import { blockedWrites, connectorThreads, threadLines, type ThreadDump } from './threadDump.ts';
import type { TlsGround } from './tlsGround.ts';
import { nameOf, spoken, type TlsVersion } from './versions.ts';

/** What MariaDB says of the sessions that send the binlog to a worker, and how many clients it has given up so far. */
export async function binlogSessions(mariadb: Pick<MariaDb, 'sql'>, version: TlsVersion): Promise<readonly string[]> {
  const sessions = await mariadb.sql(
    `SELECT ID AS id, TIME AS seconds, STATE AS state FROM information_schema.PROCESSLIST
      WHERE USER = '${nameOf(version)}' AND COMMAND LIKE 'Binlog Dump%' ORDER BY ID`,
  );
  const [aborted] = await mariadb.sql("SHOW GLOBAL STATUS LIKE 'Aborted_clients'");
  return [
    ...(sessions.length === 0 ? ['no session sends it the binlog'] : []),
    ...sessions.map(({ id, seconds, state }) => `session ${String(id)}, for ${String(seconds)} s: ${String(state)}`),
    `Aborted_clients ${String(aborted?.['Value'])}`,
  ];
}

/** What arrived, and what the worker says of itself. */
export function tellArrivals(
  { topics, samples }: TlsGround,
  version: TlsVersion,
  { written }: SingleRows,
  say: (text: string) => void,
) {
  const sample = samples.get(version);
  const task = sample?.tasks.map(({ state }) => state).join() ?? 'no answer';
  const since = sample?.msSinceLastEvent === undefined ? 'unknown' : `${Math.round(sample.msSinceLastEvent / 1000)} s`;
  say(
    `  ${spoken(version)}: ${topics[version].arrivals.size} of ${written} rows arrived; task ${task}, Connected ${sample?.connected ?? 'unknown'}, last event ${since} ago`,
  );
}

/** Whether and when it came back. @param seconds undefined: not within `mostMs` */
export function tellCure(how: string, seconds: number | undefined, mostMs: number, say: (text: string) => void) {
  const what = seconds === undefined ? `not back within ${mostMs / 1000} s` : `caught up after ${seconds.toFixed(0)} s`;
  say(`  ${how} ${what}`);
}

/** Which thread is blocked in which write and who waits for it; where the connector's threads are, if it is stuck otherwise. */
export function tellDump(version: TlsVersion, dump: ThreadDump, stuck: boolean, say: (text: string) => void) {
  const blocked = blockedWrites(dump);
  if (blocked.length === 0) say(`  ${spoken(version)}, thread dump: no thread is in a write to a TLS socket`);
  for (const { writer, keyUpdate, waiters } of blocked) {
    const what = keyUpdate ? 'a KeyUpdate of TLS 1.3' : 'data';
    say(
      `  ${spoken(version)}, thread dump: ${writer.name} is blocked in writing ${what}; ${waiters.length} wait for it`,
    );
    for (const line of [writer, ...waiters].flatMap((thread) => threadLines(thread, 24))) say(`    ${line}`);
  }
  if (blocked.length === 0 && stuck)
    for (const line of connectorThreads(dump).flatMap((thread) => threadLines(thread, 12))) say(`    ${line}`);
}
