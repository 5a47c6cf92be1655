import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MariaDb } from '../../../local/real/mariadb.ts';
import { dumpOptions, Dumps } from './dumps.ts';
import { isProved, proofLines, ProtocolProof } from './protocolProof.ts';
import { openSingleRows, type SingleRows } from './singleRows.ts';
import { binlogSessions, tellArrivals, tellCure, tellDump } from './tellHang.ts';
import type { ThreadDump } from './threadDump.ts';
import { openTlsGround, type TlsGround } from './tlsGround.ts';
import { spoken, tlsVersions, type TlsVersion } from './versions.ts';
import { WorkerLog } from './workerLog.ts';

/**
 * From how many bytes on the JDK renews the keys of a TLS 1.3 connection; 2^37 by default, 137 GB.
 * @see https://docs.oracle.com/en/java/javase/17/security/java-secure-socket-extension-jsse-reference-guide.html, "Limiting Amount of Data Algorithms May Encrypt or Decrypt"
 */
const keyLimits = 'jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^20, ChaCha20-Poly1305 KeyUpdate 2^20\n';
const mostRows = 400_000;
const rowsAtOnce = 5_000;
/** A worker that was given nothing else to do and shows no new row for so long, beside one that has them all, is stuck. */
const stuckAfterMs = 10_000;
/** So many seconds of single rows must not bring it back: near the end of the buffers the kernel finds room once more by packing them. */
const stuckStillBatches = 30;
/** What goes on being written beside a hang: a connection that carried so much carries more. */
const rowsPerSecond = 100;
/**
 * Keep-alive acts after its interval of 60 s and half of it again. MariaDB gives a session up that cannot be written to for `net_write_timeout`, 60 s, but only
 * when the worker's receive buffer is full, some minutes at this rate.
 */
const byItselfMs = 420_000;
/** Three times Debezium's wait for the names of the old task's metrics (12 times 5 s), then a start. */
const restartMs = 330_000;
const recreationMs = 120_000;

/**
 * Tries to bring about the deadlock at TLS 1.3's KeyUpdate (FLINK-38904, https://github.com/osheroff/mysql-binlog-connector-java/issues/133): past its key limit the
 * JDK asks for new keys at every record that it reads, until the peer answers; MariaDB's binlog sender never reads, so the requests pile up in the socket buffers until
 * the reading thread blocks in a write.
 * @returns whether it could be tried as it should; what was seen is printed, however it turned out
 */
export async function tryKeyUpdateHang(signal: AbortSignal, say: (text: string) => void): Promise<boolean> {
  say('KeyUpdate: both workers with jdk.tls.keyLimits at 1 MB, straight to MariaDB, keep-alive on (60 s).');
  const dumps = new Dumps();
  const log = new WorkerLog();
  const ground = await openTlsGround({
    proxied: false,
    say,
    signal,
    javaOptions: async ({ folder }) => {
      const file = join(folder, 'key-limits.security');
      await writeFile(file, keyLimits);
      return [...dumpOptions, `-Djava.security.properties=${file}`];
    },
    onLine: (version, line) => {
      dumps.hear(version, line);
      log.hear(version, line);
    },
  });
  try {
    const proof = new ProtocolProof(ground.mariadb);
    await untilBinlogIsRead(proof, signal);
    for (const line of proofLines(proof)) say(line);
    const dump = (version: TlsVersion) => dumps.take(version, ground.worker(version));
    say(`  JVM: ${(await dump('TLSv1.3')).jvm}`);

    const rows = await openSingleRows(ground.mariadb);
    try {
      const stuck = await writeUntilStuck(ground, rows, signal, say);
      const megabytes = (await binlogBytes(ground.mariadb)) / 1e6;
      say(`  ${rows.written} rows of one transaction each written, ${megabytes.toFixed(0)} MB of binlog`);
      for (const version of tlsVersions) tellArrivals(ground, version, rows, say);
      if (stuck.length === 0) say('  No worker hung.');
      for (const version of tlsVersions) tellDump(version, await dump(version), stuck.includes(version), say);
      rows.goOn(rowsPerSecond);
      for (const version of stuck) await observe(version, { ground, rows, dump, log, signal, say });
    } finally {
      await rows.close();
    }
    return isProved(proof);
  } finally {
    await ground.close();
  }
}

