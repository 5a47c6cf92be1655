import { setTimeout as sleep } from 'node:timers/promises';
import { openFarSide, type FarSide } from '../../../local/real/droppedPackets.ts';
import { dumpOptions, Dumps } from './dumps.ts';
import { isProved, proofLines, ProtocolProof } from './protocolProof.ts';
import { blockedWrites, closings, connectorThreads, threadLines, type ThreadDump } from './threadDump.ts';
import { openTlsGround, type TlsGround } from './tlsGround.ts';
import { perVersion, spoken, tlsVersions, type TlsVersion } from './versions.ts';

/** More than the three minutes after which the hang was reported. */
const droppedMs = 200_000;
/** From the restart until packets arrive again. */
const droppedAfterRestartMs = 60_000;
/** Three times Debezium's wait for the names of the old task's metrics, then its start. */
const mostUntilCaughtUpMs = 330_000;
const rowEveryMs = 1_000;
/** Workers are sampled every 2 s. */
const samplesWithinMs = 5_000;

const say = (text: string) => console.log(text);
const interrupted = new AbortController();
process.on('SIGTERM', () => interrupted.abort(new Error('Ended.')));
process.on('SIGINT', () => interrupted.abort(new Error('Interrupted.')));

/** Keep-alive off, as the owner of the original set it: otherwise it has long closed the connection that the restart is to close. */
async function tryIt(signal: AbortSignal): Promise<boolean> {
  say(
    `Dropped packets: both workers straight to MariaDB over a wire that drops every packet for ${droppedMs / 1000} s, keep-alive off; then a restart of the task.`,
  );
  const dumps = new Dumps();
  let far: FarSide | undefined;
  const ground = await openTlsGround({
    proxied: false,
    say,
    signal,
    databaseSite: async (processes) => {
      far = await openFarSide(processes);
      return { processes: far.processes, host: far.address };
    },
    configuration: { 'connect.keep.alive': 'false' },
    javaOptions: () => Promise.resolve(dumpOptions),
    onLine: (version, line) => dumps.hear(version, line),
  });
  try {
    const wire = far;
    if (wire === undefined) throw new Error('There is no wire.');
    const proof = new ProtocolProof(ground.mariadb);
    const rows = writeRows(ground, signal);
    await untilArrived(ground, () => rows.written, 60_000, signal);
    await proof.look();
    for (const line of proofLines(proof)) say(line);
    const tell = async (moment: string) => {
      for (const version of tlsVersions) {
        const dump = await dumps.take(version, ground.worker(version));
        if (moment === 'before') say(`  ${spoken(version)}, JVM: ${dump.jvm}`);
        const closing = closings(dump);
        const blocked = blockedWrites(dump).length;
        const task =
          ground.samples
            .get(version)
            ?.tasks.map(({ state }) => state)
            .join() ?? 'no answer';
        say(
          `  ${spoken(version)}, ${moment}: ${ground.topics[version].arrivals.size} of ${rows.written} rows arrived, task ${task}; thread dump: ${closing.length} threads in the closing of a TLS socket, ${blocked} in a write to one`,
        );
        const shown = closing.length > 0 ? closing.flatMap((thread) => threadLines(thread, 16)) : readers(dump);
        for (const line of shown) say(`    ${line}`);
      }
    };
    await tell('before');
    await wire.drop();
    say(`  packets are dropped from now on`);
    await sleep(droppedMs, undefined, { signal });
    await tell(`after ${droppedMs / 1000} s without packets`);
    const beganAtMs = Date.now();
    const restarted = perVersion((version) => restart(ground, version, beganAtMs));
    await sleep(10_000, undefined, { signal });
    await tell('10 s after the restart was asked for');
    await sleep(droppedAfterRestartMs - 10_000, undefined, { signal });
    await tell(`${droppedAfterRestartMs / 1000} s after it`);
    await wire.heal();
    const healedAtMs = Date.now();
    for (const version of tlsVersions) say(`  ${spoken(version)}: ${await restarted[version]}`);
    say('  packets arrive again');
    await Promise.all(
      tlsVersions.map(async (version) => {
        await restartIfFailed(ground, version, signal);
        const caught = await caughtUp(ground, version, () => rows.written, mostUntilCaughtUpMs, signal);
        const seconds = ((Date.now() - healedAtMs) / 1000).toFixed(0);
        const what = caught ? 'had caught up' : 'had not caught up, by itself or by a second restart of a FAILED task,';
        say(`  ${spoken(version)}: ${what} ${seconds} s after packets arrived again`);
      }),
    );
    await rows.stop();
    await untilArrived(ground, () => rows.written, 15_000, signal).catch(() => undefined);
    await tell('in the end');
    for (const version of tlsVersions) {
      const { arrived, duplicated, lost, waiting } = ground.topics[version].count(rows.written);
      say(
        `  ${spoken(version)}: ${arrived} of ${rows.written} rows arrived, ${duplicated} of them twice, ${lost} lost, ${waiting} still awaited`,
      );
    }
    return isProved(proof);
  } finally {
    await ground.close();
  }
}

