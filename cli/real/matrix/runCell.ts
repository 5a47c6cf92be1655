import type { WorkerSample } from '../../../local/connect/real/realDataPlane.ts';
import { openRealWorld } from '../realWorld.ts';
import { CellRun } from './cellRun.ts';
import type { Cell } from './cell.ts';
import { connectorName, connectorsOf } from './connectorOf.ts';
import { figuresOf, sinceBreak, thinned } from './figures.ts';
import { faultsOf } from './judge.ts';
import type { CellRecord } from './record.ts';
import { followSink, makeSinkTable } from './sinkRows.ts';
import { fewest, isTelling, strippedLine } from './telling.ts';
import { variants } from './variants.ts';
import { layWire, type Wire } from './wire.ts';
import { Witness } from './witness.ts';

const keptEverySeconds = 15;
const mostLogLines = 120;

/**
 * Runs one cell in a world of its own and gives what it showed. Leaves no process behind, however it ends.
 * @throws what kept it from running to its end
 */
export async function runCell(cell: Cell, signal: AbortSignal, say: (text: string) => void): Promise<CellRecord> {
  const startedMs = Date.now();
  const witness = new Witness(connectorName, say);
  const samples: WorkerSample[] = [];
  const log: { atMs: number; line: string }[] = [];
  let wire: Wire | undefined;
  const world = await openRealWorld({
    connectors: connectorsOf(cell, () => wire),
    prepare: async (ground) => {
      const database = ground[variants[cell.variant].database];
      if (variants[cell.variant].direction === 'sink' && ground.postgres !== undefined) {
        await makeSinkTable(ground.postgres);
      }
      if (cell.failure === 'dropped-packets' && database !== undefined) wire = await layWire(ground, database.port);
    },
    begun: begun(cell),
    tls: cell.options.tls,
    signal,
    say,
    onCall: (call) => witness.called(call),
    onSample: (sample) => {
      if (sample.connector === connectorName) samples.push(sample);
    },
    onLine: (connector, line) => {
      if (connector === connectorName && isTelling(line)) log.push({ atMs: Date.now(), line });
    },
  });
  const sink =
    variants[cell.variant].direction === 'sink' && world.ground.postgres !== undefined
      ? followSink(world.ground.postgres)
      : undefined;
  try {
    const rows = sink ?? world.ground.topics.get(connectorName);
    if (rows === undefined) throw new Error('Nobody counts its rows.');
    const run = new CellRun({ cell, world, rows, wire, witness, signal, say });
    await run.untilHealthy();
    const { brokenAtMs, mendedAtMs, writtenAtBreak } = await run.breakAndWatch();
    await run.drain();
    const figures = figuresOf({
      brokenAtMs,
      ...(mendedAtMs === undefined ? {} : { mendedAtMs }),
      writtenAtBreak,
      arrivals: rows.arrivals,
      rows: rows.count(run.writer.written),
      alarms: witness.alarms,
      looking: [...witness.looking],
      decisions: witness.decisions,
      acts: witness.acts,
      outcomes: witness.outcomes,
    });
    const since = <Item extends { readonly atMs: number }>(items: readonly Item[], fromMs = brokenAtMs) =>
      items
        .filter(({ atMs }) => atMs >= fromMs)
        .toSorted((a, b) => a.atMs - b.atMs)
        .map((item) => ({ item, atSeconds: sinceBreak(item.atMs, brokenAtMs) }));
    const secrets = [world.ground.mariadb?.password, world.ground.postgres?.password].filter(
      (each) => each !== undefined,
    );
    const lines = log
      .filter(({ atMs }) => atMs >= brokenAtMs - 60_000)
      .map(({ atMs, line }) => ({ atSeconds: sinceBreak(atMs, brokenAtMs), line: strippedLine(line, secrets) }));
    const seen = {
      figures,
      verdicts: since(witness.decisions).flatMap(({ item, atSeconds }) =>
        item.verdict === undefined
          ? []
          : [{ verdict: item.verdict, atSeconds, because: strippedLine(item.reason, secrets) }],
      ),
      outcomes: since(witness.outcomes).map(({ item, atSeconds }) => ({
        outcome: item.outcome,
        atSeconds,
        reason: strippedLine(item.reason, secrets),
      })),
      acts: since(witness.acts).map(({ item: { operation, answer, by }, atSeconds }) => ({
        operation,
        atSeconds,
        answer,
        by,
      })),
    };
    const faults = faultsOf(seen, cell.expects);
    return {
      schema: 1,
      cell: cell.id,
      brokenAt: new Date(brokenAtMs).toISOString(),
      tookSeconds: Math.round((Date.now() - startedMs) / 1000),
      status: faults.length === 0 ? 'passed' : 'failed',
      faults,
      ...seen,
      alarms: since(witness.alarms, brokenAtMs).map(({ item: { signal: name, state }, atSeconds }) => ({
        signal: name,
        state,
        atSeconds,
      })),
      states: since(witness.states).map(({ item: { state }, atSeconds }) => ({ state, atSeconds })),
      mails: since(witness.mails(world)).map(({ item: { subject }, atSeconds }) => ({
        subject: subject ?? '',
        atSeconds,
      })),
      signals: signalsOf(samples, brokenAtMs),
      log: [...fewest(lines, mostLogLines)],
    };
  } finally {
    sink?.close();
    await wire?.close();
    await world.close();
  }
}

/** What stands in `connectors.json` before the capture: nothing, but where it may only watch. */
function begun({ remedy }: Cell): object {
  return remedy === 'watch' ? { defaults: { limits: { restartsPerRecovery: 0, recreationsPerRecovery: 0 } } } : {};
}

/** One sample in 15 s, from a minute before the break on. */
function signalsOf(samples: readonly WorkerSample[], brokenAtMs: number): CellRecord['signals'] {
  const shown = samples
    .filter(({ at }) => at >= brokenAtMs - 60_000)
    .map(
      ({
        at,
        connectorState,
        tasks,
        connected,
        msSinceLastEvent,
        msBehindSource,
        pollRate,
        writeRate,
        commits,
        errors,
      }) => ({
        atSeconds: sinceBreak(at, brokenAtMs),
        ...(connectorState === undefined ? {} : { connectorState }),
        ...(tasks[0] === undefined ? {} : { taskState: tasks[0].state }),
        ...(connected === undefined ? {} : { connected }),
        ...(msSinceLastEvent === undefined ? {} : { msSinceLastEvent }),
        ...(msBehindSource === undefined ? {} : { msBehindSource }),
        ...(pollRate === undefined ? {} : { pollRate: rounded(pollRate) }),
        ...(writeRate === undefined ? {} : { writeRate: rounded(writeRate) }),
        commitsSoFar: commits,
        errorsSoFar: errors,
      }),
    );
  return thinned(shown, keptEverySeconds);
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100;
}