interface Observed {
  readonly ground: TlsGround;
  readonly rows: SingleRows;
  readonly dump: (version: TlsVersion) => Promise<ThreadDump>;
  readonly log: WorkerLog;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** What becomes of a worker that hangs, while rows go on being written: by itself, by a restart, by a recreation. */
async function observe(version: TlsVersion, { ground, rows, dump, log, signal, say }: Observed): Promise<void> {
  const tell = async (stuck: boolean) => {
    tellArrivals(ground, version, rows, say);
    for (const session of await binlogSessions(ground.mariadb, version)) say(`  MariaDB: ${session}`);
    for (const line of log.take(version)) say(`  ${line}`);
    tellDump(version, await dump(version), stuck, say);
  };
  log.take(version);
  say(`  ${rowsPerSecond} rows a second go on being written`);
  const byItself = await watch(ground, version, rows, byItselfMs, signal);
  tellCure(`${spoken(version)}, left to itself, to keep-alive and to MariaDB:`, byItself, byItselfMs, say);
  await tell(byItself === undefined);
  if (byItself !== undefined) return;
  say(`  ${spoken(version)}: connector and task restarted`);
  await ground.connector(version).restart(false);
  const byRestart = await watch(ground, version, rows, restartMs, signal);
  tellCure('by the restart:', byRestart, restartMs, say);
  await tell(byRestart === undefined);
  if (byRestart !== undefined) return;
  say(`  ${spoken(version)}: connector deleted and created again`);
  await ground.recreate(version);
  tellCure('by the recreation:', await watch(ground, version, rows, recreationMs, signal), recreationMs, say);
  tellArrivals(ground, version, rows, say);
}

async function untilBinlogIsRead(proof: ProtocolProof, signal: AbortSignal): Promise<void> {
  for (let looks = 0; looks < 60; looks += 1) {
    await proof.look();
    if (tlsVersions.every((version) => proof.binlogSessions[version] > 0)) return;
    await sleep(500, undefined, { signal });
  }
  throw new Error('A worker does not read the binlog.');
}

async function writeUntilStuck(
  { topics }: TlsGround,
  rows: SingleRows,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<readonly TlsVersion[]> {
  while (rows.written < mostRows) {
    await rows.write(rowsAtOnce, signal);
    let stuck = await thoseStuck(topics, rows.written, signal);
    if (stuck.length === 0) continue;
    for (let batches = 0; batches < stuckStillBatches; batches += 1) {
      await rows.write(rowsPerSecond, signal);
      await sleep(1_000, undefined, { signal });
    }
    stuck = stuck.filter((version) => topics[version].arrivals.size < rows.written - 2 * rowsPerSecond);
    if (stuck.length > 0) return stuck;
    say('  a worker was stuck for more than 10 s, and found room in the buffers again');
  }
  return [];
}

/** Waits until every row has arrived through both workers or nothing more comes. */
async function thoseStuck(
  topics: TlsGround['topics'],
  rows: number,
  signal: AbortSignal,
): Promise<readonly TlsVersion[]> {
  const missing = () => tlsVersions.filter((version) => topics[version].arrivals.size < rows);
  let last = '';
  let lastChangeMs = Date.now();
  for (;;) {
    const late = missing();
    if (late.length === 0) return [];
    const now = tlsVersions.map((version) => topics[version].arrivals.size).join();
    if (now !== last) lastChangeMs = Date.now();
    last = now;
    if (Date.now() - lastChangeMs > stuckAfterMs) return late;
    await sleep(100, undefined, { signal });
  }
}

/** @returns after how many seconds every row of two seconds ago and before had arrived; undefined: not in that time */
async function watch(
  { topics }: TlsGround,
  version: TlsVersion,
  rows: SingleRows,
  forMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const beganAtMs = Date.now();
  while (Date.now() - beganAtMs < forMs) {
    await sleep(500, undefined, { signal });
    if (topics[version].arrivals.size >= rows.written - 2 * rowsPerSecond - 1) {
      const seconds = (Date.now() - beganAtMs) / 1000;
      // What was stuck with a few rows left looks caught up at first.
      if (seconds > 10) return seconds;
    }
  }
  return undefined;
}

async function binlogBytes(mariadb: Pick<MariaDb, 'sql'>): Promise<number> {
  const files = await mariadb.sql('SHOW BINARY LOGS');
  return files.reduce((sum, file) => sum + Number(file['File_size']), 0);
}