async function restart(ground: TlsGround, version: TlsVersion, beganAtMs: number): Promise<string> {
  const took = () => `${((Date.now() - beganAtMs) / 1000).toFixed(0)} s`;
  try {
    await ground.connector(version).restart(false);
    return `the worker took the request to restart connector and task within ${took()}`;
  } catch (error) {
    return `the worker refused the restart after ${took()}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A row a second, through the server's socket, which no dropped packet reaches. */
function writeRows({ mariadb }: TlsGround, signal: AbortSignal): { readonly written: number; stop(): Promise<void> } {
  let written = 0;
  const over = new AbortController();
  const writing = (async () => {
    while (!over.signal.aborted && !signal.aborted) {
      await mariadb.sql(`INSERT INTO shop.orders (id, note, at) VALUES (${written + 1}, 'a row', NOW(3))`);
      written += 1;
      await sleep(rowEveryMs);
    }
  })();
  writing.catch(() => undefined);
  return {
    get written() {
      return written;
    },
    stop() {
      over.abort();
      return writing;
    },
  };
}

async function untilArrived(
  ground: TlsGround,
  written: () => number,
  mostMs: number,
  signal: AbortSignal,
): Promise<void> {
  const all = await Promise.all(tlsVersions.map((version) => caughtUp(ground, version, written, mostMs, signal)));
  if (!all.every(Boolean)) throw new Error('A worker does not deliver.');
}

/** Where the threads of the binlog client stand. */
function readers(dump: ThreadDump): readonly string[] {
  const threads = connectorThreads(dump).filter(({ name }) => name.startsWith('blc-'));
  if (threads.length === 0) return ['there is no thread of the binlog client'];
  return threads.map(({ name, state, frames }) => {
    const where = frames.find((frame) => !/^(?:sun\.nio|java|jdk)\./.test(frame)) ?? 'nowhere';
    return `"${name}" ${state}, ${frames[0] ?? ''} for ${where}`;
  });
}

/** A task that FAILED is started by nobody but whoever restarts it: once, so that the run shows whether that is all it needs. */
async function restartIfFailed(ground: TlsGround, version: TlsVersion, signal: AbortSignal): Promise<void> {
  // A sample that was begun after packets arrived again.
  await sleep(samplesWithinMs, undefined, { signal });
  if (!(ground.samples.get(version)?.tasks ?? []).some(({ state }) => state === 'FAILED')) return;
  say(`  ${spoken(version)}: the task FAILED meanwhile and stays so; it is restarted once more`);
  await ground.connector(version).restart(true);
}

/** Whether a row of at most two seconds ago had arrived within that time, and all before it. */
async function caughtUp(
  ground: TlsGround,
  version: TlsVersion,
  written: () => number,
  mostMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (const giveUpAtMs = Date.now() + mostMs; Date.now() < giveUpAtMs; await sleep(250, undefined, { signal })) {
    const { size } = ground.topics[version].arrivals;
    if (size > 2 && size >= written() - 2) return true;
  }
  return false;
}

try {
  process.exitCode = (await tryIt(interrupted.signal)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
